//! Closed forms between a territory's metres, longitude and latitude, and Web Mercator.
//!
//! Everything is on the GRS80 ellipsoid, to which all six territories' datums belong. Sources: Snyder, *Map Projections: A
//! Working Manual* (USGS PP 1395, 1987), §8 and §15; EPSG Guidance Note 7-2, methods 9802 and 9807 (Krüger's series in the third
//! flattening). The tests hold them to PROJ within a micrometre. Ingest projects with PROJ itself;
//! these serve the hot direction, from stored metres to a map or an answer.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

use super::bounds::Bounds;
use super::territory::{Frame, LonLat, Projection};

/// GRS80 semi-major axis in metres.
const A: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_222_101;
const E2: f64 = FLATTENING * (2.0 - FLATTENING);
/// Third flattening.
const N3: f64 = FLATTENING / (2.0 - FLATTENING);

/// Lambert-93: cone constant, and radius of the cone's parallel at the isometric equator in metres.
const CONE: f64 = 0.725_607_765_053_269_5;
const CONE_RADIUS: f64 = 11_754_255.426_096_004;
const APEX: [f64; 2] = [700_000.0, 12_655_612.049_875_986];
const CENTRAL_MERIDIAN: f64 = 3.0;

/// UTM scale on the central meridian, false easting, false northing of the southern hemisphere.
const UTM_SCALE: f64 = 0.9996;
const UTM_EASTING: f64 = 500_000.0;
const UTM_SOUTHING: f64 = 10_000_000.0;

/// Longitude and latitude of a point of the shared plane.
pub fn to_lon_lat([x, y]: [f64; 2]) -> LonLat {
    let frame = Frame::of_x(x);
    let easting = x - frame.offset();
    match frame.territory().projection {
        Projection::Lambert93 => lambert_inverse([easting, y]),
        Projection::Utm { zone, south } => utm_inverse(zone, south, [easting, y]),
    }
}

/// The point of the shared plane at a longitude and latitude, in the CRS of `frame`.
pub fn from_lon_lat(frame: Frame, position: LonLat) -> [f64; 2] {
    let [easting, northing] = match frame.territory().projection {
        Projection::Lambert93 => lambert_forward(position),
        Projection::Utm { zone, south } => utm_forward(zone, south, position),
    };
    [easting + frame.offset(), northing]
}

/// EPSG:3857 metres of a point of the shared plane.
pub fn to_mercator(xy: [f64; 2]) -> [f64; 2] {
    mercator_of(to_lon_lat(xy))
}

/// EPSG:3857 metres of a position.
pub fn mercator_of(position: LonLat) -> [f64; 2] {
    [A * position.lon.to_radians(), A * position.lat.to_radians().tan().asinh()]
}

/// The position of a point in EPSG:3857 metres.
pub fn mercator_to_lon_lat([x, y]: [f64; 2]) -> LonLat {
    LonLat { lon: (x / A).to_degrees(), lat: (y / A).sinh().atan().to_degrees() }
}

/// EPSG:3035: Lambert azimuthal equal area (Snyder §24, EPSG method 9820), centred on 52° N 10° E.
const EUROPE_CENTRE: LonLat = LonLat { lon: 10.0, lat: 52.0 };
const EUROPE_FALSE: [f64; 2] = [4_321_000.0, 3_210_000.0];

/// The sphere of equal area in which the projection is azimuthal.
struct Authalic {
    /// q at the pole, and the radius of the sphere in metres.
    q_pole: f64,
    radius: f64,
    /// Sine and cosine of the authalic latitude of the centre.
    sin: f64,
    cos: f64,
    /// Stretch along the meridian of the centre.
    d: f64,
}

impl Authalic {
    fn new() -> Authalic {
        let q_pole = authalic_q(1.0);
        let sin_phi = EUROPE_CENTRE.lat.to_radians().sin();
        let sin = authalic_q(sin_phi) / q_pole;
        let cos = (1.0 - sin * sin).sqrt();
        let radius = A * (q_pole / 2.0).sqrt();
        let m = EUROPE_CENTRE.lat.to_radians().cos() / (1.0 - E2 * sin_phi * sin_phi).sqrt();
        Authalic { q_pole, radius, sin, cos, d: A * m / (radius * cos) }
    }
}

