//! What there is to read: files, folders, and the members of zip archives.

use std::fmt;
use std::path::{Path, PathBuf};

use super::archive;
use super::error::{Cause, ReadError};

/// One file that a layer's pattern may match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The file on disk: the data itself, its gzip, or the zip archive around it.
    pub path: PathBuf,
    /// Name inside the zip archive, whole.
    pub member: Option<String>,
    /// What layer patterns match: the base name of the file or member, without `.gz`.
    pub name: String,
    /// `None`: nothing here reads it.
    pub format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Csv,
    /// A collection, one feature, or one feature a line.
    GeoJson,
    /// `.json`: GeoJSON, or an array of objects (a table).
    Json,
    Shapefile,
    /// A table; one beside a Shapefile of the same name is part of it.
    Dbf,
    GeoPackage,
    FlatGeobuf,
    /// Parquet without geometry too.
    GeoParquet,
}

impl Format {
    fn of(name: &str) -> Option<Format> {
        match extension(name).as_str() {
            "csv" | "tsv" | "txt" => Some(Format::Csv),
            "geojson" | "geojsonl" | "geojsons" | "ndjson" | "jsonl" => Some(Format::GeoJson),
            "json" => Some(Format::Json),
            "shp" => Some(Format::Shapefile),
            "dbf" => Some(Format::Dbf),
            "gpkg" => Some(Format::GeoPackage),
            "fgb" => Some(Format::FlatGeobuf),
            "parquet" | "geoparquet" => Some(Format::GeoParquet),
            _ => None,
        }
    }

    /// With its article, for messages.
    pub fn article(self) -> &'static str {
        match self {
            Format::Csv => "a CSV file",
            Format::GeoJson => "GeoJSON",
            Format::Json => "JSON",
            Format::Shapefile => "a Shapefile",
            Format::Dbf => "a dBASE table",
            Format::GeoPackage => "a GeoPackage",
            Format::FlatGeobuf => "a FlatGeobuf file",
            Format::GeoParquet => "a Parquet file",
        }
    }

    pub(super) fn names() -> &'static str {
        "CSV, GeoJSON, JSON, Shapefile, dBASE, GeoPackage, FlatGeobuf, GeoParquet; each also as .gz or in a .zip"
    }
}

impl fmt::Display for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Some(member) => write!(f, "{} in {}", member.escape_default(), self.path.display()),
            None => write!(f, "{}", self.path.display()),
        }
    }
}

/// Every file of these files and folders, folders recursively, in the order of their paths, zip archives opened up.
///
/// Hidden files are left out, and so are the companions of a Shapefile (`.dbf`, `.shx`, ...): it counts as one file.
///
/// # Errors
/// A source that is not there, a folder or an archive that cannot be read.
pub fn list(sources: &[PathBuf]) -> Result<Vec<SourceFile>, ReadError> {
    let mut files = Vec::new();
    for source in sources {
        walk(source, &mut files).map_err(|(path, cause)| ReadError { file: path.display().to_string(), cause })?;
    }
    files.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
    files.dedup();
    Ok(files)
}

type Failed = (PathBuf, Cause);

fn walk(path: &Path, files: &mut Vec<SourceFile>) -> Result<(), Failed> {
    let failed = |error: std::io::Error| (path.to_owned(), Cause::Io(error));
    if !std::fs::metadata(path).map_err(failed)?.is_dir() {
        return add(path, files);
    }
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A link to a folder could lead back here; a link to a file cannot.
        let looping = entry.file_type().map_err(failed)?.is_symlink() && entry.path().is_dir();
        if !looping && !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push(entry.path());
        }
    }
    let names: Vec<String> = entries.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let shown = without_companions(&names);
    entries.iter().zip(shown).filter(|(_, shown)| *shown).try_for_each(|(path, _)| walk(path, files))
}

fn add(path: &Path, files: &mut Vec<SourceFile>) -> Result<(), Failed> {
    let base = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if extension(&base) != "zip" {
        files.push(SourceFile::new(path, None, &base));
        return Ok(());
    }
    let members = archive::members(path).map_err(|cause| (path.to_owned(), cause))?;
    let shown = without_companions(&members);
    for member in members.iter().zip(shown).filter_map(|(member, shown)| shown.then_some(member)) {
        let base = member.rsplit(['/', '\\']).next().unwrap_or(member);
        if !base.starts_with('.') && !member.starts_with("__MACOSX/") {
            files.push(SourceFile::new(path, Some(member.clone()), base));
        }
    }
    Ok(())
}

impl SourceFile {
    fn new(path: &Path, member: Option<String>, base: &str) -> SourceFile {
        let name = if extension(base) == "gz" { &base[..base.len() - 3] } else { base };
        SourceFile { path: path.to_owned(), member, name: name.to_owned(), format: Format::of(name) }
    }

    /// Whether the file (or member) is itself a gzip.
    pub(super) fn is_gzip(&self) -> bool {
        let whole = self.member.clone().unwrap_or_else(|| self.path.to_string_lossy().into_owned());
        extension(&whole) == "gz"
    }

    /// The files on disk that hold this one: a Shapefile has several, a member has its archive.
    pub fn parts(&self) -> Vec<PathBuf> {
        let mut parts = vec![self.path.clone()];
        if self.format == Some(Format::Shapefile) && self.member.is_none() {
            parts.extend(archive::companions(&self.path).unwrap_or_default().into_values());
        }
        parts
    }
}

/// `false` for each name that belongs to a Shapefile of the same stem.
fn without_companions(names: &[String]) -> Vec<bool> {
    let stems: std::collections::HashSet<String> =
        names.iter().filter(|name| extension(name) == "shp").map(|name| stem(name).to_lowercase()).collect();
    let is_companion =
        |name: &String| COMPANIONS.contains(&extension(name).as_str()) && stems.contains(&stem(name).to_lowercase());
    names.iter().map(|name| !is_companion(name)).collect()
}

const COMPANIONS: [&str; 12] = ["dbf", "shx", "prj", "cpg", "qpj", "qix", "idx", "sbn", "sbx", "qml", "sld", "lyr"];

/// In lower case, without the dot; empty where there is none.
pub(super) fn extension(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

/// Everything before the extension's dot, folders included.
pub(super) fn stem(name: &str) -> &str {
    &name[..name.len() - extension_len(name)]
}

fn extension_len(name: &str) -> usize {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map_or(0, |(_, extension)| extension.len() + 1)
}
