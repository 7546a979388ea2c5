//! Plots put together: contiguous plots joined until an area is reached, as candidates like any other.
//!
//! From each plot, in the order of ids, grows one site: of the plots beside it the one with the longest common border joins,
//! again and again, until the area is there. Then the plots that are not needed leave, the smallest first. A set of plots that
//! two of them lead to is one site. What is joined is the plots alone: a path between them is crossed, not acquired.
//!
//! A site has the columns of its plots: the value that all of them share, and unknown where they differ.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use geo_types::{Geometry, MultiPolygon};
use rayon::prelude::*;

use crate::atlas::texts::Texts;
use crate::atlas::{Layer, Reach};
use crate::geometry::frontage::frontage;
use crate::geometry::overlap::union;
use crate::geometry::scale::Metric;
use crate::geometry::shape::{Kind, Shapes};
use crate::layer::definition::{Column, FieldType, GeometryType, LayerDefinition, Role, Text};
use crate::layer::value::{Value, Values, ValuesBuilder};
use crate::siting::work::{Stopped, Work};
use crate::snapshot::manifest::{Counts, LayerEntry};

/// How plots are put together.
#[derive(Debug, Clone, Copy)]
pub struct Assembly<'a> {
    /// Area to reach.
    pub area_m2: f64,
    /// Plots this far from each other still adjoin: a path, a ditch.
    pub gap_m: f64,
    /// Most plots of a site.
    pub plots: usize,
    pub owners: Option<Owners<'a>>,
    pub metric: Metric,
}

/// Most distinct owners of a site. A plot whose owner is unknown counts as one owner more.
#[derive(Debug, Clone, Copy)]
pub struct Owners<'a> {
    /// `None` where no plot's owner is known.
    pub values: Option<&'a Values>,
    pub most: usize,
}

/// Beside a common wall, coordinates may be this far apart.
const TOUCH_M: f64 = 0.01;

/// The sites that some plots can be put together to, as a layer of this id derived from theirs.
///
/// Their ids are those of their plots joined by `+`; `plots` and `owners` say how many, and `members` the ids, by spaces, beside the
/// plots' own columns. A plot that is large enough alone is a site of one plot.
///
/// # Errors
/// The work was stopped.
pub fn assemble(layer: &Layer, id: String, mut rows: Vec<u32>, assembly: &Assembly<'_>, work: &Work) -> Result<Layer, Stopped> {
    rows.retain(|&row| layer.shape(row).kind() == Kind::Polygon);
    rows.sort_by(|&a, &b| layer.compare_ids(a, b));
    work.plan(2 * rows.len());
    let plots = Plots::new(layer, rows, assembly, work)?;
    let seeds = 0..plots.rows.len() as u32;
    let grow = |seed| step(work, || plots.grow(seed, assembly));
    let grown: Vec<Option<Vec<u32>>> = seeds.into_par_iter().map(grow).collect::<Result<_, Stopped>>()?;
    let mut seen = HashSet::new();
    let sites: Vec<Vec<u32>> = grown.into_iter().flatten().filter(|site| seen.insert(site.clone())).collect();
    Ok(derived(layer, id, &plots, &sites))
}

/// A piece of work on one plot.
fn step<T>(work: &Work, run: impl FnOnce() -> T) -> Result<T, Stopped> {
    work.go_on()?;
    let done = run();
    work.did(1);
    Ok(done)
}

/// The plots that may be joined, numbered in the order of their ids.
struct Plots<'l> {
    rows: Vec<u32>,
    areas_m2: Vec<f64>,
    /// Who owns each, by number; `None` where that is unknown. Empty where nobody asks.
    owners: Vec<Option<u32>>,
    most_owners: usize,
    /// The plots beside each, with the length of the common border.
    beside: Vec<Vec<(u32, f64)>>,
    layer: &'l Layer,
}

