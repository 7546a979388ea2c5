//! Public charging points, by the commune they stand in.

use rayon::prelude::*;
use serde::Serialize;

use crate::atlas::{Layer, View};
use crate::commuting::CommutingError;
use crate::geometry::bounds::Bounds;
use crate::layer::value::{Value, Values};
use crate::territory::{Geography, Place};

/// Points and their power, by commune.
#[derive(Debug)]
pub struct Chargers {
    pub points: Vec<u32>,
    pub kw: Vec<f64>,
    pub counted: Counted,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Counted {
    pub layer: String,
    pub vintage: String,
    pub publisher: String,
    pub points: u64,
    /// Points whose operator names another commune than the one they stand in: they are counted where they stand.
    pub elsewhere: u64,
    /// Points that stand in no commune, counted by the code that their operator gives.
    pub by_code: u64,
    /// Points of no commune at all: in no sum.
    pub not_mapped: u64,
    /// Points for two-wheelers only, left out.
    pub two_wheelers: u64,
}

/// Where one point is counted.
enum Counting {
    TwoWheelers,
    Nowhere,
    ByCode(u32),
    Standing { commune: u32, as_told: bool },
}

impl Chargers {
    /// # Errors
    /// `NoChargers`.
    pub fn of(view: View<'_>, geography: &Geography) -> Result<Chargers, CommutingError> {
        let layer = view.layer("charging-points").ok_or(CommutingError::NoChargers)?;
        let communes = view.layer("communes");
        let source = &layer.definition().source;
        let mut counted = Counted {
            layer: layer.definition().id.clone(),
            vintage: source.vintage.clone(),
            publisher: source.publisher.clone(),
            points: layer.len() as u64,
            ..Counted::default()
        };
        let told = layer.values("commune");
        let countings: Vec<Counting> =
            layer.rows().into_par_iter().map(|row| counting(layer, row, communes, (told, geography))).collect();
        let (mut points, mut kw) = (vec![0; geography.len()], vec![0.0; geography.len()]);
        let power = layer.values("power");
        for (row, counting) in layer.rows().zip(countings) {
            let commune = match counting {
                Counting::TwoWheelers => {
                    counted.two_wheelers += 1;
                    continue;
                }
                Counting::Nowhere => {
                    counted.not_mapped += 1;
                    continue;
                }
                Counting::ByCode(commune) => {
                    counted.by_code += 1;
                    commune
                }
                Counting::Standing { commune, as_told } => {
                    counted.elsewhere += u64::from(!as_told);
                    commune
                }
            };
            points[commune as usize] += 1;
            kw[commune as usize] += power.and_then(|power| power.number(row)).unwrap_or(0.0);
        }
        Ok(Chargers { points, kw, counted })
    }
}

fn counting(layer: &Layer, row: u32, communes: Option<&Layer>, (told, geography): (Option<&Values>, &Geography)) -> Counting {
    if layer.value("two-wheelers", row) == Value::Boolean(true) {
        return Counting::TwoWheelers;
    }
    let named = told.and_then(|told| told.text(row)).and_then(|code| match geography.codes.place(code) {
        Place::Commune(commune, _) => Some(commune),
        Place::Abroad | Place::Unknown => None,
    });
    match (communes.and_then(|communes| standing(layer, row, communes)), named) {
        (Some(commune), named) => Counting::Standing { commune, as_told: named.is_none_or(|named| named == commune) },
        (None, Some(commune)) => Counting::ByCode(commune),
        (None, None) => Counting::Nowhere,
    }
}

/// The commune that holds a point; the first by row on a border.
fn standing(layer: &Layer, row: u32, communes: &Layer) -> Option<u32> {
    let at = *layer.shape(row).vertices().first()?;
    let mut holding: Option<u32> = None;
    communes.rows_in(&Bounds::of(&[at]), |commune| {
        if holding.is_none_or(|known| commune < known) && communes.footprint(commune).holds(at) {
            holding = Some(commune);
        }
    });
    holding
}
