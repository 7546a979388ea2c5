//! The bars of a ranking.

use crate::paper::bars::{HEIGHT, WIDTH, ratio, rect, svg};
use crate::siting::answer::RankedSite;

/// What a criterion earned of what it could: `scale` is the widest share among the criteria, so that bars compare.
pub fn contribution(earned: f64, at_most: f64, share: f64, scale: f64) -> String {
    let parts = [
        rect("rest", 0.0, ratio(share, scale)),
        rect("part", 0.0, ratio(earned, scale)),
        rect("open", ratio(earned, scale), ratio(at_most - earned, scale)),
    ];
    svg(&parts.concat())
}

/// A score as the row of its contributions, in the order of the criteria, and behind them what is not known.
pub fn score(site: &RankedSite) -> String {
    let mut bar = rect("rest", 0.0, 1.0);
    let mut from = 0.0;
    for (place, finding) in site.findings.iter().filter(|finding| finding.contribution.is_some()).enumerate() {
        let earned = finding.contribution.unwrap_or_default();
        bar += &rect(if place % 2 == 0 { "part" } else { "part other" }, from, earned);
        from += earned;
    }
    bar += &rect("open", from, site.score_interval[1] - site.score);
    svg(&bar)
}

/// How many are left of how many there were, those left undecided among them.
pub fn left(left: usize, undecided: usize, whole: usize) -> String {
    let of = |count: usize| ratio(count as f64, whole as f64);
    svg(&[rect("rest", 0.0, 1.0), rect("part", 0.0, of(left)), rect("open", of(left - undecided.min(left)), of(undecided))]
        .concat())
}

/// From which share of a whole to which, and where between them something stands.
pub fn between(low: f64, high: f64, at: f64) -> String {
    let mark = format!("<path class=\"tick\" d=\"M{:.2} 0V{HEIGHT}\"/>", at.clamp(0.0, 1.0) * WIDTH);
    svg(&[rect("rest", 0.0, 1.0), rect("part", low, high - low), mark].concat())
}