/// Snyder 3-12, from the sine of the latitude.
fn authalic_q(sin: f64) -> f64 {
    let e = E2.sqrt();
    (1.0 - E2) * (sin / (1.0 - E2 * sin * sin) + (e * sin).atanh() / e)
}

/// EPSG:3035 metres of a position, easting first.
pub fn europe_of(position: LonLat) -> [f64; 2] {
    let sphere = Authalic::new();
    let sin_beta = authalic_q(position.lat.to_radians().sin()) / sphere.q_pole;
    let cos_beta = (1.0 - sin_beta * sin_beta).max(0.0).sqrt();
    let (sin, cos) = (position.lon - EUROPE_CENTRE.lon).to_radians().sin_cos();
    let b = sphere.radius * (2.0 / (1.0 + sphere.sin * sin_beta + sphere.cos * cos_beta * cos)).sqrt();
    let x = b * sphere.d * cos_beta * sin;
    let y = b / sphere.d * (sphere.cos * sin_beta - sphere.sin * cos_beta * cos);
    [EUROPE_FALSE[0] + x, EUROPE_FALSE[1] + y]
}

/// The position of a point in EPSG:3035 metres, easting first.
pub fn europe_to_lon_lat([x, y]: [f64; 2]) -> LonLat {
    let sphere = Authalic::new();
    let (x, y) = ((x - EUROPE_FALSE[0]) / sphere.d, (y - EUROPE_FALSE[1]) * sphere.d);
    let rho = x.hypot(y);
    if rho == 0.0 {
        return EUROPE_CENTRE;
    }
    let (sin, cos) = (2.0 * (rho / (2.0 * sphere.radius)).clamp(-1.0, 1.0).asin()).sin_cos();
    let sin_beta = cos * sphere.sin + y * sin * sphere.cos / rho;
    let lon = (x * sin).atan2(rho * sphere.cos * cos - y * sphere.sin * sin);
    LonLat { lon: EUROPE_CENTRE.lon + lon.to_degrees(), lat: latitude_of_q(sphere.q_pole * sin_beta).to_degrees() }
}

/// Latitude in radians, by Newton's steps (Snyder 3-16): three reach the last bit.
fn latitude_of_q(q: f64) -> f64 {
    let mut phi = (q / 2.0).clamp(-1.0, 1.0).asin();
    for _ in 0..5 {
        let (sin, cos) = phi.sin_cos();
        let rest = 1.0 - E2 * sin * sin;
        phi += rest * rest / (2.0 * cos) * (q - authalic_q(sin)) / (1.0 - E2);
    }
    phi
}

/// For each territory that a longitude-latitude window (west, south, east, north) touches, the bounds on the shared plane that cover
/// their common part. Parallels and meridians are curved there: enough points on each side, and a margin for the arcs between them.
pub fn plane_windows([west, south, east, north]: [f64; 4]) -> Vec<Bounds> {
    Frame::all().filter_map(|frame| plane_window(frame, [west, south, east, north])).collect()
}

/// A side is cut in pieces of this many degrees, 64 at most: a tile of zoom 11 has one a side.
const PIECE_DEGREES: f64 = 0.25;
const MOST_PIECES: f64 = 64.0;

/// Metres: no parallel, no meridian, and no other line that is straight in Mercator is bent more closely on the plane of a territory.
/// A parallel at latitude φ is bent most, with a radius of some 6 370 km / tan φ: 5 000 km at 52° N, the northernmost there is.
const LEAST_RADIUS: f64 = 4e6;

/// How far, at most, in metres, what is straight on the plane and what is straight in Mercator between the same two points of a
/// territory lie apart: the height of an arc over its chord, whose length squared is given.
pub fn bend_m(squared_length: f64) -> f64 {
    squared_length / (8.0 * LEAST_RADIUS)
}

