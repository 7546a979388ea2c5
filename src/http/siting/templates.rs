//! The specifications that the server offers: the shipped ones and those of the operator's folder; and how a site stands to each.
//!
//! One of the operator's that names what the caller does not see does not exist for that caller.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::http::analysis::analyse;
use crate::http::caching::Caching;
use crate::http::caller::{Caller, Kept};
use crate::http::error::HttpError;
use crate::http::siting::Parameters;
use crate::http::state::App;
use crate::layer::catalogue::nearest;
use crate::layer::language::Language;
use crate::siting::SitingError;
use crate::siting::land::Land;
use crate::siting::resolve::resolve;
use crate::siting::spec::Spec;
use crate::siting::spec::read::{MAX_BYTES, read};
use crate::siting::spec::shipped::SHIPPED;
use crate::siting::why::{Subject, reverse};
use crate::siting::work::Work;

/// A specification under a name, in one language or two.
#[derive(Debug, Clone)]
pub struct Template {
    pub name: String,
    pub is_shipped: bool,
    fr: (String, Spec),
    en: (String, Spec),
}

#[derive(Debug)]
pub struct Templates(Vec<Arc<Template>>);

/// Most files of the operator's folder that are read.
const MOST_FILES: usize = 256;

impl Template {
    fn in_language(&self, language: Option<Language>) -> &(String, Spec) {
        if language == Some(Language::Fr) { &self.fr } else { &self.en }
    }

    pub fn spec(&self, language: Option<Language>) -> &Spec {
        &self.in_language(language).1
    }

    /// Why it cannot be put to what the caller sees.
    fn problem(&self, caller: &Caller) -> Option<String> {
        let memo = &caller.opened().memo;
        let land = Land::outline(&self.en.1, caller.view(), memo);
        let found = land.and_then(|land| resolve(&land, memo).map(drop).map_err(SitingError::from));
        found.err().map(|error| error.to_string())
    }

    fn exists_for(&self, caller: &Caller) -> bool {
        self.is_shipped || self.problem(caller).is_none()
    }
}

