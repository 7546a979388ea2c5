//! TileJSON 3.0.0 of the flows, with what a legend must say.

use serde_json::{Map, Value, json};

use super::tile::{FLOW_KEYS, MOST, NODE_KEYS};
use super::{LAST_ZOOM, LAYERS, RADII_PX, WIDEST_PX, levels};
use crate::commuting::book::Commuting;
use crate::commuting::portrait::hidden;
use crate::commuting::words::Filter;
use crate::commuting::{CAUTION, CommutingError, FLOOR, USUAL};

/// Thresholds that a legend offers.
const STEPS: [u32; 6] = [50, 100, 200, 400, 1_000, 5_000];

/// Where tiles are, and what the client is told beside.
pub struct Told<'a> {
    /// A template with `{z}`, `{x}` and `{y}`.
    pub address: &'a str,
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    pub attribution: String,
}

/// # Errors
/// `NoDetail`, `UnknownWord`.
pub fn describe(book: &Commuting, filter: &Filter, told: &Told) -> Result<Value, CommutingError> {
    let levels = levels(book);
    let bounds = told.bounds;
    Ok(json!({
        "tilejson": "3.0.0",
        "name": "commuting",
        "description": "Commuting flows between home and work, by region, department, intercommunality and commune",
        "scheme": "xyz",
        "tiles": [told.address],
        "minzoom": 0,
        "maxzoom": LAST_ZOOM,
        "bounds": bounds,
        "center": [(bounds[0] + bounds[2]) / 2.0, (bounds[1] + bounds[3]) / 2.0, 6],
        "attribution": told.attribution,
        "vector_layers": LAYERS.map(vector_layer),
        "commuting": {
            "source": book.source(filter)?,
            "geography": book.geography.vintage,
            "filter": filter,
            "threshold": { "usual": USUAL, "floor": FLOOR, "caution_below": CAUTION },
            "widest_px": WIDEST_PX,
            "radii_px": RADII_PX,
            "flows_per_tile": MOST,
            "levels": of_levels(book, filter, &levels)?,
            "modes": book.detail.as_ref().map(|detail| &detail.words.modes),
            "occupations": book.detail.as_ref().map(|detail| &detail.words.occupations),
            "legend": legend(),
        },
    }))
}

fn of_levels(book: &Commuting, filter: &Filter, levels: &[(u8, crate::territory::Level)]) -> Result<Vec<Value>, CommutingError> {
    let last = |place: usize| levels.get(place + 1).map_or(LAST_ZOOM, |(first, _)| first - 1);
    let describe = |(place, &(first, level)): (usize, &(u8, crate::territory::Level))| {
        let (baked, between) = (book.baked(level, filter)?, book.between(level, filter)?);
        let steps = STEPS.map(|min| json!({ "min": min, "hidden": hidden(&between.matrix, min) }));
        let internal = between.matrix.pairs().filter(|pair| pair.from == pair.to).map(|pair| pair.workers);
        Ok(json!({
            "level": level,
            "minzoom": first,
            "maxzoom": last(place),
            "areas": book.geography.areas(level)?.len(),
            "workers": between.matrix.total(),
            "internal_workers": internal.sum::<crate::commuting::workers::Workers>(),
            "flows": baked.flows.len(),
            "full_width_at": baked.full,
            "not_drawn": baked.not_drawn,
            "thresholds": steps,
        }))
    };
    levels.iter().enumerate().map(describe).collect()
}

fn vector_layer(name: &str) -> Value {
    let keys: &[&str] = if name == LAYERS[2] { &NODE_KEYS } else { &FLOW_KEYS };
    let kind = |key: &str| match key {
        "from" | "to" | "from-name" | "to-name" | "level" | "id" | "name" => "String",
        "caution" => "Boolean",
        _ => "Number",
    };
    let fields: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), kind(key).into())).collect();
    let description = match name {
        "flows" => "Curves from home to work, bowed to the right of travel; biggest last",
        "arrows" => "The same as filled arrows, their width that of the flow",
        _ => "Territories at their heaviest commune",
    };
    json!({ "id": name, "description": description, "minzoom": 0, "maxzoom": LAST_ZOOM, "fields": fields })
}

fn legend() -> Value {
    json!({
        "fr": format!(
            "Actifs occupés entre lieu de résidence et lieu de travail. Par défaut, les flux agrégés de moins de {USUAL} actifs sont \
             masqués (plancher : {FLOOR}) ; au-dessous de {CAUTION}, à utiliser avec précaution."
        ),
        "en": format!(
            "People in work between home and workplace. Aggregated flows of fewer than {USUAL} workers are hidden by default (floor: \
             {FLOOR}); counts under {CAUTION} are to be used with caution."
        ),
    })
}