fn plane_window(frame: Frame, window: [f64; 4]) -> Option<Bounds> {
    // Features may reach beyond the area of use (marine sites): a degree more on each side.
    let area = frame.territory().area_of_use;
    let [west, south] = [0, 1].map(|i| window[i].max(area[i] - 1.0));
    let [east, north] = [2, 3].map(|i| window[i].min(area[i] + 1.0));
    if west > east || south > north {
        return None;
    }
    let pieces = ((east - west).max(north - south) / PIECE_DEGREES).ceil().clamp(1.0, MOST_PIECES);
    let along = |from: f64, to: f64, step: u32| from + (to - from) * f64::from(step) / pieces;
    let mut bounds = Bounds::EMPTY;
    for step in 0..=pieces as u32 {
        let (lon, lat) = (along(west, east, step), along(south, north, step));
        for position in [(lon, south), (lon, north), (west, lat), (east, lat)] {
            bounds = bounds.with(from_lon_lat(frame, LonLat { lon: position.0, lat: position.1 }));
        }
    }
    let piece = (bounds.width() + bounds.height()) / pieces;
    Some(bounds.grown(bend_m(piece * piece)))
}

/// Latitude from the conformal latitude, both in radians, by powers of the third flattening (Krüger 1912).
fn latitude_of_conformal(chi: f64) -> f64 {
    let (sin, cos) = (2.0 * chi).sin_cos();
    // Clenshaw's sum of δ₁ sin 2χ + δ₂ sin 4χ + ...
    let (sum, _) = DELTA.iter().rev().fold((0.0, 0.0), |(next, after), delta| (delta + 2.0 * cos * next - after, next));
    chi + sin * sum
}

/// tan(π/4 − χ/2) of a latitude in radians (Snyder 15-9).
fn conformal_colatitude_tangent(phi: f64) -> f64 {
    let e = E2.sqrt();
    let es = e * phi.sin();
    (FRAC_PI_4 - phi / 2.0).tan() / ((1.0 - es) / (1.0 + es)).powf(e / 2.0)
}

fn lambert_inverse([x, y]: [f64; 2]) -> LonLat {
    let (dx, dy) = (x - APEX[0], APEX[1] - y);
    let lon = CENTRAL_MERIDIAN + (dx.atan2(dy) / CONE).to_degrees();
    LonLat { lon, lat: latitude_at_radius(dx.hypot(dy)).to_degrees() }
}

/// Latitude in radians at a distance from the apex of the Lambert-93 cone.
pub(super) fn latitude_at_radius(radius: f64) -> f64 {
    let t = (radius / CONE_RADIUS).powf(1.0 / CONE);
    latitude_of_conformal(FRAC_PI_2 - 2.0 * t.atan())
}

/// Distance of a point from the apex of the Lambert-93 cone, in metres.
pub(super) fn cone_radius([easting, northing]: [f64; 2]) -> f64 {
    ((easting - APEX[0]).powi(2) + (northing - APEX[1]).powi(2)).sqrt()
}

/// Scale factor of Lambert-93 at a distance from its apex (Snyder 15-4: k = n ρ / (a m)).
pub(super) fn lambert_scale(radius: f64) -> f64 {
    let (sin, cos) = latitude_at_radius(radius).sin_cos();
    CONE * radius * (1.0 - E2 * sin * sin).sqrt() / (A * cos)
}

fn lambert_forward(position: LonLat) -> [f64; 2] {
    let radius = CONE_RADIUS * conformal_colatitude_tangent(position.lat.to_radians()).powf(CONE);
    let (sin, cos) = (CONE * (position.lon - CENTRAL_MERIDIAN).to_radians()).sin_cos();
    [APEX[0] + radius * sin, APEX[1] - radius * cos]
}

fn utm_meridian(zone: u8) -> f64 {
    f64::from(zone) * 6.0 - 183.0
}

/// Rectifying radius in metres.
const RECTIFYING: f64 = A / (1.0 + N3) * (1.0 + N3 * N3 / 4.0 + N3 * N3 * N3 * N3 / 64.0);

/// Krüger's coefficients α and β, to the fourth power of n.
const ALPHA: [f64; 4] = [
    N3 / 2.0 - 2.0 * N3 * N3 / 3.0 + 5.0 * N3 * N3 * N3 / 16.0 + 41.0 * N3 * N3 * N3 * N3 / 180.0,
    13.0 * N3 * N3 / 48.0 - 3.0 * N3 * N3 * N3 / 5.0 + 557.0 * N3 * N3 * N3 * N3 / 1440.0,
    61.0 * N3 * N3 * N3 / 240.0 - 103.0 * N3 * N3 * N3 * N3 / 140.0,
    49_561.0 * N3 * N3 * N3 * N3 / 161_280.0,
];
const BETA: [f64; 4] = [
    N3 / 2.0 - 2.0 * N3 * N3 / 3.0 + 37.0 * N3 * N3 * N3 / 96.0 - N3 * N3 * N3 * N3 / 360.0,
    N3 * N3 / 48.0 + N3 * N3 * N3 / 15.0 - 437.0 * N3 * N3 * N3 * N3 / 1440.0,
    17.0 * N3 * N3 * N3 / 480.0 - 37.0 * N3 * N3 * N3 * N3 / 840.0,
    4_397.0 * N3 * N3 * N3 * N3 / 161_280.0,
];

