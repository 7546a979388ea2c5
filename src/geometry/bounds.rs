//! Axis-aligned boxes, in whatever plane their coordinates are.

/// A closed box. `Bounds::EMPTY` contains nothing and intersects nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub min: [f64; 2],
    pub max: [f64; 2],
}

impl Bounds {
    pub const EMPTY: Bounds = Bounds { min: [f64::INFINITY; 2], max: [f64::NEG_INFINITY; 2] };

    pub fn new(min: [f64; 2], max: [f64; 2]) -> Bounds {
        Bounds { min, max }
    }

    pub fn of(points: &[[f64; 2]]) -> Bounds {
        points.iter().fold(Bounds::EMPTY, |bounds, &point| bounds.with(point))
    }

    pub fn is_empty(&self) -> bool {
        self.min[0] > self.max[0] || self.min[1] > self.max[1]
    }

    pub fn with(self, [x, y]: [f64; 2]) -> Bounds {
        Bounds { min: [self.min[0].min(x), self.min[1].min(y)], max: [self.max[0].max(x), self.max[1].max(y)] }
    }

    pub fn union(self, other: Bounds) -> Bounds {
        let min = [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])];
        let max = [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])];
        Bounds { min, max }
    }

    pub fn intersects(&self, other: &Bounds) -> bool {
        self.min[0] <= other.max[0] && self.max[0] >= other.min[0] && self.min[1] <= other.max[1] && self.max[1] >= other.min[1]
    }

    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        self.min[0] <= x && x <= self.max[0] && self.min[1] <= y && y <= self.max[1]
    }

    pub fn covers(&self, other: &Bounds) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Grown by `margin` on each side.
    pub fn grown(&self, margin: f64) -> Bounds {
        Bounds { min: [self.min[0] - margin, self.min[1] - margin], max: [self.max[0] + margin, self.max[1] + margin] }
    }

    pub fn centre(&self) -> [f64; 2] {
        [0.5 * (self.min[0] + self.max[0]), 0.5 * (self.min[1] + self.max[1])]
    }

    pub fn width(&self) -> f64 {
        self.max[0] - self.min[0]
    }

    pub fn height(&self) -> f64 {
        self.max[1] - self.min[1]
    }

    /// Squared distance between two boxes; 0 where they meet.
    pub fn distance_squared(&self, other: &Bounds) -> f64 {
        let gap = |axis: usize| (self.min[axis] - other.max[axis]).max(other.min[axis] - self.max[axis]).max(0.0);
        gap(0) * gap(0) + gap(1) * gap(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_meet_and_part() {
        let a = Bounds::new([0.0, 0.0], [1.0, 1.0]);
        let b = Bounds::new([4.0, 5.0], [6.0, 7.0]);
        assert_eq!(a.distance_squared(&b), 9.0 + 16.0);
        assert!(!a.intersects(&b) && a.intersects(&a.grown(1.0)));
        assert_eq!(a.union(b), Bounds::new([0.0, 0.0], [6.0, 7.0]));
        assert_eq!((Bounds::EMPTY.union(a), a.union(Bounds::EMPTY)), (a, a));
        assert!(!Bounds::EMPTY.intersects(&a) && Bounds::EMPTY.is_empty());
    }
}
