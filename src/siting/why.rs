//! One site in full, whether it passes or not: why not this one, how do these compare, and which specifications it satisfies.

use serde::Serialize;

use crate::atlas::derived::drawn;
use crate::atlas::{Layer, View};
use crate::layer::catalogue::{nearest, suggestion};
use crate::siting::answer::{RankedSite, SiteName};
use crate::siting::candidates::Place;
use crate::siting::land::Land;
use crate::siting::measures::{Judge, Measures};
use crate::siting::memo::Memo;
use crate::siting::resolve::{ResolveError, resolve_with};
use crate::siting::rule::Outcome;
use crate::siting::spec::{Spec, Within};
use crate::siting::within::{PlaceError, drawn_shapes};
use crate::siting::work::{Stopped, Work};
use crate::siting::{SitingError, Study, study};

/// What is asked about.
#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    /// A feature of a candidate layer, as `layer/id`, or as `id` where one layer alone has it.
    Site(String),
    /// A polygon in longitude and latitude.
    Drawn(serde_json::Map<String, serde_json::Value>),
}

/// A site held against the whole specification.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// `pass`, `fail` or `unknown`: of all requirements together.
    pub verdict: Outcome,
    /// Whether the specification chooses it; a site that lies elsewhere or is filtered out is explained all the same.
    pub candidate: bool,
    /// The rank that its score has, or would have, among the passing sites.
    pub rank_among_passing: usize,
    pub passing: usize,
    /// In written order.
    pub requirements: Vec<Judgement>,
    pub site: RankedSite,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    pub criterion: String,
    pub required: String,
    pub outcome: Outcome,
    /// By less than the sources' precision.
    pub borderline: bool,
    /// For a miss: the requirement that the site would meet; `None` where a threshold cannot be moved so far.
    pub would_pass: Option<String>,
}

/// How a site stands to a specification that somebody kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Standing {
    /// Name under which it is kept.
    pub specification: String,
    pub title: Option<String>,
    /// Absent where the specification cannot be put to this snapshot.
    pub explanation: Option<Explanation>,
    pub problem: Option<String>,
}

/// Explains one site under a specification.
///
/// # Errors
/// As [`study`], or a subject that is not there.
pub fn why(spec: &Spec, view: View<'_>, memo: &Memo, subject: &Subject, work: &Work) -> Result<Explanation, WhyError> {
    match subject {
        Subject::Site(text) => {
            let land = Land::prepare(spec, view, memo, work)?;
            let mut study = study(&land, memo, work)?;
            let place = study.find(text)?;
            Ok(study.hold(place, work)?)
        }
        Subject::Drawn(geometry) => {
            let layer = drawn(drawn_shapes(&Within::Polygon(geometry.clone()))?);
            let land = Land::prepare(spec, view, memo, work)?;
            let (mut study, place) = study_with(&land, memo, &layer, work)?;
            Ok(study.hold(place, work)?)
        }
    }
}

/// A study that knows one layer more: its features are explained, not chosen.
fn study_with<'l>(land: &'l Land<'_>, memo: &Memo, layer: &'l Layer, work: &Work) -> Result<(Study<'l>, Place), SitingError> {
    let mut study = study(land, memo, work)?;
    study.resolved = resolve_with(land, memo, Some(layer))?;
    study.measures = Measures::new(&study.resolved, memo);
    let last = study.resolved.choice.layers.len() - 1;
    Ok((study, Place { layer: last as u16, row: 0 }))
}

/// How a site stands to each of some specifications, in their order.
///
/// # Errors
/// The work was stopped.
pub fn reverse(
    specs: &[(String, Spec)],
    view: View<'_>,
    memo: &Memo,
    subject: &Subject,
    work: &Work,
) -> Result<Vec<Standing>, Stopped> {
    let stand = |(name, spec): &(String, Spec)| {
        let (explanation, problem) = match why(spec, view, memo, subject, work) {
            Ok(explanation) => (Some(explanation), None),
            Err(WhyError::Siting(SitingError::Stopped(stopped))) => return Err(stopped),
            Err(error) => (None, Some(error.to_string())),
        };
        Ok(Standing { specification: name.clone(), title: spec.title.clone(), explanation, problem })
    };
    specs.iter().map(stand).collect()
}

