//! What a specification chooses among: features of the snapshot, or, where it says `assemble`, what they can be put together to.

use std::sync::Arc;

use crate::atlas::filter::Bound;
use crate::atlas::{Layer, View};
use crate::geometry::scale::Metric;
use crate::siting::SitingError;
use crate::siting::assembly::{Assembly, Owners, assemble};
use crate::siting::candidates::{Candidates, Counts, choose};
use crate::siting::context::{Context, Part};
use crate::siting::memo::Memo;
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;
use crate::siting::spec::assemble::{Assemble, MAX_PLOTS};
use crate::siting::spec::{self, Spec};
use crate::siting::within::{Place, place};
use crate::siting::work::Work;

/// A specification and the data it is put to, with the layers that are made for it.
#[derive(Debug)]
pub struct Land<'v> {
    pub spec: &'v Spec,
    snapshot: View<'v>,
    assembled: Vec<Arc<Layer>>,
    /// The plots that could be put together; `None` where none are.
    pub plots: Option<Counts>,
}

/// What features are chosen among, and how.
#[derive(Debug)]
pub struct Choice<'v> {
    /// In the order of the layers' ids.
    pub layers: Vec<(&'v Layer, Option<Bound<'v>>)>,
    pub within: Option<Place<'v>>,
}

impl<'v> Choice<'v> {
    /// The features that the block names.
    ///
    /// # Errors
    /// What it names and the snapshot does not hold.
    pub fn of(context: &Context<'_, 'v>, candidates: &spec::Candidates) -> Result<Choice<'v>, ResolveError> {
        let layers = context.layers(&candidates.layers)?;
        let filters = context.filters(&layers, candidates.filter.as_deref())?;
        let within = candidates.within.as_ref().map(|within| place(within, context.view)).transpose()?;
        Ok(Choice { layers: layers.into_iter().zip(filters).collect(), within })
    }
}

impl<'v> Land<'v> {
    /// The land, made if it has to be, and then kept in the memo.
    ///
    /// # Errors
    /// What the specification names and the snapshot does not hold; a stop.
    pub fn prepare(spec: &'v Spec, view: View<'v>, memo: &Memo, work: &Work) -> Result<Land<'v>, SitingError> {
        let Some(block) = &spec.candidates.assemble else { return Ok(Land::of_features(spec, view)) };
        let choice = choice(spec, view, memo)?;
        let plots = memo.get(&format!("plots {}", key(spec)), Candidates::bytes, || choose(&choice));
        let make = |(place, (layer, _)): (u16, &(&'v Layer, _))| {
            let assembly = block.resolve(&context(spec, view, memo), layer)?;
            let id = assembled_id(spec, layer);
            let rows = plots.places.iter().filter(|plot| plot.layer == place).map(|plot| plot.row).collect();
            let made = || assemble(layer, id.clone(), rows, &assembly, work);
            Ok::<_, SitingError>(memo.try_get(&format!("layer {id}"), layer_bytes, made)?)
        };
        let assembled = (0..).zip(&choice.layers).map(make).collect::<Result<_, _>>()?;
        Ok(Land { assembled, plots: Some(plots.counts), ..Land::of_features(spec, view) })
    }

    /// With nothing put together: enough to find what a specification names.
    ///
    /// # Errors
    /// What the specification names and the snapshot does not hold.
    pub fn outline(spec: &'v Spec, view: View<'v>, memo: &Memo) -> Result<Land<'v>, SitingError> {
        let Some(block) = &spec.candidates.assemble else { return Ok(Land::of_features(spec, view)) };
        let make = |(layer, _): &(&'v Layer, _)| {
            let assembly = block.resolve(&context(spec, view, memo), layer)?;
            Ok::<_, SitingError>(Arc::new(assemble(layer, assembled_id(spec, layer), Vec::new(), &assembly, &Work::default())?))
        };
        let assembled = choice(spec, view, memo)?.layers.iter().map(make).collect::<Result<_, _>>()?;
        Ok(Land { assembled, ..Land::of_features(spec, view) })
    }

    fn of_features(spec: &'v Spec, snapshot: View<'v>) -> Land<'v> {
        Land { spec, snapshot, assembled: Vec::new(), plots: None }
    }

    /// The caller's view, and beside it the layers that were made.
    pub fn view(&self) -> View<'_> {
        self.snapshot.beside(&self.assembled)
    }

    /// The layers that were made.
    pub fn assembled(&self) -> &[Arc<Layer>] {
        &self.assembled
    }

    /// The sites that the criteria are put to.
    pub(super) fn candidates<'l>(&'l self, context: &Context<'_, 'l>) -> Result<Choice<'l>, ResolveError> {
        if self.spec.candidates.assemble.is_none() {
            return Choice::of(context, &self.spec.candidates);
        }
        Ok(Choice { layers: self.assembled.iter().map(|layer| (&**layer, None)).collect(), within: None })
    }
}

impl Assemble {
    fn resolve<'v>(&self, context: &Context<'_, 'v>, layer: &'v Layer) -> Result<Assembly<'v>, ResolveError> {
        let area = Scale::area().read(&self.area).map_err(|problem| context.scale("area", problem))?;
        let gap_m = match &self.gap {
            Some(gap) => Scale::length().read(gap).map_err(|problem| context.scale("gap", problem))?.0,
            None => 0.0,
        };
        let is_in_bounds = area.0 > 0.0 && (0.0..=MOST_GAP_M).contains(&gap_m) && (1..=MAX_PLOTS).contains(&self.plots);
        if !is_in_bounds || self.owners.as_ref().is_some_and(|owners| owners.at_most == 0) {
            return Err(ResolveError::Assemble { most_plots: MAX_PLOTS });
        }
        let owners = |owners: &spec::assemble::Owners| {
            if layer.definition().column(&owners.by).is_none() {
                return Err(context.no_column(layer, &owners.by));
            }
            Ok(Owners { values: layer.values(&owners.by), most: owners.at_most as usize })
        };
        Ok(Assembly {
            area_m2: area.0,
            gap_m,
            plots: self.plots as usize,
            owners: self.owners.as_ref().map(owners).transpose()?,
            metric: context.metric,
        })
    }
}

/// Wider than any path or ditch between plots that adjoin.
const MOST_GAP_M: f64 = 100.0;

fn context<'c, 'v>(spec: &Spec, view: View<'v>, memo: &'c Memo) -> Context<'c, 'v> {
    Context { view, part: Part::Candidates, candidates: &[], in_m2: false, metric: spec.metric, memo, net_land: None }
}

fn choice<'v>(spec: &Spec, view: View<'v>, memo: &Memo) -> Result<Choice<'v>, ResolveError> {
    Choice::of(&context(spec, view, memo), &spec.candidates)
}

/// All that the choice of features depends on besides the snapshot, and how they are put together.
pub(super) fn key(spec: &Spec) -> String {
    // Texts and maps with text keys: always JSON.
    let metric = if spec.metric == Metric::Plane { " in the plane" } else { "" };
    serde_json::to_string(&spec.candidates).unwrap_or_default() + metric
}

/// Two ways to put plots of a layer together never share an id.
fn assembled_id(spec: &Spec, layer: &Layer) -> String {
    format!("{}-assembled-{}", layer.definition().id, &blake3::hash(key(spec).as_bytes()).to_hex()[..16])
}

/// About what a layer of polygons holds.
fn layer_bytes(layer: &Layer) -> usize {
    let vertices: usize = layer.shapes().iter().map(|shape| shape.vertices().len()).sum();
    vertices * 24 + layer.len() * (200 + 16 * layer.definition().columns.len())
}
