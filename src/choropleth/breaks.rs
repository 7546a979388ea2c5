//! Where the classes of a map end.
//!
//! A class begins at its lower bound and ends before the next one's; the last holds the greatest number too. Numbers that are equal are
//! never parted, so that there may be fewer classes than were asked for.

use std::str::FromStr;

use serde::Serialize;

use super::ChoroplethError;
use super::jenks::jenks;
use crate::layer::catalogue::nearest;

/// How they are found. By hand, of 1, 2, 3, 10, 11, 50 in three classes: quantile 1-2, 3-10, 11-50 (as many in each); equal 1, 17.33, 33.67 (as
/// wide each); Jenks 1-3, 10-11, 50 (as like each other in each as can be).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "method", content = "breaks", rename_all = "lowercase")]
pub enum Method {
    Quantile,
    Jenks,
    Equal,
    /// The numbers at which a class begins, but for the first.
    Manual(Vec<f64>),
}

impl Method {
    const WORDS: [&'static str; 4] = ["quantile", "jenks", "equal", "manual"];

    /// # Errors
    /// `Method`, `Breaks`.
    pub fn read(word: &str, breaks: Option<&str>) -> Result<Method, ChoroplethError> {
        match (word, breaks) {
            ("manual", Some(written)) => Manual::from_str(written).map(|breaks| Method::Manual(breaks.0)),
            ("manual", None) => Err(ChoroplethError::Breaks(String::new())),
            (_, Some(written)) => Err(ChoroplethError::Breaks(written.to_owned())),
            ("quantile", None) => Ok(Method::Quantile),
            ("jenks", None) => Ok(Method::Jenks),
            ("equal", None) => Ok(Method::Equal),
            _ => Err(ChoroplethError::Method { word: word.to_owned(), nearest: nearest(word, Method::WORDS) }),
        }
    }
}

struct Manual(Vec<f64>);

impl FromStr for Manual {
    type Err = ChoroplethError;

    fn from_str(written: &str) -> Result<Manual, ChoroplethError> {
        let read = || -> Option<Vec<f64>> { written.split(',').map(|number| number.trim().parse().ok()).collect() };
        let rising = |breaks: &Vec<f64>| breaks.iter().all(|one| one.is_finite()) && breaks.windows(2).all(|two| two[0] < two[1]);
        let breaks = read().filter(|breaks| rising(breaks) && breaks.len() < super::MOST_CLASSES);
        breaks.map(Manual).ok_or_else(|| ChoroplethError::Breaks(written.to_owned()))
    }
}

/// The lower bound of each class, and after them the greatest number; empty of no numbers. `sorted` rises.
pub fn bounds(sorted: &[f64], method: &Method, classes: usize) -> Vec<f64> {
    let [Some(&least), Some(&greatest)] = [sorted.first(), sorted.last()] else { return Vec::new() };
    let inner: Vec<f64> = match method {
        Method::Quantile => (1..classes).map(|class| sorted[class * sorted.len() / classes]).collect(),
        Method::Equal => (1..classes).map(|class| least + (greatest - least) * class as f64 / classes as f64).collect(),
        Method::Jenks => jenks(sorted, classes),
        Method::Manual(breaks) => breaks.clone(),
    };
    // A break beyond the numbers parts nothing, but one that a person wrote stays in the legend.
    let keeps = |bound: &f64| matches!(method, Method::Manual(_)) || (*bound > least && *bound <= greatest);
    let mut bounds: Vec<f64> = std::iter::once(least).chain(inner.into_iter().filter(keeps)).collect();
    if let Method::Manual(breaks) = method {
        bounds[0] = least.min(breaks.first().copied().unwrap_or(least));
        bounds.push(greatest.max(breaks.last().copied().unwrap_or(greatest)));
        return bounds;
    }
    bounds.dedup();
    bounds.push(greatest);
    bounds
}

/// The class of a number, from 0, among [`bounds`].
pub fn class(bounds: &[f64], number: f64) -> usize {
    let classes = bounds.len().saturating_sub(1);
    let lower = &bounds[..classes];
    lower.partition_point(|bound| *bound <= number).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX: [f64; 6] = [1.0, 2.0, 3.0, 10.0, 11.0, 50.0];

    #[test]
    fn six_numbers_by_hand() {
        assert_eq!(bounds(&SIX, &Method::Quantile, 3), [1.0, 3.0, 11.0, 50.0]);
        assert_eq!(bounds(&SIX, &Method::Jenks, 3), [1.0, 10.0, 50.0, 50.0]);
        let equal = bounds(&SIX, &Method::Equal, 3);
        assert_eq!(equal.iter().map(|bound| format!("{bound:.2}")).collect::<Vec<_>>(), ["1.00", "17.33", "33.67", "50.00"]);
        assert_eq!(bounds(&SIX, &Method::Manual(vec![5.0, 100.0]), 9), [1.0, 5.0, 100.0, 100.0]);
        let classes = |method: &Method| SIX.map(|number| class(&bounds(&SIX, method, 3), number));
        assert_eq!(classes(&Method::Quantile), [0, 0, 1, 1, 2, 2]);
        assert_eq!(classes(&Method::Jenks), [0, 0, 0, 1, 1, 2]);
        assert_eq!(classes(&Method::Equal), [0, 0, 0, 0, 0, 2]);
        assert_eq!(classes(&Method::Manual(vec![5.0, 100.0])), [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn few_or_equal_numbers_make_few_classes() {
        for method in [Method::Quantile, Method::Jenks, Method::Equal] {
            assert_eq!(bounds(&[], &method, 5), Vec::<f64>::new());
            assert_eq!(bounds(&[4.0; 9], &method, 5), [4.0, 4.0], "{method:?}");
            assert_eq!(class(&[4.0, 4.0], 4.0), 0);
        }
        assert_eq!(bounds(&[0.0, 0.0, 0.0, 0.0, 7.0], &Method::Quantile, 5), [0.0, 7.0, 7.0]);
    }

    #[test]
    fn methods_are_read() {
        assert_eq!(Method::read("manual", Some("0, 1.5,8")).unwrap(), Method::Manual(vec![0.0, 1.5, 8.0]));
        for (word, breaks) in
            [("manual", None), ("manual", Some("3,1")), ("manual", Some("a")), ("jenks", Some("1")), ("manual", Some("1,1"))]
        {
            assert!(Method::read(word, breaks).is_err(), "{word} {breaks:?}");
        }
        assert!(Method::read("jenk", None).unwrap_err().to_string().contains("did you mean `jenks`?"));
    }

    proptest::proptest! {
        #[test]
        fn each_number_lies_in_its_class(
            numbers in proptest::collection::vec(-50..50_i32, 1..80), classes in 2..6_usize, method in 0..3_usize,
        ) {
            let mut sorted: Vec<f64> = numbers.iter().map(|number| f64::from(*number)).collect();
            sorted.sort_by(f64::total_cmp);
            let method = [Method::Quantile, Method::Jenks, Method::Equal][method].clone();
            let bounds = bounds(&sorted, &method, classes);
            proptest::prop_assert!(bounds.len() <= classes + 1 && bounds.len() >= 2);
            for number in &sorted {
                let class = class(&bounds, *number);
                let last = class + 2 == bounds.len();
                proptest::prop_assert!(bounds[class] <= *number && (*number < bounds[class + 1] || last && *number == bounds[class + 1]));
            }
        }
    }
}
