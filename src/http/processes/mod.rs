//! OGC API Processes, Part 1 (OGC 18-062r2): the analyses as processes, now or as jobs that are asked after.
//!
//! A job belongs to whoever started it. Its id cannot be guessed, and opens it to those alone who may see all that its starter
//! saw. `/jobs` lists the jobs started with the token that is sent; without a token nothing tells one caller from another, so it
//! lists none: a job's address is its only key.
//!
//! In reading order: [`describe`], [`execute`], [`task`], [`jobs`].

pub mod describe;
pub mod execute;
pub mod jobs;
pub mod task;

use serde_json::{Value, json};

use crate::http::error::HttpError;
use crate::layer::catalogue::nearest;

/// What can be executed. To add a process: a variant, its description, its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    Siting,
    Zoning,
}

impl Process {
    pub const ALL: [Process; 2] = [Process::Siting, Process::Zoning];

    pub fn id(self) -> &'static str {
        match self {
            Process::Siting => "siting",
            Process::Zoning => "zoning",
        }
    }

    /// # Errors
    /// `UnknownProcess`.
    pub fn of(id: &str) -> Result<Process, HttpError> {
        let unknown = || HttpError::UnknownProcess { id: id.to_owned(), nearest: nearest(id, Process::ALL.map(Process::id)) };
        Process::ALL.into_iter().find(|process| process.id() == id).ok_or_else(unknown)
    }
}

/// A link (RFC 8288) as OGC APIs write it.
pub fn link(href: String, rel: &str, media_type: &str) -> Value {
    json!({ "href": href, "rel": rel, "type": media_type })
}