impl Templates {
    /// The shipped specifications and those of a folder, by name. What cannot be read is said and left out.
    pub fn read(folder: Option<&FilePath>, say: fn(&str)) -> Templates {
        let shipped = SHIPPED.iter().filter_map(|shipped| {
            // A test reads them all.
            let text = |text: &str| Some((text.to_owned(), read(text).ok()?));
            Some(Template { name: shipped.name.to_owned(), is_shipped: true, fr: text(shipped.fr)?, en: text(shipped.en)? })
        });
        let mut all: Vec<Template> = shipped.collect();
        for path in folder.map(files).unwrap_or_default() {
            match take(&mut all, &path) {
                Ok(()) => {}
                Err(problem) => say(&format!("{} is not offered: {problem}", path.display())),
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Templates(all.into_iter().map(Arc::new).collect())
    }

    pub fn all(&self) -> &[Arc<Template>] {
        &self.0
    }
}

/// Adds a file to what is offered, as one language of a name or as both.
fn take(all: &mut Vec<Template>, path: &FilePath) -> Result<(), String> {
    if path.metadata().is_ok_and(|metadata| metadata.len() > MAX_BYTES as u64) {
        return Err(format!("it is longer than {MAX_BYTES} bytes"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let spec = read(&text).map_err(|error| error.to_string())?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let (name, language) = match stem.rsplit_once('.') {
        Some((name, "fr")) => (name, Some(Language::Fr)),
        Some((name, "en")) => (name, Some(Language::En)),
        _ => (stem, None),
    };
    let own = (text, spec);
    match all.iter_mut().find(|template| template.name == name) {
        Some(template) if template.is_shipped => return Err(format!("`{name}` is the name of a shipped specification")),
        Some(template) if language == Some(Language::Fr) => template.fr = own,
        Some(template) if language == Some(Language::En) => template.en = own,
        Some(_) => return Err(format!("`{name}` is there already")),
        None => all.push(Template { name: name.to_owned(), is_shipped: false, fr: own.clone(), en: own }),
    }
    Ok(())
}

/// The specifications in a folder, by name.
pub fn files(folder: &FilePath) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_one = |path: &PathBuf| {
        path.extension().is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|known| extension == *known))
    };
    let mut found: Vec<PathBuf> = entries.filter(is_one).collect();
    found.sort();
    found.truncate(MOST_FILES);
    found
}

/// `GET /siting/example?lang=`: a specification to begin with.
pub async fn example(parameters: Result<Query<Parameters>, QueryRejection>) -> Result<Response, HttpError> {
    let Query(Parameters { lang }) = parameters?;
    let [first, ..] = SHIPPED;
    let text = lang.unwrap_or_default().of(first.fr, first.en);
    Ok(([(CONTENT_TYPE, "application/yaml"), (CACHE_CONTROL, "no-cache")], text).into_response())
}

/// What is on offer to one caller, and how long that may be kept.
struct Offer {
    templates: Vec<Arc<Template>>,
    caching: Caching,
}

/// Looked up with the analyses: to know what a specification names may take more than a moment.
async fn offer(app: &App, caller: &Caller, what: String) -> Result<Offer, HttpError> {
    let (all, caller) = (app.templates(), caller.clone());
    analyse(app, move |_| {
        let templates: Vec<Arc<Template>> = all.all().iter().filter(|template| template.exists_for(&caller)).cloned().collect();
        let caching = match caller.caching(Kept::Document) {
            // What is offered may change while the data stay. A tag over all texts would tell of those that are not.
            public if public.is_public() => Caching::document(&format!("{}-{}-{what}", caller.edition, hash(&templates))),
            private => private,
        };
        Ok(Offer { templates, caching })
    })
    .await
}

fn hash(templates: &[Arc<Template>]) -> String {
    let mut hash = blake3::Hasher::new();
    for text in templates.iter().flat_map(|template| [&template.name, &template.fr.0, &template.en.0]) {
        hash.update(text.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().to_hex()[..16].to_owned()
}

/// `GET /siting/specifications?lang=`
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Query(Parameters { lang }) = parameters?;
    let Offer { templates, caching } = offer(&app, &caller, "list".to_owned()).await?;
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let run = move |_: &Work| Ok(templates.iter().map(|template| entry(template, &caller, lang)).collect::<Vec<_>>());
    Ok(caching.mark(Json(json!({ "specifications": analyse(&app, run).await? })).into_response()))
}

fn entry(template: &Template, caller: &Caller, lang: Option<Language>) -> Value {
    let name = &template.name;
    json!({
        "name": name,
        "title": template.spec(lang).title,
        "shipped": template.is_shipped,
        "problem": template.problem(caller),
        "address": format!("siting/specifications/{name}"),
    })
}

/// `GET /siting/specifications/{name}?lang=`: its text.
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let (Path(name), Query(Parameters { lang })) = (path?, parameters?);
    let Offer { templates, caching } = offer(&app, &caller, "text".to_owned()).await?;
    let Some(found) = templates.iter().find(|template| template.name == name) else {
        let nearest = nearest(&name, templates.iter().map(|template| template.name.as_str()));
        return Err(HttpError::UnknownSpecification { name, nearest });
    };
    let answer = || ([(CONTENT_TYPE, "application/yaml")], found.in_language(lang).0.clone()).into_response();
    Ok(caching.not_modified(&headers).unwrap_or_else(|| caching.mark(answer())))
}

/// `GET /sites/{layer}/{site}/specifications`: how a site stands to each specification on offer.
pub async fn standings(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let Path((id, site)) = path?;
    let layer = caller.layer(&id)?;
    layer.row_of(&site).ok_or_else(|| HttpError::UnknownFeature { layer: id.clone(), id: site.clone() })?;
    let Offer { templates, caching } = offer(&app, &caller, "standings".to_owned()).await?;
    if let Some(known) = caching.not_modified(&headers) {
        return Ok(known);
    }
    let run = move |work: &Work| {
        let specs: Vec<(String, Spec)> =
            templates.iter().map(|template| (template.name.clone(), template.spec(None).clone())).collect();
        let subject = Subject::Site(format!("{id}/{site}"));
        let standings = reverse(&specs, caller.view(), &caller.opened().memo, &subject, work)?;
        Ok(Json(json!({ "snapshot": &*caller.edition, "layer": id, "site": site, "specifications": standings })))
    };
    Ok(caching.mark(analyse(&app, run).await?.into_response()))
}
