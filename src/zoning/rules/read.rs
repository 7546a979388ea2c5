//! Rule files: those that come with the program, and a folder of the operator's that replaces and adds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::rule::Where;
use super::{Rules, Theme};
use crate::atlas::filter::BindError;
use crate::geometry::territory::TERRITORIES;
use crate::layer::catalogue::{nearest, suggestion};

const TEXTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The farthest that near may be, in metres.
const FARTHEST_NEAR_M: f64 = 50_000.0;

impl Rules {
    /// The rules that come with the program.
    ///
    /// # Errors
    /// A shipped file is wrong; a test sees to it that none is.
    pub fn shipped() -> Result<Rules, RulesError> {
        let read = |(stem, text): &(&str, &str)| {
            parse(text, stem).map_err(|problem| RulesError::at(format!("rules/{stem}.toml"), problem))
        };
        Ok(Rules { themes: TEXTS.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// These rules with the files of a folder: one of a name that is here replaces it, any other is added.
    ///
    /// # Errors
    /// A folder or file that cannot be read, or a wrong one: one sentence naming the file and the culprit.
    pub fn with_folder(self, folder: &Path) -> Result<Rules, RulesError> {
        let own = Rules::of_folder(folder)?;
        let kept = self.themes.into_iter().filter(|theme| own.themes.iter().all(|other| other.id != theme.id));
        let mut themes: Vec<Theme> = kept.chain(own.themes.iter().cloned()).collect();
        themes.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Rules { themes })
    }

    /// The files of a folder alone.
    ///
    /// # Errors
    /// As [`Rules::with_folder`].
    pub fn of_folder(folder: &Path) -> Result<Rules, RulesError> {
        let unreadable = |error| RulesError::Unreadable { path: folder.to_owned(), error };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(Rules { themes: paths.iter().map(|path| read_file(path)).collect::<Result<_, _>>()? })
    }
}

fn read_file(path: &Path) -> Result<Theme, RulesError> {
    let text = std::fs::read_to_string(path).map_err(|error| RulesError::Unreadable { path: path.to_owned(), error })?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let theme = parse(&text, stem).map_err(|problem| RulesError::at(path, problem))?;
    Ok(Theme { own: true, ..theme })
}

/// Reads the text of the rule file `{stem}.toml`.
///
/// # Errors
/// An unknown or missing key, a wrong value, a rule that can never speak.
pub fn parse(text: &str, stem: &str) -> Result<Theme, RulesProblem> {
    let theme: Theme = toml::from_str(text).map_err(|error| RulesProblem::Toml(error.to_string()))?;
    check(&theme, stem)?;
    Ok(theme)
}

fn check(theme: &Theme, stem: &str) -> Result<(), RulesProblem> {
    let fits = |id: &str| !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if theme.id != stem || !fits(stem) {
        return Err(RulesProblem::Id { id: theme.id.clone(), stem: stem.to_owned() });
    }
    if theme.layers.is_empty() {
        return Err(RulesProblem::NoLayer);
    }
    let keys = TERRITORIES.iter().map(|territory| territory.key);
    if let Some(wrong) = theme.territories.iter().find(|key| keys.clone().all(|known| known != *key)) {
        return Err(RulesProblem::Territory { key: wrong.clone(), nearest: nearest(wrong, keys) });
    }
    let distances = theme.near.iter().chain(theme.local.values().map(|local| &local.near));
    let own = theme.rules.iter().flat_map(|rule| rule.near.iter().chain(&rule.setback));
    if let Some(far) = distances.chain(own).find(|near| near.0 > FARTHEST_NEAR_M) {
        return Err(RulesProblem::TooFar(far.0));
    }
    let mut seen = BTreeSet::new();
    for rule in &theme.rules {
        if !fits(&rule.id) || !seen.insert(&rule.id) {
            return Err(RulesProblem::Rule(rule.id.clone()));
        }
        let reaches = matches!(rule.place, Where::Near | Where::Around);
        if reaches && rule.own_reach().or(theme.near).is_none() && theme.local.is_empty() {
            return Err(RulesProblem::NoDistance(rule.id.clone()));
        }
        if !rule.uses.is_empty() && theme.uses.is_none() {
            return Err(RulesProblem::NoUses(rule.id.clone()));
        }
        if rule.place == Where::Anywhere && (rule.when.is_some() || !rule.uses.is_empty() || rule.setback.is_some()) {
            return Err(RulesProblem::NoFeature(rule.id.clone()));
        }
    }
    Ok(())
}

/// The JSON Schema (2020-12) of a rule file.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Theme).to_value()
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{}: {problem}", path.display())]
    File { path: PathBuf, problem: RulesProblem },
    #[error("rule `{rule}` of theme `{theme}`, over layer `{layer}`: {error}")]
    Bind { theme: String, rule: String, layer: String, error: Box<BindError> },
    #[error("theme `{theme}` names column `{column}`, which layer `{layer}` does not have{}", suggestion(nearest))]
    Column { theme: String, column: String, layer: String, nearest: Option<String> },
}

impl RulesError {
    fn at(path: impl Into<PathBuf>, problem: RulesProblem) -> RulesError {
        RulesError::File { path: path.into(), problem }
    }
}

/// What is wrong in one file.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum RulesProblem {
    #[error("{0}")]
    Toml(String),
    #[error("the id is `{id}` but the file is `{stem}.toml`; both must be the same, of a-z, 0-9 and `-`")]
    Id { id: String, stem: String },
    #[error("no layer is named")]
    NoLayer,
    #[error("there is no territory `{key}`{}", suggestion(nearest))]
    Territory { key: String, nearest: Option<String> },
    #[error("a near distance of {0} m is more than the {FARTHEST_NEAR_M} m that are looked at")]
    TooFar(f64),
    #[error("rule `{0}` needs an id of its own, of a-z, 0-9 and `-`")]
    Rule(String),
    #[error("rule `{0}` speaks near features, but neither it nor the theme says `near`")]
    NoDistance(String),
    #[error("rule `{0}` asks for a use, but the theme has no [uses]")]
    NoUses(String),
    #[error("rule `{0}` speaks anywhere, so it has no feature for `when`, `use` or `setback` to be about")]
    NoFeature(String),
}
