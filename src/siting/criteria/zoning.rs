//! `zoning`: how much of the candidate lies where the zoning plan allows a use, allows it under conditions, or forbids it.

use geo_types::MultiPolygon;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::area::perimeter;
use super::targets::{Layers, Targets};
use super::uses::Lists;
use crate::atlas::Layer;
use crate::geometry::overlap::{area_m2, difference, union};
use crate::geometry::scale::Metric;
use crate::geometry::shape::Kind;
use crate::layer::uses::Listed;
use crate::siting::context::Context;
use crate::siting::measure::{Measured, Reading, Reason, Site, Witness};
use crate::siting::resolve::ResolveError;
use crate::siting::scale::Scale;

/// Share of the candidate where the plan says so of a use. Ground that no plan covers, whose lists leave the use out, or of which
/// two plans say different things, may or may not be: the share then lies between two ends. Strips narrower than the plan's
/// precision, such as those along a border that plot and zone draw differently, are left out of the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zoning {
    /// A layer of zones with the columns `allowed`, `conditional`, `forbidden` (codes separated by dashes) and `zone`.
    pub plan: String,
    /// Code of the use in the national standard: `51` industry, `52` warehouse, `53` office.
    pub destination: String,
    pub state: Wanted,
}

/// What the plan is to say of the use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    Allowed,
    Conditional,
    Forbidden,
    AllowedOrConditional,
}

impl Wanted {
    fn is(self, state: Listed) -> bool {
        match self {
            Wanted::Allowed => state == Listed::Allowed,
            Wanted::Conditional => state == Listed::Conditional,
            Wanted::Forbidden => state == Listed::Forbidden,
            Wanted::AllowedOrConditional => state != Listed::Forbidden,
        }
    }
}

/// Common ground of less than this, in m², is the rounding of coordinates.
const ROUNDING_M2: f64 = 0.01;

#[derive(Debug)]
pub struct Zoned<'v> {
    plan: Targets<'v>,
    lists: Lists<'v>,
    wanted: Wanted,
    /// Strips narrower than this are left out.
    precision_m: f64,
}

/// The ground of a site, by what the plan says of it.
struct Ground {
    yes: MultiPolygon<f64>,
    no: MultiPolygon<f64>,
    unsaid: MultiPolygon<f64>,
    witness: Option<Witness>,
}

impl Zoning {
    pub fn resolve<'v>(&self, context: &Context<'_, 'v>) -> Result<Zoned<'v>, ResolveError> {
        let plan = Targets::resolve(context, &Layers::One(self.plan.clone()), None)?;
        let layer = context.layer(&self.plan)?;
        let lists = Lists::resolve(context, layer, &self.destination)?;
        Ok(Zoned { plan, lists, wanted: self.state, precision_m: layer.definition().precision_m })
    }
}

impl<'v> Zoned<'v> {
    pub fn of(&self, site: &Site<'_>, metric: Metric) -> Measured {
        match site.layer.shape(site.row).kind() {
            Kind::Empty => return Measured::unknown(Reason::NoGeometry),
            Kind::Point | Kind::Line => return Measured::unknown(Reason::NoSurface),
            Kind::Polygon if !self.plan.cover(site) => return Measured::unknown(Reason::NoData),
            Kind::Polygon => {}
        }
        let ground = self.ground(site, metric);
        let firm = [&ground.yes, &ground.no, &ground.unsaid].map(|part| firm_m2(part, metric, self.precision_m));
        // A candidate that is itself such a strip is taken as it is.
        let [yes, no, unsaid] = match firm.iter().sum::<f64>() > 0.0 {
            true => firm,
            false => [&ground.yes, &ground.no, &ground.unsaid].map(|part| area_m2(part, metric)),
        };
        let both = yes + no - area_m2(&union(&[ground.yes, ground.no]), metric);
        let both = if both > ROUNDING_M2 && firm[0] > 0.0 && firm[1] > 0.0 { both.min(yes).min(no) } else { 0.0 };
        let whole = yes + no + unsaid - both;
        if unsaid >= whole {
            return Measured::unknown(Reason::Unsaid);
        }
        let (low, high) = ((yes - both) / whole, 1.0 - (no - both) / whole);
        let (low, high) = (low.clamp(0.0, 1.0), if unsaid + both > 0.0 { high.clamp(low, 1.0) } else { low.clamp(0.0, 1.0) });
        // A site within one zone, strips aside, is so for certain.
        let of_one_kind = low == high && (low == 0.0 || low == 1.0);
        let tolerance = if of_one_kind { 0.0 } else { self.plan.tolerance(site) * perimeter(site) / whole };
        Measured { reading: Reading::Number { low, high }, witness: ground.witness, tolerance }
    }

    fn ground(&self, site: &Site<'_>, metric: Metric) -> Ground {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        let mut most: Option<(f64, Witness)> = None;
        let footprint = site.footprint();
        for (target, plan) in self.plan.iter() {
            plan.layer.overlaps(
                &footprint,
                |_| true,
                |row, common| {
                    let area = area_m2(&common, metric);
                    if area > ROUNDING_M2 && most.is_none_or(|(best, _)| area > best) {
                        most = Some((area, Witness { target, row, way: None }));
                    }
                    match self.lists.state(row) {
                        Some(state) if self.wanted.is(state) => yes.push(common),
                        Some(_) => no.push(common),
                        None => {}
                    }
                },
            );
        }
        let [yes, no] = [union(&yes), union(&no)];
        let unsaid = difference(&footprint, &union(&[yes.clone(), no.clone()]));
        Ground { yes, no, unsaid, witness: most.map(|(_, witness)| witness) }
    }

    pub fn scale(&self) -> Scale {
        Scale::share()
    }

    pub fn layers(&self) -> Vec<&'v Layer> {
        self.plan.layers()
    }

    pub fn cost(&self) -> f64 {
        8_000.0 * self.plan.roughness()
    }
}

/// Area of those polygons that are wider than the precision. Twice the area over the perimeter is the width of a strip.
fn firm_m2(part: &MultiPolygon<f64>, metric: Metric, precision_m: f64) -> f64 {
    let length = |ring: &geo_types::LineString<f64>| ring.lines().map(|line| line.dx().hypot(line.dy())).sum::<f64>();
    let firm = part.0.iter().filter(|polygon| {
        let area = area_m2(&MultiPolygon(vec![(*polygon).clone()]), Metric::Plane);
        let around: f64 = std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(length).sum();
        area > ROUNDING_M2 && 2.0 * area > precision_m * around
    });
    area_m2(&MultiPolygon(firm.cloned().collect()), metric)
}