impl<'l> Plots<'l> {
    fn new(layer: &'l Layer, rows: Vec<u32>, assembly: &Assembly<'_>, work: &Work) -> Result<Plots<'l>, Stopped> {
        let places: HashMap<u32, u32> = rows.iter().copied().zip(0..).collect();
        let beside = |&row: &u32| step(work, || beside(layer, row, &places, assembly));
        Ok(Plots {
            areas_m2: rows.par_iter().map(|&row| assembly.metric.area_m2(&layer.shape(row))).collect(),
            owners: assembly.owners.map_or_else(Vec::new, |owners| numbered(owners.values, &rows)),
            most_owners: assembly.owners.map_or(usize::MAX, |owners| owners.most),
            beside: rows.par_iter().map(beside).collect::<Result<_, Stopped>>()?,
            rows,
            layer,
        })
    }

    /// The plots of the site that grows from one, in the order of their ids; `None` where the area is not reached.
    fn grow(&self, seed: u32, assembly: &Assembly<'_>) -> Option<Vec<u32>> {
        let mut members = BTreeSet::from([seed]);
        let mut area_m2 = self.areas_m2[seed as usize];
        while area_m2 < assembly.area_m2 {
            if members.len() >= assembly.plots {
                return None;
            }
            let next = self.next(&members)?;
            area_m2 += self.areas_m2[next as usize];
            members.insert(next);
        }
        if self.owners_of(&members) > self.most_owners {
            return None;
        }
        self.shed(&mut members, area_m2 - assembly.area_m2);
        Some(members.into_iter().collect())
    }

    /// The plot beside the members that has the longest border with them, and whose owner may join; of several the first by id.
    fn next(&self, members: &BTreeSet<u32>) -> Option<u32> {
        let mut borders: BTreeMap<u32, f64> = BTreeMap::new();
        for &member in members {
            for &(other, length) in self.beside[member as usize].iter().filter(|(other, _)| !members.contains(other)) {
                *borders.entry(other).or_default() += length;
            }
        }
        let may_join = |other: u32| {
            self.most_owners == usize::MAX || {
                let mut together = members.clone();
                together.insert(other);
                self.owners_of(&together) <= self.most_owners
            }
        };
        let joinable = borders.into_iter().filter(|&(other, _)| may_join(other));
        // A millimetre more is rounding.
        joinable.reduce(|best, next| if next.1 > best.1 + 1e-3 { next } else { best }).map(|(other, _)| other)
    }

    fn owners_of(&self, members: &BTreeSet<u32>) -> usize {
        if self.owners.is_empty() {
            return 0;
        }
        let owners = || members.iter().map(|&member| self.owners[member as usize]);
        owners().flatten().collect::<BTreeSet<u32>>().len() + owners().filter(Option::is_none).count()
    }

    /// Lets go, the smallest first, of plots that neither the area nor the others' contiguity needs.
    fn shed(&self, members: &mut BTreeSet<u32>, mut spare_m2: f64) {
        let area_m2 = |plot: u32| self.areas_m2[plot as usize];
        loop {
            let mut spare: Vec<u32> = members.iter().copied().filter(|&plot| area_m2(plot) <= spare_m2).collect();
            spare.sort_by(|&a, &b| area_m2(a).total_cmp(&area_m2(b)).then(b.cmp(&a)));
            let without = |plot: u32| members.iter().copied().filter(|&member| member != plot).collect::<BTreeSet<u32>>();
            let Some(plot) = spare.into_iter().find(|&plot| self.contiguous(&without(plot))) else { return };
            members.remove(&plot);
            spare_m2 -= area_m2(plot);
        }
    }

    /// Whether each is reached from each; nothing is no site.
    fn contiguous(&self, members: &BTreeSet<u32>) -> bool {
        let Some(&first) = members.first() else { return false };
        let mut reached = BTreeSet::from([first]);
        let mut pending = vec![first];
        while let Some(plot) = pending.pop() {
            for &(other, _) in &self.beside[plot as usize] {
                if members.contains(&other) && reached.insert(other) {
                    pending.push(other);
                }
            }
        }
        reached.len() == members.len()
    }

    /// The value of a column that all plots of a site have.
    fn shared(&self, column: &str, site: &[u32]) -> Value {
        let mut values = site.iter().map(|&plot| self.layer.value(column, self.rows[plot as usize]));
        let first = values.next().unwrap_or(Value::Unknown);
        if values.all(|value| value == first) { first } else { Value::Unknown }
    }

    fn id(&self, plot: u32) -> &'l str {
        self.layer.id(self.rows[plot as usize])
    }

    fn shape(&self, site: &[u32]) -> MultiPolygon<f64> {
        let polygons = |&plot: &u32| match self.layer.shape(self.rows[plot as usize]).to_geo() {
            Some(Geometry::MultiPolygon(polygons)) => polygons,
            _ => MultiPolygon(Vec::new()),
        };
        union(&site.iter().map(polygons).collect::<Vec<_>>())
    }
}

