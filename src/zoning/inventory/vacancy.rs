//! Whether a land unit is vacant in the sense of the law, or open ground between others.

/// Yes, no, or not said by the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Yes,
    No,
    Unknown,
}

impl Known {
    pub fn word(self) -> &'static str {
        match self {
            Known::Yes => "yes",
            Known::No => "no",
            Known::Unknown => "unknown",
        }
    }
}

/// A brownfield on the unit, and the year in which its activity ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    pub id: String,
    pub ended: Option<i16>,
}

/// Whether no business has used it for two years at the first of January of `year`, and it stayed empty (planning code, L318-8-2).
///
/// What was never built was never used, so it is not vacant. Activity that ended in a year may have ended on its last day.
pub fn vacant(occupation: Option<&str>, pasts: &[Past], year: i16) -> Known {
    match occupation {
        Some("vacant" | "brownfield") => {
            let latest = pasts.iter().map(|past| past.ended).reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten();
            match latest {
                Some(ended) if ended <= year - 3 => Known::Yes,
                Some(ended) if ended >= year - 1 => Known::No,
                _ => Known::Unknown,
            }
        }
        Some("occupied" | "in transition" | "never built") => Known::No,
        _ => Known::Unknown,
    }
}

/// Whether it is ground between others that could be built on: never built, not kept for roads, greenery or water.
pub fn infill(occupation: Option<&str>, servicing: Option<&str>, used_as: Option<&str>) -> Known {
    const KEPT: [&str; 8] = [
        "road or infrastructure",
        "parking",
        "lorry turning area",
        "other public facilities",
        "retention basin",
        "green space",
        "natural or wooded land",
        "shared services",
    ];
    match (occupation, servicing) {
        (Some("never built"), Some("not developable")) => Known::No,
        (Some("never built"), _) if used_as.is_some_and(|word| KEPT.contains(&word)) => Known::No,
        (Some("never built"), Some(_)) => Known::Yes,
        (Some("never built"), None) | (None, _) => Known::Unknown,
        (Some(_), _) => Known::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(years: &[Option<i16>]) -> Vec<Past> {
        years.iter().map(|&ended| Past { id: String::new(), ended }).collect()
    }

    #[test]
    fn two_years_at_the_first_of_january() {
        let of = |years: &[Option<i16>]| vacant(Some("brownfield"), &ended(years), 2026);
        assert_eq!(of(&[Some(2023)]), Known::Yes, "the last day of 2023 at the latest");
        assert_eq!(of(&[Some(2024)]), Known::Unknown, "the first of January 2024, or later");
        assert_eq!(of(&[Some(2025)]), Known::No);
        assert_eq!(of(&[Some(1990), Some(2025)]), Known::No, "the last to leave counts");
        assert_eq!((of(&[]), of(&[Some(1990), None])), (Known::Unknown, Known::Unknown), "how long is not said");
        assert_eq!(vacant(Some("never built"), &[], 2026), Known::No, "never used is not vacant");
        assert_eq!(vacant(Some("occupied"), &ended(&[Some(1990)]), 2026), Known::No);
        assert_eq!(vacant(None, &[], 2026), Known::Unknown);
    }

    #[test]
    fn open_ground_between_others() {
        assert_eq!(infill(Some("never built"), Some("serviced"), None), Known::Yes);
        assert_eq!(infill(Some("never built"), Some("serviced"), Some("retention basin")), Known::No);
        assert_eq!(infill(Some("never built"), Some("not developable"), None), Known::No);
        assert_eq!(infill(Some("never built"), None, None), Known::Unknown);
        assert_eq!(infill(Some("occupied"), Some("serviced"), None), Known::No);
        assert_eq!(infill(None, Some("serviced"), None), Known::Unknown);
    }
}
