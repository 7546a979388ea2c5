//! What is needed beside what is there, computed twice.

use serde::Serialize;

use super::afir::{floor_kw, points};
use super::energy::{daily_kwh, power_kw};
use super::parameters::Parameters;
use super::sums::Sums;

/// Both, in kilowatts and in points of the power that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Need {
    pub need_kw: f64,
    /// Need less what is installed: below zero, there is more than that.
    pub deficit_kw: f64,
    pub need_points: f64,
    pub deficit_points: f64,
    /// Something of what it is made of is not available: the need is this or more.
    pub at_least: bool,
}

impl Need {
    fn of(need_kw: f64, at_least: bool, installed_kw: f64, power_kw: f64) -> Need {
        let deficit_kw = need_kw - installed_kw;
        let (need_points, deficit_points) = (points(need_kw, power_kw), points(deficit_kw, power_kw));
        Need { need_kw, deficit_kw, need_points, deficit_points, at_least }
    }
}

/// The regulatory floor; `None` where nothing is known of the cars.
pub fn afir(sums: &Sums, given: &Parameters) -> Option<Need> {
    let kw = floor_kw(sums.battery, sums.plug_in, [given.kw_per_battery_car, given.kw_per_plug_in_car]);
    is_known(sums).then(|| Need::of(kw, sums.unknown_cars > 0, sums.kw, given.power_kw))
}

/// The need by energy: of residents, and of who come to work by car.
pub fn energy(sums: &Sums, given: &Parameters) -> Option<Need> {
    let cars = sums.battery + given.plug_in_weight * sums.plug_in;
    let daily = daily_kwh(cars, given.kwh_per_100_km, given.km_per_day, given.public_share)
        + daily_kwh(sums.electric_commuters, given.kwh_per_100_km, given.km_per_day, given.work_share);
    let at_least = sums.unknown_cars > 0 || sums.unknown_commuters.0 > 0;
    is_known(sums).then(|| Need::of(power_kw(daily, given.utilisation), at_least, sums.kw, given.power_kw))
}

fn is_known(sums: &Sums) -> bool {
    sums.known_battery > 0 || sums.known_plug_in > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commuting::workers::Workers;

    #[test]
    fn two_needs_of_the_same_cars() {
        let sums = Sums {
            communes: 3,
            known_battery: 3,
            known_plug_in: 3,
            points: 100,
            kw: 2_200.0,
            battery: 10_000.0,
            ..Sums::default()
        };
        let given = Parameters::default();
        let [afir, energy] = [afir(&sums, &given).unwrap(), energy(&sums, &given).unwrap()];
        assert_eq!((afir.need_kw, afir.need_points, afir.deficit_kw, afir.deficit_points), (13_000.0, 591.0, 10_800.0, 491.0));
        assert_eq!((energy.need_points, energy.deficit_points), (179.0, 79.0));
        assert!(!afir.at_least && !energy.at_least);
    }

    #[test]
    fn who_come_to_work_charge_too_and_what_is_unknown_makes_a_lower_bound() {
        let given = Parameters { plug_in_weight: 0.5, ..Parameters::default() };
        let sums = Sums {
            communes: 2,
            known_battery: 2,
            known_plug_in: 2,
            battery: 100.0,
            plug_in: 40.0,
            electric_commuters: 60.0,
            ..Sums::default()
        };
        // (120 × 15 % + 60 × 10 %) × 18 / 100 × 35 = 151.2 kWh a day, by 2.4 hours.
        assert!((energy(&sums, &given).unwrap().need_kw - 63.0).abs() < 1e-9);
        let part = Sums { unknown_cars: 1, ..sums };
        assert!(afir(&part, &given).unwrap().at_least && energy(&part, &given).unwrap().at_least);
        let strangers = Sums { unknown_commuters: Workers::whole(5), ..sums };
        assert!(!afir(&strangers, &given).unwrap().at_least && energy(&strangers, &given).unwrap().at_least);
        assert_eq!(
            afir(&Sums { unknown_cars: 2, known_battery: 0, known_plug_in: 0, ..sums }, &given),
            None,
            "nothing is known of the cars"
        );
        let surplus = afir(&Sums { kw: 900.0, ..sums }, &given).unwrap();
        assert!(surplus.deficit_kw < 0.0 && surplus.deficit_points == 0.0);
    }
}