impl Study<'_> {
    /// Where a site stands among the candidate layers.
    ///
    /// # Errors
    /// No layer has it, or more than one.
    pub fn find(&self, text: &str) -> Result<Place, WhyError> {
        let layers = || (0_u16..).zip(&self.resolved.choice.layers).map(|(place, (layer, _))| (place, *layer));
        // An id may hold a `/` itself: the whole text is tried first.
        let whole = layers().filter_map(|(place, layer)| Some(Place { layer: place, row: layer.row_of(text)? }));
        let named = text.split_once('/').and_then(|(id, rest)| {
            let (place, layer) = layers().find(|(_, layer)| layer.definition().id == id)?;
            Some(Place { layer: place, row: layer.row_of(rest)? })
        });
        let found: Vec<Place> = match named {
            Some(place) => vec![place],
            None => whole.collect(),
        };
        match found[..] {
            [place] => Ok(place),
            [] => Err(self.unfound(text)),
            _ => Err(WhyError::Ambiguous {
                id: text.to_owned(),
                sites: found.iter().map(|&place| self.site_name(place)).collect(),
            }),
        }
    }

    fn unfound(&self, text: &str) -> WhyError {
        let ids = self.resolved.choice.layers.iter().map(|(layer, _)| layer.definition().id.as_str());
        let id = text.split_once('/').map_or(text, |(_, id)| id);
        let layers: Vec<&str> = ids.collect();
        let known = self.resolved.choice.layers.iter().flat_map(|(layer, _)| {
            let name = &layer.definition().id;
            layer.rows().map(move |row| (name, layer.id(row)))
        });
        // Ids are many: the nearest is looked for only among those that begin alike.
        let begin: String = id.chars().take(2).collect();
        let alike = known.filter(|(_, known)| known.starts_with(&begin)).take(10_000);
        let near = nearest(id, alike.map(|(_, known)| known));
        WhyError::Unknown { site: text.to_owned(), layers: layers.join(", "), nearest: near }
    }

    /// Holds a site of a candidate layer against the specification.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn hold(&mut self, place: Place, work: &Work) -> Result<Explanation, Stopped> {
        let site = self.explain(&[place], work)?.remove(0);
        let judgements: Vec<Judgement> = (0..self.resolved.requirements.len()).map(|of| self.judgement(of, place)).collect();
        let failed = judgements.iter().any(|judgement| judgement.outcome == Outcome::Fail);
        let passed = judgements.iter().all(|judgement| judgement.outcome == Outcome::Pass);
        let score = self.score(place);
        let passing = &self.standings.passing;
        Ok(Explanation {
            verdict: match (failed, passed) {
                (true, _) => Outcome::Fail,
                (_, true) => Outcome::Pass,
                _ => Outcome::Unknown,
            },
            candidate: self.sifted.candidates.places.binary_search(&place).is_ok(),
            rank_among_passing: 1 + passing.scores.iter().filter(|other| other.low > score.low).count(),
            passing: passing.len(),
            requirements: judgements,
            site,
        })
    }

    fn judgement(&self, requirement: usize, place: Place) -> Judgement {
        let judged = Judge::new(&self.resolved, &self.measures, requirement).judge(place);
        let requirement_of = &self.resolved.requirements[requirement];
        Judgement {
            criterion: requirement_of.name.clone(),
            required: requirement_of.written.clone(),
            outcome: judged.outcome,
            borderline: judged.borderline,
            would_pass: (judged.outcome == Outcome::Fail).then(|| self.would_pass(requirement, place)).flatten(),
        }
    }
}

/// A site that cannot be explained.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WhyError {
    #[error(transparent)]
    Siting(#[from] SitingError),
    #[error(transparent)]
    Drawn(#[from] PlaceError),
    #[error("there is no site `{site}` in {layers}{}", suggestion(nearest))]
    Unknown { site: String, layers: String, nearest: Option<String> },
    #[error("`{id}` is a site of more than one layer; write {}", names(sites))]
    Ambiguous { id: String, sites: Vec<SiteName> },
}

fn names(sites: &[SiteName]) -> String {
    let names: Vec<String> = sites.iter().map(|site| format!("`{}/{}`", site.layer, site.id)).collect();
    names.join(" or ")
}

impl From<ResolveError> for WhyError {
    fn from(error: ResolveError) -> WhyError {
        WhyError::Siting(error.into())
    }
}

impl From<Stopped> for WhyError {
    fn from(stopped: Stopped) -> WhyError {
        WhyError::Siting(stopped.into())
    }
}
