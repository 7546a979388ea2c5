//! What a printed map shows around its subject: the territories with their names, the lines to find one's way by, a layer's outlines.

use crate::atlas::{Layer, View};
use crate::geometry::bounds::Bounds;
use crate::geometry::shape::Kind;
use crate::layer::definition::GeometryType;
use crate::paper::markup::escape;
use crate::paper::sheet::Sheet;

/// Most vertices of lines and neighbours that a map of this size bears.
const MOST_VERTICES: usize = 4_000;

/// The outlines and the names of the finest layer of territories of which not too many lie in the window.
pub fn territories(sheet: &Sheet, view: View<'_>) -> [String; 2] {
    const LEVELS: [&str; 4] = ["communes", "epci", "departements", "regions"];
    const MOST: usize = 150;
    let within = |layer: &Layer| {
        let mut rows = Vec::new();
        layer.rows_in(&sheet.window, |row| rows.push(row));
        rows.sort_unstable();
        rows
    };
    let found = LEVELS.iter().filter_map(|id| view.layer(id)).map(|layer| (layer, within(layer)));
    let Some((layer, rows)) = found.into_iter().find(|(_, rows)| (1..=MOST).contains(&rows.len())) else {
        return Default::default();
    };
    let paths: String = rows.iter().map(|&row| sheet.path(&layer.shape(row))).collect();
    let names: String =
        if rows.len() <= 40 { rows.iter().filter_map(|&row| place_name(sheet, layer, row)).collect() } else { String::new() };
    [format!("<path class=\"land\" d=\"{paths}\"/>"), names]
}

/// The name of a territory at the middle of what is seen of it, where it has room.
fn place_name(sheet: &Sheet, layer: &Layer, row: u32) -> Option<String> {
    let (bounds, name) = (layer.bounds(row), layer.name(row)?);
    let seen = Bounds::new(
        [0, 1].map(|axis| bounds.min[axis].max(sheet.window.min[axis])),
        [0, 1].map(|axis| bounds.max[axis].min(sheet.window.max[axis])),
    );
    let room = seen.width() * sheet.scale();
    let [x, y] = sheet.at(seen.centre());
    let fits = room > name.chars().count() as f64 * 6.0 && layer.footprint(row).holds(seen.centre());
    fits.then(|| format!("<text class=\"place\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escape(name)))
}

/// Roads, railways, whatever lines the snapshot holds, to find one's way by; none where they would blacken the paper.
pub fn lines(sheet: &Sheet, view: View<'_>) -> String {
    let mut drawn = String::new();
    for layer in view.layers().filter(|layer| layer.definition().geometry == GeometryType::Line) {
        let path = paths(sheet, layer, |_| true);
        if !path.is_empty() {
            drawn += &format!("<path class=\"line\" d=\"{path}\"/>");
        }
    }
    drawn
}

/// The outlines of the kept features of a layer, points left out; nothing where they would blacken the paper.
pub fn paths(sheet: &Sheet, layer: &Layer, keep: impl Fn(u32) -> bool) -> String {
    let mut rows = Vec::new();
    layer.rows_in(&sheet.window, |row| rows.push(row));
    rows.sort_unstable();
    let drawn = rows.into_iter().filter(|&row| keep(row) && layer.shape(row).kind() != Kind::Point);
    let path: String = drawn.map(|row| sheet.path(&layer.shape(row))).collect();
    if path.matches(['M', 'L']).count() > MOST_VERTICES { String::new() } else { path }
}
