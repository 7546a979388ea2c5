//! A window of the shared plane on paper: projection, outlines clipped and simplified for drawing, scale bar, north arrow.
//!
//! Maps are drawn in the plane of the territory's own CRS: a metre is as long in every direction, and the scale bar is true where
//! it is measured, in the middle.

use std::fmt::Write;

use geo::Simplify;
use geo_types::{Coord, LineString};

use super::numbers::plain;
use crate::geometry::bounds::Bounds;
use crate::geometry::projection::{from_lon_lat, to_lon_lat};
use crate::geometry::scale::Metric;
use crate::geometry::shape::{Kind, Shape};
use crate::geometry::territory::{Frame, LonLat};
use crate::layer::language::Language;

/// A window and its paper, in units of a drawing.
pub struct Sheet {
    pub window: Bounds,
    pub width: f64,
    pub height: f64,
}

/// What a map is called: its id on the page, its title, and what a reader who does not see it is told, as markup.
pub struct Label<'l> {
    pub id: &'l str,
    pub title: &'l str,
    pub about: &'l str,
}

/// Deviation of a drawn outline from the true one, in units of the drawing: less than a printed hair.
const TOLERANCE: f64 = 0.3;

impl Sheet {
    /// Paper of this width for a window, which grows to at least `least_m` across and to the proportions that paper bears.
    pub fn new(wanted: Bounds, width: f64, [flattest, tallest]: [f64; 2], least_m: f64) -> Sheet {
        let [x, y] = wanted.centre();
        let (mut across, mut along) = (wanted.width().max(least_m), wanted.height().max(least_m * flattest));
        across = across.max(along / tallest);
        along = along.max(across * flattest);
        let half = [across / 2.0, along / 2.0];
        let window = Bounds::new([x - half[0], y - half[1]], [x + half[0], y + half[1]]);
        Sheet { window, width, height: width * along / across }
    }

    /// A dot of a class at each of these points that lies in the window.
    pub fn points(&self, vertices: &[[f64; 2]], class: &str, radius: f64) -> String {
        let dot = |&vertex: &[f64; 2]| {
            let [x, y] = self.at(vertex);
            format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>")
        };
        vertices.iter().filter(|vertex| self.window.contains(**vertex)).map(dot).collect()
    }

    /// Units of the drawing in a metre of the plane.
    pub fn scale(&self) -> f64 {
        self.width / self.window.width()
    }

    /// Where a point of the plane is on the paper.
    pub fn at(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [(x - self.window.min[0]) * self.scale(), (self.window.max[1] - y) * self.scale()]
    }

    /// The outline of a shape as the data of a path; empty where nothing of it is in the window.
    pub fn path(&self, shape: &Shape<'_>) -> String {
        let closed = shape.kind() == Kind::Polygon;
        // What is cut off lies outside the paper, and so do the edges that cutting adds.
        let window = self.window.grown(self.window.width() * 0.05);
        let mut path = String::new();
        for ring in shape.rings() {
            let runs = if closed { vec![clip_ring(ring, &window)] } else { clip_line(ring, &window) };
            runs.iter().for_each(|run| self.draw(run, closed, &mut path));
        }
        path
    }

    fn draw(&self, run: &[[f64; 2]], closed: bool, path: &mut String) {
        let drawn: LineString<f64> = run.iter().map(|&point| Coord::from(self.at(point))).collect();
        let drawn = drawn.simplify(TOLERANCE);
        if drawn.0.len() < if closed { 4 } else { 2 } {
            return;
        }
        let last = if closed { drawn.0.len() - 1 } else { drawn.0.len() };
        for (place, point) in drawn.0[..last].iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = write!(path, "{}{:.1} {:.1}", if place == 0 { 'M' } else { 'L' }, point.x, point.y);
        }
        if closed {
            path.push('Z');
        }
    }

    /// The frame of the territory that the window is in.
    pub fn frame(&self) -> Frame {
        Frame::of_x(self.window.centre()[0])
    }

    /// The whole drawing: `content` over the ground, with its scale bar and north arrow.
    pub fn svg(&self, label: &Label<'_>, content: &str, language: Language) -> String {
        let (width, height, Label { id, title, about }) = (self.width, self.height, label);
        format!(
            "<svg class=\"map\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-labelledby=\"{id}-title {id}-about\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-about\">{about}</desc>\
             <rect class=\"beyond\" width=\"{width:.0}\" height=\"{height:.0}\"/>{content}{}{}</svg>",
            self.scale_bar(language),
            self.north()
        )
    }

    /// A round length, at most a quarter of the width, in metres on the ground.
    fn scale_bar(&self, language: Language) -> String {
        let centre = self.window.centre();
        let ground_m = Metric::Ellipsoid.length_m([self.window.min[0], centre[1]], [self.window.max[0], centre[1]]);
        let length_m = round_below(ground_m / 4.0);
        let length = length_m / ground_m * self.width;
        let (number, unit) = if length_m >= 1000.0 { (length_m / 1000.0, "km") } else { (length_m, "m") };
        let (x, y) = (14.0, self.height - 14.0);
        format!(
            "<g class=\"scale\"><rect class=\"plate\" x=\"6\" y=\"{:.1}\" width=\"{:.1}\" height=\"30\"/>\
             <path d=\"M{x} {:.1}v5h{length:.1}v-5\"/><text x=\"{x}\" y=\"{:.1}\">{}\u{202f}{unit}</text></g>",
            y - 22.0,
            length.max(44.0) + 16.0,
            y - 5.0,
            y - 9.0,
            plain(number, language)
        )
    }

    /// An arrow to the true north, which the grid's own is not.
    fn north(&self) -> String {
        let centre = self.window.centre();
        let here = to_lon_lat(centre);
        let there = from_lon_lat(self.frame(), LonLat { lon: here.lon, lat: here.lat + 0.001 });
        let turn = (there[0] - centre[0]).atan2(there[1] - centre[1]).to_degrees();
        format!(
            "<g class=\"north\" transform=\"translate({:.1} 26)\"><circle class=\"plate\" r=\"17\"/>\
             <path transform=\"rotate({turn:.2})\" d=\"M0 -12L4.5 3L0 .5L-4.5 3Z\"/><text y=\"12\">N</text></g>",
            self.width - 26.0
        )
    }
}

