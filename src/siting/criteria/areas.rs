//! Features by the area they belong to: all communes of the intercommunality that holds the candidate.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::targets::Targets;
use crate::atlas::Layer;
use crate::siting::context::Context;
use crate::siting::measure::Site;
use crate::siting::resolve::ResolveError;
use crate::siting::within::{holder, representative};

/// A layer of areas, and which features belong to each: those whose representative point it holds.
#[derive(Debug)]
pub struct Areas<'v> {
    pub layer: &'v Layer,
    /// For each target layer, the rows of each area.
    members: Vec<Arc<Vec<Vec<u32>>>>,
}

impl<'v> Areas<'v> {
    pub fn resolve(context: &Context<'_, 'v>, id: &str, targets: &Targets<'v>) -> Result<Areas<'v>, ResolveError> {
        let layer = context.layer(id)?;
        let members = targets.iter().map(|(_, target)| {
            let of = target.layer;
            let key = format!("{} in each of {}", of.definition().id, layer.definition().id);
            let bytes = |members: &Vec<Vec<u32>>| members.len() * size_of::<Vec<u32>>() + of.len() * size_of::<u32>();
            context.memo.get(&key, bytes, || members(of, layer))
        });
        let members = members.collect();
        Ok(Areas { layer, members })
    }

    /// The area that a site belongs to.
    pub fn of(&self, site: &Site<'_>) -> Option<u32> {
        holder(self.layer, representative(site.layer, site.row)?)
    }

    /// Calls `visit` with the features of the site's area, as the place of their layer and ranges of one row each, increasing.
    pub fn visit(&self, site: &Site<'_>, targets: &Targets<'v>, mut visit: impl FnMut(u16, Range<u32>)) {
        let Some(area) = self.of(site) else { return };
        for ((place, target), members) in targets.iter().zip(&self.members) {
            members[area as usize].iter().filter(|&&row| target.keeps(row)).for_each(|&row| visit(place, row..row + 1));
        }
    }
}

fn members(of: &Layer, areas: &Layer) -> Vec<Vec<u32>> {
    let area = |row: u32| holder(areas, representative(of, row)?);
    let found: Vec<Option<u32>> = of.rows().into_par_iter().map(area).collect();
    let mut members = vec![Vec::new(); areas.len()];
    for (row, area) in (0_u32..).zip(found) {
        if let Some(area) = area {
            members[area as usize].push(row);
        }
    }
    members
}
