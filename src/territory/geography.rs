//! The communes of a snapshot and the areas they belong to, at every level.

use std::collections::{BTreeMap, HashMap};

use geo::Centroid;
use rayon::prelude::*;

use super::codes::{Codes, Way};
use super::{Level, Place, Territory, TerritoryError};
use crate::atlas::{Layer, View};
use crate::geometry::bounds::Bounds;
use crate::geometry::inscribed::label_point;
use crate::layer::catalogue::nearest;
use crate::layer::value::Values;

/// No area of a level.
pub const OUTSIDE: u32 = u32::MAX;

/// The country's code as a territory.
const COUNTRY: &str = "FR";

/// Communes with their areas. Communes are the rows of the layer `communes`.
#[derive(Debug)]
pub struct Geography {
    pub codes: Codes,
    communes: Vec<Commune>,
    /// One for each level that the data tell of.
    levels: BTreeMap<Level, Areas>,
    /// Vintage of the layer of communes: that of every code here.
    pub vintage: String,
}

#[derive(Debug)]
struct Commune {
    code: Box<str>,
    name: Box<str>,
    /// A point inside, on the shared plane.
    at: Option<[f64; 2]>,
}

/// The areas of a level, in the order of their codes, and the one of each commune.
#[derive(Debug, Default)]
pub struct Areas {
    codes: Vec<Box<str>>,
    names: Vec<Box<str>>,
    /// By commune; [`OUTSIDE`] for one that belongs to none.
    of_commune: Vec<u32>,
}

impl Areas {
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    pub fn code(&self, area: u32) -> &str {
        &self.codes[area as usize]
    }

    /// Its name; its code where nothing names it.
    pub fn name(&self, area: u32) -> &str {
        &self.names[area as usize]
    }

    pub fn of_commune(&self) -> &[u32] {
        &self.of_commune
    }

    pub fn with_code(&self, code: &str) -> Option<u32> {
        self.codes.binary_search_by(|own| (**own).cmp(code)).ok().map(|place| place as u32)
    }

    /// Areas of the codes that communes name; `name` knows some of them.
    fn of(codes: &[Option<String>], name: impl Fn(&str) -> Option<String>) -> Areas {
        let mut all: Vec<&str> = codes.iter().flatten().map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        let place = |code: &str| all.binary_search(&code).map_or(OUTSIDE, |place| place as u32);
        Areas {
            of_commune: codes.iter().map(|code| code.as_deref().map_or(OUTSIDE, place)).collect(),
            names: all.iter().map(|code| name(code).unwrap_or_else(|| (*code).to_owned()).into()).collect(),
            codes: all.into_iter().map(Box::from).collect(),
        }
    }
}

impl Geography {
    /// # Errors
    /// `NoCommunes`.
    pub fn of(view: View<'_>) -> Result<Geography, TerritoryError> {
        let layer = view.layer("communes").ok_or(TerritoryError::NoCommunes)?;
        let codes = Codes::new(layer, view.layer("former-communes"));
        let points: Vec<_> = layer.rows().into_par_iter().map(|row| point_in(layer, row)).collect();
        let commune = |(row, at): (u32, _)| Commune {
            code: layer.id(row).into(),
            name: layer.name(row).unwrap_or(layer.id(row)).into(),
            at,
        };
        let communes: Vec<Commune> = layer.rows().zip(points).map(commune).collect();
        let vintage = layer.definition().source.vintage.clone();
        let levels = levels(view, layer, &communes, &codes);
        Ok(Geography { codes, communes, levels, vintage })
    }

    /// The number of communes.
    pub fn len(&self) -> usize {
        self.communes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.communes.is_empty()
    }

    pub fn code(&self, commune: u32) -> &str {
        &self.communes[commune as usize].code
    }

    pub fn name(&self, commune: u32) -> &str {
        &self.communes[commune as usize].name
    }

    /// A point inside the commune, on the shared plane; `None` for one without a geometry.
    pub fn point(&self, commune: u32) -> Option<[f64; 2]> {
        self.communes[commune as usize].at
    }