/// Coefficients of the latitude in multiples of twice the conformal latitude.
const DELTA: [f64; 5] = {
    let (n, n2, n3, n4, n5) = (N3, N3 * N3, N3 * N3 * N3, N3 * N3 * N3 * N3, N3 * N3 * N3 * N3 * N3);
    [
        2.0 * n - 2.0 * n2 / 3.0 - 2.0 * n3 + 116.0 * n4 / 45.0 + 26.0 * n5 / 45.0,
        7.0 * n2 / 3.0 - 8.0 * n3 / 5.0 - 227.0 * n4 / 45.0 + 2_704.0 * n5 / 315.0,
        56.0 * n3 / 15.0 - 136.0 * n4 / 35.0 - 1_262.0 * n5 / 105.0,
        4_279.0 * n4 / 630.0 - 332.0 * n5 / 35.0,
        4_174.0 * n5 / 315.0,
    ]
};

fn utm_forward(zone: u8, south: bool, position: LonLat) -> [f64; 2] {
    let t = conformal_colatitude_tangent(position.lat.to_radians());
    // tan χ = (1 − t²) / 2t
    let tau = (1.0 - t * t) / (2.0 * t);
    let (sin, cos) = (position.lon - utm_meridian(zone)).to_radians().sin_cos();
    let xi0 = tau.atan2(cos);
    let eta0 = (sin / tau.hypot(cos)).asinh();
    let (mut xi, mut eta) = (xi0, eta0);
    for (j, alpha) in ALPHA.iter().enumerate() {
        let order = 2.0 * (j as f64 + 1.0);
        xi += alpha * (order * xi0).sin() * (order * eta0).cosh();
        eta += alpha * (order * xi0).cos() * (order * eta0).sinh();
    }
    let northing = if south { UTM_SOUTHING } else { 0.0 };
    [UTM_EASTING + UTM_SCALE * RECTIFYING * eta, northing + UTM_SCALE * RECTIFYING * xi]
}

fn utm_inverse(zone: u8, south: bool, [x, y]: [f64; 2]) -> LonLat {
    let northing = if south { y - UTM_SOUTHING } else { y };
    let xi = northing / (UTM_SCALE * RECTIFYING);
    let eta = (x - UTM_EASTING) / (UTM_SCALE * RECTIFYING);
    let (mut xi0, mut eta0) = (xi, eta);
    for (j, beta) in BETA.iter().enumerate() {
        let order = 2.0 * (j as f64 + 1.0);
        xi0 -= beta * (order * xi).sin() * (order * eta).cosh();
        eta0 -= beta * (order * xi).cos() * (order * eta).sinh();
    }
    let chi = (xi0.sin() / eta0.cosh()).clamp(-1.0, 1.0).asin();
    let lon = utm_meridian(zone) + eta0.sinh().atan2(xi0.cos()).to_degrees();
    LonLat { lon, lat: latitude_of_conformal(chi).to_degrees() }
}

