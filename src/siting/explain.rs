//! From what was sifted to the answer: the explanation of each site that is listed.

use crate::atlas::{Layer, View};
use crate::geometry::projection::to_lon_lat;
use crate::geometry::shape::Kind;
use crate::geometry::territory::FARTHEST_M;
use crate::siting::Study;
use crate::siting::answer::{Answer, Commune, Finding, Found, Head, Provenance, RankedSite, Removal};
use crate::siting::candidates::Place;
use crate::siting::measure::{Reading, Site, Witness};
use crate::siting::measures::{Need, Reader};
use crate::siting::ranking::{Points, Span};
use crate::siting::resolve::{Criterion, Resolved};
use crate::siting::robustness::worths;
use crate::siting::scale::{Scale, date_of};
use crate::siting::sieve::Step;
use crate::siting::spec::criterion::Measured as Written;
use crate::siting::spec::method::Method;
use crate::siting::standing::{Standing, Standings};
use crate::siting::within::{holder, representative};
use crate::siting::work::{Stopped, Work};

impl Study<'_> {
    /// The answer: counts, and the best sites explained.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn answer(&mut self, work: &Work) -> Result<Answer, Stopped> {
        let limit = self.resolved.limit;
        let passing = self.standings.passing.best(&self.resolved, limit);
        let undecided = self.standings.undecided.best(&self.resolved, limit);
        let (ranking, acceptability) = self.ranking(passing.len(), work)?;
        let mut sites = self.ranked(passing, |standings| &standings.passing, work)?;
        let undecided_sites = self.ranked(undecided, |standings| &standings.undecided, work)?;
        for (site, found) in sites.iter_mut().zip(acceptability) {
            site.acceptability = Some(found);
        }
        Ok(Answer {
            title: self.land.spec.title.clone(),
            specification: self.land.spec.hash(),
            snapshot: self.land.view().snapshot_id().to_owned(),
            program: env!("CARGO_PKG_VERSION"),
            metric: self.resolved.metric,
            candidates: self.sifted.candidates.counts,
            plots: self.land.plots,
            passing: self.standings.passing.len(),
            borderline: self.standings.borderline,
            undecided: self.standings.undecided.len(),
            ranking,
            criteria: self.heads(),
            requirements: self.removals(),
            sites,
            undecided_sites,
            sources: sources(&self.resolved),
        })
    }

    fn heads(&self) -> Vec<Head> {
        let written = self.land.spec.criteria.measured();
        let head = |(criterion, (_, written)): (&Criterion<'_>, &(String, &Written))| Head {
            name: criterion.name.clone(),
            kind: written.kind.name(),
            required: criterion.required.clone(),
            share: criterion.value.as_ref().map(|_| criterion.share.to_f64()),
            unit: criterion.unit.map(|unit| unit.symbol()),
            not_mapped: criterion.measure.not_mapped(),
        };
        self.resolved.criteria.iter().zip(&written).map(head).collect()
    }

    fn removals(&self) -> Vec<Removal> {
        let removal = |step: &Step| Removal {
            criterion: self.resolved.requirements[step.requirement].name.clone(),
            required: self.resolved.requirements[step.requirement].written.clone(),
            tested: step.tested,
            removed: step.failed,
            unknown: step.unknown,
            borderline: step.borderline,
        };
        self.sifted.steps.iter().map(removal).collect()
    }

    /// Sites of a standing, explained in the order given.
    fn ranked(
        &mut self,
        best: Vec<usize>,
        standing: impl Fn(&Standings) -> &Standing,
        work: &Work,
    ) -> Result<Vec<RankedSite>, Stopped> {
        let places: Vec<Place> = best.iter().map(|&place| standing(&self.standings).places[place]).collect();
        let scores: Vec<Span> = best.iter().map(|&place| standing(&self.standings).scores[place]).collect();
        self.measure(&places, work)?;
        let mut sites = self.explained(&places, &scores);
        let intervals = standing(&self.standings).rank_intervals(&best);
        for ((rank, site), interval) in (1..).zip(&mut sites).zip(intervals) {
            (site.rank, site.rank_interval) = (rank, interval);
        }
        let undominated = self.undominated(standing(&self.standings), &best);
        sites.iter_mut().zip(undominated).for_each(|(site, stands)| site.undominated = Some(stands));
        Ok(sites)
    }

    /// Sites in full, unranked: each criterion measured to the end, without the limits within which sifting looks. No outcome
    /// and no contribution changes by that.
    ///
    /// # Errors
    /// The work was stopped.
    pub fn explain(&mut self, places: &[Place], work: &Work) -> Result<Vec<RankedSite>, Stopped> {
        self.measure(places, work)?;
        let scores: Vec<Span> = places.iter().map(|&place| self.score(place)).collect();
        Ok(self.explained(places, &scores))
    }

    fn measure(&mut self, places: &[Place], work: &Work) -> Result<(), Stopped> {
        for criterion in 0..self.resolved.criteria.len() {
            let need = Need { criterion, reach_m: FARTHEST_M };
            self.measures.fill(&self.resolved, need, places.iter().copied(), work)?;
        }
        Ok(())
    }

    fn explained(&self, places: &[Place], scores: &[Span]) -> Vec<RankedSite> {
        let readers = self.measures.read_all(&self.resolved);
        places.iter().zip(scores).map(|(&place, &score)| self.site(&readers, place, score)).collect()
    }

    /// A site whose criteria are measured.
    fn site(&self, readers: &[Reader<'_, '_>], place: Place, score: Span) -> RankedSite {
        let site = self.resolved.site(place);
        let findings: Vec<Finding> = readers.iter().map(|reader| finding(reader, place, self.resolved.method)).collect();
        let worths = worths(readers, &[place]);
        let shape = site.layer.shape(site.row);
        let position = representative(site.layer, site.row).map(to_lon_lat);
        RankedSite {
            rank: 0,
            rank_interval: [0, 0],
            score: score.low.to_f64(),
            score_interval: [score.low, score.high].map(Points::to_f64),
            layer: site.layer.definition().id.clone(),
            id: site.id().to_owned(),
            name: site.layer.name(site.row).map(str::to_owned),
            commune: commune(self.land.view(), &site),
            area_m2: (shape.kind() == Kind::Polygon).then(|| self.resolved.metric.area_m2(&shape)),
            lon: position.map(|position| degrees(position.lon)),
            lat: position.map(|position| degrees(position.lat)),
            weakest: worths.weakest(0).map(|weakest| worths.criteria()[weakest].name.clone()),
            undominated: None,
            acceptability: None,
            findings,
            row: site.row,
        }
    }
}

