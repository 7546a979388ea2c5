//! The profile of a territory.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::ProfileError;
use super::book::{Book, Question};
use super::near::{Around, around};
use super::numbers::{Number, Told, numbers};
use super::projects::{Projects, projects};
use crate::atlas::View;
use crate::commuting::portrait::Portrait;
use crate::layer::definition::Text;
use crate::layer::indicator::Theme;
use crate::territory::custom::Cut;
use crate::territory::specificity::activities::Classes;
use crate::territory::specificity::answer::{About, Row, answer};
use crate::territory::specificity::reliability::KAPPA;
use crate::territory::specificity::staff::Counted;
use crate::territory::{Territory, specificity};

#[derive(Debug, Serialize)]
pub struct Profile {
    pub snapshot: String,
    pub program: &'static str,
    pub territory: About,
    pub surroundings: Option<About>,
    /// Of a drawn polygon: every commune that it touches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drawn: Vec<Cut>,
    pub sections: Vec<Section>,
    pub around: Option<Around>,
    /// The activities that the territory has most more of than the country.
    pub specificity: Option<Vec<Row>>,
    /// Who commutes from where to where.
    #[serde(serialize_with = "shared")]
    pub commuting: Option<Arc<Portrait>>,
    pub projects: Vec<Projects>,
    /// The filter that projects were narrowed by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projects_filter: Option<String>,
    pub sources: Vec<Provenance>,
    /// Vintage of the communes that codes are those of.
    pub geography: String,
    pub notes: Vec<Text>,
}

/// The numbers of one theme.
#[derive(Debug, Serialize)]
pub struct Section {
    pub theme: Theme,
    pub title: Text,
    pub numbers: Vec<Number>,
}

/// A layer that numbers come from.
#[derive(Debug, Clone, Serialize)]
pub struct Provenance {
    pub layer: String,
    pub title: Text,
    pub publisher: String,
    pub licence: String,
    pub vintage: String,
    pub address: String,
}

/// The most specific activities that a profile shows.
const SPECIFIC: usize = 8;

/// # Errors
/// A filter of projects that does not fit their layers.
pub fn profile(book: &Book, view: View<'_>, question: &Question) -> Result<Profile, ProfileError> {
    let territory = &question.territory;
    let surroundings = book.surroundings(territory);
    let narrowed = question.projects.as_ref().map(|only| book.indicators.narrowed(view, Theme::Projects, only)).transpose()?;
    let told = Told { territory, surroundings: surroundings.as_ref() };
    let numbers = numbers(book, &told, narrowed.as_ref());
    let sources = sources(view, &numbers);
    Ok(Profile {
        snapshot: view.snapshot_id().to_owned(),
        program: env!("CARGO_PKG_VERSION"),
        territory: About::of(territory),
        surroundings: surroundings.as_ref().map(About::of),
        drawn: question.cuts.clone(),
        sections: sections(numbers),
        around: around(view, book, territory),
        specificity: specific(book, territory)?,
        commuting: book.flows.as_ref().map(|flows| flows.portrait(territory)).transpose()?,
        projects: projects(view, &book.geography, territory, question.projects.as_ref()),
        projects_filter: question.projects.as_ref().map(ToString::to_string),
        sources,
        geography: book.geography.vintage.clone(),
        notes: notes(),
    })
}

/// Themes in their order, those alone that have a number.
pub fn sections(numbers: Vec<Number>) -> Vec<Section> {
    let mut by_theme: BTreeMap<Theme, Vec<Number>> = BTreeMap::new();
    numbers.into_iter().for_each(|number| by_theme.entry(number.theme).or_default().push(number));
    by_theme.into_iter().map(|(theme, numbers)| Section { theme, title: title(theme), numbers }).collect()
}

fn title(theme: Theme) -> Text {
    let (fr, en) = match theme {
        Theme::People => ("Population et diplômes", "People and diplomas"),
        Theme::Accessibility => ("Accessibilité", "Accessibility"),
        Theme::Land => ("Foncier et contraintes", "Land and constraints"),
        Theme::Labour => ("Marché du travail", "Labour market"),
        Theme::Economy => ("Tissu économique", "Economic fabric"),
        Theme::Mobility => ("Mobilité", "Mobility"),
        Theme::Charging => ("Recharge", "Charging"),
        Theme::Projects => ("Projets", "Projects"),
    };
    Text { fr: fr.to_owned(), en: en.to_owned() }
}

fn sources(view: View<'_>, numbers: &[Number]) -> Vec<Provenance> {
    let layers: std::collections::BTreeSet<&str> = numbers.iter().map(|number| number.source.layer.as_str()).collect();
    let provenance = |id: &str| {
        let definition = view.layer(id)?.definition();
        let source = &definition.source;
        Some(Provenance {
            layer: id.to_owned(),
            title: definition.title.clone(),
            publisher: source.publisher.clone(),
            licence: source.licence.clone(),
            vintage: source.vintage.clone(),
            address: source.address.clone(),
        })
    };
    layers.into_iter().filter_map(provenance).collect()
}

fn specific(book: &Book, territory: &Territory) -> Result<Option<Vec<Row>>, ProfileError> {
    let Some(fabric) = &book.fabric else { return Ok(None) };
    let question = specificity::Question {
        territory: territory.clone(),
        reference: fabric.reference("FR")?,
        classes: Classes::A88,
        counted: Counted::Employees,
        kappa: KAPPA,
    };
    Ok(Some(answer(fabric, &question)?.rows.into_iter().filter(|row| row.rank.is_some()).take(SPECIFIC).collect()))
}

fn shared<S: Serializer>(portrait: &Option<Arc<Portrait>>, serializer: S) -> Result<S::Ok, S::Error> {
    portrait.as_deref().serialize(serializer)
}

/// What a reader must know.
pub fn notes() -> Vec<Text> {
    let both = |fr: &str, en: &str| Text { fr: fr.to_owned(), en: en.to_owned() };
    vec![
        both(
            "Une valeur inconnue ou secrète n'est jamais comptée pour zéro : la somme est alors « au moins » ce qui est connu. Un ratio dont le \
             dénominateur est nul ou incomplet est non disponible.",
            "A value that is unknown or secret is never taken for zero: the sum is then \"at least\" what is known. A ratio whose divisor is \
             zero or incomplete is not available.",
        ),
        both(
            "Rang parmi les territoires du même niveau dont la valeur est entièrement connue, la plus grande d'abord.",
            "Rank among the areas of the same level whose value is wholly known, the largest first.",
        ),
        both(
            "Territoire de comparaison : la région qui contient toutes les communes, sinon le pays.",
            "Surroundings: the région that holds all of the communes, else the country.",
        ),
        both(
            "Distances à vol d'oiseau, sur le terrain, d'un point de chaque commune au bord de l'objet le plus proche ; moyenne pondérée par \
             la population. Les surfaces sous une contrainte ne sont comptées qu'une fois.",
            "Distances as the crow flies, on the ground, from a point of each commune to the edge of the nearest feature; the mean is weighted \
             by residents. Ground under a constraint is counted once.",
        ),
        both(
            "Un polygone dessiné vaut les communes dont il contient au moins la moitié, entières.",
            "A drawn polygon stands for the communes that it holds at least half of, whole.",
        ),
    ]
}
