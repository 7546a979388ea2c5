//! What an area has and who charges there, added up from communes.

use super::chargers::Chargers;
use super::fleet::Fleet;
use crate::commuting::matrix::Matrix;
use crate::commuting::workers::Workers;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sums {
    pub communes: u32,
    pub points: u32,
    pub kw: f64,
    pub battery: f64,
    pub plug_in: f64,
    /// Communes whose cars of each kind are told, and those of which one kind is not at least.
    pub known_battery: u32,
    pub known_plug_in: u32,
    pub unknown_cars: u32,
    /// Who come by car to work from elsewhere; of them by the share of their home commune, those who come by one that is charged; and those
    /// whose home commune's share is not available.
    pub car_commuters: Workers,
    pub electric_commuters: f64,
    pub unknown_commuters: Workers,
}

/// Of each area, of which `slots` names one for each place; [`u32::MAX`] for none. Who come from within an area do not come to it.
pub fn sums(slots: &[u32], areas: usize, chargers: &Chargers, fleet: &Fleet, cars: &Matrix) -> Vec<Sums> {
    let mut sums = vec![Sums::default(); areas];
    for (commune, slot) in slots.iter().take(chargers.points.len()).enumerate() {
        if let Some(sum) = sums.get_mut(*slot as usize) {
            sum.communes += 1;
            sum.points += chargers.points[commune];
            sum.kw += chargers.kw[commune];
            sum.battery += fleet.battery[commune].unwrap_or(0.0);
            sum.plug_in += fleet.plug_in[commune].unwrap_or(0.0);
            sum.known_battery += u32::from(fleet.battery[commune].is_some());
            sum.known_plug_in += u32::from(fleet.plug_in[commune].is_some());
            sum.unknown_cars += u32::from(fleet.battery[commune].is_none() || fleet.plug_in[commune].is_none());
        }
    }
    for pair in cars.pairs() {
        let slot = |place: u32| slots.get(place as usize).copied().unwrap_or(u32::MAX);
        let (home, work) = (slot(pair.from), slot(pair.to));
        let Some(sum) = sums.get_mut(work as usize).filter(|_| home != work) else { continue };
        sum.car_commuters += pair.workers;
        match fleet.share.get(pair.from as usize).copied().flatten() {
            Some(share) => sum.electric_commuters += share * pair.workers.count(),
            None => sum.unknown_commuters += pair.workers,
        }
    }
    sums
}
