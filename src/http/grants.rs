//! Who may see which restricted layers: the file given to `emprise serve --grants`.
//!
//! ```toml
//! [[grant]]
//! holder = "Development agency"
//! token = "..."                 # BLAKE3 of the token, as `printf %s TOKEN | b3sum` prints it: the token itself is nowhere
//! layers = ["prospects"]
//! ```

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use serde::Deserialize;

/// Layer ids by the hash of the token that opens them.
#[derive(Debug, Default)]
pub struct Grants(HashMap<blake3::Hash, BTreeSet<String>>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    grant: Vec<Grant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grant {
    holder: String,
    token: String,
    layers: BTreeSet<String>,
}

impl Grants {
    /// Reads a grants file.
    ///
    /// # Errors
    /// A file that cannot be read, an unknown key, a token that is no BLAKE3 hash: one sentence naming the culprit.
    pub fn read(path: &Path) -> Result<Grants, GrantsError> {
        let text = std::fs::read_to_string(path).map_err(|error| GrantsError::Unreadable { path: path.to_owned(), error })?;
        Grants::parse(&text).map_err(|problem| GrantsError::Content { path: path.to_owned(), problem })
    }

    fn parse(text: &str) -> Result<Grants, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut grants = HashMap::new();
        for grant in file.grant {
            let hash = blake3::Hash::from_hex(&grant.token).map_err(|_| {
                format!("the token of `{}` is no BLAKE3 hash; write the 64 digits that `b3sum` prints", grant.holder)
            })?;
            if grants.insert(hash, grant.layers).is_some() {
                return Err(format!("the token of `{}` is already another holder's", grant.holder));
            }
        }
        Ok(Grants(grants))
    }

    /// The restricted layers that the bearer of this request was granted; none for an unknown token. Looked up by hash: the time
    /// taken says nothing about the tokens there are.
    pub fn layers(&self, headers: &HeaderMap) -> BTreeSet<String> {
        self.holder(headers).and_then(|hash| self.0.get(&hash)).cloned().unwrap_or_default()
    }

    /// The hash of the token of this request, if it is one of ours.
    pub fn holder(&self, headers: &HeaderMap) -> Option<blake3::Hash> {
        let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer)?;
        let hash = blake3::hash(token.as_bytes());
        self.0.contains_key(&hash).then_some(hash)
    }
}

/// The token of `Bearer TOKEN`; the scheme's case is free (RFC 9110 §11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[derive(Debug, thiserror::Error)]
pub enum GrantsError {
    #[error("cannot read the grants in {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{}: {problem}", path.display())]
    Content { path: PathBuf, problem: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(grants: &Grants, authorization: &str) -> Vec<String> {
        let headers = HeaderMap::from_iter([(AUTHORIZATION, authorization.parse().unwrap())]);
        grants.layers(&headers).into_iter().collect()
    }

    #[test]
    fn a_token_opens_its_layers_and_no_other() {
        let text = format!("[[grant]]\nholder = \"A\"\ntoken = \"{}\"\nlayers = [\"x\", \"y\"]", blake3::hash(b"sesame"));
        let grants = Grants::parse(&text).unwrap();
        assert_eq!(granted(&grants, "Bearer sesame"), ["x", "y"]);
        assert_eq!(granted(&grants, "bearer  sesame"), ["x", "y"]);
        for other in ["Bearer Sesame", "Bearer ", "Basic sesame", "sesame", "Bearer sesame x"] {
            assert!(granted(&grants, other).is_empty(), "{other}");
        }
        assert!(grants.layers(&HeaderMap::new()).is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let problem = |text: &str| Grants::parse(text).unwrap_err();
        assert!(problem("[[grant]]\nholder = \"A\"\ntoken = \"sesame\"\nlayers = []").contains("`A` is no BLAKE3"));
        assert!(problem("[[grants]]").contains("grants"));
        let twice = format!("[[grant]]\nholder = \"A\"\ntoken = \"{}\"\nlayers = []\n", blake3::hash(b"t"));
        assert!(problem(&(twice.clone() + &twice)).contains("already"));
    }
}