/// Seven decimals: a centimetre.
fn degrees(angle: f64) -> f64 {
    (angle * 1e7).round() / 1e7
}

fn finding(reader: &Reader<'_, '_>, place: Place, method: Method) -> Finding {
    let (criterion, cell) = (reader.criterion, reader.measured(place));
    let unknown = match &cell.reading {
        Reading::Unknown(reason) => Some(reason.sentence()),
        _ => None,
    };
    let judged = reader.judged(place);
    // Of an additive score alone something is a part.
    let worth = reader.worth(place).filter(|_| method.is_additive());
    let uncertain = worth.filter(|span| span.low != span.high);
    Finding {
        criterion: criterion.name.clone(),
        value: shown(criterion, &cell.reading),
        at_least: matches!(cell.reading, Reading::Number { low, high } if low < high),
        unit: criterion.unit.filter(|_| unknown.is_none()).map(|unit| unit.symbol()),
        outcome: criterion.rule.as_ref().map(|_| judged.outcome),
        borderline: judged.borderline,
        worth: reader.value(place).map(|[least, _]| least),
        contribution: worth.map(|span| span.low.to_f64()),
        contribution_interval: uncertain.map(|span| [span.low, span.high].map(Points::to_f64)),
        witness: cell.witness.and_then(|witness| found(criterion, &witness)),
        unknown,
    }
}

fn shown(criterion: &Criterion<'_>, reading: &Reading) -> serde_json::Value {
    match (reading, criterion.scale) {
        (Reading::Unknown(_), _) => serde_json::Value::Null,
        (Reading::Word(word), _) => criterion.measure.words().get(*word as usize).copied().into(),
        (&Reading::Number { low, .. }, Scale::Truth) => (low != 0.0).into(),
        (&Reading::Number { low, .. }, Scale::Date) => date_of(low).map_or("never".to_owned(), |date| date.to_string()).into(),
        (&Reading::Number { low, .. }, _) => criterion.unit.map_or(low, |unit| low / unit.to_base(1.0)).into(),
    }
}

fn found(criterion: &Criterion<'_>, witness: &Witness) -> Option<Found> {
    let layer = *criterion.measure.layers().get(usize::from(witness.target))?;
    let position = |point: [f64; 2]| {
        let position = to_lon_lat(point);
        [degrees(position.lon), degrees(position.lat)]
    };
    Some(Found {
        layer: layer.definition().id.clone(),
        id: layer.id(witness.row).to_owned(),
        name: layer.name(witness.row).map(str::to_owned),
        way: witness.way.map(|way| way.map(position)),
    })
}

/// By the layer's own column `commune`, else by where the site lies among the communes.
fn commune(view: View<'_>, site: &Site<'_>) -> Option<Commune> {
    let communes = view.layer("communes");
    let named = |layer: &Layer, row: u32| Commune { code: layer.id(row).to_owned(), name: layer.name(row).map(str::to_owned) };
    if let Some(code) = site.layer.values("commune").and_then(|values| values.text(site.row)) {
        let row = communes.and_then(|layer| Some((layer, layer.row_of(code)?)));
        return Some(row.map_or_else(|| Commune { code: code.to_owned(), name: None }, |(layer, row)| named(layer, row)));
    }
    let (layer, point) = (communes?, representative(site.layer, site.row)?);
    holder(layer, point).map(|row| named(layer, row))
}

fn sources(resolved: &Resolved<'_>) -> Vec<Provenance> {
    let measured = resolved.criteria.iter().flat_map(|criterion| criterion.measure.layers());
    let mut layers: Vec<&Layer> = resolved.choice.layers.iter().map(|(layer, _)| *layer).chain(measured).collect();
    layers.sort_by(|a, b| a.definition().id.cmp(&b.definition().id));
    layers.dedup_by_key(|layer| layer.definition().id.clone());
    let provenance = |layer: &Layer| {
        let definition = layer.definition();
        Provenance {
            layer: definition.id.clone(),
            title: definition.title.clone(),
            publisher: definition.source.publisher.clone(),
            licence: definition.source.licence.clone(),
            vintage: definition.source.vintage.clone(),
            address: definition.source.address.clone(),
            precision_m: definition.precision_m,
        }
    };
    layers.into_iter().map(provenance).collect()
}
