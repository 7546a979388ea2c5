//! Ways from a plot to what is near it, each with its letter.

use super::sheet::{Sheet, between};

/// The ways, then their letters above everything; of a way that leaves the paper, where it leaves it.
pub fn way_marks(sheet: &Sheet, ways: &[(char, [[f64; 2]; 2])]) -> String {
    let (mut lines, mut marks) = (String::new(), String::new());
    let mut taken: Vec<[f64; 2]> = Vec::new();
    for (letter, way) in ways {
        let [from, to] = way.map(|point| sheet.at(point));
        lines += &format!("<path class=\"way\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>", from[0], from[1], to[0], to[1]);
        let mut place = inside(from, to, [sheet.width, sheet.height]);
        // Several ways may end at one thing: their letters stand side by side.
        while taken.iter().any(|other| (other[0] - place[0]).hypot(other[1] - place[1]) < 16.0) && place[0] < sheet.width - 26.0 {
            place[0] += 17.0;
        }
        taken.push(place);
        marks += &format!(
            "<g class=\"letter\" transform=\"translate({:.1} {:.1})\"><circle r=\"8\"/><text y=\"3.6\">{letter}</text></g>",
            place[0], place[1]
        );
    }
    lines + &marks
}

/// The last point of a segment on its way out that is a mark's width inside the paper.
fn inside(from: [f64; 2], to: [f64; 2], paper: [f64; 2]) -> [f64; 2] {
    const EDGE: f64 = 11.0;
    let mut part: f64 = 1.0;
    for axis in 0..2 {
        let step = to[axis] - from[axis];
        let limit = if step > 0.0 { paper[axis] - EDGE } else { EDGE };
        if (to[axis] - limit) * step > 0.0 {
            part = part.min((limit - from[axis]) / step);
        }
    }
    between(from, to, part.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_that_leaves_the_paper_is_marked_where_it_leaves() {
        let paper = [640.0, 400.0];
        assert_eq!(inside([100.0, 100.0], [200.0, 100.0], paper), [200.0, 100.0]);
        assert_eq!(inside([320.0, 200.0], [5_000.0, 200.0], paper), [629.0, 200.0]);
        assert_eq!(inside([320.0, 200.0], [320.0, -900.0], paper), [320.0, 11.0]);
    }
}
