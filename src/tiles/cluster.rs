//! Points near each other, drawn as one.
//!
//! A group is what lies in one cell of the world's own grid of cells at a zoom, so that every tile that sees a group sees the same
//! one. It stands at the mean of its members, and says how many they are, the sums of columns, and where they are.

use std::collections::BTreeMap;

use crate::layer::value::Values;
use crate::tiles::address::Address;
use crate::tiles::draw::Drawing;
use crate::tiles::drawn::Drawn;
use crate::tiles::frame::Frame;
use crate::tiles::quantise::round;
use crate::tiles::world::{Position, World};

/// What is told of groups: the columns summed, and each group.
#[derive(Debug, Default)]
pub struct Groups {
    pub sums: Vec<String>,
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub count: u32,
    /// One a column; `None` where no member has a value.
    pub sums: Vec<Option<f64>>,
    /// West, south, east, north in degrees.
    pub extent: [f64; 4],
}

/// The members of a cell.
#[derive(Default)]
struct Members {
    rows: Vec<u32>,
    sum: [f64; 2],
    low: Option<Position>,
    high: Position,
}

impl Members {
    fn add(&mut self, row: u32, position: Position) {
        let low = self.low.unwrap_or(position);
        self.low = Some([low[0].min(position[0]), low[1].min(position[1])]);
        self.high = [self.high[0].max(position[0]), self.high[1].max(position[1])];
        self.sum = [self.sum[0] + f64::from(position[0]), self.sum[1] + f64::from(position[1])];
        self.rows.push(row);
    }
}

/// How points are grouped: the side of a cell in units, and the columns to sum.
pub struct Cells<'a> {
    pub side: i32,
    pub sums: Vec<(&'a str, &'a Values)>,
}

/// Draws rows, given in ascending order, as groups of those in one cell. Rows must be all that lie within [`Drawing::reach_in`] of
/// the tile.
pub fn cluster(world: &World, rows: &[u32], address: Address, drawing: &Drawing, cells: &Cells) -> Drawn {
    let (side, sums) = (cells.side, &cells.sums);
    let frame = Frame::new(address, drawing.extent);
    let mut cells: BTreeMap<[i64; 2], Members> = BTreeMap::new();
    for &row in rows {
        let Some(position) = world.anchor(row) else { continue };
        let cell = frame.place(position.map(f64::from)).map(|unit| (unit / f64::from(side)).floor() as i64);
        cells.entry(cell).or_default().add(row, position);
    }
    let mut drawn = Drawn::default();
    drawn.groups.sums = sums.iter().map(|(name, _)| format!("sum-{name}")).collect();
    let (low, high) = (-f64::from(drawing.buffer), f64::from(drawing.extent + drawing.buffer));
    for members in cells.into_values() {
        let count = members.rows.len() as f64;
        let at = frame.place(members.sum.map(|sum| sum / count));
        if !at.iter().all(|at| (low..=high).contains(at)) {
            continue;
        }
        let group = (members.rows.len() > 1).then(|| {
            drawn.groups.groups.push(group(&members, address, sums));
            drawn.groups.groups.len() - 1
        });
        drawn.point(members.rows[0], round(at), group);
    }
    drawn.features.sort_unstable_by_key(|feature| feature.row);
    drawn
}

fn group(members: &Members, address: Address, sums: &[(&str, &Values)]) -> Group {
    let sum = |values: &Values| members.rows.iter().filter_map(|&row| values.number(row)).reduce(|a, b| a + b);
    let [low, high] =
        [members.low.unwrap_or_default(), members.high].map(|position| address.grid().lon_lat(position.map(f64::from)));
    // Rows count southwards: the lowest position is the north-western one.
    let extent = [low.lon, high.lat, high.lon, low.lat].map(|degrees| (degrees * 1e6).round() / 1e6);
    Group { count: members.rows.len() as u32, sums: sums.iter().map(|(_, values)| sum(values)).collect(), extent }
}
