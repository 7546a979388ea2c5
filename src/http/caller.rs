//! Who asks, and what they see. Every handler that reads data takes a [`Caller`], and reaches layers through it alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::atlas::{Layer, Rights, View};
use crate::http::caching::Caching;
use crate::http::error::HttpError;
use crate::http::opened::Opened;
use crate::http::state::App;
use crate::layer::catalogue::nearest;
use crate::layer::definition::Visibility;

/// One request's sight of one snapshot: the whole answer comes from it, whatever is swapped in meanwhile.
#[derive(Clone)]
pub struct Caller {
    opened: Arc<Opened>,
    rights: Rights,
    /// Everyone sees the same.
    public: bool,
    pub edition: Arc<str>,
    /// The hash of the token that was sent, if it is one of the grants'.
    pub holder: Option<blake3::Hash>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Caller, HttpError> {
        let opened = app.opened().ok_or(HttpError::NotReady("opening it"))?;
        Ok(Caller { holder: app.holder(&parts.headers), ..Caller::new(opened, app.rights(&parts.headers)) })
    }
}

impl Caller {
    pub fn new(opened: Arc<Opened>, rights: Rights) -> Caller {
        let public = opened.view(&rights).is_public();
        let edition = opened.edition(&rights);
        Caller { opened, rights, public, edition, holder: None }
    }

    /// The same caller, asking for what archives of these editions are part of. Everyone sees those: where they are all that is asked
    /// for, `alone`, it does not matter what else the caller sees.
    pub fn beside_archives<'e>(self, editions: impl Iterator<Item = &'e str>, alone: bool) -> Caller {
        let mut hash = blake3::Hasher::new();
        if !alone {
            hash.update(self.edition.as_bytes());
        }
        editions.for_each(|edition| _ = hash.update(edition.as_bytes()));
        Caller { edition: hash.finalize().to_hex()[..16].into(), public: alone || self.public, ..self }
    }

    pub fn view(&self) -> View<'_> {
        self.opened.view(&self.rights)
    }

    pub fn opened(&self) -> &Arc<Opened> {
        &self.opened
    }

    /// The restricted layers among those that the caller sees.
    pub fn restricted(&self) -> BTreeSet<String> {
        let definitions = self.view().layers().map(Layer::definition);
        let restricted = definitions.filter(|definition| definition.visibility == Visibility::Restricted);
        restricted.map(|definition| definition.id.clone()).collect()
    }

    pub fn may_see(&self, restricted: &BTreeSet<String>) -> bool {
        match &self.rights {
            Rights::All => true,
            Rights::Granted(layers) => restricted.is_subset(layers),
        }
    }

    /// A caller who sees of the restricted layers these alone; `None` where this one may not see all of them.
    pub fn narrowed(&self, seen: &BTreeSet<String>) -> Option<Caller> {
        self.may_see(seen).then(|| Caller::new(Arc::clone(&self.opened), Rights::Granted(seen.clone())))
    }

    /// The layer of this id. One that the caller may not see answers as one that does not exist, suggestion included.
    ///
    /// # Errors
    /// `UnknownLayer`.
    pub fn layer(&self, id: &str) -> Result<&Layer, HttpError> {
        let view = self.view();
        let unknown = || HttpError::UnknownLayer {
            id: id.to_owned(),
            nearest: nearest(id, view.layers().map(|layer| layer.definition().id.as_str())),
        };
        view.layer(id).ok_or_else(unknown)
    }

    /// How an answer may be kept; `asked` is the edition that a tile's address names.
    pub fn caching(&self, kind: Kept<'_>) -> Caching {
        match kind {
            _ if !self.public => Caching::private(),
            Kept::Document => Caching::document(&self.edition),
            Kept::Answer { tag } => Caching::answer(&tag),
            Kept::AnswerTile { tag } => Caching::tile(&tag, Some(&tag), 0),
            Kept::Tile { asked, seconds } => Caching::tile(&self.edition, asked, seconds),
        }
    }
}

/// What is kept.
pub enum Kept<'a> {
    Document,
    /// An answer whose address determines it.
    Answer {
        tag: String,
    },
    AnswerTile {
        tag: String,
    },
    Tile {
        asked: Option<&'a str>,
        /// How long it may be kept where the address names no edition.
        seconds: u32,
    },
}
