//! From places to areas: the same workers, between larger places.

use super::matrix::Matrix;
use super::workers::Workers;

/// The matrix between areas, of which `slots` names one for each place, below `areas`.
///
/// Each origin area in turn: its pairs are added to a row of sums, one a destination area, with a bit for each that was reached; the
/// bits give the sums back in order. One pass over the pairs, no hashing and no sorting.
pub fn aggregate(matrix: &Matrix, slots: &[u32], areas: usize) -> Matrix {
    let (order, ends) = by_area(slots, areas);
    let mut sums = vec![Workers::default(); areas];
    let mut reached = vec![0_u64; areas.div_ceil(64)];
    let (mut row_ends, mut to, mut workers) = (Vec::with_capacity(areas), Vec::new(), Vec::new());
    let mut start = 0;
    for end in ends {
        for &place in &order[start..end] {
            let (destinations, counts) = matrix.row(place);
            for (&destination, &count) in destinations.iter().zip(counts) {
                let slot = slots[destination as usize] as usize;
                sums[slot] += count;
                reached[slot / 64] |= 1 << (slot % 64);
            }
        }
        for (word, bits) in reached.iter_mut().enumerate() {
            while *bits != 0 {
                let slot = word * 64 + bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                to.push(slot as u32);
                workers.push(std::mem::take(&mut sums[slot]));
            }
        }
        row_ends.push(to.len() as u32);
        start = end;
    }
    Matrix::indexed(row_ends, to, workers, Vec::new())
}

/// Places in the order of their areas, and where those of each area end.
fn by_area(slots: &[u32], areas: usize) -> (Vec<u32>, Vec<usize>) {
    let mut ends = vec![0; areas];
    slots.iter().for_each(|&slot| ends[slot as usize] += 1);
    let mut sum = 0;
    let mut next: Vec<usize> = Vec::with_capacity(areas);
    for end in &mut ends {
        next.push(sum);
        sum += *end;
        *end = sum;
    }
    let mut order = vec![0; slots.len()];
    for (place, &slot) in slots.iter().enumerate() {
        order[next[slot as usize]] = place as u32;
        next[slot as usize] += 1;
    }
    (order, ends)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::matrix::Entry;
    use super::*;

    proptest::proptest! {
        /// Against a map of pairs.
        #[test]
        fn sums_are_those_of_a_map(
            rows in proptest::collection::vec((0..90_u32, 0..90_u32, 0..1_000_000_u32), 0..400),
            slots in proptest::collection::vec(0..70_u32, 90),
        ) {
            let entry = |&(from, to, parts): &(u32, u32, u32)| {
                Entry { from, to, class: 0, workers: Workers::of(f64::from(parts) / 977.0).unwrap() }
            };
            let mut expected: BTreeMap<(u32, u32), Workers> = BTreeMap::new();
            for row in rows.iter().map(entry).filter(|row| row.workers.0 > 0) {
                *expected.entry((slots[row.from as usize], slots[row.to as usize])).or_default() += row.workers;
            }
            let matrix = Matrix::new(90, rows.iter().map(entry).collect());
            let sums = aggregate(&matrix, &slots, 70);
            let found: BTreeMap<_, _> = sums.pairs().map(|pair| ((pair.from, pair.to), pair.workers)).collect();
            proptest::prop_assert_eq!(found, expected);
            proptest::prop_assert_eq!(sums.total(), matrix.total());
        }
    }
}
