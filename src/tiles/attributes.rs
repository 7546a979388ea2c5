//! What a feature says of itself in a tile: its id, and the columns shown.

use crate::layer::value::{NO_WORD, Values};
use crate::tiles::draw::Drawn;
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
    let keys = std::iter::once("id").chain(attributes.columns.iter().map(|(name, _)| *name));
    let mut layer = LayerWriter::new(name, extent, keys.map(str::to_owned).collect());
    let mut seen: Vec<Vec<u32>> = attributes.columns.iter().map(|(_, values)| vec![UNSEEN; few_words(values)]).collect();
    for feature in &drawn.features {
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
