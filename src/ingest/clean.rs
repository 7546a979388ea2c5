//! The geometry policy, before any reprojection: what a geometry is, without what it should not hold.

use geo::{Centroid, InteriorPoint};
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::layer::definition::GeometryType;
use crate::snapshot::manifest::ProblemKind;

/// A cleaned geometry and what was done to it.
#[derive(Debug, PartialEq)]
pub struct Cleaned {
    /// Points, lines or polygons, always as a multi-geometry; `None`: there is none.
    pub geometry: Option<Geometry<f64>>,
    pub done: Vec<ProblemKind>,
}

/// Cleans a geometry for a layer of this type.
///
/// Collections are exploded; parts without extent and repeated points are dropped; of several dimensions the highest that the
/// layer holds is taken; a line or surface in a point layer becomes a point on it.
///
/// # Errors
/// Why the row must be rejected.
pub fn clean(geometry: Geometry<f64>, wanted: GeometryType) -> Result<Cleaned, ProblemKind> {
    let mut parts = Parts::default();
    parts.take(geometry);
    if !parts.finite() {
        return Err(ProblemKind::NotFinite);
    }
    if parts.is_empty() {
        return Ok(Cleaned { geometry: None, done: vec![ProblemKind::MissingGeometry] });
    }
    parts.drop_repeated_points();
    parts.drop_what_has_no_extent();
    if parts.is_empty() {
        return Err(ProblemKind::TooFewPoints);
    }
    let geometry = parts.choose(wanted)?;
    parts.done.sort_unstable();
    parts.done.dedup();
    Ok(Cleaned { geometry: Some(geometry), done: parts.done })
}

#[derive(Default)]
struct Parts {
    points: Vec<Point<f64>>,
    lines: Vec<LineString<f64>>,
    polygons: Vec<Polygon<f64>>,
    done: Vec<ProblemKind>,
}

impl Parts {
    fn take(&mut self, geometry: Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.points.push(point),
            Geometry::MultiPoint(points) => self.points.extend(points),
            Geometry::Line(line) => self.lines.push(LineString(vec![line.start, line.end])),
            Geometry::LineString(line) => self.lines.push(line),
            Geometry::MultiLineString(lines) => self.lines.extend(lines),
            Geometry::Polygon(polygon) => self.polygons.push(polygon),
            Geometry::MultiPolygon(polygons) => self.polygons.extend(polygons),
            Geometry::Rect(rect) => self.polygons.push(rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygons.push(triangle.to_polygon()),
            Geometry::GeometryCollection(members) => {
                self.done.push(ProblemKind::ExplodedCollection);
                members.into_iter().for_each(|member| self.take(member));
            }
        }
        self.lines.retain(|line| !line.0.is_empty());
        self.polygons.retain(|polygon| !polygon.exterior().0.is_empty());
    }

    fn finite(&self) -> bool {
        let finite = |at: &Coord<f64>| at.x.is_finite() && at.y.is_finite();
        self.points.iter().all(|point| finite(&point.0))
            && self.lines.iter().all(|line| line.0.iter().all(finite))
            && self.polygons.iter().all(|polygon| rings(polygon).all(|ring| ring.0.iter().all(finite)))
    }

    fn is_empty(&self) -> bool {
        self.points.is_empty() && self.lines.is_empty() && self.polygons.is_empty()
    }

    fn drop_repeated_points(&mut self) {
        let mut dropped = false;
        let mut dedup = |line: &mut LineString<f64>| {
            let before = line.0.len();
            line.0.dedup();
            dropped |= line.0.len() < before;
        };
        self.lines.iter_mut().for_each(&mut dedup);
        for polygon in &mut self.polygons {
            polygon.exterior_mut(&mut dedup);
            polygon.interiors_mut(|holes| holes.iter_mut().for_each(&mut dedup));
        }
        if dropped {
            self.done.push(ProblemKind::RepeatedPoint);
        }
    }

    /// Lines of one point, rings of two: [`Parts::drop_repeated_points`] has left them so short.
    fn drop_what_has_no_extent(&mut self) {
        let count = |parts: &Parts| parts.lines.len() + parts.polygons.iter().map(|one| rings(one).count()).sum::<usize>();
        let before = count(self);
        self.lines.retain(|line| line.0.len() > 1);
        self.polygons.retain(|polygon| polygon.exterior().0.len() > 3);
        for polygon in &mut self.polygons {
            if polygon.interiors().iter().any(|hole| hole.0.len() < 4) {
                let holes = polygon.interiors().iter().filter(|hole| hole.0.len() > 3).cloned().collect();
                *polygon = Polygon::new(polygon.exterior().clone(), holes);
            }
        }
        if count(self) < before {
            self.done.push(ProblemKind::DroppedMember);
        }
    }

