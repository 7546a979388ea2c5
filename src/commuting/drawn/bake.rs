//! What a level, or the flows of one territory, look like whatever the tile: where nodes stand, how wide flows are, which come first.

use crate::commuting::CommutingError;
use crate::commuting::FLOOR;
use crate::commuting::book::{Between, Commuting};
use crate::commuting::drawn::RADII_PX;
use crate::commuting::drawn::curve::Chord;
use crate::commuting::matrix::Matrix;
use crate::commuting::portrait::Hidden;
use crate::commuting::star::{Star, heaviest};
use crate::commuting::words::Filter;
use crate::commuting::workers::Workers;
use crate::geometry::bounds::Bounds;
use crate::geometry::packed::{PackedTree, order_along_hilbert};
use crate::geometry::projection::to_mercator;
use crate::geometry::territory::Frame;
use crate::territory::{Areas, Level, Territory};
use crate::tiles::grid::HALF_SIDE_M;
use crate::tiles::world::CELLS;

/// Flows and nodes ready to be drawn.
#[derive(Debug)]
pub struct Baked {
    pub level: Level,
    pub nodes: Vec<Node>,
    /// Biggest first: a flow's rank is its place + 1.
    pub flows: Vec<Flow>,
    /// The flow that is drawn at full width: the 98.5th percentile of the level.
    pub full: Workers,
    /// Flows of at least the floor with an end that has no place on the map, or across an ocean.
    pub not_drawn: Hidden,
    /// Boxes of the curves along a Hilbert curve, and whose they are.
    tree: PackedTree,
    by_box: Vec<u32>,
    /// The node of each area; [`NOWHERE`] for one without.
    places: Vec<u32>,
}

#[derive(Debug, Clone)]
pub struct Node {
    pub code: String,
    pub name: String,
    /// On the world grid.
    pub at: [f64; 2],
    pub incoming: Workers,
    pub outgoing: Workers,
    pub internal: Workers,
    /// How many communes it stands for.
    pub members: u32,
    pub radius_px: f64,
    frame: Frame,
}

/// Places of its nodes, and how many go.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    pub from: u32,
    pub to: u32,
    pub workers: Workers,
}

/// The share of a level's flows that are narrower than the widest.
const FULL_AT: f64 = 0.985;

impl Baked {
    /// All flows of a level.
    pub fn of_level(book: &Commuting, level: Level, areas: &Areas, flows: &Matrix, between: &Between) -> Baked {
        let members = members(areas);
        let matrix = &between.matrix;
        let node = |area: u32| {
            let own = matrix.leaving(area).find(|pair| pair.to == area).map_or(Workers::default(), |pair| pair.workers);
            let live: Workers = matrix.leaving(area).map(|pair| pair.workers).sum();
            let work: Workers = matrix.arriving(area).map(|pair| pair.workers).sum();
            let counts = Counts { incoming: work - own, outgoing: live - own, internal: own };
            Node::new(book, flows, [areas.code(area), areas.name(area)], &members[area as usize], counts)
        };
        let nodes: Vec<Option<Node>> = (0..areas.len() as u32).map(node).collect();
        let pairs = matrix.pairs().filter(|pair| pair.from != pair.to && pair.workers >= Workers::whole(FLOOR));
        let flows = pairs.map(|pair| Flow { from: pair.from, to: pair.to, workers: pair.workers });
        Baked::new(level, nodes, flows.collect(), None)
    }

