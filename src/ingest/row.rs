//! One row of a source, made a feature or set aside with its reason. Rows do not know each other: this runs in parallel.

use geo::Geometry;

use crate::geometry::territory::Frame;
use crate::ingest::clean::clean;
use crate::ingest::columns::Plan;
use crate::ingest::normalise::normalise;
use crate::ingest::place::{find_territory, is_plausible, of_commune};
use crate::ingest::read::Row;
use crate::ingest::repair::{Checked, check};
use crate::ingest::reproject::Crs;
use crate::layer::definition::{GeometryType, LayerDefinition};
use crate::layer::value::Value;
use crate::snapshot::manifest::ProblemKind;

/// What all rows of a file have in common.
pub struct Context<'f> {
    pub definition: &'f LayerDefinition,
    pub plan: &'f Plan<'f>,
    pub crs: &'f Crs,
}

/// A feature without its id.
#[derive(Debug)]
pub struct Feature {
    /// In the metres of its territory; `None`: it has no geometry.
    pub place: Option<(Frame, Geometry<f64>)>,
    /// In the order of the layer's columns.
    pub values: Vec<Value>,
    pub repaired: bool,
}

/// Something to say about a row.
#[derive(Debug, PartialEq)]
pub struct Note {
    pub kind: ProblemKind,
    pub column: Option<String>,
    /// The culprit as it was written, or as near as can be said.
    pub value: String,
    /// More than the kind says, or nothing.
    pub words: String,
}

impl Note {
    pub fn new(kind: ProblemKind) -> Note {
        Note { kind, column: None, value: String::new(), words: String::new() }
    }
}

/// What became of a row.
#[derive(Debug)]
pub enum Fate {
    Filtered,
    Rejected,
    Kept(Feature),
}

/// Takes a row through every stage that needs no other row.
pub fn process(mut row: Row, context: &Context) -> (Fate, Vec<Note>) {
    if !context.plan.wants(&row.cells) {
        return (Fate::Filtered, Vec::new());
    }
    let mut notes = Vec::new();
    note_reading(&row, &mut notes);
    let values = read_values(&row, context, &mut notes);
    if context.definition.geometry == GeometryType::None {
        return (Fate::Kept(Feature { place: None, values, repaired: false }), notes);
    }
    match settle(&mut row, context, &mut notes) {
        Ok((place, repaired)) => {
            note_contradiction(&place, &values, context, &mut notes);
            (Fate::Kept(Feature { place, values, repaired }), notes)
        }
        Err(note) => {
            notes.push(note);
            (Fate::Rejected, notes)
        }
    }
}

fn note_reading(row: &Row, notes: &mut Vec<Note>) {
    let seen = [
        (row.notes.z_dropped, ProblemKind::DroppedZ),
        (row.notes.unclosed_rings > 0, ProblemKind::ClosedRing),
        (row.notes.recoded, ProblemKind::RecodedText),
    ];
    notes.extend(seen.into_iter().filter(|(seen, _)| *seen).map(|(_, kind)| Note::new(kind)));
}

fn read_values(row: &Row, context: &Context, notes: &mut Vec<Note>) -> Vec<Value> {
    let columns = context.plan.columns.iter();
    let values = columns.map(|planned| {
        let Some(cell) = planned.place.and_then(|place| row.cells.get(place)) else { return Value::Unknown };
        let (value, problem) = normalise(cell, planned.column, &context.definition.read);
        if let Some(kind) = problem {
            let column = Some(planned.name.to_owned());
            notes.push(Note { column, value: cell.written(), ..Note::new(kind) });
        }
        value
    });
    values.collect()
}

type Settled = (Option<(Frame, Geometry<f64>)>, bool);

/// Clean, find the territory, project, repair.
fn settle(row: &mut Row, context: &Context, notes: &mut Vec<Note>) -> Result<Settled, Note> {
    let Some(geometry) = row.geometry.take() else {
        notes.push(Note::new(ProblemKind::MissingGeometry));
        return Ok((None, false));
    };
    let raw = first_vertex(&geometry);
    let reject = |kind| Note { value: raw.clone(), ..Note::new(kind) };
    let cleaned = clean(geometry, context.definition.geometry).map_err(reject)?;
    notes.extend(cleaned.done.into_iter().map(|kind| Note { value: raw.clone(), ..Note::new(kind) }));
    let Some(geometry) = cleaned.geometry else { return Ok((None, false)) };

    let crs = context.crs;
    let (frame, position) = find_territory(&geometry, crs).map_err(reject)?;
    if !is_plausible(context.definition.role, frame, position) {
        let words = format!("{:.4} {:.4} in degrees", position.lon, position.lat);
        notes.push(Note { words, ..reject(ProblemKind::ImplausiblePosition) });
        return Ok((None, false));
    }
    let geometry = crs.project(geometry, frame).ok_or_else(|| reject(ProblemKind::Unprojectable))?;
    let (geometry, repaired) = mend(geometry, context, notes).map_err(|note| Note { value: raw.clone(), ..note })?;
    Ok((Some((frame, geometry)), repaired))
}

fn mend(geometry: Geometry<f64>, context: &Context, notes: &mut Vec<Note>) -> Result<(Geometry<f64>, bool), Note> {
    let Geometry::MultiPolygon(polygons) = geometry else { return Ok((geometry, false)) };
    match check(polygons, context.definition.invalid) {
        Checked::Valid(polygons) => Ok((Geometry::MultiPolygon(polygons), false)),
        Checked::Repaired { polygons, words } => {
            notes.push(Note { words, ..Note::new(ProblemKind::Repaired) });
            Ok((Geometry::MultiPolygon(polygons), true))
        }
        Checked::Rejected { kind, words } => Err(Note { words, ..Note::new(kind) }),
    }
}

/// Layers name the column of the commune's INSEE code `commune`: it tells a territory too, and one of the two is wrong.
fn note_contradiction(place: &Option<(Frame, Geometry<f64>)>, values: &[Value], context: &Context, notes: &mut Vec<Note>) {
    let at = context.plan.columns.iter().position(|planned| planned.name == "commune");
    let Some(Value::Text(code)) = at.and_then(|at| values.get(at)) else { return };
    let (Some((frame, _)), Some(said)) = (place, of_commune(code)) else { return };
    if *frame != said {
        let words = format!("in {}, while the code is of {}", frame.territory().name_en, said.territory().name_en);
        let column = Some("commune".to_owned());
        notes.push(Note { column, value: code.clone(), words, ..Note::new(ProblemKind::ContradictedPosition) });
    }
}

fn first_vertex(geometry: &Geometry<f64>) -> String {
    use geo::CoordsIter;
    geometry.coords_iter().next().map_or_else(String::new, |at| format!("{} {}", at.x, at.y))
}
