//! `{layers}` and `{z}/{x}/{y}` of a tile's address, read strictly: an address has one spelling.

use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::tiles::Source;
use crate::tiles::address::{Address, AddressError};
use crate::tiles::grid::Grid;
use crate::tiles::source::{labelled, labels_of};

/// A tile of WebMercatorQuad.
///
/// # Errors
/// As [`tile_on`].
pub fn tile(z: &str, x: &str, y: &str) -> Result<Address, HttpError> {
    tile_on(Grid::WebMercatorQuad, z, x, without_ending(y))
}

/// A tile of a grid.
///
/// # Errors
/// `Tile`: what is no plain whole number, and what is outside the grid.
pub fn tile_on(grid: Grid, z: &str, x: &str, y: &str) -> Result<Address, HttpError> {
    let has_leading_zero = |number: &&str| number.len() > 1 && number.starts_with('0');
    if [z, x, y].iter().any(has_leading_zero) {
        return Err(AddressError::Unreadable(format!("{z}/{x}/{y}")).into());
    }
    Ok(Address::parse_on(grid, z, x, y)?)
}

/// The last part of an address without the ending that says what it is.
pub fn without_ending(last: &str) -> &str {
    last.strip_suffix(".mvt").unwrap_or(last)
}

/// The layers of a comma-separated list, each once, in the order of the list. All are drawn layers that the caller sees, or the
/// labels of such.
///
/// # Errors
/// `TooManyLayers`, `UnknownLayer`, `NotDrawn`.
pub fn layers(caller: &Caller, list: &str, limit: usize) -> Result<Vec<String>, HttpError> {
    let names = names(list, limit)?;
    names.iter().try_for_each(|name| drawn(caller, name))?;
    Ok(names)
}

/// The names of a comma-separated list, each once, in the order of the list.
///
/// # Errors
/// `TooManyLayers`.
pub fn names(list: &str, limit: usize) -> Result<Vec<String>, HttpError> {
    let mut names: Vec<String> = Vec::new();
    for name in list.split(',') {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        if names.len() > limit {
            return Err(HttpError::TooManyLayers { limit });
        }
    }
    Ok(names)
}

/// Whether a name stands for what is drawn.
///
/// # Errors
/// `UnknownLayer`, `NotDrawn`.
pub fn drawn(caller: &Caller, name: &str) -> Result<(), HttpError> {
    match find(caller, name)?.layer.definition().tiles {
        Some(_) => Ok(()),
        None => Err(HttpError::NotDrawn(name.to_owned())),
    }
}

/// What a name in a list of layers stands for: a layer, or the labels of one.
///
/// # Errors
/// `UnknownLayer`.
pub fn find<'a>(caller: &'a Caller, name: &'a str) -> Result<Source<'a>, HttpError> {
    let view = caller.view();
    let base = labelled(name).filter(|_| view.layer(name).is_none()).and_then(|id| view.layer(id));
    match base.filter(|layer| labels_of(layer).is_some()) {
        Some(layer) => Ok(Source::labels(layer, name)),
        None => Ok(Source::of(caller.layer(name)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tile_of_the_grid_and_no_other() {
        for z in 0..=40_u64 {
            let count = 1_u128 << z;
            for at in [0, count - 1, count, u128::from(u32::MAX), u128::from(u64::MAX), u128::from(u64::MAX) * 10] {
                let inside = z <= 30 && at < count;
                let [z, at] = [z.to_string(), at.to_string()];
                assert_eq!(tile(&z, &at, "0").is_ok(), inside, "{z}/{at}/0");
                assert_eq!(tile(&z, "0", &(at.clone() + ".mvt")).is_ok(), inside, "{z}/0/{at}");
            }
        }
    }

    #[test]
    fn an_address_has_one_spelling() {
        for wrong in ["", "+1", "-1", "01", "1e3", "1.0", " 1", "0x1", "१", "nan", "1.mvt.mvt", ".mvt"] {
            assert!(matches!(tile("5", "1", wrong), Err(HttpError::Tile(AddressError::Unreadable(_)))), "{wrong}");
        }
    }
}
