//! An origin-destination matrix: pairs of places with the workers who live in one and work in the other.
//!
//! Pairs are sorted by origin, then destination; a second index lists them by destination. 20 bytes a pair: destination, workers,
//! and of the second index the pair's number and its origin.

use std::ops::Range;

use super::workers::Workers;

/// One row of a table of flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub from: u32,
    pub to: u32,
    /// What kind of workers; 0 in a table that does not tell them apart.
    pub class: u16,
    pub workers: Workers,
}

/// A pair as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub from: u32,
    pub to: u32,
    pub class: u16,
    pub workers: Workers,
}

#[derive(Debug, Default, Clone)]
pub struct Matrix {
    /// Where the pairs of each origin end.
    ends: Vec<u32>,
    to: Vec<u32>,
    workers: Vec<Workers>,
    /// Empty where all are 0.
    classes: Vec<u16>,
    /// The same by destination: ends, numbers of pairs, their origins.
    in_ends: Vec<u32>,
    incoming: Vec<u32>,
    from: Vec<u32>,
}

impl Matrix {
    /// The matrix of these rows over so many places. Rows of one pair and class are added up; those of nobody are left out.
    pub fn new(places: usize, mut entries: Vec<Entry>) -> Matrix {
        entries.retain(|entry| entry.workers.0 != 0);
        if !entries.is_sorted() {
            entries.sort_unstable();
        }
        entries.dedup_by(|later, first| {
            let same = (later.from, later.to, later.class) == (first.from, first.to, first.class);
            if same {
                first.workers += later.workers;
            }
            same
        });
        let classes = if entries.iter().all(|entry| entry.class == 0) { Vec::new() } else { column(&entries, |e| e.class) };
        let ends = ends(places, entries.iter().map(|entry| entry.from));
        Matrix::indexed(ends, column(&entries, |e| e.to), column(&entries, |e| e.workers), classes)
    }

    /// Of pairs in order; makes the index by destination.
    pub(super) fn indexed(ends: Vec<u32>, to: Vec<u32>, workers: Vec<Workers>, classes: Vec<u16>) -> Matrix {
        let in_ends = self::ends(ends.len(), to.iter().copied());
        let mut next: Vec<u32> = std::iter::once(0).chain(in_ends.iter().copied()).take(ends.len()).collect();
        let (mut incoming, mut from) = (vec![0; to.len()], vec![0; to.len()]);
        let mut start = 0;
        for (origin, &end) in ends.iter().enumerate() {
            for pair in start..end {
                let place = &mut next[to[pair as usize] as usize];
                incoming[*place as usize] = pair;
                from[*place as usize] = origin as u32;
                *place += 1;
            }
            start = end;
        }
        Matrix { ends, to, workers, classes, in_ends, incoming, from }
    }

    pub fn places(&self) -> usize {
        self.ends.len()
    }

    /// The number of pairs.
    pub fn len(&self) -> usize {
        self.to.len()
    }

    pub fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    pub fn total(&self) -> Workers {
        self.workers.iter().copied().sum()
    }

    /// Pairs of those who live here.
    pub fn leaving(&self, from: u32) -> impl ExactSizeIterator<Item = Pair> + '_ {
        range(&self.ends, from).map(move |pair| Pair {
            from,
            to: self.to[pair],
            class: self.class(pair),
            workers: self.workers[pair],
        })
    }

    /// Pairs of those who work here.
    pub fn arriving(&self, to: u32) -> impl ExactSizeIterator<Item = Pair> + '_ {
        range(&self.in_ends, to).map(move |place| {
            let pair = self.incoming[place] as usize;
            Pair { from: self.from[place], to, class: self.class(pair), workers: self.workers[pair] }
        })
    }

    /// Destinations and workers of those who live here, side by side.
    pub(super) fn row(&self, from: u32) -> (&[u32], &[Workers]) {
        let range = range(&self.ends, from);
        (&self.to[range.clone()], &self.workers[range])
    }

    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        (0..self.places() as u32).flat_map(|from| self.leaving(from))
    }

    /// Those of some classes, the classes told apart no longer.
    pub fn only(&self, keep: impl Fn(u16) -> bool) -> Matrix {
        let kept = self.pairs().filter(|pair| keep(pair.class));
        Matrix::new(self.places(), kept.map(|Pair { from, to, workers, .. }| Entry { from, to, class: 0, workers }).collect())
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let words = self.ends.len() + self.to.len() + self.in_ends.len() + self.incoming.len() + self.from.len();
        words * size_of::<u32>() + self.workers.len() * size_of::<Workers>() + self.classes.len() * size_of::<u16>()
    }

    fn class(&self, pair: usize) -> u16 {
        self.classes.get(pair).copied().unwrap_or(0)
    }
}

fn column<T>(entries: &[Entry], of: impl Fn(&Entry) -> T) -> Vec<T> {
    entries.iter().map(of).collect()
}

/// Where the entries of each place end, when they stand in order of their places.
fn ends(places: usize, of: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut ends = vec![0; places];
    of.for_each(|place| ends[place as usize] += 1);
    ends.iter_mut().fold(0, |sum, count| {
        *count += sum;
        *count
    });
    ends
}

fn range(ends: &[u32], place: u32) -> Range<usize> {
    let place = place as usize;
    let start = if place == 0 { 0 } else { ends[place - 1] };
    start as usize..ends[place] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(from: u32, to: u32, workers: u32) -> Entry {
        Entry { from, to, class: 0, workers: Workers::whole(workers) }
    }

    #[test]
    fn both_directions_tell_the_same() {
        let matrix =
            Matrix::new(4, vec![entry(2, 0, 5), entry(0, 2, 1), entry(0, 0, 7), entry(2, 0, 3), entry(1, 0, 0), entry(3, 2, 2)]);
        assert_eq!((matrix.len(), matrix.total()), (4, Workers::whole(18)));
        let leaving: Vec<(u32, i64)> = matrix.leaving(2).map(|pair| (pair.to, pair.workers.floor())).collect();
        assert_eq!(leaving, [(0, 8)]);
        let arriving: Vec<(u32, i64)> = matrix.arriving(0).map(|pair| (pair.from, pair.workers.floor())).collect();
        assert_eq!(arriving, [(0, 7), (2, 8)]);
        assert_eq!((matrix.leaving(1).len(), matrix.arriving(1).len(), matrix.arriving(2).len()), (0, 0, 2));
        let back: Workers = (0..4).flat_map(|place| matrix.arriving(place)).map(|pair| pair.workers).sum();
        assert_eq!(back, matrix.total());
    }

    #[test]
    fn a_million_pairs_take_less_than_forty_megabytes() {
        let entries = (0..1_000_000).map(|n| entry(n / 29, n % 35_000, 1 + n % 9)).collect();
        let matrix = Matrix::new(35_000, entries);
        assert_eq!(matrix.len(), 1_000_000);
        assert!(matrix.bytes() < 21_000_000, "{}", matrix.bytes());
    }

    #[test]
    fn classes_are_filtered_and_forgotten() {
        let rows = [(0, 1, 3, 10), (0, 1, 4, 20), (1, 1, 4, 5)];
        let rows = rows.map(|(from, to, class, workers)| Entry { from, to, class, workers: Workers::whole(workers) });
        let matrix = Matrix::new(2, rows.into());
        assert_eq!(matrix.leaving(0).map(|pair| pair.class).collect::<Vec<_>>(), [3, 4]);
        let all = matrix.only(|_| true);
        assert_eq!((all.len(), all.total()), (2, matrix.total()));
        assert_eq!(matrix.only(|class| class == 4).total(), Workers::whole(25));
    }
}
