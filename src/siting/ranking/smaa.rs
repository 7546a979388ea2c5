//! SMAA-2 (Lahdelma and Salminen 2001): how often each site reaches each rank when nothing is known of the weights.
//!
//! Weights are drawn uniformly among all that add up to 1 (Dirichlet with ones): the gaps between sorted uniform numbers, which
//! are whole numbers over 2^53 and add up exactly. A worth that is unknown is drawn uniformly between its least and greatest,
//! independently of all others. A draw depends on the seed, its number, the site's key and the criterion's name alone, so that
//! the answer is the same bytes for any number of threads, any order of sites and criteria, and any other sites beside.
//!
//! Scores here are plain floating point, all summed in one order. Rounding keeps order: where each worth of one site is at least
//! that of another, so is its sum. Equal sums go to the site that stands first in the ranking.

mod confidence;
mod tally;

use rayon::prelude::*;

use crate::siting::ranking::random::{Sequence, WHOLE, below_whole, mix, unit};
use crate::siting::ranking::smaa::tally::{Leaders, Tally};
use crate::siting::ranking::worths::Worths;
use crate::siting::work::{Stopped, Work};

/// How much is drawn, from which seed, and how many ranks are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    pub draws: u32,
    pub seed: u64,
    pub ranks: usize,
}

/// How one site fares over all draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptability {
    /// The share of draws in which it has rank 1, 2, …
    pub ranks: Vec<f64>,
    /// The mean of the weights that make it first, in the table's order; `None` where none was drawn.
    pub central: Option<Vec<f64>>,
    /// The share of draws of what is unknown in which it is first under its central weights: 0 or 1 where all is known. Drawn a
    /// tenth as often as the ranks.
    pub confidence: Option<f64>,
}

/// The acceptability of the first `listed` sites of a ranking. `key` names a site for its draws.
///
/// # Errors
/// The work was stopped.
pub fn acceptabilities(
    worths: &Worths,
    key: impl Fn(usize) -> u64,
    ask: Draws,
    listed: usize,
    work: &Work,
) -> Result<Vec<Acceptability>, Stopped> {
    let names: Vec<u64> = worths.criteria().iter().map(|criterion| hash(&criterion.name)).collect();
    let contest = Contest::new(worths, contenders(worths, ask.ranks), |site, place| mix(key(site) ^ names[place]), ask);
    let tally = contest.tally(work)?;
    let share = |count: u32| f64::from(count) / f64::from(ask.draws.max(1));
    let found = |site: usize| match contest.sites.binary_search(&site) {
        _ if work.go_on().is_err() => Err(Stopped),
        Err(_) => Ok(Acceptability { ranks: vec![0.0; ask.ranks], central: None, confidence: None }),
        Ok(place) => {
            let ranks = tally.ranks(place).iter().copied().map(share).collect();
            let central = tally.central(place);
            let confidence = central.as_ref().map(|central| contest.confidence(place, central));
            Ok(Acceptability { ranks, central, confidence })
        }
    };
    (0..listed.min(worths.len())).into_par_iter().map(found).collect()
}

/// FNV-1a.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The sites that may reach one of the first ranks, in the order of the ranking.
///
/// A site is surely ahead of another if it stands before it and is worth at least as much on every criterion, whatever is
/// unknown. In every draw its sum is then at least as large, and equal sums go to it: with `ranks` sites surely ahead of it, a
/// site is never among the first `ranks`. Those that lead the ranking are ahead of most, so only they are asked.
fn contenders(worths: &Worths, ranks: usize) -> Vec<usize> {
    let asked = worths.len().min(50 * ranks);
    let stays = |&site: &usize| {
        let ahead = (0..asked.min(site)).filter(|&other| worths.surely_covers(other, site));
        ahead.take(ranks).count() < ranks
    };
    (0..worths.len()).into_par_iter().with_min_len(64).filter(stays).collect()
}

/// Sites side by side in a tile: with their worths in columns, a criterion is one multiplication of a whole tile.
const LANES: usize = 8;
/// Draws that one task makes.
const BATCH: u32 = 64;

