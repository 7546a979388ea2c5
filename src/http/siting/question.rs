//! A specification, asked by somebody who sees what he sees: together they have an id.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::http::caching::Caching;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::siting::kept::Asked;
use crate::http::state::App;
use crate::siting::land::Land;
use crate::siting::resolve::resolve;
use crate::siting::spec::Spec;
use crate::siting::work::Work;
use crate::siting::{SitingError, Study, study};

/// What is asked, under which sight of the data.
#[derive(Clone)]
pub struct Question {
    /// 32 hexadecimal digits, of the specification and of the edition.
    pub id: String,
    pub spec: Arc<Spec>,
    pub caller: Caller,
}

impl Question {
    pub fn new(spec: Spec, caller: Caller) -> Question {
        Question { id: id_of(&spec, &caller.edition), spec: Arc::new(spec), caller }
    }

    /// The question of an id, asked again by somebody who may see all that its asker saw, and answered as the asker was.
    ///
    /// # Errors
    /// `UnknownAnswer`; `Gone` where the data are other ones now.
    pub async fn find(app: &App, caller: Caller, id: &str) -> Result<Question, HttpError> {
        let unknown = || HttpError::UnknownAnswer(id.to_owned());
        let asked = Arc::clone(app.specifications()).get(id).await.ok_or_else(unknown)?;
        let caller = caller.narrowed(&asked.seen).ok_or_else(unknown)?;
        if id_of(&asked.spec, &caller.edition) == id {
            return Ok(Question { id: id.to_owned(), spec: Arc::clone(&asked.spec), caller });
        }
        // A specification that names what is not there, or not to be seen, any more is not repeated.
        let memo = &caller.opened().memo;
        let land = Land::outline(&asked.spec, caller.view(), memo);
        let still = land.is_ok_and(|land| resolve(&land, memo).is_ok());
        Err(if still { HttpError::Gone { specification: Box::new(asked.spec.normal()) } } else { unknown() })
    }

    /// Sees to it that the id can be asked for.
    ///
    /// # Errors
    /// A fault of the program.
    pub async fn keep(&self, app: &App) -> Result<(), HttpError> {
        let asked =
            Asked { edition: self.caller.edition.to_string(), seen: self.caller.restricted(), spec: Arc::clone(&self.spec) };
        Arc::clone(app.specifications()).put(&self.id, asked).await
    }

    /// The answer never changes; `what` is the part of it that an address stands for.
    pub fn caching(&self, what: &str) -> Caching {
        self.caller.caching(Kept::Answer { tag: format!("{}-{what}", self.id) })
    }

    /// # Errors
    /// What does not fit the snapshot, or a stop.
    pub fn land(&self, work: &Work) -> Result<Land<'_>, HttpError> {
        Ok(Land::prepare(&self.spec, self.caller.view(), &self.caller.opened().memo, work)?)
    }

    /// # Errors
    /// What does not fit the snapshot, or a stop.
    pub fn study<'l>(&self, land: &'l Land<'_>, work: &Work) -> Result<Study<'l>, HttpError> {
        Ok(study(land, &self.caller.opened().memo, work)?)
    }
}

impl From<SitingError> for HttpError {
    fn from(error: SitingError) -> HttpError {
        match error {
            SitingError::Stopped(stopped) => stopped.into(),
            SitingError::Resolve(error) => HttpError::Specification(error.to_string()),
        }
    }
}

/// Over the normal writing: two writings of one specification have one id, and two sights of the data never do.
pub fn id_of(spec: &Spec, edition: &str) -> String {
    let mut hash = blake3::Hasher::new();
    hash.update(edition.as_bytes());
    hash.update(b"\n");
    hash.update(spec.normal().to_string().as_bytes());
    hash.finalize().to_hex()[..32].to_owned()
}

/// Ids of restricted layers.
pub type Seen = BTreeSet<String>;
