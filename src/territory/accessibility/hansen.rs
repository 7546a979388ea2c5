//! What can be reached, whoever else reaches it (Hansen 1959): A_i = Σ_j O_j f(c_ij).
//!
//! By hand: 10 within reach at weight 1 and 5 at weight 0.368 make 11.84. It flatters metropolitan places, where as many others reach
//! the same; beside it stands [`super::shen`].

use super::reach::Reach;

/// The sum of what is there, each by its weight.
pub fn hansen(reach: &Reach, opportunities: &[f64]) -> Vec<f64> {
    (0..reach.demands()).map(|place| reached(reach.of(place), opportunities)).collect()
}

/// The same of one place.
pub fn reached(links: &[(u32, f64)], opportunities: &[f64]) -> f64 {
    links.iter().map(|&(there, weight)| opportunities[there as usize] * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let reach = Reach::new(2, [vec![(0, 1.0), (1, (-1.0_f64).exp())], vec![]]);
        let found = hansen(&reach, &[10.0, 5.0]);
        assert_eq!((format!("{:.2}", found[0]), found[1]), ("11.84".to_owned(), 0.0));
    }
}
