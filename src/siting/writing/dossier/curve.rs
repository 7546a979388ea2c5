//! A value function as a small drawing: a polyline over its breakpoints.

use std::fmt::Write;

use jiff::civil::Date;
use serde_json::Value;

use super::Dossier;
use super::words::written;
use crate::geometry::units::Quantity;
use crate::paper::numbers::exact;
use crate::siting::scale::days;

const WIDTH: f64 = 110.0;
const HEIGHT: f64 = 30.0;
/// Room on each side, where the function is constant.
const SHELF: f64 = 14.0;

/// The function drawn, with its breakpoints in words beneath. Words and truth values have no axis: they are listed alone.
pub fn curve(dossier: &Dossier<'_>, value: &Value) -> String {
    let points: Vec<(&str, f64)> =
        value.as_object().into_iter().flatten().map(|(at, worth)| (at.as_str(), worth.as_f64().unwrap_or_default())).collect();
    let told: Vec<String> = points
        .iter()
        .map(|(at, worth)| format!("<span>{} → {}</span>", written(at, dossier.language), exact(*worth, dossier.language)))
        .collect();
    let told = told.join(" · ");
    let places: Option<Vec<(f64, f64)>> = points.iter().map(|(at, worth)| Some((place(at)?, *worth))).collect();
    let drawing = places.filter(|places| places.len() > 1).map(|places| drawn(&places)).unwrap_or_default();
    format!("{drawing}<small class=\"points\">{told}</small>")
}

/// Where a quantity or a date stands on its axis, in base units.
fn place(text: &str) -> Option<f64> {
    let quantity = |quantity: Quantity| quantity.unit.map_or(quantity.value, |unit| unit.to_base(quantity.value));
    text.parse().ok().map(quantity).or_else(|| text.parse::<Date>().ok().map(days))
}

/// Decorative: the words beneath say the same.
fn drawn(points: &[(f64, f64)]) -> String {
    let (first, last) = (points[0].0, points[points.len() - 1].0);
    let x = |at: f64| SHELF + (at - first) / (last - first) * (WIDTH - 2.0 * SHELF);
    let y = |worth: f64| 3.0 + (1.0 - worth) * (HEIGHT - 6.0);
    let mut line = format!("0,{:.1}", y(points[0].1));
    let mut dots = String::new();
    for &(at, worth) in points {
        // Writing to a string cannot fail.
        let _ = write!(line, " {:.1},{:.1}", x(at), y(worth));
        let _ = write!(dots, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2\"/>", x(at), y(worth));
    }
    let _ = write!(line, " {WIDTH},{:.1}", y(points[points.len() - 1].1));
    format!(
        "<svg class=\"curve\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" aria-hidden=\"true\">\
         <path class=\"axis\" d=\"M0 {0}H{WIDTH}M0 3H{WIDTH}\"/><polyline points=\"{line}\"/>{dots}</svg>",
        HEIGHT - 3.0
    )
}
