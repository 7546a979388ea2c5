//! The regulatory floor: so much public power for each vehicle that is charged from the grid (AFIR, regulation (EU) 2023/1804, art. 3).
//!
//! By hand: 10,000 battery cars × 1.3 kW are 13,000 kW, which is 591 points of 22 kW; 10,000 plug-in hybrids × 0.8 kW are 8,000 kW.

/// Kilowatts a battery car, and a plug-in hybrid (art. 3 § 2).
pub const KW_PER_BATTERY_CAR: f64 = 1.3;
pub const KW_PER_PLUG_IN_CAR: f64 = 0.8;

/// On the core network (art. 3 § 4): a pool of at least so much every so far in each direction, by the end of 2027.
pub const POOL_KW: f64 = 600.0;
pub const POOL_SPACING_KM: f64 = 60.0;

/// Kilowatts that are to be open to the public.
pub fn floor_kw(battery: f64, plug_in: f64, [per_battery, per_plug_in]: [f64; 2]) -> f64 {
    battery * per_battery + plug_in * per_plug_in
}

/// Points of a power that it takes.
pub fn points(kw: f64, power_kw: f64) -> f64 {
    (kw.max(0.0) / power_kw).ceil()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_cars_to_the_last_point() {
        let floor = floor_kw(10_000.0, 0.0, [KW_PER_BATTERY_CAR, KW_PER_PLUG_IN_CAR]);
        assert_eq!((floor, points(floor, 22.0)), (13_000.0, 591.0));
        assert_eq!(floor_kw(0.0, 10_000.0, [1.3, 0.8]), 8_000.0);
        assert_eq!(points(-5.0, 22.0), 0.0);
    }
}
