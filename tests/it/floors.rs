//! The house keeps its floors: a module imports lower floors only, siblings do not know each other, and every test file of
//! this folder is part of the binary.

use std::path::{Path, PathBuf};

use crate::harness::repository;

const FLOORS: &[(&str, u8)] = &[
    ("geometry", 0),
    ("layer", 1),
    ("paper", 2),
    ("snapshot", 2),
    ("ingest", 3),
    ("atlas", 3),
    ("tiles", 4),
    ("territory", 4),
    ("writing", 4),
    ("choropleth", 5),
    ("commuting", 5),
    ("zoning", 4),
    ("siting", 5),
    ("profile", 6),
    ("http", 7),
    ("commands", 8),
];

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules named after `crate::` in a line of code, also inside braces.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or("");
    let after = code.match_indices("crate::").flat_map(|(at, word)| {
        let rest = &code[at + word.len()..];
        let list = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')).map_or(rest, |(inner, _)| inner);
        let several = rest.starts_with('{');
        let items: Vec<&str> = if several { list.split(',').collect() } else { vec![list] };
        items
            .into_iter()
            .map(|item| item.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned())
    });
    after.collect()
}

/// Every import that breaks the rule: file, line and what it says.
fn breaches(src: &Path) -> Vec<String> {
    let mut files = Vec::new();
    rust_files(src, &mut files);
    let mut found = Vec::new();
    for path in files {
        let inside = path.strip_prefix(src).unwrap();
        let own = inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        let Some(own_floor) = floor(&own) else { continue };
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            let upward = |module: &String| *module != own && floor(module).is_some_and(|floor| floor >= own_floor);
            if let Some(module) = named(line).iter().find(|module| upward(module)) {
                found.push(format!("src/{}:{}: `{own}` may not import `{module}`", inside.display(), number + 1));
            }
        }
    }
    found
}

#[test]
fn imports_point_down() {
    let src = repository("src");
    for folder in std::fs::read_dir(&src).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            floor(&name).is_some(),
            "src/{name} has no floor: add it to the list in this test and to the crate documentation"
        );
    }
    assert_eq!(breaches(&src), Vec::<String>::new());
}

#[test]
fn an_upward_import_is_named() {
    let house = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = house.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("geometry/mod.rs", "use std::io;\nuse crate::atlas::Atlas;\n");
    write("atlas/mod.rs", "use crate::geometry::shape;\nuse crate::{layer, ingest};\n// crate::http in a comment\n");
    write("siting/mod.rs", "fn f() { crate::tiles::tile(); crate::siting::rank(); }\n");
    let mut found = breaches(house.path());
    found.sort();
    assert_eq!(
        found,
        ["src/atlas/mod.rs:2: `atlas` may not import `ingest`", "src/geometry/mod.rs:2: `geometry` may not import `atlas`"]
    );
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = repository("tests/it");
    let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(name == "main" || main.contains(&format!("mod {name};")), "tests/it/{name}.rs is not in tests/it/main.rs");
    }
}