/// 1, 2 or 5 times a power of ten.
fn round_below(length: f64) -> f64 {
    let power = 10f64.powf(length.log10().floor());
    [5.0, 2.0].into_iter().map(|step| step * power).find(|&step| step <= length).unwrap_or(power)
}

/// A ring within a window (Sutherland and Hodgman 1974), closed; empty where they do not meet.
fn clip_ring(ring: &[[f64; 2]], window: &Bounds) -> Vec<[f64; 2]> {
    let mut clipped = ring.to_vec();
    for (axis, limit, sign) in
        [(0, window.min[0], 1.0), (0, window.max[0], -1.0), (1, window.min[1], 1.0), (1, window.max[1], -1.0)]
    {
        let depth = |point: [f64; 2]| (point[axis] - limit) * sign;
        let mut kept = Vec::with_capacity(clipped.len() + 4);
        for pair in clipped.windows(2) {
            let (from, to) = (depth(pair[0]), depth(pair[1]));
            if from >= 0.0 {
                kept.push(pair[0]);
            }
            if (from >= 0.0) != (to >= 0.0) {
                kept.push(between(pair[0], pair[1], from / (from - to)));
            }
        }
        kept.extend(kept.first().copied());
        clipped = kept;
    }
    clipped
}

/// The runs of a line whose segments come near a window.
fn clip_line(line: &[[f64; 2]], window: &Bounds) -> Vec<Vec<[f64; 2]>> {
    let mut runs: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut open = false;
    for pair in line.windows(2) {
        let seen = Bounds::of(pair).intersects(window);
        match (seen, open, runs.last_mut()) {
            (true, true, Some(run)) => run.push(pair[1]),
            (true, ..) => runs.push(pair.to_vec()),
            (false, ..) => {}
        }
        open = seen;
    }
    runs
}

/// The point a part of the way from `a` to `b`.
pub fn between(a: [f64; 2], b: [f64; 2], part: f64) -> [f64; 2] {
    [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]
}

#[cfg(test)]
mod tests {
    use geo_types::polygon;

    use super::*;
    use crate::geometry::shape::Shapes;

    fn area(ring: &[[f64; 2]]) -> f64 {
        ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum::<f64>() / 2.0
    }

    #[test]
    fn a_ring_is_cut_to_its_part_in_the_window() {
        let window = Bounds::new([0.0, 0.0], [10.0, 10.0]);
        let ring = [[-5.0, -5.0], [5.0, -5.0], [5.0, 5.0], [-5.0, 5.0], [-5.0, -5.0]];
        let clipped = clip_ring(&ring, &window);
        assert_eq!(area(&clipped), 25.0);
        assert_eq!(clipped.first(), clipped.last());
        assert!(clip_ring(&[[20.0, 0.0], [30.0, 0.0], [30.0, 9.0], [20.0, 0.0]], &window).is_empty());
        let line = [[-9.0, 5.0], [-5.0, 5.0], [5.0, 5.0], [5.0, 20.0], [5.0, 30.0], [5.0, 9.0]];
        let runs = clip_line(&line, &window);
        assert_eq!(runs, [vec![[-5.0, 5.0], [5.0, 5.0], [5.0, 20.0]], vec![[5.0, 30.0], [5.0, 9.0]]]);
    }

    #[test]
    fn a_window_on_paper_keeps_its_proportions_and_its_north_up() {
        let sheet = Sheet::new(Bounds::new([700_000.0, 6_600_000.0], [701_000.0, 6_600_100.0]), 640.0, [0.5, 1.0], 400.0);
        assert_eq!((sheet.width, sheet.height), (640.0, 320.0));
        assert_eq!(sheet.at([700_000.0, 6_600_050.0]), [0.0, 160.0]);
        assert!(sheet.at([700_500.0, 6_600_090.0])[1] < 160.0, "north is up");
        assert!(sheet.north().contains("rotate(0.00)") || sheet.north().contains("rotate(-0.00)"), "on the central meridian");
        assert_eq!([999.0, 500.0, 499.0, 2.0, 1.99].map(round_below), [500.0, 500.0, 200.0, 2.0, 1.0]);
        let mut shapes = Shapes::default();
        shapes.push_geometry(Some(&geo_types::Geometry::Polygon(polygon![
            (x: 700_100.0, y: 6_600_000.0), (x: 700_200.0, y: 6_600_000.0), (x: 700_200.0, y: 6_600_100.0)])));
        assert_eq!(sheet.path(&shapes.get(0)), "M64.0 192.0L128.0 192.0L128.0 128.0Z");
    }
}
