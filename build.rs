//! Puts what the program carries into the binary: the shipped layer definitions and rules, and the map application (`web/dist`, made by
//! `make web`). One program, nothing to install.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=layers");
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=web/dist");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("layers.rs"), shipped_texts(&root.join("layers")))?;
    fs::write(out.join("rules.rs"), shipped_texts(&root.join("rules")))?;

    let application = files(&root.join("web/dist"), "gz");
    if application.is_empty() {
        println!("cargo::warning=web/dist is missing, so this binary has no map application: run `make web`, then build again");
    }
    fs::write(out.join("assets.rs"), assets(&root.join("web/dist"), &application))
}

/// A list of (file's name without `.toml`, its text), in the order of the names.
fn shipped_texts(folder: &Path) -> String {
    let line = |path: &PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        format!("    ({:?}, include_str!({})),\n", stem, in_this_clone(path))
    };
    format!("&[\n{}]\n", files(folder, "toml").iter().map(line).collect::<String>())
}

/// `pub(super) const ASSETS: &[Asset] = ...`, each gzipped file under its path in the folder without `.gz`.
fn assets(folder: &Path, files: &[PathBuf]) -> String {
    let line = |path: &PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(path).with_extension("");
        let brotli = path.with_extension("br");
        let smaller = if brotli.exists() { format!("include_bytes!({})", in_this_clone(&brotli)) } else { "&[]".to_owned() };
        format!(
            "    Asset {{ path: {:?}, gzip: include_bytes!({}), brotli: {smaller} }},\n",
            name.to_string_lossy(),
            in_this_clone(path)
        )
    };
    format!("pub(super) const ASSETS: &[Asset] = &[\n{}];\n", files.iter().map(line).collect::<String>())
}

/// The path of a file as an expression for the compiler. Clones share a target folder, and with it what this program writes: the
/// path must be that of the clone that is compiled, not of the one that was built last.
fn in_this_clone(path: &Path) -> String {
    let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let within = path.strip_prefix(&root).unwrap_or(path);
    format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?})", format!("/{}", within.to_string_lossy()))
}

/// The files of an extension under a folder, sorted; none where the folder is missing.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|of_file| of_file == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
