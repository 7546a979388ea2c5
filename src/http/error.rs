//! The only place where an error becomes an answer: `application/problem+json` (RFC 9457).

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::choropleth::ChoroplethError;
use crate::commuting::CommutingError;
use crate::layer::catalogue::suggestion;
use crate::profile::ProfileError;
use crate::siting::work::Stopped;
use crate::territory::TerritoryError;
use crate::territory::specificity::SpecificityError;
use crate::tiles::address::AddressError;

/// What can be wrong with a request, or with the server while it answers one. Each message is one sentence for the caller and
/// names nothing that the caller may not see.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("there is nothing at `{0}`")]
    NoRoute(String),
    #[error("this address does not take this method; the `Allow` header says which it takes")]
    Method,
    #[error("the address cannot be read: {0}")]
    Address(String),
    #[error("the parameters cannot be read: {0}")]
    Parameters(String),
    #[error("there is no layer `{id}`{}", suggestion(nearest))]
    UnknownLayer { id: String, nearest: Option<String> },
    #[error("layer `{0}` is a table: it has no tiles")]
    NotDrawn(String),
    #[error("layer `{layer}` has no feature `{id}`")]
    UnknownFeature { layer: String, id: String },
    #[error("there is no style `{id}`{}", suggestion(nearest))]
    UnknownStyle { id: String, nearest: Option<String> },
    #[error("the archive `{id}` cannot be read there: {why}")]
    Archive { id: String, why: String },
    #[error("too many layers for one tile; at most {limit}")]
    TooManyLayers { limit: usize },
    #[error(transparent)]
    Tile(#[from] AddressError),
    #[error("`{found}` is no content type that is taken here; send {words}")]
    MediaType { found: String, words: &'static str },
    #[error("a body with a content encoding is not taken; send it plain")]
    ContentEncoding,
    #[error("the body is longer than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the body did not arrive within {seconds} seconds")]
    SlowBody { seconds: u64 },
    #[error("the body could not be read")]
    BrokenBody,
    #[error("there is nothing to show in this tile")]
    EmptyTile,
    #[error("there is no tile matrix set `{id}`{}", suggestion(nearest))]
    UnknownGrid { id: String, nearest: Option<String> },
    #[error("too many wrong tokens came from this address; ask again in a minute")]
    TooManyTokens,
    #[error("{0}")]
    Specification(String),
    #[error("{0}")]
    Plot(String),
    #[error("the rules of the check do not fit the snapshot: {0}")]
    Rules(String),
    #[error("there is no answer `{0}`; ask again with POST /siting")]
    UnknownAnswer(String),
    #[error(
        "this answer was made on data that have been replaced; POST its specification, which is in this problem, to /siting for \
         an answer on the present ones"
    )]
    Gone { specification: Box<Value> },
    #[error("the data have been replaced since this page was linked; begin again without `cursor`")]
    Replaced,
    #[error("{0}")]
    UnknownSite(String),
    #[error("{0}")]
    Drawn(String),
    #[error("there is no specification `{name}`{}", suggestion(nearest))]
    UnknownSpecification { name: String, nearest: Option<String> },
    #[error(
        "the analysis was not done within {seconds} seconds and was stopped; ask again, since what was measured is kept, ask for \
         less, or have it done as a job: POST /processes/siting/execution with `Prefer: respond-async`"
    )]
    TooLong { seconds: u64 },
    #[error("the analysis was stopped before its end")]
    Stopped,
    #[error("there is no process `{id}`{}", suggestion(nearest))]
    UnknownProcess { id: String, nearest: Option<String> },
    #[error("{0}")]
    Execution(String),
    #[error("there is no job `{0}`; jobs are forgotten a while after their end")]
    UnknownJob(String),
    #[error("job `{id}` has no results: it {why}")]
    NoResult { id: String, why: &'static str },
    #[error("{problem}")]
    JobFailed { status: StatusCode, problem: String },
    #[error(transparent)]
    Commuting(#[from] CommutingError),
    #[error(transparent)]
    Choropleth(#[from] ChoroplethError),
    #[error("say where: `lon` and `lat` in degrees, or `site` as layer/id")]
    Place,
    #[error("{lon}, {lat} (longitude, latitude) lies in no territory that is served")]
    NoPlace { lon: f64, lat: f64 },
    #[error(transparent)]
    Specificity(#[from] SpecificityError),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error("the server has more work than it can take; ask again in a moment")]
    Overloaded,
    #[error("no snapshot is open yet: the server is {0}")]
    NotReady(&'static str),
    #[error("the answer failed on a fault of this program; the request is not at fault")]
    Panicked,
}

impl HttpError {
    pub fn status(&self) -> StatusCode {
        self.kind().0
    }

    /// The status, and a word that programs may rely on.
    fn kind(&self) -> (StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            HttpError::NoRoute(_) => (S::NOT_FOUND, "unknown-address"),
            HttpError::Method => (S::METHOD_NOT_ALLOWED, "method"),
            HttpError::Address(_) | HttpError::Parameters(_) => (S::BAD_REQUEST, "parameter"),
            HttpError::UnknownLayer { .. } => (S::NOT_FOUND, "unknown-layer"),
            HttpError::NotDrawn(_) => (S::NOT_FOUND, "not-drawn"),
            HttpError::UnknownFeature { .. } => (S::NOT_FOUND, "unknown-feature"),
            HttpError::UnknownStyle { .. } => (S::NOT_FOUND, "unknown-style"),
            HttpError::Archive { .. } => (S::INTERNAL_SERVER_ERROR, "archive"),
            HttpError::TooManyLayers { .. } => (S::BAD_REQUEST, "too-many-layers"),
            HttpError::Tile(AddressError::Unreadable(_)) => (S::BAD_REQUEST, "parameter"),
            HttpError::Tile(AddressError::Zoom { .. } | AddressError::Range { .. }) => (S::NOT_FOUND, "outside-grid"),
            HttpError::EmptyTile => (S::NOT_FOUND, "empty-tile"),
            HttpError::UnknownGrid { .. } => (S::NOT_FOUND, "unknown-tile-matrix-set"),
            HttpError::TooManyTokens => (S::TOO_MANY_REQUESTS, "too-many-tokens"),
            HttpError::MediaType { .. } | HttpError::ContentEncoding => (S::UNSUPPORTED_MEDIA_TYPE, "media-type"),
            HttpError::TooLarge { .. } => (S::PAYLOAD_TOO_LARGE, "too-large"),
            HttpError::SlowBody { .. } => (S::REQUEST_TIMEOUT, "slow-body"),
            HttpError::BrokenBody => (S::BAD_REQUEST, "broken-body"),
            HttpError::Specification(_) => (S::UNPROCESSABLE_ENTITY, "specification"),
            HttpError::Plot(_) => (S::UNPROCESSABLE_ENTITY, "plot"),
            HttpError::Rules(_) => (S::INTERNAL_SERVER_ERROR, "rules"),
            HttpError::UnknownAnswer(_) => (S::NOT_FOUND, "unknown-answer"),
            HttpError::Gone { .. } => (S::GONE, "other-data"),
            HttpError::Replaced => (S::GONE, "other-data"),
            HttpError::UnknownSite(_) => (S::NOT_FOUND, "unknown-site"),
            HttpError::Drawn(_) => (S::UNPROCESSABLE_ENTITY, "polygon"),
            HttpError::UnknownSpecification { .. } => (S::NOT_FOUND, "unknown-specification"),
            HttpError::TooLong { .. } => (S::SERVICE_UNAVAILABLE, "too-long"),
            HttpError::Stopped => (S::SERVICE_UNAVAILABLE, "stopped"),
            HttpError::UnknownProcess { .. } => (S::NOT_FOUND, "ogc:no-such-process"),
            HttpError::Execution(_) => (S::BAD_REQUEST, "execution"),
            HttpError::UnknownJob(_) => (S::NOT_FOUND, "ogc:no-such-job"),
            HttpError::NoResult { .. } => (S::NOT_FOUND, "ogc:result-not-ready"),
            HttpError::JobFailed { status, .. } => (*status, "job-failed"),
            HttpError::Commuting(error) => of_commuting(error),
            HttpError::Choropleth(error) => of_choropleth(error),
            HttpError::Place | HttpError::NoPlace { .. } => (S::BAD_REQUEST, "parameter"),
            HttpError::Specificity(error) => of_specificity(error),
            HttpError::Profile(error) => of_profile(error),
            HttpError::Overloaded => (S::TOO_MANY_REQUESTS, "overloaded"),
            HttpError::NotReady(_) => (S::SERVICE_UNAVAILABLE, "not-ready"),
            HttpError::Panicked => (S::INTERNAL_SERVER_ERROR, "fault"),
        }
    }
}

fn of_commuting(error: &CommutingError) -> (StatusCode, &'static str) {
    use CommutingError as C;
    match error {
        C::NoChargers | C::NoCars | C::NoPlaces | C::NoRoads => (StatusCode::NOT_FOUND, "no-data"),
        C::UnknownRoad { .. } => (StatusCode::NOT_FOUND, "unknown-road"),
        C::NoFlows | C::NoDetail | C::Territory(TerritoryError::NoCommunes | TerritoryError::NoLevel { .. }) => {
            (StatusCode::NOT_FOUND, "no-commuting")
        }
        C::Territory(TerritoryError::UnknownLevel { .. } | TerritoryError::UnknownCode { .. }) => {
            (StatusCode::NOT_FOUND, "unknown-territory")
        }
        _ => (StatusCode::BAD_REQUEST, "parameter"),
    }
}

fn of_specificity(error: &SpecificityError) -> (StatusCode, &'static str) {
    match error {
        SpecificityError::NoTable => (StatusCode::NOT_FOUND, "no-establishments"),
        SpecificityError::Territory(TerritoryError::NoCommunes | TerritoryError::NoLevel { .. }) => {
            (StatusCode::NOT_FOUND, "no-establishments")
        }
        SpecificityError::Territory(TerritoryError::UnknownLevel { .. } | TerritoryError::UnknownCode { .. }) => {
            (StatusCode::NOT_FOUND, "unknown-territory")
        }
        _ => (StatusCode::BAD_REQUEST, "parameter"),
    }
}

fn of_choropleth(error: &ChoroplethError) -> (StatusCode, &'static str) {
    use ChoroplethError as C;
    match error {
        C::Territory(TerritoryError::UnknownIndicator { .. }) => (StatusCode::NOT_FOUND, "unknown-indicator"),
        C::Territory(TerritoryError::UnknownLevel { .. }) => (StatusCode::NOT_FOUND, "unknown-territory"),
        C::Territory(_) | C::NoShapes(_) | C::NoPopulation => (StatusCode::NOT_FOUND, "no-territories"),
        _ => (StatusCode::BAD_REQUEST, "parameter"),
    }
}

fn of_profile(error: &ProfileError) -> (StatusCode, &'static str) {
    use TerritoryError as T;
    match error {
        ProfileError::Commuting(error) => of_commuting(error),
        ProfileError::Specificity(error) => of_specificity(error),
        ProfileError::Territory(T::NoCommunes | T::NoLevel { .. }) => (StatusCode::NOT_FOUND, "no-territories"),
        ProfileError::Territory(T::UnknownIndicator { .. }) => (StatusCode::NOT_FOUND, "unknown-indicator"),
        ProfileError::Territory(T::UnknownLevel { .. } | T::UnknownCode { .. }) => (StatusCode::NOT_FOUND, "unknown-territory"),
        ProfileError::Territory(T::HoldsNone { .. }) => (StatusCode::UNPROCESSABLE_ENTITY, "polygon"),
        _ => (StatusCode::BAD_REQUEST, "parameter"),
    }
}

/// The members of RFC 9457 §3.1.
#[derive(Serialize)]
struct Problem {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: String,
    /// An extension member (§3.2): what was asked, for who wants to ask it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    specification: Option<Value>,
}

/// Problems that OGC API Processes names (18-062r2 §7.11 to 7.13) carry its names.
fn name(word: &str) -> String {
    match word.strip_prefix("ogc:") {
        Some(word) => format!("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/{word}"),
        None => format!("urn:emprise:problem:{word}"),
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let (status, word) = self.kind();
        let detail = self.to_string();
        let problem = Problem {
            r#type: name(word),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail,
            specification: match self {
                HttpError::Gone { specification } => Some(*specification),
                _ => None,
            },
        };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            let seconds = if word == "too-many-tokens" { "60" } else { "1" };
            headers.insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}

impl From<Stopped> for HttpError {
    fn from(_: Stopped) -> HttpError {
        HttpError::Stopped
    }
}

impl From<PathRejection> for HttpError {
    fn from(rejection: PathRejection) -> HttpError {
        HttpError::Address(rejection.body_text())
    }
}

impl From<QueryRejection> for HttpError {
    fn from(rejection: QueryRejection) -> HttpError {
        HttpError::Parameters(rejection.body_text())
    }
}
