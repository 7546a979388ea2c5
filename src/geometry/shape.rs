//! Packed geometries: every vertex of a layer in one array, features as ranges of it.
//!
//! A feature is a list of parts, a part a list of rings, a ring a run of vertices. A polygon part is an outer ring followed by
//! its holes, each closed (last vertex = first). A line part has one ring, open. A point part has one ring of one vertex.

use super::bounds::Bounds;

/// What the rings of a feature mean. Multi-geometries have the kind of their parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// No geometry: a row of a table, or a feature whose geometry is missing.
    Empty,
    Point,
    Line,
    Polygon,
}

/// The geometries of one layer.
#[derive(Debug, Default)]
pub struct Shapes {
    kinds: Vec<Kind>,
    xy: Vec<[f64; 2]>,
    ring_ends: Vec<u32>,
    part_ends: Vec<u32>,
    feature_ends: Vec<u32>,
}

impl Shapes {
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    #[inline]
    pub fn vertices(&self) -> usize {
        self.xy.len()
    }

    #[inline]
    pub fn get(&self, feature: u32) -> Shape<'_> {
        let parts = range(&self.feature_ends, feature as usize);
        Shape { shapes: self, kind: self.kinds[feature as usize], parts }
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = Shape<'_>> {
        (0..self.len() as u32).map(|feature| self.get(feature))
    }

    /// Whether each feature is exactly one point: then the vertices are the features.
    pub fn is_one_point_each(&self) -> bool {
        let single = self.xy.len() == self.len() && self.part_ends.len() == self.len();
        single && self.kinds.iter().all(|&kind| kind == Kind::Point)
    }

    /// Every vertex of every feature, in their order.
    #[inline]
    pub fn xy(&self) -> &[[f64; 2]] {
        &self.xy
    }

    /// Appends vertices to the ring being built; see [`Shapes::end_ring`].
    pub fn push_vertex(&mut self, vertex: [f64; 2]) {
        self.xy.push(vertex);
    }

    /// Closes the ring being built, which belongs to the part being built.
    pub fn end_ring(&mut self) {
        self.ring_ends.push(self.xy.len() as u32);
    }

    /// Closes the part being built.
    pub fn end_part(&mut self) {
        self.part_ends.push(self.ring_ends.len() as u32);
    }

    /// Closes the feature being built and returns its number.
    pub fn end_feature(&mut self, kind: Kind) -> u32 {
        self.feature_ends.push(self.part_ends.len() as u32);
        self.kinds.push(kind);
        (self.kinds.len() - 1) as u32
    }

    pub fn push_geometry(&mut self, geometry: Option<&geo_types::Geometry<f64>>) -> u32 {
        let kind = geometry.map_or(Kind::Empty, |geometry| push_parts(self, geometry));
        self.end_feature(kind)
    }

    pub fn shrink(&mut self) {
        self.kinds.shrink_to_fit();
        self.xy.shrink_to_fit();
        self.ring_ends.shrink_to_fit();
        self.part_ends.shrink_to_fit();
        self.feature_ends.shrink_to_fit();
    }
}

#[inline]
fn range(ends: &[u32], index: usize) -> std::ops::Range<usize> {
    let start = if index == 0 { 0 } else { ends[index - 1] };
    start as usize..ends[index] as usize
}

fn push_parts(shapes: &mut Shapes, geometry: &geo_types::Geometry<f64>) -> Kind {
    use geo_types::Geometry as G;
    match geometry {
        G::Point(point) => push_part(shapes, Kind::Point, [&[point.0][..]]),
        G::MultiPoint(points) => each(points, |point| push_part(shapes, Kind::Point, [&[point.0][..]])),
        G::Line(line) => push_part(shapes, Kind::Line, [&[line.start, line.end][..]]),
        G::LineString(line) => push_part(shapes, Kind::Line, [&line.0[..]]),
        G::MultiLineString(lines) => each(lines, |line| push_part(shapes, Kind::Line, [&line.0[..]])),
        G::Polygon(polygon) => push_polygon(shapes, polygon),
        G::MultiPolygon(polygons) => each(polygons, |polygon| push_polygon(shapes, polygon)),
        G::Rect(rect) => push_polygon(shapes, &rect.to_polygon()),
        G::Triangle(triangle) => push_polygon(shapes, &triangle.to_polygon()),
        // Ingest explodes collections: the first member decides what is left of one here.
        G::GeometryCollection(members) => members.iter().next().map_or(Kind::Empty, |first| push_parts(shapes, first)),
    }
}

fn each<T>(members: impl IntoIterator<Item = T>, mut push: impl FnMut(T) -> Kind) -> Kind {
    members.into_iter().fold(Kind::Empty, |_, member| push(member))
}

fn push_polygon(shapes: &mut Shapes, polygon: &geo_types::Polygon<f64>) -> Kind {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    push_part(shapes, Kind::Polygon, rings.map(|ring| &ring.0[..]))
}

