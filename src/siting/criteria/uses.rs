//! What a zone of a zoning plan says of a use: three lists of codes, and where they are empty the kind of zone.

use crate::atlas::Layer;
use crate::layer::uses::{self, Listed};
use crate::layer::value::Values;
use crate::siting::context::Context;
use crate::siting::resolve::ResolveError;

/// Destinations and, under each, its sub-destinations: the code list DestinationType of the national standard of zoning plans
/// (CNIG PLU v2024).
const CODES: &[&str] = &[
    "10", "11", "12", "20", "21", "22", "30", "31", "32", "33", "34", "35", "36", "37", "40", "41", "42", "43", "44", "45", "46",
    "47", "50", "51", "52", "53", "54", "55", "99",
];

/// The columns of a plan, and the codes under which a use stands in them: its own and its group's.
#[derive(Debug)]
pub struct Lists<'v> {
    lists: uses::Lists<'v>,
    zone: Option<&'v Values>,
    code: String,
    group: String,
}

impl<'v> Lists<'v> {
    pub fn resolve(context: &Context<'_, 'v>, plan: &'v Layer, code: &str) -> Result<Lists<'v>, ResolveError> {
        if !CODES.contains(&code) {
            return Err(ResolveError::Destination { place: context.place(), code: code.to_owned() });
        }
        let column = |name: &str| match plan.definition().column(name) {
            Some(_) => Ok(plan.values(name)),
            None => Err(context.no_column(plan, name)),
        };
        Ok(Lists {
            lists: uses::Lists {
                forbidden: column("forbidden")?,
                conditional: column("conditional")?,
                allowed: column("allowed")?,
            },
            zone: column("zone")?,
            code: code.to_owned(),
            group: format!("{}0", &code[..1]),
        })
    }

    /// `None` where the plan does not say.
    pub fn state(&self, row: u32) -> Option<Listed> {
        let zone = || self.zone.and_then(|values| values.text(row)).unwrap_or_default();
        let silent = || if self.lists.is_silent(row) { self.by_zone(zone()) } else { None };
        self.lists.find(row, &self.code, Some(&self.group)).or_else(silent)
    }

    /// Where all lists are empty, the kind of zone settles what may be settled for industry, warehouses and offices: farmland and
    /// nature are closed to them, and ground to be built on later waits for a revision of the plan (code de l'urbanisme, R151-17
    /// to R151-25). Of built ground and of ground to be built on now nothing follows: it may be housing.
    fn by_zone(&self, zone: &str) -> Option<Listed> {
        match zone {
            "A" | "N" if self.group == "50" => Some(Listed::Forbidden),
            "AUs" if self.group == "50" => Some(Listed::Conditional),
            _ => None,
        }
    }
}
