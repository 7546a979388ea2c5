//! Puts the shipped layer definitions into the binary: one program, nothing to install.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=layers");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("layers.rs"), shipped_layers(&root.join("layers"))?)
}

/// A list of (file's name without `.toml`, its text), in the order of the names.
fn shipped_layers(folder: &Path) -> std::io::Result<String> {
    let mut paths: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?,
        Err(_) => Vec::new(),
    };
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let line = |path: &PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        format!("    ({:?}, include_str!({:?})),\n", stem, path.to_string_lossy())
    };
    Ok(format!("&[\n{}]\n", paths.iter().map(line).collect::<String>()))
}
