//! The need by energy: what is charged in public in a day, by points that are busy part of it.
//!
//! By hand: 10,000 cars × 18 kWh / 100 km × 35 km a day × 15 % charged in public are 9,450 kWh a day. Points that are busy 10 % of the
//! day give it with 9,450 / (24 × 0.10) = 3,937.5 kW: 179 points of 22 kW. The regulatory floor for the same cars is three times that, hence
//! both are always shown.

/// Kilowatt-hours that cars charge in a day, of a share of what they drive.
pub fn daily_kwh(cars: f64, kwh_per_100_km: f64, km_per_day: f64, share: f64) -> f64 {
    cars * kwh_per_100_km * km_per_day / 100.0 * share
}

/// The power that gives so much a day, at a utilisation.
pub fn power_kw(daily_kwh: f64, utilisation: f64) -> f64 {
    daily_kwh / (24.0 * utilisation)
}

#[cfg(test)]
mod tests {
    use super::super::afir::points;
    use super::*;

    #[test]
    fn ten_thousand_cars_to_the_last_point() {
        let daily = daily_kwh(10_000.0, 18.0, 35.0, 0.15);
        assert!((daily - 9_450.0).abs() < 1e-9);
        let power = power_kw(daily, 0.10);
        assert!((power - 3_937.5).abs() < 1e-9);
        assert_eq!(points(power, 22.0), 179.0);
    }
}
