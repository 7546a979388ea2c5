//! What a file is by its first bytes, so that an error page saved as `.geojson` is called what it is.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::Cause;
use super::source::Format;

const HEAD: u64 = 4096;

/// Refuses a file whose content is plainly not what its name says.
pub(super) fn check(path: &Path, expected: Format) -> Result<(), Cause> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(Cause::Empty);
    }
    let found = kind(&head);
    let fits = match expected {
        Format::Csv => found == "text",
        Format::GeoJson | Format::Json => found == "JSON",
        Format::Shapefile => found == SHAPEFILE,
        Format::GeoPackage => found == SQLITE,
        Format::FlatGeobuf => found == FLATGEOBUF,
        Format::GeoParquet => found == PARQUET,
        // Its first byte is a version of which there are dozens; the header is checked on opening.
        Format::Dbf => found == BINARY,
    };
    if fits { Ok(()) } else { Err(Cause::OtherKind { found, expected }) }
}

const SHAPEFILE: &str = "a Shapefile";
const SQLITE: &str = "an SQLite database";
const FLATGEOBUF: &str = "a FlatGeobuf file";
const PARQUET: &str = "a Parquet file";
const BINARY: &str = "binary data";

const MAGIC: [(&[u8], &str); 12] = [
    (b"\x89PNG", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1F\x8B", "a gzip file without .gz in its name"),
    (b"7z\xBC\xAF", "a 7z archive"),
    (b"SQLite format 3\0", SQLITE),
    (b"PAR1", PARQUET),
    (b"fgb\x03fgb", FLATGEOBUF),
    (b"\0\0\x27\x0A", SHAPEFILE),
];

/// With its article, for messages.
pub(super) fn kind(head: &[u8]) -> &'static str {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return kind;
    }
    let utf16 = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    if head.contains(&0) && !utf16 {
        return BINARY;
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let start = String::from_utf8_lossy(&text[..text.len().min(64)]).to_lowercase();
    match start.as_bytes() {
        _ if start.starts_with("<!doctype html") || start.starts_with("<html") => "an HTML page",
        _ if start.starts_with("<?xml") => "an XML document",
        [b'{' | b'[' | 0x1E, ..] => "JSON",
        _ => "text",
    }
}