fn push_part<'r>(shapes: &mut Shapes, kind: Kind, rings: impl IntoIterator<Item = &'r [geo_types::Coord<f64>]>) -> Kind {
    for ring in rings {
        shapes.xy.extend(ring.iter().map(|vertex| [vertex.x, vertex.y]));
        shapes.end_ring();
    }
    shapes.end_part();
    kind
}

/// One feature's geometry, borrowed.
#[derive(Clone)]
pub struct Shape<'s> {
    shapes: &'s Shapes,
    kind: Kind,
    parts: std::ops::Range<usize>,
}

impl<'s> Shape<'s> {
    #[inline]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Parts in order, each as its rings in order.
    #[inline]
    pub fn parts(&self) -> impl Iterator<Item = Part<'s>> + use<'s> {
        let shapes = self.shapes;
        self.parts.clone().map(move |part| Part { shapes, rings: range(&shapes.part_ends, part) })
    }

    /// Every ring of every part.
    #[inline]
    pub fn rings(&self) -> impl Iterator<Item = &'s [[f64; 2]]> + use<'s> {
        let shapes = self.shapes;
        self.ring_numbers().map(move |ring| &shapes.xy[range(&shapes.ring_ends, ring)])
    }

    /// Every vertex, whatever its ring.
    pub fn vertices(&self) -> &'s [[f64; 2]] {
        let rings = self.ring_numbers();
        let start = if rings.start == 0 { 0 } else { self.shapes.ring_ends[rings.start - 1] as usize };
        let end = if rings.is_empty() { start } else { self.shapes.ring_ends[rings.end - 1] as usize };
        &self.shapes.xy[start..end]
    }

    /// The numbers of this feature's rings among all rings of the layer: the key of indexes kept beside the geometry.
    #[inline]
    pub fn ring_numbers(&self) -> std::ops::Range<usize> {
        let start = if self.parts.start == 0 { 0 } else { self.shapes.part_ends[self.parts.start - 1] as usize };
        let end = if self.parts.is_empty() { start } else { self.shapes.part_ends[self.parts.end - 1] as usize };
        start..end
    }

    pub fn bounds(&self) -> Bounds {
        Bounds::of(self.vertices())
    }

    /// The same geometry for `geo`'s algorithms; `None` when empty.
    pub fn to_geo(&self) -> Option<geo_types::Geometry<f64>> {
        use geo_types::{Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point};
        let line = |ring: &[[f64; 2]]| LineString(ring.iter().map(|&[x, y]| geo_types::Coord { x, y }).collect());
        match self.kind {
            Kind::Empty => None,
            _ if self.is_empty() => None,
            Kind::Point => {
                Some(Geometry::MultiPoint(MultiPoint(self.vertices().iter().map(|&[x, y]| Point::new(x, y)).collect())))
            }
            Kind::Line => Some(Geometry::MultiLineString(MultiLineString(self.rings().map(line).collect()))),
            Kind::Polygon => {
                let polygons = self.parts().filter_map(|part| {
                    let mut rings = part.rings().map(line);
                    Some(geo_types::Polygon::new(rings.next()?, rings.collect()))
                });
                Some(Geometry::MultiPolygon(MultiPolygon(polygons.collect())))
            }
        }
    }
}

/// One part of a feature: a point, a line, or a polygon with its holes.
#[derive(Clone)]
pub struct Part<'s> {
    shapes: &'s Shapes,
    rings: std::ops::Range<usize>,
}

impl<'s> Part<'s> {
    pub fn rings(&self) -> impl Iterator<Item = &'s [[f64; 2]]> + use<'s> {
        let shapes = self.shapes;
        self.rings.clone().map(move |ring| &shapes.xy[range(&shapes.ring_ends, ring)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Geometry, MultiPoint, MultiPolygon, line_string, point, polygon};

    #[test]
    fn what_goes_in_comes_out() {
        let square = polygon!(exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 0.)],
            interiors: [[(x: 1., y: 0.5), (x: 2., y: 0.5), (x: 2., y: 1.), (x: 1., y: 0.5)]]);
        let far = polygon![(x: 9., y: 9.), (x: 10., y: 9.), (x: 10., y: 10.)];
        let geometries = [
            Some(Geometry::MultiPolygon(MultiPolygon(vec![square, far]))),
            None,
            Some(Geometry::MultiPoint(MultiPoint(vec![point!(x: 1., y: 2.), point!(x: 3., y: 4.)]))),
            Some(Geometry::MultiLineString(geo_types::MultiLineString(vec![line_string![(x: 0., y: 1.), (x: 2., y: 3.)]]))),
        ];
        let mut shapes = Shapes::default();
        for geometry in &geometries {
            shapes.push_geometry(geometry.as_ref());
        }
        assert_eq!(shapes.iter().map(|shape| shape.to_geo()).collect::<Vec<_>>(), geometries);
        assert_eq!(shapes.get(0).rings().count(), 3);
        assert_eq!(shapes.get(0).bounds(), Bounds::new([0.0, 0.0], [10.0, 10.0]));
        assert_eq!(shapes.get(2).vertices(), [[1.0, 2.0], [3.0, 4.0]]);
        assert!(shapes.get(1).is_empty() && shapes.get(1).bounds().is_empty());
    }
}
