//! From metres of the plane to metres of the ground.
//!
//! Every territory's CRS is conformal: around a point the plane is the ground enlarged by one factor k, the same in all
//! directions. A reported length divides each piece of the planar one by the k of its place, a reported area by k². Lambert-93
//! stretches by −949 ppm at 46.5° N and +1,715 ppm at Lille, so plane metres would be wrong by metres in kilometres.

use std::sync::LazyLock;

use super::bounds::Bounds;
use super::projection::{cone_radius, lambert_scale, to_lon_lat, utm_scale};
use super::shape::{Kind, Shape};
use super::territory::{Frame, Projection};

/// In which metres a measure is reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Metric {
    /// Metres on the GRS80 ellipsoid.
    #[default]
    Ellipsoid,
    /// Metres of the territory's projected CRS, for comparison with tools that measure in the plane.
    Plane,
}

/// Lambert-93 is tabulated by the distance from the cone's apex: latitudes 37° to 56°, a node each 256 m, which keeps linear
/// interpolation within 3e-10 of k.
const TABLE_START: f64 = 4_900_000.0;
const TABLE_STEP: f64 = 256.0;
const TABLE_NODES: usize = 9_400;

static INVERSE_SCALES: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..TABLE_NODES).map(|node| 1.0 / lambert_scale(TABLE_START + node as f64 * TABLE_STEP)).collect());

/// By how much 1/k may change over a metre, relatively, anywhere within a territory's area of use.
const STEEPEST: f64 = 2e-8;

impl Metric {
    /// 1/k at a point of the shared plane: ground metres in one plane metre.
    #[inline]
    pub fn ground_per_plane(self, xy: [f64; 2]) -> f64 {
        match self {
            Metric::Plane => 1.0,
            Metric::Ellipsoid => inverse_scale(xy),
        }
    }

    /// Length of the straight line from `a` to `b` (Simpson's rule on 1/k along it; below 1 ppm of the geodesic up to 900 km).
    #[inline]
    pub fn length_m(self, a: [f64; 2], b: [f64; 2]) -> f64 {
        let planar = ((b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2)).sqrt();
        match self {
            Metric::Plane => planar,
            Metric::Ellipsoid => {
                let middle = [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
                planar * (inverse_scale(a) + 4.0 * inverse_scale(middle) + inverse_scale(b)) / 6.0
            }
        }
    }

    /// Area of a polygon in m², holes taken off; 0 for points and lines.
    ///
    /// Each ring is a fan of signed triangles around the middle of the shape, and 1/k² is integrated over each triangle by the
    /// midpoints of its sides, exact for quadratics: below 1e-8 for a shape of 100 km.
    pub fn area_m2(self, shape: &Shape<'_>) -> f64 {
        if shape.kind() != Kind::Polygon {
            return 0.0;
        }
        let centre = match self {
            Metric::Plane => shape.vertices().first().copied().unwrap_or_default(),
            Metric::Ellipsoid => shape.bounds().centre(),
        };
        let rings = |rings: &mut dyn Iterator<Item = &[[f64; 2]]>| {
            let outer = rings.next().map_or(0.0, |ring| self.ring_area_m2(ring, centre).abs());
            outer - rings.map(|hole| self.ring_area_m2(hole, centre).abs()).sum::<f64>()
        };
        shape.parts().map(|part| rings(&mut part.rings())).sum()
    }

    /// Signed area of a closed ring, positive when counter-clockwise; `centre` is any point near it.
    pub fn ring_area_m2(self, ring: &[[f64; 2]], centre: [f64; 2]) -> f64 {
        match self {
            Metric::Plane => planar_ring_area_m2(ring, centre),
            Metric::Ellipsoid => ground_ring_area_m2(ring, centre),
        }
    }

    /// What is known about distances that start in `bounds`.
    #[inline]
    pub fn around(self, bounds: &Bounds) -> LocalScale {
        let reach = 0.5 * (bounds.width().powi(2) + bounds.height().powi(2)).sqrt();
        LocalScale { metric: self, ground_per_plane: self.ground_per_plane(bounds.centre()), reach }
    }
}

/// Brackets for reported distances from a place, cheap enough to prune a search with.
#[derive(Debug, Clone, Copy)]
pub struct LocalScale {
    metric: Metric,
    ground_per_plane: f64,
    /// How far the place extends from its centre, in plane metres.
    reach: f64,
}

impl LocalScale {
    #[inline]
    pub fn metric(&self) -> Metric {
        self.metric
    }

