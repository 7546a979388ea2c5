//! Running totals of a column: the sum over any range of its rows is one subtraction.
//!
//! Numbers are added in fixed point, with as many binary digits as leave room for all rows. Therefore a sum does not depend on
//! the order of adding, nor on how its rows are cut into ranges; it is exact for integers, and for all numbers of more than a
//! trillionth of the largest.

use crate::layer::value::Values;

#[derive(Debug)]
pub struct Totals {
    /// Sums of the known numbers before each row, in `digit`s.
    sums: Vec<i128>,
    /// How many rows before each do not know theirs.
    unknown: Vec<u32>,
    digit: f64,
}

/// What some rows add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    digits: i128,
    pub unknown: u32,
}

impl Totals {
    pub fn of(values: &Values) -> Totals {
        let rows = values.len() as u32;
        let largest = (0..rows).filter_map(|row| values.number(row)).fold(0.0, |largest: f64, number| largest.max(number.abs()));
        // 2 to the power of 94 for the largest, 32 more for as many rows, one for the sign: 127.
        let digits = (93 - exponent(largest)).clamp(-1_000, 1_000);
        let per_unit = 2.0_f64.powi(digits);
        let mut totals = Totals { sums: vec![0], unknown: vec![0], digit: 2.0_f64.powi(-digits) };
        let mut so_far = Part::default();
        for row in 0..rows {
            match values.number(row) {
                Some(number) => so_far.digits += (number * per_unit) as i128,
                None => so_far.unknown += 1,
            }
            totals.sums.push(so_far.digits);
            totals.unknown.push(so_far.unknown);
        }
        totals
    }

    /// Adds a range of rows.
    #[inline]
    pub fn add(&self, rows: std::ops::Range<u32>, sum: &mut Part) {
        let [start, end] = [rows.start, rows.end].map(|row| row as usize);
        sum.digits += self.sums[end] - self.sums[start];
        sum.unknown += self.unknown[end] - self.unknown[start];
    }

    /// The sum as a number, in the column's unit.
    pub fn number(&self, sum: Part) -> f64 {
        sum.digits as f64 * self.digit
    }
}

/// The power of two not above a number; that of 1 for 0.
fn exponent(number: f64) -> i32 {
    if number == 0.0 { 0 } else { number.log2().floor() as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum of the rows from the first cut to the last, range by range.
    fn sum(totals: &Totals, cuts: &[u32]) -> f64 {
        let mut sum = Part::default();
        cuts.windows(2).for_each(|rows| totals.add(rows[0]..rows[1], &mut sum));
        totals.number(sum)
    }

    #[test]
    fn a_sum_is_exact_and_the_same_however_its_rows_are_cut() {
        let tenths = Values::Number((0..1_000).map(|i| f64::from(i) * 0.1 - 20.0).collect());
        let totals = Totals::of(&tenths);
        assert_eq!(sum(&totals, &[0, 1_000]), sum(&totals, &[0, 1, 500, 1_000]));
        // Pairs of numbers whose sum is exact, from the sum of integers: 10 * (0 + ... + 999) less 20 a row.
        assert!((sum(&totals, &[0, 1_000]) - (49_950.0 - 20_000.0)).abs() < 1e-11);
        assert_eq!(sum(&totals, &[7, 8]), 7.0 * 0.1 - 20.0);

        // Added one after the other as they are, the small one is lost.
        let apart = Totals::of(&Values::Number(vec![1e16, 1.0, -1e16, 0.5]));
        assert_eq!(sum(&apart, &[0, 4]), 1.5);
        let extremes = Totals::of(&Values::Number(vec![1e300, -1e300, 1e300]));
        assert_eq!(sum(&extremes, &[0, 3]), 1e300);
        let tiny = Totals::of(&Values::Number(vec![1e-250, 2e-250, f64::NAN]));
        assert!((sum(&tiny, &[0, 3]) / 3e-250 - 1.0).abs() < 1e-9);
        assert_eq!(sum(&Totals::of(&Values::Number(vec![0.0, f64::NAN])), &[0, 2]), 0.0);
    }

    #[test]
    fn unknown_cells_are_counted_apart() {
        let integers = Totals::of(&Values::Integer(vec![Some(i64::from(i32::MAX)), None, Some(-5), None]));
        let mut found = Part::default();
        integers.add(0..3, &mut found);
        assert_eq!((integers.number(found), found.unknown), (f64::from(i32::MAX) - 5.0, 1));
        integers.add(3..4, &mut found);
        assert_eq!(found.unknown, 2);
    }
}
