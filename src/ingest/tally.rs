//! Problems, counted by kind and column, each with its first example.

use std::collections::BTreeMap;

use crate::ingest::row::Note;
use crate::snapshot::manifest::{Problem, ProblemKind};

#[derive(Debug, Default)]
pub struct Tally(BTreeMap<(ProblemKind, Option<String>), (u64, String)>);

impl Tally {
    pub fn add(&mut self, file: &str, row: u64, note: &Note) {
        match self.0.get_mut(&(note.kind, note.column.clone())) {
            Some((count, _)) => *count += 1,
            None => self.begin(note, example(file, row, note)),
        }
    }

    /// A problem of a file as a whole.
    pub fn add_file(&mut self, file: &str, note: &Note) {
        match self.0.get_mut(&(note.kind, note.column.clone())) {
            Some((count, _)) => *count += 1,
            None => self.begin(note, file.to_owned()),
        }
    }

    fn begin(&mut self, note: &Note, example: String) {
        self.0.insert((note.kind, note.column.clone()), (1, example));
    }

    /// Rows that the problems counted reject; each row is rejected for one reason.
    pub fn rejected(&self) -> u64 {
        self.0.iter().filter(|((kind, _), _)| kind.rejects()).map(|(_, (count, _))| count).sum()
    }

    pub fn finish(self) -> Vec<Problem> {
        let problem = |((kind, column), (count, example))| Problem { kind, count, column, example: Some(example) };
        self.0.into_iter().map(problem).collect()
    }
}

fn example(file: &str, row: u64, note: &Note) -> String {
    let value = if note.value.is_empty() { String::new() } else { format!(" `{}`", shorten(&note.value)) };
    let words = if note.words.is_empty() { String::new() } else { format!(" ({})", note.words) };
    format!("{file} row {row}:{value}{words}").trim_end_matches(':').to_owned()
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
