//! Natural breaks (Jenks; Fisher 1958): classes whose numbers lie as close to their class's mean as can be.
//!
//! Exact, by dynamic programming: the least sum of squares of the first n numbers in k classes is that of some first m in k − 1, and of
//! the rest in one. Where the best m lies only moves up with n (the cost of a class is concave in its ends), so that each half is
//! searched within the bounds that its middle leaves: k · n · log n steps rather than k · n².

/// Numbers that are equal are one, with a weight: they are never parted.
#[derive(Debug)]
struct Runs {
    values: Vec<f64>,
    /// Before each run: how many numbers, their sum, the sum of their squares; around the mean of all.
    counts: Vec<f64>,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

/// The lower bound of each class but the first; `sorted` rises.
pub fn jenks(sorted: &[f64], classes: usize) -> Vec<f64> {
    let runs = Runs::of(sorted);
    let n = runs.values.len();
    let classes = classes.min(n);
    if classes < 2 {
        return Vec::new();
    }
    // After the k-th round, `best[n]` is the least cost of the first n runs in k classes, `starts[k - 2][n]` where the last begins.
    let mut best: Vec<f64> = (0..=n).map(|end| runs.cost(0, end)).collect();
    let mut starts: Vec<Vec<u32>> = Vec::new();
    for class in 1..classes {
        let (mut next, mut start) = (vec![f64::INFINITY; n + 1], vec![0; n + 1]);
        let mut round = Round { runs: &runs, before: &best, next: &mut next, start: &mut start, class };
        round.fill(class + 1, n, class, n - 1);
        (best, _) = (next, starts.push(start));
    }
    let (mut end, mut breaks) = (n, Vec::new());
    for start in starts.iter().rev() {
        end = start[end] as usize;
        breaks.push(runs.values[end]);
    }
    breaks.reverse();
    breaks
}

/// One more class.
struct Round<'r> {
    runs: &'r Runs,
    before: &'r [f64],
    next: &'r mut [f64],
    start: &'r mut [u32],
    class: usize,
}

impl Round<'_> {
    /// The costs of the first `first..=last` runs, whose last class begins within `low..=high`.
    fn fill(&mut self, first: usize, last: usize, low: usize, high: usize) {
        if first > last {
            return;
        }
        let end = first + (last - first) / 2;
        let mut best = (f64::INFINITY, low);
        for start in low.max(self.class)..=high.min(end - 1) {
            let cost = self.before[start] + self.runs.cost(start, end);
            if cost < best.0 {
                best = (cost, start);
            }
        }
        (self.next[end], self.start[end]) = (best.0, best.1 as u32);
        self.fill(first, end - 1, low, best.1);
        self.fill(end + 1, last, best.1, high);
    }
}

impl Runs {
    fn of(sorted: &[f64]) -> Runs {
        let mean = sorted.iter().sum::<f64>() / sorted.len().max(1) as f64;
        let (mut values, mut counts, mut sums, mut squares) = (Vec::new(), vec![0.0], vec![0.0], vec![0.0]);
        let (mut count, mut sum, mut square) = (0.0, 0.0, 0.0);
        for run in sorted.chunk_by(|a, b| a == b) {
            let (weight, value) = (run.len() as f64, run[0] - mean);
            values.push(run[0]);
            (count, sum, square) = (count + weight, sum + weight * value, square + weight * value * value);
            counts.push(count);
            sums.push(sum);
            squares.push(square);
        }
        Runs { values, counts, sums, squares }
    }

    /// The sum of squares of the numbers of runs `start..end` around their mean.
    fn cost(&self, start: usize, end: usize) -> f64 {
        let of = |sums: &[f64]| sums[end] - sums[start];
        let (count, sum, square) = (of(&self.counts), of(&self.sums), of(&self.squares));
        if count > 0.0 { (square - sum * sum / count).max(0.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(numbers: &[f64]) -> f64 {
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        numbers.iter().map(|number| (number - mean).powi(2)).sum()
    }

    fn cost(sorted: &[f64], breaks: &[f64]) -> f64 {
        let at = |bound: &f64| sorted.partition_point(|number| number < bound);
        let ends: Vec<usize> = std::iter::once(0).chain(breaks.iter().map(at)).chain([sorted.len()]).collect();
        ends.windows(2).map(|two| squares(&sorted[two[0]..two[1]])).sum()
    }

    /// The least cost over every way to part the different values.
    fn least(sorted: &[f64], classes: usize) -> f64 {
        let mut values = sorted.to_vec();
        values.dedup();
        fn choose(values: &[f64], from: usize, left: usize, chosen: &mut Vec<f64>, visit: &mut dyn FnMut(&[f64])) {
            if left == 0 {
                return visit(chosen);
            }
            for place in from..values.len() {
                chosen.push(values[place]);
                choose(values, place + 1, left - 1, chosen, visit);
                chosen.pop();
            }
        }
        let mut best = f64::INFINITY;
        choose(&values, 1, classes.min(values.len()) - 1, &mut Vec::new(), &mut |breaks| best = best.min(cost(sorted, breaks)));
        best
    }

    proptest::proptest! {
        #[test]
        fn no_other_way_is_better(numbers in proptest::collection::vec(-30..30_i32, 1..14), classes in 2..6_usize) {
            let mut sorted: Vec<f64> = numbers.iter().map(|number| f64::from(*number) / 4.0).collect();
            sorted.sort_by(f64::total_cmp);
            let (found, least) = (cost(&sorted, &jenks(&sorted, classes)), least(&sorted, classes));
            proptest::prop_assert!((found - least).abs() < 1e-9, "{} {}", found, least);
        }
    }

    #[test]
    fn ten_times_the_communes_of_a_country_take_no_time() {
        let mut sorted: Vec<f64> = (0..350_000_u64).map(|n| (n * 2_654_435_761 % 1_000_003) as f64).collect();
        sorted.sort_by(f64::total_cmp);
        let start = std::time::Instant::now();
        assert_eq!(jenks(&sorted, 5).len(), 4);
        // Each value beside each other one would be 120,000 million pairs a class.
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }
}