    /// The flows of one territory with the areas of a level: those that come, those that go, or both. As wide as in that level.
    ///
    /// # Errors
    /// `NoLevel`, `NoDetail`, `UnknownWord`.
    pub fn of_star(book: &Commuting, level: Level, filter: &Filter, around: &Around) -> Result<Baked, CommutingError> {
        let (whole, between) = (book.baked(level, filter)?, book.between(level, filter)?);
        let areas = book.geography.areas(level)?;
        let filtered = book.filtered(filter)?;
        let matrix = filtered.as_deref().unwrap_or(&book.flows);
        let star = Star::of(matrix, &around.territory, &between.slots);
        let center = areas.len() as u32;
        let mut counts = vec![Counts::default(); areas.len()];
        let known = |partner: &&(u32, Workers)| partner.0 < center;
        star.outgoing.iter().filter(known).for_each(|&(slot, workers)| counts[slot as usize].incoming = workers);
        star.incoming.iter().filter(known).for_each(|&(slot, workers)| counts[slot as usize].outgoing = workers);
        let own: Vec<u32> = around.territory.communes.iter().map(|&commune| between.slots[commune as usize]).collect();
        let node = |(slot, counts): (usize, Counts)| {
            let area = slot as u32;
            if !own.contains(&area) {
                return whole.node_of(area).filter(|_| counts != Counts::default()).map(|node| node.with(counts));
            }
            // Of an area that holds part of the territory, what lies outside it.
            let rest = members_of(areas, area).filter(|&commune| !around.territory.holds(commune));
            let shown = counts != Counts::default();
            Node::new(book, matrix, [areas.code(area), areas.name(area)], &rest.collect::<Vec<_>>(), counts).filter(|_| shown)
        };
        let mut nodes: Vec<Option<Node>> = counts.into_iter().enumerate().map(node).collect();
        let Territory { code, name, communes, .. } = &around.territory;
        let counts = Counts { incoming: star.arriving(), outgoing: star.leaving(), internal: star.internal };
        nodes.push(Node::new(book, matrix, [code, name], communes, counts));
        Ok(Baked::new(level, nodes, star_flows(&star, center, around.direction), Some(whole.full)))
    }

    fn new(level: Level, nodes: Vec<Option<Node>>, flows: Vec<Flow>, full: Option<Workers>) -> Baked {
        let mut places = vec![NOWHERE; nodes.len()];
        let mut kept: Vec<Node> = Vec::new();
        for (slot, node) in nodes.into_iter().enumerate() {
            if let Some(node) = node {
                places[slot] = kept.len() as u32;
                kept.push(node);
            }
        }
        let mut nodes = kept;
        set_radii(&mut nodes);
        let place = |slot: u32| places.get(slot as usize).copied().filter(|&place| place != NOWHERE);
        let together = |(a, b): &(u32, u32)| nodes[*a as usize].frame == nodes[*b as usize].frame;
        let (mut drawn, mut not_drawn) = (Vec::new(), Hidden::default());
        for flow in flows {
            match place(flow.from).zip(place(flow.to)).filter(together) {
                Some((from, to)) => drawn.push(Flow { from, to, ..flow }),
                None => not_drawn = Hidden { flows: not_drawn.flows + 1, workers: not_drawn.workers + flow.workers },
            }
        }
        drawn.sort_unstable_by_key(|flow| (std::cmp::Reverse(flow.workers), flow.from, flow.to));
        let full = full.unwrap_or_else(|| percentile(&drawn));
        let boxes: Vec<Bounds> = drawn.iter().map(|flow| chord(&nodes, flow).bounds()).collect();
        let extent = boxes.iter().fold(Bounds::EMPTY, |all, own| all.union(*own));
        let by_box = order_along_hilbert(&boxes, &extent);
        let tree = PackedTree::new(by_box.iter().map(|&flow| boxes[flow as usize]));
        Baked { level, nodes, flows: drawn, full, not_drawn, tree, by_box, places }
    }

    /// The node of an area of the level.
    fn node_of(&self, area: u32) -> Option<&Node> {
        self.nodes.get(*self.places.get(area as usize)? as usize)
    }

    pub fn chord(&self, flow: &Flow) -> Chord {
        chord(&self.nodes, flow)
    }

    /// Square root of the flow over the full one, at most 1.
    pub fn width(&self, flow: &Flow) -> f64 {
        flow.workers.share_of(self.full).map_or(1.0, |share| share.sqrt().min(1.0))
    }

    /// Flows whose curve may meet a window of the world grid, biggest first, and at most so many.
    pub fn flows_in(&self, window: &Bounds, most: usize) -> Vec<u32> {
        let mut found = Vec::new();
        self.tree.meeting(window, |place| found.push(self.by_box[place as usize]));
        if found.len() > most {
            found.select_nth_unstable(most);
            found.truncate(most);
        }
        found.sort_unstable();
        found
    }
}

/// A slot of what has no place on the map.
const NOWHERE: u32 = u32::MAX;

