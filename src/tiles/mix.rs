//! The layers of a stored tile beside those of another. A tile is its layers one after the other (MVT 2.1 §4.1): nothing is drawn
//! or decoded again.
//!
//! What is stored may be anybody's. Clients read all layers of a tile before they show one of them, so that a layer whose parts cannot
//! be told apart would take the others with it: it is an error, and nothing is appended.

use std::collections::BTreeSet;

use crate::tiles::encode::write_bytes;
use crate::tiles::verify::{Content, Fault, field, fields};

/// A tile's field that is a layer, and a layer's that is its name.
const LAYER: u64 = 3;
const NAME: u64 = 1;
const FEATURE: u64 = 2;

/// Appends the layers of `stored`, not compressed, to a tile, each under the name that `rename` gives it. A tile may not have two
/// layers of one name: the first stays.
///
/// # Errors
/// What is no tile, or holds a layer that cannot be read; the tile is as it was.
pub fn append(tile: &mut Vec<u8>, stored: &[u8], rename: &dyn Fn(&str) -> String) -> Result<(), Fault> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for layer in layers(tile)? {
        known.insert(Layer::read(layer)?.name.to_owned());
    }
    let mut appended = Vec::with_capacity(stored.len());
    for layer in layers(stored)? {
        let layer = Layer::read(layer)?;
        let name = rename(layer.name);
        if known.insert(name.clone()) {
            layer.write(&name, &mut appended);
        }
    }
    tile.append(&mut appended);
    Ok(())
}

/// What others add to a tile beside its layers is left out: it is said of that tile alone.
fn layers(tile: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let mut layers = Vec::new();
    for field in fields(tile)? {
        match field {
            (LAYER, Content::Bytes(layer)) => layers.push(layer),
            (16.., _) => {}
            _ => return Err(Fault::Field("a tile")),
        }
    }
    Ok(layers)
}

/// A layer whose name may change.
struct Layer<'a> {
    name: &'a str,
    whole: &'a [u8],
    /// All of its fields but the name, as they are written.
    others: Vec<&'a [u8]>,
}

impl<'a> Layer<'a> {
    fn read(whole: &'a [u8]) -> Result<Layer<'a>, Fault> {
        let (mut layer, mut name, mut others) = (whole, None, Vec::new());
        while !layer.is_empty() {
            let start = layer;
            match field(&mut layer)? {
                (NAME, Content::Bytes(bytes)) => {
                    name = Some(bytes);
                    continue;
                }
                (FEATURE, Content::Bytes(feature)) => _ = fields(feature)?,
                _ => {}
            }
            others.push(&start[..start.len() - layer.len()]);
        }
        let name = name.and_then(|name| std::str::from_utf8(name).ok()).filter(|name| !name.is_empty()).ok_or(Fault::Nameless)?;
        Ok(Layer { name, whole, others })
    }

    fn write(&self, name: &str, tile: &mut Vec<u8>) {
        if name == self.name {
            return write_bytes(LAYER, self.whole, tile);
        }
        let mut layer = Vec::with_capacity(self.others.iter().map(|field| field.len()).sum::<usize>() + name.len() + 10);
        write_bytes(NAME, name.as_bytes(), &mut layer);
        self.others.iter().for_each(|field| layer.extend_from_slice(field));
        write_bytes(LAYER, &layer, tile);
    }
}

#[cfg(test)]
mod tests {
    use fast_mvt::MvtReaderRef;

    use super::*;
    use crate::tiles::encode::{Commands, LayerWriter, Type};
    use crate::tiles::verify::verify;

    /// A tile of these layers, each with one point of that name.
    fn tile(names: &[&str]) -> Vec<u8> {
        let mut tile = Vec::new();
        for name in names {
            let mut layer = LayerWriter::new(name, 4096, vec!["name".to_owned()]);
            let value = layer.text(name);
            layer.tag(0, value);
            let mut commands = Commands::default();
            commands.start();
            commands.points(&[[3, 4]]);
            layer.feature(1, Type::Point, commands.as_slice());
            layer.finish(&mut tile);
        }
        tile
    }

    fn names(tile: &[u8]) -> Vec<String> {
        MvtReaderRef::new(tile).unwrap().to_tile().unwrap().layers.iter().map(|layer| layer.name.clone()).collect()
    }

    #[test]
    fn layers_follow_each_other_under_names_of_their_own() {
        let mut mix = tile(&["zones", "roads"]);
        append(&mut mix, &tile(&["roads", "water"]), &|name| {
            if name == "roads" { "plan:roads".to_owned() } else { name.to_owned() }
        })
        .unwrap();
        assert_eq!(names(&mix), ["zones", "roads", "plan:roads", "water"]);
        assert_eq!(verify(&mix), Ok(()));
        let before = mix.clone();
        append(&mut mix, &tile(&["water"]), &str::to_owned).unwrap();
        assert_eq!(mix, before, "the first of a name stays");
        let renamed = MvtReaderRef::new(&mix).unwrap().to_tile().unwrap();
        assert_eq!(
            renamed.layers[2].features[0].properties,
            MvtReaderRef::new(&tile(&["roads"])).unwrap().to_tile().unwrap().layers[0].features[0].properties
        );
        let mut alone = Vec::new();
        append(&mut alone, &tile(&["water"]), &str::to_owned).unwrap();
        assert_eq!(alone, tile(&["water"]), "a name that stays changes no byte");
    }

    #[test]
    fn what_is_no_tile_leaves_the_other_as_it_was() {
        let good = tile(&["zones"]);
        let whole = tile(&["water"]);
        let nameless = [0x1a, 2, 0x78, 2];
        let torn_feature = [0x1a, 8, 0x0a, 1, b'x', 0x12, 3, 0x22, 9, 9];
        for bad in [&b"<html>"[..], &whole[..whole.len() - 1], &nameless, &torn_feature, &[0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f]] {
            let mut mix = good.clone();
            assert!(append(&mut mix, bad, &str::to_owned).is_err(), "{bad:?}");
            assert_eq!(mix, good);
        }
        let mut mix = good.clone();
        append(&mut mix, &[], &str::to_owned).unwrap();
        append(&mut mix, &[0x82, 0x01, 1, 7], &str::to_owned).unwrap();
        assert_eq!(mix, good);
    }
}
