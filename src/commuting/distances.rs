//! How far people go: mean, median, bands.

use serde::Serialize;

use super::matrix::Pair;
use super::places::Places;
use super::workers::Workers;

/// Bands in kilometres: from one bound, included, to the next.
const BOUNDS_KM: [f64; 6] = [5.0, 10.0, 20.0, 30.0, 50.0, 100.0];

/// Distances between the points of two communes, straight, on the ellipsoid. Who stay in their commune are a band of their own, and
/// so are those of whom an end has no position in the same part of the country.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distances {
    /// Over those who leave their commune and whose way is measured; `null` without any.
    pub mean_km: Option<f64>,
    /// The distance that half of them do not exceed.
    pub median_km: Option<f64>,
    pub measured_workers: Workers,
    /// These add up to the total.
    pub bands: Vec<Band>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Band {
    /// `same-commune`, `distance` or `not-measured`.
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_km: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_km: Option<f64>,
    pub workers: Workers,
}

impl Distances {
    pub fn of(pairs: impl Iterator<Item = Pair>, places: &Places) -> Distances {
        let (mut same, mut unmeasured) = (Workers::default(), Workers::default());
        let mut bands = [Workers::default(); BOUNDS_KM.len() + 1];
        let mut ways: Vec<(f64, Workers)> = Vec::new();
        for pair in pairs {
            match places.distance_m(pair.from, pair.to).map(|metres| metres / 1000.0) {
                Some(km) => {
                    bands[BOUNDS_KM.partition_point(|&bound| bound <= km)] += pair.workers;
                    ways.push((km, pair.workers));
                }
                None if pair.from == pair.to && places.is_commune(pair.from) => same += pair.workers,
                None => unmeasured += pair.workers,
            }
        }
        let measured: Workers = ways.iter().map(|way| way.1).sum();
        Distances {
            mean_km: mean(&ways, measured),
            median_km: median(&mut ways, measured),
            measured_workers: measured,
            bands: in_order(same, &bands, unmeasured),
        }
    }
}

fn in_order(same: Workers, bands: &[Workers], unmeasured: Workers) -> Vec<Band> {
    let plain = |kind, workers| Band { kind, from_km: None, to_km: None, workers };
    let band = |(place, &workers): (usize, &Workers)| Band {
        kind: "distance",
        from_km: Some(if place == 0 { 0.0 } else { BOUNDS_KM[place - 1] }),
        to_km: BOUNDS_KM.get(place).copied(),
        workers,
    };
    let mut all = vec![plain("same-commune", same)];
    all.extend(bands.iter().enumerate().map(band));
    all.push(plain("not-measured", unmeasured));
    all
}

fn mean(ways: &[(f64, Workers)], measured: Workers) -> Option<f64> {
    let sum: f64 = ways.iter().map(|(km, workers)| km * workers.count()).sum();
    (measured.0 > 0).then(|| sum / measured.count())
}

fn median(ways: &mut [(f64, Workers)], measured: Workers) -> Option<f64> {
    ways.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mut sum = Workers::default();
    let half = |sum: Workers| sum.0 >= measured.0 - sum.0;
    ways.iter()
        .find(|(_, workers)| {
            sum += *workers;
            half(sum)
        })
        .map(|way| way.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_that_of_workers_not_of_ways() {
        let way = |km: f64, workers: u32| (km, Workers::whole(workers));
        let mut ways = [way(50.0, 1), way(2.0, 6), way(10.0, 5)];
        let total = Workers::whole(12);
        assert_eq!((median(&mut ways, total), mean(&ways, total)), (Some(2.0), Some(112.0 / 12.0)));
        assert_eq!((median(&mut [], Workers(0)), mean(&[], Workers(0))), (None, None));
    }
}
