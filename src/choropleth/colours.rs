//! Colours of classes: ramps that those who confuse red and green, or blue and yellow, tell apart too.
//!
//! ColorBrewer's YlGnBu, YlOrBr and PuOr in five steps: between neighbours at least 17, 18 and 24 in CIELAB, whichever colour sense (6 would
//! be seen side by side). With more steps neighbours come too close, hence at most five classes. On dark ground the ramps turn, so
//! that more is always what stands out.

use std::str::FromStr;

use serde::Serialize;

use super::ChoroplethError;
use crate::layer::catalogue::nearest;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ramp {
    #[default]
    Blue,
    Brown,
    /// For numbers on both sides of a middle.
    Diverging,
}

impl Ramp {
    pub const ALL: [Ramp; 3] = [Ramp::Blue, Ramp::Brown, Ramp::Diverging];

    pub fn word(self) -> &'static str {
        match self {
            Ramp::Blue => "blue",
            Ramp::Brown => "brown",
            Ramp::Diverging => "diverging",
        }
    }

    /// From the least to the greatest, on light ground.
    const fn five(self) -> [&'static str; 5] {
        match self {
            Ramp::Blue => ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"],
            Ramp::Brown => ["#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404"],
            Ramp::Diverging => ["#e66101", "#fdb863", "#f7f7f7", "#b2abd2", "#5e3c99"],
        }
    }

    /// The colour of each of so many classes, five at most.
    pub fn colours(self, classes: usize, dark: bool) -> Vec<&'static str> {
        let steps: &[usize] = match classes {
            0 => &[],
            1 => &[2],
            2 => &[1, 3],
            3 => &[0, 2, 4],
            4 => &[0, 1, 3, 4],
            _ => &[0, 1, 2, 3, 4],
        };
        let five = self.five();
        let turned = dark && self != Ramp::Diverging;
        steps.iter().map(|&step| if turned { five[4 - step] } else { five[step] }).collect()
    }
}

impl FromStr for Ramp {
    type Err = ChoroplethError;

    fn from_str(word: &str) -> Result<Ramp, ChoroplethError> {
        let found = Ramp::ALL.into_iter().find(|ramp| ramp.word() == word);
        found.ok_or_else(|| ChoroplethError::Ramp { word: word.to_owned(), nearest: nearest(word, Ramp::ALL.map(Ramp::word)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIELAB (D65) of a colour as a person sees it who lacks one of the three cones (Viénot, Brettel and Mollon 1999, in linear RGB).
    fn lab(colour: &str, blind: Option<&[[f64; 3]; 3]>) -> [f64; 3] {
        let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        let rgb = [1, 3, 5].map(|at| linear(part(at)));
        let times = |m: &[[f64; 3]; 3], v: [f64; 3]| m.map(|row| (0..3).map(|i| row[i] * v[i]).sum::<f64>());
        let rgb = blind.map_or(rgb, |blind| times(blind, rgb).map(|c| c.clamp(0.0, 1.0)));
        let xyz = times(&[[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], rgb);
        let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map(f);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn neighbours_are_told_apart_by_all() {
        const PROTAN: [[f64; 3]; 3] = [[0.1124, 0.8876, 0.0], [0.1124, 0.8876, 0.0], [0.0040, -0.0040, 1.0]];
        const DEUTAN: [[f64; 3]; 3] = [[0.2927, 0.7073, 0.0], [0.2927, 0.7073, 0.0], [-0.0223, 0.0223, 1.0]];
        for ramp in Ramp::ALL {
            for blind in [None, Some(&PROTAN), Some(&DEUTAN)] {
                for classes in 2..=5 {
                    for pair in ramp.colours(classes, false).windows(2) {
                        let [a, b] = [lab(pair[0], blind), lab(pair[1], blind)];
                        let difference = (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt();
                        assert!(difference > 12.0, "{ramp:?} {pair:?} {blind:?}: {difference}");
                    }
                }
            }
        }
    }

    #[test]
    fn more_stands_out_on_dark_ground_too() {
        assert_eq!(Ramp::Blue.colours(5, true), ["#253494", "#2c7fb8", "#41b6c4", "#a1dab4", "#ffffcc"]);
        assert_eq!(Ramp::Diverging.colours(3, true), Ramp::Diverging.colours(3, false));
        assert!("blau".parse::<Ramp>().is_err());
    }
}
