//! Writes that are on the disk when they return: the file, then the folder that names it.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// Writes a file whole and returns once the disk has it. The name is on the disk after [`sync_folder`].
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Returns once the disk has the names that the folder holds.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Points the symbolic link at `target` (from the link's folder), in one step: whoever follows it sees the old target or the
/// new one. `fresh` is where the new link is made before it is moved.
pub fn swap_link(link: &Path, target: &Path, fresh: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, fresh)?;
    fs::rename(fresh, link)?;
    sync_folder(link.parent().unwrap_or(Path::new(".")))
}

pub fn remove_folder_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// BLAKE3 of a file's bytes in lowercase hexadecimal, and how many they are.
pub fn hash_file(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 17];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((hasher.finalize().to_hex().to_string(), bytes));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}
