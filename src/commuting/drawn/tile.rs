//! One tile of flows.

use super::WIDEST_PX;
use super::arrow::{Ends, arrow};
use super::bake::{Baked, Flow, Node};
use super::curve::Point;
use crate::commuting::CAUTION;
use crate::commuting::workers::Workers;
use crate::geometry::bounds::Bounds;
use crate::layer::value::Value;
use crate::tiles::address::Address;
use crate::tiles::clip::{Square, clip_line, clip_ring};
use crate::tiles::draw::Drawing;
use crate::tiles::encode::{Commands, LayerWriter, Type};
use crate::tiles::quantise::{quantise_line, quantise_ring, round};
use crate::tiles::world::CELLS;

/// Flows in one tile at most: the biggest.
pub const MOST: usize = 2_000;

/// Pixels that a tile fills.
const SIDE_PX: f64 = 512.0;

/// The least width of an arrow: what rounding to the grid leaves of a thinner one is ragged.
const THINNEST_PX: f64 = 0.4;

/// Attributes of flows and of their arrows.
pub const FLOW_KEYS: [&str; 11] =
    ["count", "width", "px", "class", "rank", "caution", "from", "to", "from-name", "to-name", "level"];

/// Attributes of nodes.
pub const NODE_KEYS: [&str; 9] = ["id", "name", "in", "out", "internal", "net", "members", "radius", "level"];

/// Draws a tile; empty when nothing is there.
pub fn tile(baked: &Baked, address: Address, drawing: &Drawing) -> Vec<u8> {
    let frame = Frame::new(address, drawing);
    let shown = baked.flows_in(&frame.window, MOST);
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
    let mut flows = LayerWriter::new(super::LAYERS[0], drawing.extent, keys(&FLOW_KEYS));
    let mut arrows = LayerWriter::new(super::LAYERS[1], drawing.extent, keys(&FLOW_KEYS));
    let mut nodes = LayerWriter::new(super::LAYERS[2], drawing.extent, keys(&NODE_KEYS));
    // Biggest last: clients paint in this order.
    for &place in shown.iter().rev() {
        let flow = &baked.flows[place as usize];
        let chord = baked.chord(flow);
        let curve = chord.curve().map(|point| frame.place(point));
        let (mut line, mut outline) = (Commands::default(), Commands::default());
        frame.line(&curve, &mut line);
        frame.outline(&curve, frame.ends(baked, flow), &mut outline);
        for (layer, kind, commands) in [(&mut flows, Type::Line, &line), (&mut arrows, Type::Polygon, &outline)] {
            if !commands.as_slice().is_empty() {
                tag_flow(layer, baked, flow, place);
                layer.feature(u64::from(place) + 1, kind, commands.as_slice());
            }
        }
    }
    for (place, node) in baked.nodes.iter().enumerate() {
        let at = frame.place(node.at);
        if frame.square.contains(at) {
            let mut point = Commands::default();
            point.points(&[round(at)]);
            tag_node(&mut nodes, baked, node);
            nodes.feature(place as u64 + 1, Type::Point, point.as_slice());
        }
    }
    let mut tile = Vec::new();
    [flows, arrows, nodes].into_iter().for_each(|layer| layer.finish(&mut tile));
    tile
}

/// The tile on the world grid.
struct Frame {
    scale: f64,
    corner: Point,
    square: Square,
    /// Where what meets the tile may begin, on the world grid.
    window: Bounds,
    unit_per_px: f64,
}

impl Frame {
    fn new(address: Address, drawing: &Drawing) -> Frame {
        let (extent, buffer) = (f64::from(drawing.extent), f64::from(drawing.buffer));
        // A head reaches so far beside its curve.
        let window = address.window(drawing.margin() + WIDEST_PX / SIDE_PX);
        Frame {
            scale: f64::from(address.zoom()).exp2() * extent / CELLS,
            corner: [address.column(), address.row()].map(|number| f64::from(number) * extent),
            square: Square { low: -buffer, high: extent + buffer },
            window: Bounds::new(window.min, window.max),
            unit_per_px: extent / SIDE_PX,
        }
    }

    fn place(&self, [x, y]: Point) -> Point {
        [x * self.scale - self.corner[0], y * self.scale - self.corner[1]]
    }

    fn ends(&self, baked: &Baked, flow: &Flow) -> Ends {
        let radius = |node: u32| self.unit_per_px * baked.nodes[node as usize].radius_px;
        let px = (WIDEST_PX * baked.width(flow)).max(THINNEST_PX);
        Ends { width: self.unit_per_px * px, from_radius: radius(flow.from), to_radius: radius(flow.to) }
    }

    fn line(&self, curve: &[Point], commands: &mut Commands) {
        let mut cells = Vec::new();
        clip_line(curve, self.square, |piece| {
            cells.clear();
            if quantise_line(piece, &mut cells) {
                commands.line(&cells);
            }
        });
    }

    fn outline(&self, curve: &[Point], ends: Ends, commands: &mut Commands) {
        let Some(mut ring) = arrow(curve, ends) else { return };
        clip_ring(&mut ring, self.square, &mut Vec::new());
        let mut cells = Vec::new();
        if quantise_ring(&ring, true, &mut cells).is_some() {
            commands.ring(&cells);
        }
    }
}

fn tag_flow(layer: &mut LayerWriter, baked: &Baked, flow: &Flow, place: u32) {
    let width = baked.width(flow);
    let [from, to] = [flow.from, flow.to].map(|node| &baked.nodes[node as usize]);
    let rounded = |value: f64| Value::Number((value * 1000.0).round() / 1000.0);
    let numbers = [
        Value::Integer(flow.workers.floor()),
        rounded(width),
        rounded(width * WIDEST_PX),
        Value::Integer((width * 5.0).floor().min(4.0) as i64),
        Value::Integer(i64::from(place) + 1),
        Value::Boolean(flow.workers < Workers::whole(CAUTION)),
    ];
    let texts = [&from.code, &to.code, &from.name, &to.name].map(|text| text.as_str());
    tag(layer, &numbers, texts.into_iter().chain([baked.level.word()]));
}

fn tag_node(layer: &mut LayerWriter, baked: &Baked, node: &Node) {
    let count = |workers: Workers| Value::Integer(workers.rounded());
    let values = [
        Value::Text(node.code.clone()),
        Value::Text(node.name.clone()),
        count(node.incoming),
        count(node.outgoing),
        count(node.internal),
        count(node.incoming - node.outgoing),
        Value::Integer(i64::from(node.members)),
        Value::Number((node.radius_px * 100.0).round() / 100.0),
    ];
    tag(layer, &values, [baked.level.word()].into_iter());
}

/// Values in the order of the keys: first these, then texts.
fn tag<'t>(layer: &mut LayerWriter, values: &[Value], texts: impl Iterator<Item = &'t str>) {
    for (key, value) in values.iter().enumerate() {
        if let Some(number) = layer.value(value) {
            layer.tag(key, number);
        }
    }
    for (key, text) in texts.enumerate() {
        let number = layer.text(text);
        layer.tag(values.len() + key, number);
    }
}