    fn choose(&mut self, wanted: GeometryType) -> Result<Geometry<f64>, ProblemKind> {
        let found = [!self.points.is_empty(), !self.lines.is_empty(), !self.polygons.is_empty()];
        let highest = match wanted {
            GeometryType::Point => 0,
            GeometryType::Line => 1,
            GeometryType::Polygon | GeometryType::None => 2,
        };
        let Some(chosen) = (0..=highest).rev().find(|&dimension| found[dimension]) else {
            return self.replace_by_point(wanted);
        };
        if found.iter().filter(|&&found| found).count() > 1 {
            self.done.push(ProblemKind::DroppedMember);
        }
        Ok(match chosen {
            0 => Geometry::MultiPoint(MultiPoint(std::mem::take(&mut self.points))),
            1 => Geometry::MultiLineString(MultiLineString(std::mem::take(&mut self.lines))),
            _ => Geometry::MultiPolygon(MultiPolygon(std::mem::take(&mut self.polygons))),
        })
    }

    fn replace_by_point(&mut self, wanted: GeometryType) -> Result<Geometry<f64>, ProblemKind> {
        if wanted != GeometryType::Point {
            return Err(ProblemKind::WrongGeometryType);
        }
        let surface = MultiPolygon(std::mem::take(&mut self.polygons));
        let line = MultiLineString(std::mem::take(&mut self.lines));
        let point = if surface.0.is_empty() { line.interior_point() } else { surface.interior_point() };
        let point = point.or_else(|| surface.centroid()).ok_or(ProblemKind::TooFewPoints)?;
        self.done.push(ProblemKind::ReplacedByPoint);
        Ok(Geometry::MultiPoint(MultiPoint(vec![point])))
    }
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProblemKind as P;
    use geozero::wkt::Wkt;
    use geozero::{ToGeo, ToWkt};

    fn cleaned(wkt: &str, wanted: GeometryType) -> Result<(String, Vec<P>), P> {
        let cleaned = clean(Wkt(wkt).to_geo().unwrap(), wanted)?;
        Ok((cleaned.geometry.map_or(String::new(), |geometry| geometry.to_wkt().unwrap()), cleaned.done))
    }

    #[test]
    fn each_rule_by_hand() {
        use GeometryType::{Line, Point, Polygon};
        let square = "((0 0,9 0,9 9,0 0))";
        let cases = [
            ("POINT(1 2)", Point, Ok(("MULTIPOINT(1 2)", vec![]))),
            ("POINT(1 2)", Polygon, Ok(("MULTIPOINT(1 2)", vec![]))),
            ("LINESTRING(0 0,0 0,1 1)", Line, Ok(("MULTILINESTRING((0 0,1 1))", vec![P::RepeatedPoint]))),
            ("LINESTRING(3 3,3 3)", Line, Err(P::TooFewPoints)),
            (
                "MULTILINESTRING((3 3,3 3),(0 0,1 1))",
                Line,
                Ok(("MULTILINESTRING((0 0,1 1))", vec![P::RepeatedPoint, P::DroppedMember])),
            ),
            (&format!("POLYGON{square}"), Line, Err(P::WrongGeometryType)),
            ("LINESTRING(0 0,4 0)", Polygon, Ok(("MULTILINESTRING((0 0,4 0))", vec![]))),
            ("LINESTRING(0 0,2 0,4 0)", Point, Ok(("MULTIPOINT(2 0)", vec![P::ReplacedByPoint]))),
            ("POLYGON((0 0,1 1,0 0))", Polygon, Err(P::TooFewPoints)),
            (
                "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))",
                Line,
                Ok(("MULTILINESTRING((0 0,1 1))", vec![P::ExplodedCollection, P::DroppedMember])),
            ),
            ("GEOMETRYCOLLECTION EMPTY", Line, Ok(("", vec![P::MissingGeometry]))),
        ];
        for (wkt, wanted, expected) in cases {
            let found = cleaned(wkt, wanted);
            assert_eq!(found, expected.map(|(wkt, done)| (wkt.to_owned(), done)), "{wkt}");
        }
    }

    #[test]
    fn no_number_that_is_none_goes_further() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let line = Geometry::LineString(LineString::from(vec![(0.0, 0.0), (1.0, bad), (2.0, 2.0)]));
            assert_eq!(clean(line, GeometryType::Line), Err(P::NotFinite));
            assert_eq!(clean(Geometry::Point(Point::new(bad, 0.0)), GeometryType::Point), Err(P::NotFinite));
        }
    }
}
