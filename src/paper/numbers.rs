//! Numbers, quantities and dates as they are written in each language.

use jiff::civil::Date;

use crate::layer::language::Language;

/// A thin space that no line breaks at.
const THIN: char = '\u{202f}';

/// `34 875` with thin spaces, or `34,875`.
pub fn count(count: usize, language: Language) -> String {
    grouped(&count.to_string(), language)
}

/// A number with so many decimals.
pub fn decimal(number: f64, decimals: usize, language: Language) -> String {
    let written = format!("{:.decimals$}", number.abs());
    let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
    let sign = if number < 0.0 && written.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) { "−" } else { "" };
    let point = if part.is_empty() { "" } else { language.of(",", ".") };
    format!("{sign}{}{point}{part}", grouped(whole, language))
}

/// Whole numbers as they are, others with three significant digits at least.
pub fn plain(number: f64, language: Language) -> String {
    let decimals = match number.abs() {
        _ if number == number.trunc() => 0,
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    decimal(number, decimals, language)
}

/// A number with the decimals that it needs to be itself: for what a person wrote.
pub fn exact(number: f64, language: Language) -> String {
    let decimals = number.to_string().split_once('.').map_or(0, |(_, part)| part.len());
    decimal(number, decimals, language)
}

/// A measured number with its unit, never parted by the end of a line.
pub fn quantity(number: f64, unit: Option<&str>, language: Language) -> String {
    with_unit(&plain(number, language), unit, language)
}

/// A number that is written already, with its unit, never parted from it by the end of a line.
pub fn with_unit(number: &str, unit: Option<&str>, language: Language) -> String {
    match unit.map(|unit| unit_in(unit, language)) {
        None | Some("") => number.to_owned(),
        Some("%") if language == Language::En => format!("{number}%"),
        Some(unit) => format!("{number}{THIN}{unit}"),
    }
}

/// A share in percent, to a tenth.
pub fn percent(share: f64, language: Language) -> String {
    format!("{}{}", decimal(share * 100.0, 1, language), language.of("\u{202f}%", "%"))
}

/// A unit of the program as people write it.
pub fn unit_in(unit: &str, language: Language) -> &str {
    match unit {
        "m2" => "m²",
        "km2" => "km²",
        "ratio" => "",
        "EUR" => "€",
        "EUR/m2" => "€/m²",
        "days" => language.of("jours", "days"),
        "months" => language.of("mois", "months"),
        "years" => language.of("ans", "years"),
        "persons" => language.of("personnes", "persons"),
        "jobs" => language.of("emplois", "jobs"),
        "vehicles" => language.of("véhicules", "vehicles"),
        other => other,
    }
}

/// `1er janvier 2027`, `1 January 2027`.
pub fn date(date: Date, language: Language) -> String {
    const FR: [&str; 12] =
        ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = language.of(FR, EN)[usize::from(date.month().unsigned_abs()).clamp(1, 12) - 1];
    let first = if date.day() == 1 { language.of("er", "") } else { "" };
    format!("{}{first} {month} {}", date.day(), date.year())
}

fn grouped(digits: &str, language: Language) -> String {
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(language.of(THIN, ','));
        }
        text.push(digit);
    }
    text
}

/// Billionths as thousandths that add up to the thousandths of their sum (largest remainders), so that a column adds up as printed.
pub fn thousandths(billionths: &[i64]) -> Vec<i64> {
    const EACH: i64 = 1_000_000;
    let total = (billionths.iter().sum::<i64>() + EACH / 2).div_euclid(EACH);
    let mut rounded: Vec<i64> = billionths.iter().map(|part| part.div_euclid(EACH)).collect();
    let mut order: Vec<usize> = (0..billionths.len()).collect();
    order.sort_by_key(|&place| (std::cmp::Reverse(billionths[place].rem_euclid(EACH)), place));
    let missing = (total - rounded.iter().sum::<i64>()).max(0) as usize;
    order.into_iter().take(missing).for_each(|place| rounded[place] += 1);
    rounded
}

/// A score or a contribution in whole billionths, which is how it was made.
pub fn billionths(points: f64) -> i64 {
    (points * 1e9).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_its_numbers() {
        let both = |write: &dyn Fn(Language) -> String| [write(Language::Fr), write(Language::En)];
        assert_eq!(both(&|l| count(1_234_567, l)), ["1\u{202f}234\u{202f}567", "1,234,567"]);
        assert_eq!(both(&|l| decimal(-1234.5, 2, l)), ["−1\u{202f}234,50", "−1,234.50"]);
        assert_eq!(both(&|l| quantity(1.2345, Some("km"), l)), ["1,23\u{202f}km", "1.23\u{202f}km"]);
        assert_eq!(both(&|l| quantity(60.0, Some("%"), l)), ["60\u{202f}%", "60%"]);
        assert_eq!(both(&|l| exact(1234.05, l)), ["1\u{202f}234,05", "1,234.05"]);
        assert_eq!(both(&|l| percent(0.2105, l)), ["21,1\u{202f}%", "21.1%"]);
        assert_eq!(both(&|l| quantity(12.5, Some("EUR/m2"), l)), ["12,5\u{202f}€/m²", "12.5\u{202f}€/m²"]);
        assert_eq!(both(&|l| quantity(3.0, Some("months"), l)), ["3\u{202f}mois", "3\u{202f}months"]);
        assert_eq!(both(&|l| date(jiff::civil::date(2027, 1, 1), l)), ["1er janvier 2027", "1 January 2027"]);
        assert_eq!(decimal(-0.0004, 3, Language::En), "0.000", "no minus before nothing");
    }

    #[test]
    fn a_column_adds_up_as_printed() {
        let thirds = [333_333_334, 333_333_333, 333_333_333];
        assert_eq!(thousandths(&thirds), [334, 333, 333]);
        assert_eq!(thousandths(&[499_999, 499_999, 2]), [1, 0, 0]);
        assert_eq!(thousandths(&[0, 250_000_000]), [0, 250]);
        assert_eq!(billionths(0.333_333_334), 333_333_334);
    }
}
