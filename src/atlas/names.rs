//! The names of a layer's features, found by how any of their words begins, without regard to case or accents.
//!
//! Every name is kept once, folded, in one text; an entry is where a word of it begins. Entries stand in the order of the text
//! from there on, so that what begins with a query is one range of them.

use rayon::prelude::*;

use super::Layer;
use crate::layer::value::Values;

#[derive(Debug)]
pub struct Names {
    /// Folded names, each ended by [`END`].
    text: String,
    /// Where words begin, in the order of what stands there.
    entries: Vec<u32>,
    /// Where names begin, and their codes in the column of names.
    starts: Vec<u32>,
    /// Rows in the order of their names' codes, and where each code's rows begin.
    rows: Vec<u32>,
    first: Vec<u32>,
}

/// Before every letter: a name comes before the longer ones that begin with it.
const END: char = '\0';

/// A row, and how well its name fits: the lower the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub fit: Fit,
    pub row: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The whole name, or the whole id.
    Whole,
    /// The name begins so.
    Beginning,
    /// A later word does.
    Word,
}

impl Names {
    /// `None` for a layer without names.
    pub fn of(layer: &Layer) -> Option<Names> {
        let Values::Text { words, codes } = layer.values("name")? else { return None };
        let (mut text, mut starts) = (String::new(), Vec::with_capacity(words.len()));
        for word in words {
            starts.push(text.len() as u32);
            text += &folded(word);
            text.push(END);
        }
        let bytes = text.as_bytes();
        let begins = |at: &u32| {
            let at = *at as usize;
            bytes[at] != 0 && bytes[at] != b' ' && (at == 0 || bytes[at - 1] == 0 || bytes[at - 1] == b' ')
        };
        let mut entries: Vec<u32> = (0..bytes.len() as u32).filter(begins).collect();
        entries.par_sort_unstable_by(|&a, &b| rest(bytes, a).cmp(rest(bytes, b)).then(a.cmp(&b)));
        let mut first = vec![0u32; words.len() + 1];
        codes.iter().filter(|code| (**code as usize) < words.len()).for_each(|code| first[*code as usize + 1] += 1);
        for code in 1..first.len() {
            first[code] += first[code - 1];
        }
        let mut next = first.clone();
        let mut rows = vec![0u32; first.last().map_or(0, |count| *count as usize)];
        for (row, &code) in codes.iter().enumerate().filter(|(_, code)| (**code as usize) < words.len()) {
            rows[next[code as usize] as usize] = row as u32;
            next[code as usize] += 1;
        }
        Some(Names { text, entries, starts, rows, first })
    }

    /// Rows of which a word begins with a folded query, at most `most`, those that fit best first.
    pub fn find(&self, query: &str, most: usize) -> Vec<Found> {
        let bytes = self.text.as_bytes();
        let from = self.entries.partition_point(|&at| rest(bytes, at) < query.as_bytes());
        let fitting = self.entries[from..].iter().take_while(|&&at| rest(bytes, at).starts_with(query.as_bytes()));
        let mut found: Vec<Found> = Vec::new();
        // Among those that only begin so, the shortest come first here: the text of a name ends before any letter.
        for &at in fitting.take(LOOKED_AT) {
            let name = self.starts.partition_point(|&start| start <= at) - 1;
            let fit = match (self.starts[name] == at, rest(bytes, at).len() == query.len()) {
                (true, true) => Fit::Whole,
                (true, false) => Fit::Beginning,
                (false, _) => Fit::Word,
            };
            let rows = &self.rows[self.first[name] as usize..self.first[name + 1] as usize];
            found.extend(rows.iter().take(most).map(|&row| Found { fit, row }));
        }
        found.sort_by_key(|found| found.row);
        found.dedup_by_key(|found| found.row);
        found.sort();
        found.truncate(most);
        found
    }
}

/// Names that a query is held against at most: a single letter fits half of them.
const LOOKED_AT: usize = 2_000;

/// From a place to the end of its name.
fn rest(bytes: &[u8], at: u32) -> &[u8] {
    let from = &bytes[at as usize..];
    &from[..from.iter().position(|&byte| byte == 0).unwrap_or(from.len())]
}

/// Small letters without accents; one space for whatever is no letter or digit.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' => "a",
            'ç' => "c",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'î' | 'ï' | 'í' | 'ì' => "i",
            'ñ' => "n",
            'ô' | 'ö' | 'ó' | 'ò' | 'õ' => "o",
            'ù' | 'û' | 'ü' | 'ú' => "u",
            'ÿ' | 'ý' => "y",
            'œ' => "oe",
            'æ' => "ae",
            'ß' => "ss",
            // Accents that stand beside their letter.
            '\u{300}'..='\u{36f}' => "",
            other if other.is_alphanumeric() => {
                folded.push(other);
                continue;
            }
            _ if folded.is_empty() || folded.ends_with(' ') => "",
            _ => " ",
        };
        folded.push_str(plain);
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_marks_do_not_count() {
        assert_eq!(folded("Saint-Étienne-du-Rouvray"), "saint etienne du rouvray");
        assert_eq!(folded("  L'Haÿ-les-Roses (94)"), "l hay les roses 94");
        assert_eq!(folded("Cœur d’Estuaire"), "coeur d estuaire");
        assert_eq!(folded("E\u{301}tang"), "etang");
        assert_eq!(folded("--"), "");
    }
}
