//! Why a whole file cannot be read, in one sentence that names it.

use crate::layer::catalogue::suggestion;

use super::source::{Format, SourceFile};

#[derive(Debug, thiserror::Error)]
#[error("{file}: {cause}")]
pub struct ReadError {
    /// The file as [`SourceFile`] displays it.
    pub file: String,
    pub cause: Cause,
}

impl ReadError {
    pub fn new(file: &SourceFile, cause: Cause) -> ReadError {
        ReadError { file: file.to_string(), cause }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error("cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("is empty")]
    Empty,
    #[error("is in no format that is known here ({})", Format::names())]
    UnknownFormat,
    #[error("is {found}, not {}", expected.article())]
    OtherKind { found: &'static str, expected: Format },
    #[error("is damaged: {0}")]
    Damaged(String),
    #[error("is refused: {0}")]
    Refused(String),
    #[error("lacks its .{0} file")]
    Sidecar(&'static str),
    #[error("the archive no longer holds `{0}`")]
    Member(String),
    #[error("the text encoding `{0}` is not known; name another in the layer's `read.encoding`")]
    Encoding(String),
    #[error("the {what} `{character}` must be one ASCII character")]
    Character { what: &'static str, character: char },
    #[error("has no column {} for its geometry{}", quoted(wanted), suggestion(nearest))]
    Column { wanted: Vec<String>, nearest: Option<String> },
    #[error("has no table `{wanted}`{}", suggestion(nearest))]
    Table { wanted: String, nearest: Option<String> },
    #[error("has several tables ({}); name one in the layer's `read.table`", quoted(.0))]
    Tables(Vec<String>),
    #[error("states the coordinate reference system `{0}`, which is not known here")]
    Crs(String),
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}
