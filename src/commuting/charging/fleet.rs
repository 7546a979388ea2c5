//! Cars that are charged from the grid, by commune of residence, as indicators tell.

use serde::Serialize;

use crate::commuting::CommutingError;
use crate::territory::indicators::Indicators;
use crate::territory::{Geography, Level, TerritoryError};

/// By commune; `None` is not available.
#[derive(Debug)]
pub struct Fleet {
    pub battery: Vec<Option<f64>>,
    pub plug_in: Vec<Option<f64>>,
    /// Of all cars, those of either kind: 0 to 1.
    pub share: Vec<Option<f64>>,
    pub told_by: ToldBy,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ToldBy {
    pub layer: String,
    pub vintage: String,
    pub publisher: String,
}

/// The indicators, as `layers/electric-vehicles.toml` names them.
const BATTERY: &str = "electric-cars";
const PLUG_IN: &str = "plug-in-cars";
const SHARE_PERCENT: &str = "electric-cars-share";

impl Fleet {
    /// # Errors
    /// `NoCars`, where no layer declares them.
    pub fn of(indicators: &Indicators) -> Result<Fleet, CommutingError> {
        let [battery, plug_in, share] = [BATTERY, PLUG_IN, SHARE_PERCENT].map(|id| by_commune(indicators, id));
        let taken = &indicators.one(BATTERY).map_err(|_| CommutingError::NoCars)?.taken;
        let told_by = ToldBy { layer: taken.layer.clone(), vintage: taken.vintage.clone(), publisher: taken.publisher.clone() };
        let share = share?.into_iter().map(|percent| percent.map(|percent| percent / 100.0)).collect();
        Ok(Fleet { battery: battery?, plug_in: plug_in?, share, told_by })
    }
}

fn by_commune(indicators: &Indicators, id: &str) -> Result<Vec<Option<f64>>, CommutingError> {
    let missing = |error: TerritoryError| match error {
        TerritoryError::UnknownIndicator { .. } => CommutingError::NoCars,
        other => CommutingError::Territory(other),
    };
    let geography: &Geography = &indicators.geography;
    let figures = indicators.figures(indicators.one(id).map_err(missing)?, Level::Commune)?;
    let areas = geography.areas(Level::Commune)?;
    let figure = |&area: &u32| figures.get(area as usize).filter(|figure| figure.is_whole()).and_then(|figure| figure.value);
    Ok(areas.of_commune().iter().map(figure).collect())
}
