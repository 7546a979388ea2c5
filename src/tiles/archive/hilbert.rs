//! Tiles in the order of PMTiles: zoom by zoom, along a Hilbert curve within each, so that neighbours lie near each other in the file
//! and the four children of a tile follow one another.

use crate::tiles::address::Address;

/// The deepest zoom whose ids fit 64 bits with every zoom before it.
pub const DEEPEST: u8 = 26;

/// The number of tiles of all zooms before this one.
pub fn first_of(zoom: u8) -> u64 {
    ((1u64 << (2 * u32::from(zoom))) - 1) / 3
}

/// The number of a tile among all of them.
pub fn id(address: Address) -> u64 {
    let (mut x, mut y) = (u64::from(address.column()), u64::from(address.row()));
    let mut position = 0;
    for level in (0..address.zoom()).rev() {
        let side = 1u64 << level;
        let (right, lower) = (u64::from(x & side > 0), u64::from(y & side > 0));
        position += side * side * ((3 * right) ^ lower);
        turn(side, &mut x, &mut y, right, lower);
    }
    first_of(address.zoom()) + position
}

/// The tile of a number; `None` beyond [`DEEPEST`].
pub fn address(id: u64) -> Option<Address> {
    let zoom = (0..=DEEPEST).rev().find(|&zoom| first_of(zoom) <= id)?;
    let mut rest = id - first_of(zoom);
    if rest >= 1u64 << (2 * u32::from(zoom)) {
        return None;
    }
    let (mut x, mut y) = (0, 0);
    for level in 0..zoom {
        let side = 1u64 << level;
        let right = 1 & (rest / 2);
        let lower = 1 & (rest ^ right);
        turn(side, &mut x, &mut y, right, lower);
        x += side * right;
        y += side * lower;
        rest /= 4;
    }
    Address::new(u64::from(zoom), x, y).ok()
}

/// The numbers of the four tiles that a tile is divided into, in order.
pub fn children(id: u64, zoom: u8) -> std::ops::Range<u64> {
    let first = first_of(zoom + 1) + 4 * (id - first_of(zoom));
    first..first + 4
}

/// Turns a quadrant so that the curve leaves it where the next one begins.
fn turn(side: u64, x: &mut u64, y: &mut u64, right: u64, lower: u64) {
    if lower == 0 {
        if right == 1 {
            // Only bits below `side` are looked at from here on: what wraps does not matter.
            *x = (side - 1).wrapping_sub(*x);
            *y = (side - 1).wrapping_sub(*y);
        }
        std::mem::swap(x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn the_numbers_that_the_format_gives_as_examples() {
        let examples =
            [("0/0/0", 0), ("1/0/0", 1), ("1/0/1", 2), ("1/1/1", 3), ("1/1/0", 4), ("2/0/0", 5), ("12/3423/1763", 19_078_479)];
        for (text, number) in examples {
            assert_eq!(id(at(text)), number, "{text}");
            assert_eq!(address(number), Some(at(text)));
        }
    }

    #[test]
    fn every_tile_has_a_number_and_every_number_a_tile() {
        for number in 0..first_of(7) {
            let found = address(number).unwrap();
            assert_eq!(id(found), number, "{found}");
            for child in children(number, found.zoom()).map(|child| address(child).unwrap()) {
                assert_eq!((child.column() / 2, child.row() / 2, child.zoom() - 1), (found.column(), found.row(), found.zoom()));
            }
        }
        let last = at("26/67108863/0");
        assert_eq!(address(id(last)), Some(last));
        assert_eq!(address(first_of(27)), None);
        assert_eq!(address(u64::MAX), None);
    }
}