/// Scale factor of UTM at a point of the frame (Snyder 8-11).
pub(super) fn utm_scale(zone: u8, position: LonLat) -> f64 {
    let (sin, cos) = position.lat.to_radians().sin_cos();
    let second = E2 / (1.0 - E2);
    let t = (sin / cos).powi(2);
    let c = second * cos * cos;
    let a2 = ((position.lon - utm_meridian(zone)).to_radians() * cos).powi(2);
    let fourth = (5.0 - 4.0 * t + 42.0 * c + 13.0 * c * c - 28.0 * second) * a2 * a2 / 24.0;
    let sixth = (61.0 - 148.0 * t + 16.0 * t * t) * a2 * a2 * a2 / 720.0;
    UTM_SCALE * (1.0 + (1.0 + c) * a2 / 2.0 + fourth + sixth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proj::Proj;

    /// A grid of positions over a territory's area of use.
    fn positions(frame: Frame) -> impl Iterator<Item = LonLat> {
        let [west, south, east, north] = frame.territory().area_of_use;
        (0..=20).flat_map(move |i| {
            (0..=20).map(move |j| LonLat {
                lon: west + (east - west) * f64::from(i) / 20.0,
                lat: south + (north - south) * f64::from(j) / 20.0,
            })
        })
    }

    #[test]
    fn metres_agree_with_proj() {
        for frame in Frame::all() {
            let epsg = format!("EPSG:{}", frame.territory().epsg);
            let proj = Proj::new_known_crs("EPSG:4326", &epsg, None).unwrap();
            for position in positions(frame) {
                let (x, y) = proj.convert((position.lon, position.lat)).unwrap();
                let ours = from_lon_lat(frame, position);
                assert!(
                    (ours[0] - frame.offset() - x).abs() < 1e-6 && (ours[1] - y).abs() < 1e-6,
                    "{epsg} {position:?} {ours:?} {x} {y}"
                );
                let back = to_lon_lat(ours);
                assert!(
                    (back.lon - position.lon).abs() < 1e-11 && (back.lat - position.lat).abs() < 1e-11,
                    "{epsg} {position:?} {back:?}"
                );
            }
        }
    }

    #[test]
    fn mercator_agrees_with_proj() {
        let proj = Proj::new_known_crs("EPSG:4326", "EPSG:3857", None).unwrap();
        for position in positions(Frame::of_x(0.0)) {
            let (x, y) = proj.convert((position.lon, position.lat)).unwrap();
            let ours = mercator_of(position);
            assert!((ours[0] - x).abs() < 1e-6 && (ours[1] - y).abs() < 1e-6);
            let back = mercator_to_lon_lat(ours);
            assert!((back.lon - position.lon).abs() < 1e-11 && (back.lat - position.lat).abs() < 1e-11);
        }
    }

    proptest::proptest! {
        /// Whatever its size and wherever in a territory, a window covers all that is on its sides, and little more.
        #[test]
        fn a_window_covers_its_sides(which in 0..6usize, at in [0.0..1.0f64, 0.0..1.0], size in [-4.0..1.0f64, -4.0..1.0]) {
            let frame = Frame::all().nth(which).unwrap();
            let area = frame.territory().area_of_use;
            let low = [0, 1].map(|i| area[i] - 1.0 + at[i] * (area[i + 2] - area[i] + 1.5));
            let high = [0, 1].map(|i| (low[i] + 10f64.powf(size[i])).min(area[i + 2] + 1.0));
            let bounds = plane_window(frame, [low[0], low[1], high[0], high[1]]).unwrap();
            let mut exact = Bounds::EMPTY;
            for step in 0..=2000 {
                let along = |i: usize| low[i] + (high[i] - low[i]) * f64::from(step) / 2000.0;
                for (lon, lat) in [(along(0), low[1]), (along(0), high[1]), (low[0], along(1)), (high[0], along(1))] {
                    exact = exact.with(from_lon_lat(frame, LonLat { lon, lat }));
                }
            }
            proptest::prop_assert!(bounds.contains(exact.min) && bounds.contains(exact.max), "{bounds:?} {exact:?}");
            let most = 1.0 + 0.01 * (exact.width() + exact.height());
            proptest::prop_assert!(exact.grown(most).contains(bounds.min) && exact.grown(most).contains(bounds.max));
        }
    }

    #[test]
    fn a_window_covers_its_inside() {
        let window = [1.0, 43.0, 6.0, 49.0];
        let bounds = plane_windows(window);
        assert_eq!(bounds.len(), 1);
        for i in 0..=50 {
            for j in 0..=50 {
                let position = LonLat { lon: 1.0 + 0.1 * f64::from(i), lat: 43.0 + 0.12 * f64::from(j) };
                assert!(bounds[0].contains(from_lon_lat(Frame::of_x(0.0), position)), "{position:?}");
            }
        }
        assert_eq!(plane_windows([-180.0, -85.0, 180.0, 85.0]).len(), 6);
        assert_eq!(plane_windows([100.0, 0.0, 110.0, 10.0]).len(), 0);
    }
}
