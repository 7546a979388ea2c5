//! What a feature says of itself in a tile: its id, and the columns shown.

use crate::layer::value::{NO_WORD, Value, Values};
use crate::tiles::cluster::Group;
use crate::tiles::drawn::Drawn;
use crate::tiles::encode::LayerWriter;

/// Columns of a layer, and others joined to them row by row.
pub struct Attributes<'a> {
    /// The text id of a row, under the key `id`.
    pub id: &'a (dyn Fn(u32) -> &'a str + Sync),
    /// By name, each name once.
    pub columns: Vec<(&'a str, &'a Values)>,
}

/// Up to this many words, the number of each is looked up once a tile.
const FEW_WORDS: usize = 4096;

const UNSEEN: u32 = u32::MAX;

/// Writes what was drawn, each feature under the id row + 1: stable within a snapshot, and never 0, which some clients take for none.
pub fn write(name: &str, extent: u32, drawn: &Drawn, attributes: &Attributes, tile: &mut Vec<u8>) {
    let own = std::iter::once("id").chain(attributes.columns.iter().map(|(name, _)| *name)).map(str::to_owned);
    let groups = &drawn.groups;
    let told = if groups.groups.is_empty() { Vec::new() } else { told(&groups.sums) };
    let mut layer = LayerWriter::new(name, extent, own.chain(told).collect());
    if drawn.stood_for > 0 {
        layer.note(&format!("thinned: {}", drawn.stood_for));
    }
    let first_told = attributes.columns.len() + 1;
    let mut seen: Vec<Vec<u32>> = attributes.columns.iter().map(|(_, values)| vec![UNSEEN; few_words(values)]).collect();
    for feature in &drawn.features {
        if let Some(group) = feature.group.and_then(|number| groups.groups.get(number)) {
            for (place, value) in values(group).iter().enumerate() {
                if let Some(value) = layer.value(value) {
                    layer.tag(first_told + place, value);
                }
            }
            layer.feature(u64::from(feature.row) + 1, feature.kind, drawn.commands(feature));
            continue;
        }
        let id = layer.text((attributes.id)(feature.row));
        layer.tag(0, id);
        for (place, (_, values)) in attributes.columns.iter().enumerate() {
            if let Some(value) = number(&mut layer, values, feature.row, &mut seen[place]) {
                layer.tag(place + 1, value);
            }
        }
        layer.feature(u64::from(feature.row) + 1, feature.kind, drawn.commands(feature));
    }
    layer.finish(tile);
}

/// The keys of a group, in the order of [`values`].
pub fn told(sums: &[String]) -> Vec<String> {
    let edges = ["west", "south", "east", "north"].map(str::to_owned);
    std::iter::once("count".to_owned()).chain(edges).chain(sums.iter().cloned()).collect()
}

fn values(group: &Group) -> Vec<Value> {
    let sums = group.sums.iter().map(|sum| sum.map_or(Value::Unknown, Value::Number));
    let edges = group.extent.map(Value::Number);
    std::iter::once(Value::Integer(i64::from(group.count))).chain(edges).chain(sums).collect()
}

fn few_words(values: &Values) -> usize {
    match values {
        Values::Text { words, .. } if words.len() <= FEW_WORDS => words.len(),
        _ => 0,
    }
}

fn number(layer: &mut LayerWriter, values: &Values, row: u32, seen: &mut [u32]) -> Option<u32> {
    let Values::Text { words, codes } = values else { return layer.value(&values.get(row)) };
    let code = codes[row as usize];
    if code == NO_WORD {
        return None;
    }
    let word = words.get(code as usize)?;
    Some(match seen.get_mut(code as usize) {
        Some(known) if *known != UNSEEN => *known,
        Some(unknown) => {
            *unknown = layer.text(word);
            *unknown
        }
        None => layer.text(word),
    })
}
