//! The patterns of `LIKE`.

/// Whether a text fits a pattern of `%` (any run) and `_` (any one character). Linear in practice: on a mismatch only the
/// last `%` is stretched.
pub(super) fn matches(text: &str, pattern: &[char]) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut next) = (0, 0);
    let mut retry = None;
    while at < text.len() {
        match pattern.get(next) {
            Some('%') => {
                retry = Some((at, next));
                next += 1;
            }
            Some(&c) if c == '_' || c == text[at] => (at, next) = (at + 1, next + 1),
            _ => match retry {
                Some((from, star)) => {
                    retry = Some((from + 1, star));
                    (at, next) = (from + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    pattern[next..].iter().all(|&c| c == '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_plain_recursion_says() {
        fn slow(text: &[char], pattern: &[char]) -> bool {
            match (text, pattern) {
                ([], []) => true,
                (_, ['%', rest @ ..]) => (0..=text.len()).any(|skip| slow(&text[skip..], rest)),
                ([_, more @ ..], ['_', rest @ ..]) => slow(more, rest),
                ([t, more @ ..], [p, rest @ ..]) => t == p && slow(more, rest),
                _ => false,
            }
        }
        let texts = ["", "a", "ab", "aab", "abab", "ba", "bbabab"];
        for pattern in ["", "%", "_", "a%", "%b", "a_b", "%a%b", "%ab", "_%_", "%%b%", "ab%ab"] {
            let pattern: Vec<char> = pattern.chars().collect();
            for text in texts {
                let characters: Vec<char> = text.chars().collect();
                assert_eq!(matches(text, &pattern), slow(&characters, &pattern), "{text} {pattern:?}");
            }
        }
    }
}