    /// # Errors
    /// `NoLevel`: of `custom`, and of those that nothing in the snapshot tells of.
    pub fn areas(&self, level: Level) -> Result<&Areas, TerritoryError> {
        self.levels.get(&level).ok_or(TerritoryError::NoLevel { level })
    }

    /// The communes of an area, or of a list of them.
    ///
    /// # Errors
    /// `NoLevel`, `UnknownCode`, `EmptyList`.
    pub fn territory(&self, level: Level, code: &str) -> Result<Territory, TerritoryError> {
        if level == Level::Custom {
            return Territory::of_list(self, code);
        }
        let areas = self.areas(level)?;
        let unknown = || {
            let codes = areas.codes.iter().map(|code| &**code);
            TerritoryError::UnknownCode { level, code: code.to_owned(), nearest: nearest(code, codes) }
        };
        let area = areas.with_code(code).ok_or_else(unknown)?;
        Ok(Territory::of_area(level, areas, area))
    }
}

/// A point inside: the centroid where it lies inside, else the point farthest from the boundary.
pub fn point_in(layer: &Layer, row: u32) -> Option<[f64; 2]> {
    let centroid = layer.shape(row).to_geo()?.centroid()?;
    let (at, footprint) = ([centroid.x(), centroid.y()], layer.footprint(row));
    if footprint.holds(at) { Some(at) } else { label_point(&footprint).or(Some(at)) }
}

fn levels(view: View<'_>, layer: &Layer, communes: &[Commune], places: &Codes) -> BTreeMap<Level, Areas> {
    let text = |column: &str, row: u32| layer.values(column).and_then(|values| values.text(row)).map(str::to_owned);
    let column = |column: &str| -> Vec<Option<String>> { layer.rows().map(|row| text(column, row)).collect() };
    let names = |level: Level| {
        let areas = level.layer().and_then(|id| view.layer(id));
        move |code: &str| areas.and_then(|areas| Some(areas.name(areas.row_of(code)?)?.to_owned()))
    };
    let departements: Vec<Option<String>> = column("department")
        .into_iter()
        .zip(communes)
        .map(|(stated, commune)| stated.or_else(|| department(&commune.code).map(str::to_owned)))
        .collect();
    let of_departement = |code: &str| {
        let layer = view.layer("departements")?;
        layer.values("region")?.text(layer.row_of(code)?).map(str::to_owned)
    };
    let stated = column("region").into_iter().zip(&departements);
    let mut regions: Vec<_> = stated.map(|(region, own)| region.or_else(|| of_departement(own.as_deref()?))).collect();
    if let Some(areas) = view.layer("regions").filter(|_| regions.iter().all(Option::is_none)) {
        regions = by_position(areas, communes, &departements);
    }
    let epci = column("epci");
    let epci_names: HashMap<String, String> =
        layer.rows().filter_map(|row| Some((text("epci", row)?, text("epci-name", row)?))).collect();
    let epci_name = |code: &str| names(Level::Epci)(code).or_else(|| epci_names.get(code).cloned());
    let industry = view.layer("industry-territories").map(industry_territories).unwrap_or_default();
    let of_industry = |epci: &Option<String>| industry.get(epci.as_ref()?).cloned();
    let industry: Vec<Option<String>> = epci.iter().map(of_industry).collect();
    let (zones, zone_names) =
        view.layer("labour-zones").map(|table| labour_zones(table, places, communes.len())).unwrap_or_default();
    let own = communes.iter().map(|commune| Some(commune.code.to_string())).collect::<Vec<_>>();
    let by_code: HashMap<&str, &str> = communes.iter().map(|commune| (&*commune.code, &*commune.name)).collect();
    let country = vec![Some(COUNTRY.to_owned()); communes.len()];
    let all = [
        (Level::Commune, Areas::of(&own, |code| by_code.get(code).map(|name| (*name).to_owned()))),
        (Level::Epci, Areas::of(&epci, epci_name)),
        (Level::IndustryTerritory, Areas::of(&industry, names(Level::IndustryTerritory))),
        (Level::LabourZone, Areas::of(&zones, |code| zone_names.get(code).cloned())),
        (Level::Departement, Areas::of(&departements, names(Level::Departement))),
        (Level::Region, Areas::of(&regions, names(Level::Region))),
        (Level::Country, Areas::of(&country, |_| Some("France".to_owned()))),
    ];
    all.into_iter().filter(|(_, areas)| !areas.is_empty()).collect()
}

