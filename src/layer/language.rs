//! The two languages that everything a person reads is written in.

use std::str::FromStr;

use serde::Deserialize;

use super::definition::Text;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Fr,
    #[default]
    En,
}

impl Language {
    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        self.of("fr", "en")
    }

    /// The one of two writings that is in this language.
    pub fn of<T>(self, fr: T, en: T) -> T {
        match self {
            Language::Fr => fr,
            Language::En => en,
        }
    }
}

impl Text {
    pub fn in_language(&self, language: Language) -> &str {
        language.of(&self.fr, &self.en)
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(tag: &str) -> Result<Language, LanguageError> {
        match tag {
            "fr" => Ok(Language::Fr),
            "en" => Ok(Language::En),
            _ => Err(LanguageError(tag.to_owned())),
        }
    }
}

/// A language that nothing here is written in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{0}` is not a language of this program; write `fr` or `en`")]
pub struct LanguageError(String);