/// The sites that matter, laid out for drawing.
struct Contest {
    ask: Draws,
    criteria: usize,
    /// Rows of the table, in the order of the ranking.
    sites: Vec<usize>,
    /// Tile after tile, in each the worths of [`LANES`] sites for each criterion; least worths where unknown.
    tiles: Vec<f64>,
    open: Vec<Open>,
}

/// A worth that is not known, hence drawn.
struct Open {
    /// Place in the tiles.
    at: usize,
    low: f64,
    high: f64,
    key: u64,
}

impl Open {
    fn worth(&self, draw_key: u64) -> f64 {
        (self.low + (self.high - self.low) * unit(mix(draw_key.wrapping_add(self.key)))).min(self.high)
    }
}

impl Contest {
    fn new(worths: &Worths, sites: Vec<usize>, key: impl Fn(usize, usize) -> u64, ask: Draws) -> Contest {
        let criteria = worths.criteria().len();
        let mut tiles = vec![0.0; sites.len().div_ceil(LANES) * LANES * criteria];
        let mut open = Vec::new();
        for (place, &site) in sites.iter().enumerate() {
            for (criterion, &[low, high]) in worths.row(site).iter().enumerate() {
                let at = at(place, criterion, criteria);
                tiles[at] = low;
                if low < high {
                    open.push(Open { at, low, high, key: key(site, criterion) });
                }
            }
        }
        Contest { ask, criteria, sites, tiles, open }
    }

    /// All draws. What is counted are whole numbers, which add up in any order.
    fn tally(&self, work: &Work) -> Result<Tally, Stopped> {
        let batches = self.ask.draws.div_ceil(BATCH);
        let empty = || (Tally::new(self), self.tiles.clone());
        let drawn = (0..batches).into_par_iter().fold(empty, |(mut tally, mut tiles), batch| {
            let wanted = if work.go_on().is_ok() { self.ask.draws } else { 0 };
            for draw in batch * BATCH..((batch + 1) * BATCH).min(wanted) {
                self.draw(draw, &mut tiles, &mut tally);
            }
            (tally, tiles)
        });
        let tally = drawn.map(|(tally, _)| tally).reduce(|| Tally::new(self), Tally::with);
        work.go_on().map(|()| tally)
    }

    fn draw(&self, draw: u32, tiles: &mut [f64], tally: &mut Tally) {
        let key = self.key(draw);
        let gaps = gaps(&mut Sequence::new(key), self.criteria);
        let weights: Vec<f64> = gaps.iter().map(|&gap| gap as f64 / WHOLE as f64).collect();
        self.open.iter().for_each(|open| tiles[open.at] = open.worth(key));
        let mut leaders = Leaders::new(self.ask.ranks);
        for (tile, worths) in tiles.chunks_exact(LANES * self.criteria.max(1)).enumerate() {
            let scores = scores(&weights, worths);
            if scores.iter().any(|&score| score > leaders.least) {
                let first = tile * LANES;
                let real = scores.iter().take(self.sites.len() - first);
                real.enumerate().for_each(|(lane, &score)| leaders.offer(score, first + lane));
            }
        }
        tally.count(&leaders, &gaps);
    }

    fn key(&self, draw: u32) -> u64 {
        mix(mix(self.ask.seed).wrapping_add(u64::from(draw)))
    }
}

/// Where the tiles hold a worth.
fn at(place: usize, criterion: usize, criteria: usize) -> usize {
    (place / LANES * criteria + criterion) * LANES + place % LANES
}

fn scores(weights: &[f64], tile: &[f64]) -> [f64; LANES] {
    let mut scores = [0.0; LANES];
    for (weight, worths) in weights.iter().zip(tile.as_chunks::<LANES>().0) {
        for (score, worth) in scores.iter_mut().zip(worths) {
            *score += weight * worth;
        }
    }
    scores
}