    /// No reported length of a line of this planar length, starting at the place, is shorter.
    #[inline]
    pub fn at_least(&self, planar: f64) -> f64 {
        planar * self.ground_per_plane * (1.0 - self.slack(planar))
    }

    /// No reported length of a line of this planar length, starting at the place, is longer.
    #[inline]
    pub fn at_most(&self, planar: f64) -> f64 {
        planar * self.ground_per_plane * (1.0 + self.slack(planar))
    }

    /// A planar distance beyond which every reported one exceeds `reported`.
    #[inline]
    pub fn planar_reach(&self, reported: f64) -> f64 {
        let planar = reported / self.ground_per_plane;
        planar * (1.0 + 2.0 * self.slack(planar))
    }

    /// The square of a planar distance within which no reported one exceeds `reported`.
    #[inline]
    pub fn squared_sure_reach(&self, reported: f64) -> f64 {
        let planar = reported / self.ground_per_plane;
        (planar / (1.0 + self.slack(planar))).powi(2)
    }

    /// [`LocalScale::planar_reach`] squared, with room for the rounding of a square root.
    #[inline]
    pub fn squared_reach(&self, reported: f64) -> f64 {
        self.planar_reach(reported).powi(2) * (1.0 + 1e-14)
    }

    #[inline]
    fn slack(&self, planar: f64) -> f64 {
        match self.metric {
            Metric::Plane => 0.0,
            Metric::Ellipsoid => (STEEPEST * (planar + self.reach)).min(0.02),
        }
    }
}

fn planar_ring_area_m2(ring: &[[f64; 2]], centre: [f64; 2]) -> f64 {
    let cross = |pair: &[[f64; 2]]| {
        let [a, b] = [pair[0], pair[1]].map(|p| [p[0] - centre[0], p[1] - centre[1]]);
        a[0] * b[1] - a[1] * b[0]
    };
    0.5 * ring.windows(2).map(cross).sum::<f64>()
}

fn ground_ring_area_m2(ring: &[[f64; 2]], centre: [f64; 2]) -> f64 {
    let Some(first) = ring.first() else { return 0.0 };
    let squared = |point: [f64; 2]| inverse_scale(point).powi(2);
    let half = |a: [f64; 2], b: [f64; 2]| [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
    let mut spoke = squared(half(centre, *first));
    let mut six_times = 0.0;
    for pair in ring.windows(2) {
        let [a, b] = [pair[0], pair[1]].map(|p| [p[0] - centre[0], p[1] - centre[1]]);
        let next = squared(half(centre, pair[1]));
        six_times += (a[0] * b[1] - a[1] * b[0]) * (spoke + squared(half(pair[0], pair[1])) + next);
        spoke = next;
    }
    six_times / 6.0
}

#[inline]
fn inverse_scale([x, y]: [f64; 2]) -> f64 {
    let frame = Frame::of_x(x);
    match frame.territory().projection {
        Projection::Lambert93 => tabulated(cone_radius([x, y])),
        Projection::Utm { zone, .. } => 1.0 / utm_scale(zone, to_lon_lat([x, y])),
    }
}

#[inline]
fn tabulated(radius: f64) -> f64 {
    let place = ((radius - TABLE_START) / TABLE_STEP).clamp(0.0, (TABLE_NODES - 2) as f64);
    let node = place as usize;
    let table = &*INVERSE_SCALES;
    table[node] + (table[node + 1] - table[node]) * (place - node as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::projection::from_lon_lat;
    use crate::geometry::shape::Shapes;
    use crate::geometry::territory::LonLat;
    use geo::{Distance, Geodesic, GeodesicArea};

    fn metropole(lon: f64, lat: f64) -> [f64; 2] {
        from_lon_lat(Frame::of_x(0.0), LonLat { lon, lat })
    }

    #[test]
    fn scale_agrees_with_published_figures() {
        // Parts per million of Lambert-93 at these latitudes, computed from the projection's definition.
        for (lat, ppm) in
            [(41.35, 2996.0), (42.5, 1448.0), (44.0, 0.0), (46.5, -949.0), (49.0, 0.0), (50.65, 1715.0), (51.1, 2339.0)]
        {
            let k = 1.0 / Metric::Ellipsoid.ground_per_plane(metropole(3.0, lat));
            assert!(((k - 1.0) * 1e6 - ppm).abs() < 1.0, "{lat}: {}", (k - 1.0) * 1e6);
        }
    }

    #[test]
    fn lengths_agree_with_geodesics() {
        for frame in Frame::all() {
            let [west, south, east, north] = frame.territory().area_of_use;
            for i in 0..400 {
                let turn = f64::from(i);
                let at = |s: f64| 0.15 + 0.7 * (s.fract());
                let from =
                    LonLat { lon: west + (east - west) * at(turn * 0.618), lat: south + (north - south) * at(turn * 0.414) };
                let metres = 10.0_f64.powf(1.0 + 3.5 * (turn * 0.271).fract());
                let to = LonLat { lon: from.lon + metres * turn.cos() / 111e3, lat: from.lat + metres * turn.sin() / 111e3 };
                let truth = Geodesic.distance(geo::Point::new(from.lon, from.lat), geo::Point::new(to.lon, to.lat));
                let ours = Metric::Ellipsoid.length_m(from_lon_lat(frame, from), from_lon_lat(frame, to));
                assert!((ours / truth - 1.0).abs() < 2e-8, "{} {from:?} {truth} {ours}", frame.territory().key);
            }
        }
    }

    #[test]
    fn plane_and_ellipsoid_side_by_side_at_lille_and_in_corsica() {
        // 10 ha square, and a 5 km line: the plane is 343 m² and 8.6 m too large at Lille.
        for (lon, lat, area_excess, length_excess) in [(3.06, 50.65, 343.0, 8.6), (9.1, 41.5, 556.0, 13.9)] {
            let [x, y] = metropole(lon, lat);
            let side = 100_000.0_f64.sqrt() / Metric::Ellipsoid.ground_per_plane([x, y]);
            let square = geo_types::Rect::new((x - side / 2.0, y - side / 2.0), (x + side / 2.0, y + side / 2.0)).to_polygon();
            let mut shapes = Shapes::default();
            shapes.push_geometry(Some(&square.into()));
            let (plane, ground) = (Metric::Plane.area_m2(&shapes.get(0)), Metric::Ellipsoid.area_m2(&shapes.get(0)));
            assert!((ground - 100_000.0).abs() < 0.01, "{ground}");
            assert!((plane - ground - area_excess).abs() < 2.0, "{}", plane - ground);

            let ground_5km = Metric::Ellipsoid.length_m([x, y], [x + 5_000.0 * side / 100_000.0_f64.sqrt(), y]);
            let plane_5km = Metric::Plane.length_m([x, y], [x + 5_000.0 * side / 100_000.0_f64.sqrt(), y]);
            assert!((ground_5km - 5_000.0).abs() < 0.05, "{ground_5km}");
            assert!((plane_5km - ground_5km - length_excess).abs() < 0.2, "{}", plane_5km - ground_5km);
        }
    }

    #[test]
    fn areas_agree_with_geodesic_polygons() {
        // Many short sides, so that straight lines and geodesics enclose the same ground.
        for (lon, lat, radius_m) in [(3.06, 50.65, 200.0), (9.1, 42.0, 5_000.0), (2.0, 46.5, 50_000.0)] {
            let [x, y] = metropole(lon, lat);
            let turn = |i: u32| f64::from(i) * std::f64::consts::TAU / 2_000.0;
            let ring: Vec<[f64; 2]> =
                (0..=2_000).map(|i| [x + radius_m * turn(i).cos(), y + 0.5 * radius_m * turn(i).sin()]).collect();
            let positions = ring.iter().map(|&p| to_lon_lat(p)).map(|p| (p.lon, p.lat)).collect::<Vec<_>>();
            let truth = geo_types::Polygon::new(positions.into(), vec![]).geodesic_area_signed().abs();
            let ours = Metric::Ellipsoid.ring_area_m2(&ring, [x, y]);
            assert!((ours / truth - 1.0).abs() < 1e-7, "{lat} {radius_m}: {ours} {truth}");
        }
    }

    #[test]
    fn brackets_hold() {
        for frame in Frame::all() {
            let [west, south, east, north] = frame.territory().area_of_use;
            for i in 0..2_000 {
                let turn = f64::from(i);
                let lon = west + (east - west) * (0.1 + 0.8 * (turn * 0.618).fract());
                let lat = south + (north - south) * (0.1 + 0.8 * (turn * 0.414).fract());
                let from = from_lon_lat(frame, LonLat { lon, lat });
                let planar = 60_000.0 * (turn * 0.271).fract();
                let to = [from[0] + planar * turn.cos(), from[1] + planar * turn.sin()];
                let place = Metric::Ellipsoid.around(&Bounds::of(&[from]).grown(500.0));
                let reported = Metric::Ellipsoid.length_m(from, to);
                assert!(place.at_least(planar) <= reported && reported <= place.at_most(planar), "{lon} {lat} {planar}");
                assert!(planar <= place.planar_reach(reported) + 1e-9);
            }
        }
    }
}
