//! Gzip and zip: poured into a temporary file before anything looks at the content.
//!
//! Reading in place was the other choice. Most formats must seek, the others are read twice (encoding and columns first), and
//! a truncated archive is better known before the first row than after the last. So there is one road: checksums, limits and
//! truncation are settled here, and every format sees a plain file.
//!
//! Limits: 10,000 members an archive; [`MAX_BYTES`] a file; beyond [`FREE_BYTES`], [`MAX_RATIO`] times the compressed size.
//! (Small files are free of the ratio because a `.dbf` is mostly blanks and can shrink a thousandfold.)

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use tempfile::TempDir;
use zip::ZipArchive;

use super::error::Cause;
use super::source::{Format, SourceFile, extension, stem};

pub(super) const MAX_MEMBERS: usize = 10_000;
pub(super) const MAX_BYTES: u64 = 16 << 30;
pub(super) const FREE_BYTES: u64 = 64 << 20;
pub(super) const MAX_RATIO: u64 = 200;

/// A file that can be read and sought as it is, and the folder that dies with it where it is temporary.
pub(super) struct Plain {
    pub path: PathBuf,
    companions: BTreeMap<String, PathBuf>,
    _folder: Option<TempDir>,
}

impl Plain {
    /// The file of the same stem with that extension (`dbf`, `prj`, ...).
    pub(super) fn companion(&self, extension: &str) -> Option<&Path> {
        self.companions.get(extension).map(PathBuf::as_path)
    }

    /// What the `.cpg` says of the text encoding.
    pub(super) fn cpg(&self) -> Result<Option<String>, Cause> {
        let Some(path) = self.companion("cpg") else { return Ok(None) };
        let mut name = Vec::new();
        File::open(path)?.take(64).read_to_end(&mut name)?;
        let name = String::from_utf8_lossy(&name).trim().to_owned();
        Ok(Some(name).filter(|name| !name.is_empty()))
    }
}

/// The names of the files in a zip archive, in its order.
pub(super) fn members(path: &Path) -> Result<Vec<String>, Cause> {
    let archive = open_zip(path)?;
    let mut names = Vec::new();
    for name in (0..archive.len()).filter_map(|index| archive.name_for_index(index)) {
        let name = name.map_err(zip_cause)?;
        if !name.ends_with('/') {
            names.push(name.into_owned());
        }
    }
    Ok(names)
}

/// Makes a plain file of whatever holds `file`.
pub(super) fn pour(file: &SourceFile) -> Result<Plain, Cause> {
    let in_parts = matches!(file.format, Some(Format::Shapefile | Format::Dbf));
    if file.member.is_none() && !file.is_gzip() {
        let companions = if in_parts { companions(&file.path)? } else { BTreeMap::new() };
        return Ok(Plain { path: file.path.clone(), companions, _folder: None });
    }
    let folder = tempfile::tempdir()?;
    let mut path = file.path.clone();
    let mut companions = BTreeMap::new();
    if let Some(member) = &file.member {
        path = folder.path().join("member");
        extract(&file.path, member, &path)?;
        if in_parts {
            companions = extract_companions(&file.path, member, folder.path())?;
        }
    }
    if file.is_gzip() {
        let from = path;
        path = folder.path().join("plain");
        gunzip(&from, &path)?;
    }
    Ok(Plain { path, companions, _folder: Some(folder) })
}

/// The parts of a Shapefile that are read besides its shapes.
const PARTS: [&str; 3] = ["dbf", "prj", "cpg"];

/// The extension of `name` where it is a part of the Shapefile `whole`, in whatever case either is written.
fn part_of(whole: &str, name: &str) -> Option<&'static str> {
    let extension = extension(name);
    let part = PARTS.into_iter().find(|part| *part == extension)?;
    (name != whole && stem(name).to_lowercase() == stem(whole).to_lowercase()).then_some(part)
}

/// The parts that lie beside a file, by extension.
pub(super) fn companions(path: &Path) -> Result<BTreeMap<String, PathBuf>, Cause> {
    let base = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let beside = entry?.path();
        if let Some(part) = part_of(&base(path), &base(&beside)) {
            found.insert(part.to_owned(), beside);
        }
    }
    Ok(found)
}

/// The same for a member, poured into `folder` under names that are ours.
fn extract_companions(archive: &Path, whole: &str, folder: &Path) -> Result<BTreeMap<String, PathBuf>, Cause> {
    let mut found = BTreeMap::new();
    for member in members(archive)? {
        if let Some(part) = part_of(whole, &member) {
            let path = folder.join(part);
            extract(archive, &member, &path)?;
            found.insert(part.to_owned(), path);
        }
    }
    Ok(found)
}

fn gunzip(from: &Path, to: &Path) -> Result<(), Cause> {
    let packed = File::open(from)?;
    let size = packed.metadata()?.len();
    copy(MultiGzDecoder::new(BufReader::new(packed)), &mut File::create(to)?, size)
}

fn extract(archive: &Path, member: &str, to: &Path) -> Result<(), Cause> {
    let mut archive = open_zip(archive)?;
    let index = archive.index_for_name(member).ok_or_else(|| Cause::Member(member.to_owned()))?;
    let packed = archive.by_index(index).map_err(zip_cause)?;
    let size = packed.compressed_size();
    copy(packed, &mut File::create(to)?, size)
}

fn open_zip(path: &Path) -> Result<ZipArchive<BufReader<File>>, Cause> {
    let archive = ZipArchive::new(BufReader::new(File::open(path)?)).map_err(zip_cause)?;
    if archive.len() > MAX_MEMBERS {
        return Err(Cause::Refused(format!("{} files in one archive, more than {MAX_MEMBERS}", archive.len())));
    }
    Ok(archive)
}

/// Copies under the limits; what the archive claims about its sizes is not trusted for more than a ratio.
fn copy(mut from: impl Read, to: &mut File, packed_size: u64) -> Result<(), Cause> {
    let mut buffer = vec![0; 64 << 10];
    let mut written = 0;
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Cause::Damaged(format!("it does not decompress ({error})"))),
        };
        written += count as u64;
        if written > MAX_BYTES || (written > FREE_BYTES && written / MAX_RATIO > packed_size) {
            let limits = format!("{} GiB and {MAX_RATIO} times its size", MAX_BYTES >> 30);
            return Err(Cause::Refused(format!("it decompresses beyond the limits of {limits}")));
        }
        to.write_all(&buffer[..count])?;
    }
}

fn zip_cause(error: zip::result::ZipError) -> Cause {
    match error {
        zip::result::ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Cause::Io(error),
        error => Cause::Damaged(format!("it is not a whole zip archive ({error})")),
    }
}
