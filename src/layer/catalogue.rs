//! The layers that this program knows: the shipped `layers/*.toml`, or a folder of one's own.

use std::path::{Path, PathBuf};

use super::definition::{Column, LayerDefinition};

/// Reads every `*.toml` of a folder, in the order of their ids.
///
/// # Errors
/// A folder or file that cannot be read, an unknown or missing key, an id that differs from the file's name, a key or shown
/// column that is not declared: one sentence naming the file and the culprit.
pub fn read_folder(folder: &Path) -> Result<Vec<LayerDefinition>, CatalogueError> {
    let unreadable = |error| CatalogueError::Unreadable { path: folder.to_owned(), error };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| read_file(path)).collect()
}

/// Reads one layer file; errors as [`read_folder`].
pub fn read_file(path: &Path) -> Result<LayerDefinition, CatalogueError> {
    let text = std::fs::read_to_string(path).map_err(|error| CatalogueError::Unreadable { path: path.to_owned(), error })?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    parse(&text, stem).map_err(|problem| CatalogueError::Layer { path: path.to_owned(), problem })
}

/// Reads the text of the layer file `{stem}.toml`.
pub fn parse(text: &str, stem: &str) -> Result<LayerDefinition, LayerProblem> {
    let definition: LayerDefinition = toml::from_str(text).map_err(|error| LayerProblem::Toml(error.to_string()))?;
    check(&definition, stem)?;
    Ok(definition)
}

fn check(definition: &LayerDefinition, stem: &str) -> Result<(), LayerProblem> {
    let id_fits =
        |id: &str| !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if definition.id != stem || !id_fits(stem) {
        return Err(LayerProblem::Id { id: definition.id.clone(), stem: stem.to_owned() });
    }
    let precisions = definition.publications().map(|publication| publication.precision_m);
    if let Some(wrong) = precisions.into_iter().find(|metres| !metres.is_finite() || *metres < 0.0) {
        return Err(LayerProblem::Precision(wrong));
    }
    let shown = definition.tiles.iter().flat_map(|tiles| &tiles.shown);
    for column in definition.key.iter().chain(shown) {
        if !definition.columns.contains_key(column) {
            return Err(LayerProblem::Column { name: column.clone(), nearest: nearest(column, definition.columns.keys()) });
        }
    }
    for (id, indicator) in &definition.indicators {
        let fault = if id_fits(id) { indicator.fault(definition) } else { Some("write a-z, 0-9 and `-`".to_owned()) };
        if let Some(fault) = fault {
            return Err(LayerProblem::Indicator { id: id.clone(), fault });
        }
    }
    if let Some(fault) = definition.tiles.as_ref().and_then(|tiles| tiles.fault(definition)) {
        return Err(LayerProblem::Tiles(fault));
    }
    match &definition.tiles {
        Some(tiles) if tiles.min_zoom > tiles.max_zoom || tiles.max_zoom > 22 => {
            Err(LayerProblem::Zooms(tiles.min_zoom, tiles.max_zoom))
        }
        _ => Ok(()),
    }
}

/// The known name closest to a wrong one, for messages.
pub fn nearest<'n>(wrong: &str, known: impl IntoIterator<Item = impl AsRef<str> + 'n>) -> Option<String> {
    let closeness = |name: &str| strsim::jaro_winkler(&wrong.to_lowercase(), &name.to_lowercase());
    let known = known.into_iter().map(|name| name.as_ref().to_owned());
    known.map(|name| (closeness(&name), name)).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// The JSON Schema (2020-12) of a layer file.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(LayerDefinition).to_value()
}

impl LayerDefinition {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{}: {problem}", path.display())]
    Layer { path: PathBuf, problem: LayerProblem },
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum LayerProblem {
    #[error("{0}")]
    Toml(String),
    #[error("the id is `{id}` but the file is `{stem}.toml`; both must be the same, of a-z, 0-9 and `-`")]
    Id { id: String, stem: String },
    #[error("precision_m is {0}; write the source's precision in metres")]
    Precision(f64),
    #[error("column `{name}` is not declared in [columns]{}", suggestion(nearest))]
    Column { name: String, nearest: Option<String> },
    #[error("[indicators.{id}]: {fault}")]
    Indicator { id: String, fault: String },
    #[error("[tiles]: {0}")]
    Tiles(String),
    #[error("zooms {0} to {1}: the first must not exceed the second, nor the second 22")]
    Zooms(u8, u8),
}

/// `; did you mean ...?`, or nothing.
pub fn suggestion(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
        id = "sheds"
        title = { fr = "Hangars", en = "Sheds" }
        role = "infrastructure"
        visibility = "public"
        geometry = "point"
        precision_m = 10.0
        files = ["sheds*.csv"]
        key = ["code"]
        source = { publisher = "P", licence = "L", address = "https://example.org", vintage = "2024", refresh = "P1Y" }
        columns.code = { from = ["CODE"], type = "text", required = true }
    "#;

    #[test]
    fn a_layer_reads_back() {
        let layer = parse(SMALL, "sheds").unwrap();
        assert_eq!(layer.visibility, crate::layer::definition::Visibility::Public);
        assert_eq!(parse(&toml::to_string(&layer).unwrap(), "sheds").unwrap(), layer);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let broken = |from: &str, to: &str| parse(&SMALL.replace(from, to), "sheds").unwrap_err().to_string();
        assert!(broken("visibility = \"public\"", "").contains("visibility"));
        assert!(broken("role =", "rôle =").contains("r"), "an unknown key");
        assert!(broken("precision_m = 10.0", "precision_m = 10.0\nprecison = 1").contains("precison"));
        assert!(broken("key = [\"code\"]", "key = [\"cod\"]").contains("did you mean `code`"));
        assert!(broken("id = \"sheds\"", "id = \"shed\"").contains("sheds.toml"));
    }
}