/// The region of each commune where no column tells: the one that holds the points of most communes of its département, which lies
/// in one region. Drawn outlines are generalised: a point near a border may fall into the neighbour, a département never does.
fn by_position(regions: &Layer, communes: &[Commune], departements: &[Option<String>]) -> Vec<Option<String>> {
    let mut votes: HashMap<&str, BTreeMap<u32, usize>> = HashMap::new();
    for (commune, departement) in communes.iter().zip(departements) {
        let (Some(at), Some(departement)) = (commune.at, departement) else { continue };
        let mut holding = None;
        regions.rows_in(&Bounds::of(&[at]), |row| {
            if regions.footprint(row).holds(at) {
                holding = Some(row);
            }
        });
        if let Some(row) = holding {
            *votes.entry(departement).or_default().entry(row).or_default() += 1;
        }
    }
    let most = |votes: &BTreeMap<u32, usize>| votes.iter().max_by_key(|(_, count)| **count).map(|(row, _)| *row);
    let elected: HashMap<&str, u32> = votes.iter().filter_map(|(code, votes)| Some((*code, most(votes)?))).collect();
    let region = |departement: &Option<String>| Some(regions.id(*elected.get(departement.as_deref()?)?).to_owned());
    departements.iter().map(region).collect()
}

/// The département in a commune's code: two characters, three overseas (COG).
fn department(code: &str) -> Option<&str> {
    let overseas = code.starts_with("97") || code.starts_with("98");
    code.get(..if overseas { 3 } else { 2 })
}

/// The Territoire d'industrie of each EPCI, by SIREN: the publisher lists members as "name (SIREN); ...". The first by code keeps
/// a member that two of them list.
fn industry_territories(layer: &Layer) -> HashMap<String, String> {
    let mut rows: Vec<u32> = layer.rows().collect();
    rows.sort_by_key(|&row| layer.id(row));
    let mut found = HashMap::new();
    for row in rows {
        let members = layer.values("members").and_then(|values| values.text(row)).unwrap_or_default();
        let sirens = members.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 9);
        for siren in sirens {
            found.entry(siren.to_owned()).or_insert_with(|| layer.id(row).to_owned());
        }
    }
    found
}

/// The labour zone of each commune, and the names of zones: the publisher has a row for each commune. Of the arrondissements of a
/// city, and of communes that have become one, the first row that names a zone counts, unless the commune has one of its own.
fn labour_zones(table: &Layer, places: &Codes, communes: usize) -> (Vec<Option<String>>, HashMap<String, String>) {
    let [codes, zones, titles] = ["commune", "zone", "zone-name"].map(|column| table.values(column));
    let (mut found, mut names) = (vec![None; communes], HashMap::new());
    for row in table.rows() {
        let text = |values: Option<&Values>| values?.text(row).map(str::to_owned);
        let (Some(code), Some(zone)) = (text(codes), text(zones)) else { continue };
        if let Some(title) = text(titles) {
            names.insert(zone.clone(), title);
        }
        match places.place(&code) {
            Place::Commune(commune, Way::Own) => found[commune as usize] = Some(zone),
            Place::Commune(commune, _) => drop(found[commune as usize].get_or_insert(zone)),
            Place::Abroad | Place::Unknown => {}
        }
    }
    (found, names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_of_codes() {
        assert_eq!(["01001", "2A004", "97105", "98801"].map(department), [Some("01"), Some("2A"), Some("971"), Some("988")]);
    }
}
