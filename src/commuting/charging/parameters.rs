//! Every assumption, repeated in the answer.

use serde::{Deserialize, Serialize};

use super::afir::{KW_PER_BATTERY_CAR, KW_PER_PLUG_IN_CAR, POOL_KW, POOL_SPACING_KM};
use crate::commuting::CommutingError;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Of the regulatory floor.
    pub kw_per_battery_car: f64,
    pub kw_per_plug_in_car: f64,
    /// Of the need by energy: consumption, distance, the share that residents charge in public.
    pub kwh_per_100_km: f64,
    pub km_per_day: f64,
    pub public_share: f64,
    /// The share that who come by car to work charge in public where they work.
    pub work_share: f64,
    /// A plug-in hybrid charges as much as this part of a battery car.
    pub plug_in_weight: f64,
    /// Part of the day that a point is busy.
    pub utilisation: f64,
    /// Power of the points in which needs are told.
    pub power_kw: f64,
    /// Of a road: power of a pool, and how far pools may be apart in each direction.
    pub pool_kw: f64,
    pub pool_spacing_km: f64,
}

impl Default for Parameters {
    fn default() -> Parameters {
        Parameters {
            kw_per_battery_car: KW_PER_BATTERY_CAR,
            kw_per_plug_in_car: KW_PER_PLUG_IN_CAR,
            kwh_per_100_km: 18.0,
            km_per_day: 35.0,
            public_share: 0.15,
            work_share: 0.10,
            plug_in_weight: 0.5,
            utilisation: 0.10,
            power_kw: 22.0,
            pool_kw: POOL_KW,
            pool_spacing_km: POOL_SPACING_KM,
        }
    }
}

impl Parameters {
    /// # Errors
    /// `Parameter`: one that is out of its range.
    pub fn check(&self) -> Result<(), CommutingError> {
        let ranges = [
            ("kw_per_battery_car", self.kw_per_battery_car, 0.0, 100.0),
            ("kw_per_plug_in_car", self.kw_per_plug_in_car, 0.0, 100.0),
            ("kwh_per_100_km", self.kwh_per_100_km, 1.0, 200.0),
            ("km_per_day", self.km_per_day, 0.0, 1_000.0),
            ("public_share", self.public_share, 0.0, 1.0),
            ("work_share", self.work_share, 0.0, 1.0),
            ("plug_in_weight", self.plug_in_weight, 0.0, 1.0),
            ("utilisation", self.utilisation, 0.001, 1.0),
            ("power_kw", self.power_kw, 1.0, 1_000.0),
            ("pool_kw", self.pool_kw, 1.0, 100_000.0),
            ("pool_spacing_km", self.pool_spacing_km, 1.0, 1_000.0),
        ];
        let wrong = ranges.into_iter().find(|(_, value, least, most)| !(*least..=*most).contains(value));
        match wrong {
            None => Ok(()),
            Some((name, value, least, most)) => Err(CommutingError::Parameter { name, value, least, most }),
        }
    }
}
