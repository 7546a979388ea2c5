//! How much the layers of a tile must be thinned so that none of its zoom is too large.
//!
//! What decides is the heaviest tile of a whole zoom, found by weighing every vertex of a layer: all tiles of the zoom are thinned
//! alike, the light ones too, or a map would be even in one tile and thin in the next (steps: [`Drawing::step`]). Of several layers
//! in one tile the one whose heaviest tile is largest takes the next step, until the sum of the heaviest fits.

use std::collections::HashMap;
use std::sync::PoisonError;

use crate::layer::value::Values;
use crate::tiles::address::Address;
use crate::tiles::compress::{Encoding, compress};
use crate::tiles::draw::Drawing;
use crate::tiles::pyramid::Pyramid;
use crate::tiles::simplify::level_for;
use crate::tiles::{Canvas, Source};

/// What a layer's heaviest tiles of a zoom weigh, in bytes compressed, at each step so far asked for.
#[derive(Debug, Default)]
pub struct Curve {
    heaviest: Vec<Address>,
    /// What the heaviest weighs at most, where none was drawn.
    light: usize,
    sizes: HashMap<u8, usize>,
}

/// So many tiles of a zoom are drawn to find the heaviest among them.
const CANDIDATES: usize = 6;

/// Bytes of a vertex, a feature, and a column of text or of anything else, in a tile that is not compressed: never less than they are
/// but for long words.
const VERTEX: f64 = 4.0;
const FEATURE: f64 = 24.0;
const TEXT: f64 = 40.0;
const OTHER: f64 = 12.0;

/// A layer whose heaviest tile weighs less than this share of the budget is not drawn to know it better.
const LIGHT: f64 = 1.0 / 8.0;

/// What is aimed at: the tiles that were weighed are seldom the very heaviest, by a few hundredths.
const AIM: f64 = 0.95;

/// The step of each source; `None` when nobody waits any more. First by octaves, then back to the smallest step that fits.
pub fn steps(sources: &[&Source], canvas: &Canvas, drawing: &Drawing) -> Option<Vec<u8>> {
    let mut steps = vec![0u8; sources.len()];
    let budgets = sources.iter().filter_map(|source| source.tiles()?.budget());
    let Some(budget) = budgets.min().filter(|_| drawing.thin) else { return Some(steps) };
    let budget = (budget as f64 * AIM) as usize;
    let size = |place: usize, step: u8| size(sources[place], step, canvas, (drawing, budget));
    let mut sizes = (0..sources.len()).map(|place| size(place, 0)).collect::<Option<Vec<usize>>>()?;
    while sizes.iter().sum::<usize>() > budget {
        let open = (0..sizes.len()).filter(|&place| steps[place] < Drawing::LAST_STEP);
        let Some(largest) = open.max_by_key(|&place| sizes[place]) else { return Some(steps) };
        steps[largest] += Drawing::OCTAVE;
        sizes[largest] = size(largest, steps[largest])?;
    }
    let mut thinned: Vec<usize> = (0..sizes.len()).filter(|&place| steps[place] > 0).collect();
    thinned.sort_by_key(|&place| sizes[place]);
    while let Some(place) = thinned.pop() {
        let left = budget - (sizes.iter().sum::<usize>() - sizes[place]);
        let (mut too_large, mut fits) = (steps[place] - Drawing::OCTAVE, steps[place]);
        while fits - too_large > 1 {
            let middle = too_large + (fits - too_large) / 2;
            *(if size(place, middle)? <= left { &mut fits } else { &mut too_large }) = middle;
        }
        (steps[place], sizes[place]) = (fits, size(place, fits)?);
    }
    Some(steps)
}

fn size(source: &Source, step: u8, canvas: &Canvas, (drawing, budget): (&Drawing, usize)) -> Option<usize> {
    let Canvas { address, pyramid, go_on } = *canvas;
    let key = format!("{:?}/{}/{}", address.grid(), address.zoom(), source.content());
    let curve = pyramid.curve(key, || weigh(source, address, budget, pyramid));
    let mut curve = curve.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(size) = curve.sizes.get(&step) {
        return Some(*size);
    }
    let drawing = Drawing { step, ..source.drawing(drawing) };
    let mut heaviest = curve.light;
    for &address in &curve.heaviest {
        let mut tile = Vec::new();
        source.draw(&Canvas { address, pyramid, go_on }, &drawing, &mut tile);
        if !go_on() {
            return None;
        }
        heaviest = heaviest.max(compress(tile, Encoding::Gzip).len());
    }
    curve.sizes.insert(step, heaviest);
    Some(heaviest)
}

/// The tiles of a zoom that weigh most, or what the heaviest weighs at most where that is little.
fn weigh(source: &Source, address: Address, budget: usize, pyramid: &Pyramid) -> Curve {
    let (grid, zoom) = (address.grid(), address.zoom());
    let (world, extent) = (source.world(pyramid, grid), source.drawing(&Drawing::default()).extent);
    let level = level_for(zoom, extent);
    let columns: f64 = source.columns(address.detail()).iter().map(|(_, values)| bytes_of(values)).sum();
    let mut weights: HashMap<[u32; 2], f64> = HashMap::new();
    for row in (0..world.len()).filter(|&row| source.keep.is_none_or(|keep| keep(row))) {
        let Some(anchor) = world.anchor(row) else { continue };
        let at = |position: [u32; 2]| position.map(|cell| (u64::from(cell) << zoom >> 32) as u32);
        *weights.entry(at(anchor)).or_default() += FEATURE + columns;
        world.weigh(row, level, |position, vertices| *weights.entry(at(position)).or_default() += VERTEX * vertices as f64);
    }
    let mut heaviest: Vec<([u32; 2], f64)> = weights.into_iter().collect();
    heaviest.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    heaviest.truncate(CANDIDATES);
    let most = heaviest.first().map_or(0.0, |(_, most)| *most);
    if most <= budget as f64 * LIGHT {
        return Curve { light: most as usize, ..Curve::default() };
    }
    let address = |[x, y]: [u32; 2]| Address::on(grid, u64::from(zoom), u64::from(x), u64::from(y)).ok();
    Curve { heaviest: heaviest.into_iter().filter_map(|(tile, _)| address(tile)).collect(), ..Curve::default() }
}

fn bytes_of(values: &Values) -> f64 {
    if matches!(values, Values::Text { .. }) { TEXT } else { OTHER }
}