/// Flows of at least the floor between a territory, whose slot is `center`, and its partners. What a level leaves over has slots from
/// `center` on: not to be taken for the territory itself.
fn star_flows(star: &Star, center: u32, direction: Direction) -> Vec<Flow> {
    let partner = |slot: u32| if slot >= center { NOWHERE } else { slot };
    let goes = star.outgoing.iter().filter(|_| direction != Direction::In);
    let comes = star.incoming.iter().filter(|_| direction != Direction::Out);
    let goes = goes.map(|&(to, workers)| Flow { from: center, to: partner(to), workers });
    let comes = comes.map(|&(from, workers)| Flow { from: partner(from), to: center, workers });
    goes.chain(comes).filter(|flow| flow.workers >= Workers::whole(FLOOR)).collect()
}

fn chord(nodes: &[Node], flow: &Flow) -> Chord {
    Chord { from: nodes[flow.from as usize].at, to: nodes[flow.to as usize].at }
}

/// Whose flows, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    pub territory: Territory,
    pub direction: Direction,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Those who come to work here.
    In,
    /// Those who go to work elsewhere.
    Out,
    #[default]
    Both,
}

impl Direction {
    pub fn word(self) -> &'static str {
        match self {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::Both => "both",
        }
    }
}

impl std::str::FromStr for Direction {
    type Err = CommutingError;

    fn from_str(word: &str) -> Result<Direction, CommutingError> {
        let all = [Direction::In, Direction::Out, Direction::Both];
        all.into_iter().find(|direction| direction.word() == word).ok_or_else(|| CommutingError::Direction(word.to_owned()))
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Counts {
    incoming: Workers,
    outgoing: Workers,
    internal: Workers,
}

impl Node {
    /// `None` where no commune of it has a place on the map.
    fn new(book: &Commuting, flows: &Matrix, [code, name]: [&str; 2], communes: &[u32], counts: Counts) -> Option<Node> {
        let commune = heaviest(book, flows, communes.iter().copied())?;
        let point = book.geography.point(commune)?;
        let cell = |metres: f64| (metres + HALF_SIDE_M) / (2.0 * HALF_SIDE_M) * CELLS;
        let [x, y] = to_mercator(point);
        Some(Node {
            code: code.to_owned(),
            name: name.to_owned(),
            at: [cell(x), cell(-y)],
            incoming: counts.incoming,
            outgoing: counts.outgoing,
            internal: counts.internal,
            members: communes.len() as u32,
            radius_px: 0.0,
            frame: Frame::of_x(point[0]),
        })
    }

    fn with(&self, counts: Counts) -> Node {
        let Counts { incoming, outgoing, internal } = counts;
        Node { incoming, outgoing, internal, ..self.clone() }
    }

    fn weight(&self) -> Workers {
        self.incoming + self.outgoing + self.internal
    }
}

/// By the square root of who come, go and stay, over that of the 98.5th percentile.
fn set_radii(nodes: &mut [Node]) {
    let mut weights: Vec<Workers> = nodes.iter().map(Node::weight).collect();
    weights.sort_unstable();
    let full = at_percentile(&weights);
    let [smallest, largest] = RADII_PX;
    for node in nodes {
        let share = node.weight().share_of(full).map_or(0.0, |share| share.sqrt().min(1.0));
        node.radius_px = smallest + share * (largest - smallest);
    }
}

/// Of flows, biggest first.
fn percentile(flows: &[Flow]) -> Workers {
    let sizes: Vec<Workers> = flows.iter().rev().map(|flow| flow.workers).collect();
    at_percentile(&sizes)
}

/// The nearest rank, of sizes in order.
fn at_percentile(sizes: &[Workers]) -> Workers {
    let place = (FULL_AT * sizes.len() as f64).ceil() as usize;
    sizes.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

/// The communes of one area.
fn members_of(areas: &Areas, area: u32) -> impl Iterator<Item = u32> + '_ {
    areas.of_commune().iter().enumerate().filter(move |(_, own)| **own == area).map(|(commune, _)| commune as u32)
}

/// The communes of each area.
fn members(areas: &Areas) -> Vec<Vec<u32>> {
    let mut members = vec![Vec::new(); areas.len()];
    for (commune, &area) in areas.of_commune().iter().enumerate() {
        if let Some(members) = members.get_mut(area as usize) {
            members.push(commune as u32);
        }
    }
    members
}
