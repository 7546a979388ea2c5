//! Bars, drawn from the numbers that stand beside them. They are decoration to a reader of the text, who has the numbers.

use std::fmt::Write;

/// The pattern of what is not known, for every drawing of the page.
pub const HATCH: &str = "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\
    <pattern id=\"hatch\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
    <path d=\"M0 0V4\" class=\"hatch\"/></pattern></defs></svg>\n";

pub const WIDTH: f64 = 160.0;
pub const HEIGHT: f64 = 9.0;

/// A share of a whole.
pub fn share(part: f64, whole: f64) -> String {
    svg(&format!("{}{}", rect("rest", 0.0, 1.0), rect("part", 0.0, ratio(part, whole))))
}

/// A part of a whole that may be more.
pub fn at_least(part: f64, whole: f64) -> String {
    let part = ratio(part, whole);
    svg(&[rect("rest", 0.0, 1.0), rect("part", 0.0, part), rect("open", part, 1.0 - part)].concat())
}

/// A part of a whole, between 0 and 1.
pub fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

/// A piece of a bar, from a share of its length.
pub fn rect(class: &str, from: f64, width: f64) -> String {
    if width <= 0.0 {
        return String::new();
    }
    format!("<rect class=\"{class}\" x=\"{:.2}\" width=\"{:.2}\" height=\"{HEIGHT}\"/>", from * WIDTH, width * WIDTH)
}

/// The bar of its pieces.
pub fn svg(parts: &str) -> String {
    let mut svg = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        svg,
        "<svg class=\"bar\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{parts}</svg>"
    );
    svg
}