/// Weights uniform among all that add up to 1, as whole numbers that add up to [`WHOLE`].
fn gaps(sequence: &mut Sequence, criteria: usize) -> Vec<u64> {
    let mut cuts: Vec<u64> = (1..criteria).map(|_| below_whole(sequence.draw())).collect();
    cuts.sort_unstable();
    cuts.push(WHOLE);
    let mut before = 0;
    cuts.into_iter().map(|cut| cut - std::mem::replace(&mut before, cut)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::ranking::worths::tests::{exact, table};

    const ASK: Draws = Draws { draws: 10_000, seed: 1, ranks: 10 };

    fn run(worths: &Worths, ask: Draws) -> Vec<Acceptability> {
        acceptabilities(worths, |site| site as u64, ask, worths.len(), &Work::default()).unwrap()
    }

    /// Four standard deviations of a share that is drawn.
    fn near(found: f64, share: f64) -> bool {
        (found - share).abs() <= 4.0 * (share * (1.0 - share) / f64::from(ASK.draws)).sqrt()
    }

    /// Random sites, a fifth of whose worths are open, in the order of their least sums.
    fn random(sites: usize, criteria: usize, seed: u64) -> Worths {
        let mut dice = Sequence::new(seed);
        let mut cell = || {
            let low = unit(dice.draw());
            if dice.draw().is_multiple_of(5) { [low / 2.0, 1.0 - low / 4.0] } else { [low; 2] }
        };
        let mut rows: Vec<Vec<[f64; 2]>> = (0..sites).map(|_| (0..criteria).map(|_| cell()).collect()).collect();
        let sum = |row: &[[f64; 2]]| row.iter().map(|worth| worth[0]).sum::<f64>();
        rows.sort_by(|a, b| sum(b).total_cmp(&sum(a)));
        table(&vec![1_000_000_000 / criteria as i64; criteria], &rows.iter().map(|row| &row[..]).collect::<Vec<_>>())
    }

    #[test]
    fn two_criteria_give_the_share_of_the_weight_interval() {
        // a before b where 0.9 w + 0.2 (1 - w) > 0.3 w + 0.6 (1 - w): above 0.4. c in between: first from 0.3 to 0.5.
        let two = run(&table(&[500, 500], &[&exact([0.9, 0.2]), &exact([0.3, 0.6])]), ASK);
        assert!(near(two[0].ranks[0], 0.6) && near(two[1].ranks[0], 0.4), "{two:?}");
        let central = two[0].central.clone().unwrap();
        assert!((central[0] - 0.7).abs() < 0.01 && (central.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!((two[0].confidence, two[1].confidence), (Some(1.0), Some(1.0)));
        let three = run(&table(&[500, 500], &[&exact([1.0, 0.0]), &exact([0.0, 1.0]), &exact([0.65, 0.65])]), ASK);
        let firsts: Vec<f64> = three.iter().map(|site| site.ranks[0]).collect();
        assert!(near(firsts[0], 0.35) && near(firsts[1], 0.35) && near(firsts[2], 0.3), "{firsts:?}");
        assert!(near(three[2].ranks[2], 0.0) && three[2].ranks[1] > 0.69);
    }

    #[test]
    fn three_equal_chances_on_three_criteria() {
        let worths = table(&[1, 1, 1], &[&exact([1.0, 0.0, 0.0]), &exact([0.0, 1.0, 0.0]), &exact([0.0, 0.0, 1.0])]);
        for site in run(&worths, ASK) {
            assert!(site.ranks[..3].iter().all(|&share| near(share, 1.0 / 3.0)), "{site:?}");
            // The mean of the largest of three gaps: (1 + 1/2 + 1/3) / 3.
            assert!((site.central.unwrap().into_iter().fold(0.0, f64::max) - 11.0 / 18.0).abs() < 0.01);
        }
    }

    #[test]
    fn what_is_unknown_is_drawn_in_its_interval() {
        let one = run(&table(&[1], &[&exact([0.3]), &[[0.0, 1.0]]]), ASK);
        assert!(near(one[1].ranks[0], 0.7) && (one[1].confidence.unwrap() - 0.7).abs() < 0.06, "{one:?}");
        assert_eq!(one[0].confidence.unwrap() + one[1].confidence.unwrap(), 1.0);
        let two = run(&table(&[1], &[&[[0.2, 0.6]], &[[0.0, 1.0]]]), ASK);
        assert!(near(two[1].ranks[0], 0.6), "the mean of 1 - x over 0.2 to 0.6 is 0.6");
    }

    #[test]
    fn rows_and_columns_of_the_full_matrix_add_up_to_one() {
        let worths = random(17, 4, 9);
        let all = run(&worths, Draws { ranks: 17, ..ASK });
        for place in 0..17 {
            let column: f64 = all.iter().map(|site| site.ranks[place]).sum();
            assert!((all[place].ranks.iter().sum::<f64>() - 1.0).abs() < 1e-12 && (column - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn sites_left_out_early_would_never_have_come_in() {
        for seed in 0..6 {
            let worths = random(150, 3, seed);
            for ranks in [1, 3, 10] {
                let ask = Draws { draws: 500, seed, ranks };
                let kept = contenders(&worths, ranks);
                assert!(kept.len() < 150, "something is left out");
                let every = Contest::new(&worths, (0..150).collect(), |site, place| key_of(&worths, site, place), ask)
                    .tally(&Work::default())
                    .unwrap();
                let few = Contest::new(&worths, kept.clone(), |site, place| key_of(&worths, site, place), ask)
                    .tally(&Work::default())
                    .unwrap();
                for site in 0..150 {
                    match kept.binary_search(&site) {
                        Ok(place) => assert_eq!(every.ranks(site), few.ranks(place)),
                        Err(_) => assert!(every.ranks(site).iter().all(|&count| count == 0)),
                    }
                }
            }
        }
    }

    fn key_of(worths: &Worths, site: usize, place: usize) -> u64 {
        mix(site as u64 ^ hash(&worths.criteria()[place].name))
    }

    #[test]
    fn equals_keep_their_order() {
        let worths = table(&[1, 1], &[&exact([0.5, 0.7]), &exact([0.5, 0.7]), &exact([0.5, 0.6])]);
        let found = run(&worths, Draws { ranks: 2, ..ASK });
        assert_eq!((found[0].ranks[0], found[1].ranks[1]), (1.0, 1.0));
        assert_eq!((&found[2].ranks[..], &found[2].central), (&[0.0, 0.0][..], &None));
    }

    #[test]
    fn one_seed_is_one_answer_whatever_the_threads() {
        let worths = random(300, 5, 4);
        let with = |threads: usize, seed: u64| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| run(&worths, Draws { draws: 2_000, seed, ranks: 5 }))
        };
        assert_eq!(with(1, 1), with(4, 1));
        assert_ne!(with(2, 1), with(2, 2));
    }

    #[test]
    fn confidence_is_what_plain_drawing_says() {
        let worths = random(60, 3, 8);
        let kept = contenders(&worths, 10);
        let contest = Contest::new(&worths, kept, |site, place| key_of(&worths, site, place), ASK);
        let tally = contest.tally(&Work::default()).unwrap();
        let mut told = 0;
        for place in 0..contest.sites.len() {
            let Some(central) = tally.central(place) else { continue };
            let first = (0..1_000).filter(|&draw| {
                let mut tiles = contest.tiles.clone();
                contest.open.iter().for_each(|open| tiles[open.at] = open.worth(contest.key(draw)));
                let scores: Vec<f64> = tiles.chunks_exact(LANES * 3).flat_map(|tile| scores(&central, tile)).collect();
                (0..contest.sites.len()).all(|other| other == place || scores[other] < scores[place])
            });
            assert_eq!(contest.confidence(place, &central), first.count() as f64 / 1_000.0);
            told += 1;
        }
        assert!(told > 3);
    }

    #[test]
    fn a_stop_is_heard() {
        let work = Work::default();
        work.stop();
        assert_eq!(acceptabilities(&random(50, 3, 1), |site| site as u64, ASK, 5, &work), Err(Stopped));
    }

    #[test]
    fn nothing_to_rank() {
        assert!(run(&table(&[1, 1], &[]), ASK).is_empty());
        assert!(run(&table(&[], &[]), ASK).is_empty());
    }
}
