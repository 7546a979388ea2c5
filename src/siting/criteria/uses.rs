//! What a zone of a zoning plan says of a use: three lists of codes, and where they are empty the kind of zone.

use crate::atlas::Layer;
use crate::layer::value::Values;
use crate::siting::context::Context;
use crate::siting::resolve::ResolveError;

/// What a zone says of a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Allowed,
    Conditional,
    Forbidden,
}

/// Destinations and, under each, its sub-destinations: the code list DestinationType of the national standard of zoning plans
/// (CNIG PLU v2024).
const CODES: &[&str] = &[
    "10", "11", "12", "20", "21", "22", "30", "31", "32", "33", "34", "35", "36", "37", "40", "41", "42", "43", "44", "45", "46",
    "47", "50", "51", "52", "53", "54", "55", "99",
];

/// The columns of a plan, and the codes under which a use stands in them: its own and its group's.
#[derive(Debug)]
pub struct Lists<'v> {
    forbidden: Option<&'v Values>,
    conditional: Option<&'v Values>,
    allowed: Option<&'v Values>,
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
            forbidden: column("forbidden")?,
            conditional: column("conditional")?,
            allowed: column("allowed")?,
            zone: column("zone")?,
            code: code.to_owned(),
            group: format!("{}0", &code[..1]),
        })
    }

    /// `None` where the plan does not say. The code itself goes before its group, and of several lists the strictest.
    pub fn state(&self, row: u32) -> Option<State> {
        let lists = [(State::Forbidden, self.forbidden), (State::Conditional, self.conditional), (State::Allowed, self.allowed)];
        let text = |values: Option<&'v Values>| values.and_then(|values| values.text(row)).unwrap_or_default();
        let listed = |wanted: &str| {
            let holds = |list: &str| list.split(|c: char| !c.is_ascii_digit()).any(|code| code == wanted);
            lists.iter().find(|(_, values)| holds(text(*values))).map(|(state, _)| *state)
        };
        let silent = lists.iter().all(|(_, values)| text(*values).is_empty());
        listed(&self.code).or_else(|| listed(&self.group)).or_else(|| if silent { self.by_zone(text(self.zone)) } else { None })
    }

    /// Where all lists are empty, the kind of zone settles what may be settled for industry, warehouses and offices: farmland and
    /// nature are closed to them, and ground to be built on later waits for a revision of the plan (code de l'urbanisme, R151-17
    /// to R151-25). Of built ground and of ground to be built on now nothing follows: it may be housing.
    fn by_zone(&self, zone: &str) -> Option<State> {
        match zone {
            "A" | "N" if self.group == "50" => Some(State::Forbidden),
            "AUs" if self.group == "50" => Some(State::Conditional),
            _ => None,
        }
    }
}
