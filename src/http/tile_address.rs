//! `{layers}` and `{z}/{x}/{y}` of a tile's address, read strictly: an address has one spelling.

use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::tiles::address::{Address, AddressError};

/// A tile of the grid.
///
/// # Errors
/// `Tile`: what is no plain whole number, and what is outside the grid.
pub fn tile(z: &str, x: &str, y: &str) -> Result<Address, HttpError> {
    let y = y.strip_suffix(".mvt").unwrap_or(y);
    let has_leading_zero = |number: &&str| number.len() > 1 && number.starts_with('0');
    if [z, x, y].iter().any(has_leading_zero) {
        return Err(AddressError::Unreadable(format!("{z}/{x}/{y}")).into());
    }
    Ok(Address::parse(z, x, y)?)
}

/// The layers of a comma-separated list, each once, in the order of the list. All are drawn layers that the caller sees.
///
/// # Errors
/// `TooManyLayers`, `UnknownLayer`, `NotDrawn`.
pub fn layers(caller: &Caller, list: &str, limit: usize) -> Result<Vec<String>, HttpError> {
    let mut ids: Vec<&str> = Vec::new();
    for id in list.split(',') {
        if !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() > limit {
            return Err(HttpError::TooManyLayers { limit });
        }
    }
    for id in &ids {
        if caller.layer(id)?.definition().tiles.is_none() {
            return Err(HttpError::NotDrawn((*id).to_owned()));
        }
    }
    Ok(ids.into_iter().map(str::to_owned).collect())
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
