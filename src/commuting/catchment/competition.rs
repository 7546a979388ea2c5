//! The labour pool of a site once it is shared with the jobs that are there already.
//!
//! Workers are the supply and jobs the demand of [`crate::territory::accessibility::shen`]: each commune's workers are shared among all jobs within
//! their reach, those offered at the site among them. By hand: 1,000 workers in one commune, 900 jobs there and 100 at the site, all
//! within reach at full weight: 1,000 / 1,000 = 1 worker a job, so 100 for the site.

use crate::commuting::places::Places;
use crate::geometry::scale::Metric;
use crate::territory::accessibility::decay::Decay;
use crate::territory::accessibility::hansen::reached;
use crate::territory::accessibility::points::Points;
use crate::territory::accessibility::reach::Reach;
use crate::territory::accessibility::shen::ratios;

/// The points of the communes, in their order.
pub fn points(places: &Places, communes: usize) -> Points {
    Points::new((0..communes as u32).map(|commune| places.point(commune)).collect())
}

/// Communes within reach of the site, nearest first, each with its distance in metres.
pub fn near(points: &Points, at: [f64; 2], within_m: f64) -> Vec<(u32, f64)> {
    let mut near = Vec::new();
    points.within(at, within_m, Metric::Ellipsoid, |commune, distance| near.push((commune, distance)));
    near.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    near
}

/// Workers a job of the site, of `workers` and `jobs` by commune.
pub fn workers_per_job(
    points: &Points,
    near: &[(u32, f64)],
    (within_m, decay): (f64, Decay),
    (workers, jobs): (&[f64], &[f64]),
    offered: f64,
) -> f64 {
    // Supplies are the communes near the site; demands are all communes near any of those, and last the site.
    let mut employers: Vec<u32> = Vec::new();
    let mut links: Vec<Vec<(u32, f64)>> = Vec::new();
    let mut place_of = vec![u32::MAX; points.len()];
    for (supply, (commune, _)) in near.iter().enumerate() {
        let Some(at) = points.get(*commune) else { continue };
        points.within(at, within_m, Metric::Ellipsoid, |employer, distance| {
            let place = &mut place_of[employer as usize];
            if *place == u32::MAX {
                *place = employers.len() as u32;
                employers.push(employer);
                links.push(Vec::new());
            }
            links[*place as usize].push((supply as u32, decay.weight(distance)));
        });
    }
    let own: Vec<(u32, f64)> = near.iter().zip(0..).map(|((_, distance), supply)| (supply, decay.weight(*distance))).collect();
    links.push(own.clone());
    let supply: Vec<f64> = near.iter().map(|(commune, _)| workers[*commune as usize]).collect();
    let demand: Vec<f64> = employers.iter().map(|&employer| jobs[employer as usize]).chain([offered]).collect();
    let reach = Reach::new(supply.len(), links);
    reached(&own, &ratios(&reach, &supply, &demand))
}