fn numbered(values: Option<&Values>, rows: &[u32]) -> Vec<Option<u32>> {
    let Some(values) = values else { return vec![None; rows.len()] };
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let number = |&row: &u32| match values.get(row) {
        Value::Unknown => None,
        owner => {
            let next = numbers.len() as u32;
            Some(*numbers.entry(owner.to_string()).or_insert(next))
        }
    };
    rows.iter().map(number).collect()
}

/// The plots within the gap of one, by number, with the lengths of the borders in common.
fn beside(layer: &Layer, row: u32, places: &HashMap<u32, u32>, assembly: &Assembly<'_>) -> Vec<(u32, f64)> {
    let own = layer.footprint(row);
    let reach = Reach { metric: assembly.metric, limit_m: assembly.gap_m };
    let gap = assembly.metric.around(own.bounds()).planar_reach(assembly.gap_m).max(TOUCH_M);
    let mut found = Vec::new();
    layer.within(
        &own,
        reach,
        |other| other != row && places.contains_key(&other),
        |other| {
            // From the lower row to the higher: the same length seen from either.
            let [from, to] = [row.min(other), row.max(other)].map(|row| layer.footprint(row));
            found.push((places[&other], frontage(&from, &to, gap)));
        },
    );
    found.sort_by_key(|&(other, _)| other);
    found
}

fn derived(layer: &Layer, id: String, plots: &Plots<'_>, sites: &[Vec<u32>]) -> Layer {
    let joined: Vec<MultiPolygon<f64>> = sites.par_iter().map(|site| plots.shape(site)).collect();
    let mut shapes = Shapes::default();
    for polygons in joined {
        shapes.push_geometry(Some(&polygons.into()));
    }
    let ids = |site: &[u32], between: &str| site.iter().map(|&plot| plots.id(plot)).collect::<Vec<_>>().join(between);
    let owners = |site: &Vec<u32>| match plots.owners.is_empty() {
        true => Value::Unknown,
        false => Value::Integer(plots.owners_of(&site.iter().copied().collect()) as i64),
    };
    let entry = entry(layer, id, sites.len());
    let columns = entry.definition.columns.iter().map(|(name, definition)| match name.as_str() {
        "members" => column(definition.kind, sites.iter().map(|site| Value::Text(ids(site, " ")))),
        "owners" => column(definition.kind, sites.iter().map(owners)),
        "plots" => column(definition.kind, sites.iter().map(|site| Value::Integer(site.len() as i64))),
        _ => column(definition.kind, sites.iter().map(|site| plots.shared(name, site))),
    });
    let columns = columns.collect();
    let names: Texts = sites.iter().map(|site| ids(site, "+")).collect();
    Layer::new(entry, names, columns, shapes)
}

fn column(kind: FieldType, values: impl Iterator<Item = Value>) -> Values {
    let mut built = ValuesBuilder::new(kind);
    values.for_each(|value| built.push(value));
    built.finish()
}

/// The plots' source, precision and columns, and columns of its own.
fn entry(layer: &Layer, id: String, sites: usize) -> LayerEntry {
    let plots = layer.definition();
    let column = |kind, fr: &str, en: &str| Column {
        from: Vec::new(),
        kind,
        unit: None,
        title: Some(Text { fr: fr.into(), en: en.into() }),
        required: false,
        values: BTreeMap::new(),
        pad: None,
        secret: Vec::new(),
    };
    let columns = [
        ("members", column(FieldType::Text, "Parcelles réunies", "Plots put together")),
        ("owners", column(FieldType::Integer, "Nombre de propriétaires", "Number of owners")),
        ("plots", column(FieldType::Integer, "Nombre de parcelles", "Number of plots")),
    ];
    let own = columns.map(|(name, column)| (name.to_owned(), column));
    let title = |text: &str, after: &str| format!("{text}, {after}");
    let definition = LayerDefinition {
        id,
        title: Text { fr: title(&plots.title.fr, "réunies"), en: title(&plots.title.en, "put together") },
        role: Role::Candidate,
        geometry: GeometryType::Polygon,
        columns: plots.columns.clone().into_iter().chain(own).collect(),
        indicators: BTreeMap::new(),
        ..plots.clone()
    };
    let counts = Counts { read: sites as u64, kept: sites as u64, ..Counts::default() };
    LayerEntry {
        definition,
        files: Vec::new(),
        counts,
        problems: Vec::new(),
        sources: layer.entry().sources.clone(),
        extent_lonlat: None,
    }
}
