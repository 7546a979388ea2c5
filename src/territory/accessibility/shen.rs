//! What can be reached, shared with all who reach it (Shen 1998): A_i = Σ_j S_j f(c_ij) / D_j, with D_j = Σ_k P_k f(c_kj).
//!
//! With a step for f it is the two-step floating catchment (Luo and Wang 2003): first R_j = S_j / Σ P_k over the k within reach, then A_i =
//! Σ R_j over the j within reach. By hand: supplies 10 and 5; populations 100, 50, 200 at distances (10, 40), (20, 25), (35, 15); within
//! 30: R = 10 / 150 = 0.0667 and 5 / 250 = 0.02, A = 0.0667, 0.0867, 0.02.
//!
//! Supply is conserved: Σ_i P_i A_i is the supply that anybody reaches, here 6.67 + 4.33 + 4 = 15.

use super::reach::Reach;

/// What each place of demand has of the supply, a head. A supply that nobody reaches is nobody's.
pub fn shen(reach: &Reach, supply: &[f64], population: &[f64]) -> Vec<f64> {
    let ratios = ratios(reach, supply, population);
    (0..reach.demands()).map(|place| super::hansen::reached(reach.of(place), &ratios)).collect()
}

/// The first step: each supply by those who reach it, R_j = S_j / D_j; 0 where nobody does.
pub fn ratios(reach: &Reach, supply: &[f64], population: &[f64]) -> Vec<f64> {
    let demand = demand(reach, population);
    supply.iter().zip(demand).map(|(&supply, demand)| if demand > 0.0 { supply / demand } else { 0.0 }).collect()
}

/// Who reaches each supply, by their weight: D_j.
pub fn demand(reach: &Reach, population: &[f64]) -> Vec<f64> {
    let mut demand = vec![0.0; reach.supplies()];
    for (place, &population) in population.iter().enumerate() {
        reach.of(place).iter().for_each(|&(supply, weight)| demand[supply as usize] += population * weight);
    }
    demand
}

#[cfg(test)]
mod tests {
    use super::super::decay::Decay;
    use super::super::hansen::hansen;
    use super::*;

    fn toy() -> Reach {
        Reach::of_distances(&[vec![10.0, 40.0], vec![20.0, 25.0], vec![35.0, 15.0]], 30.0, |_| 1.0)
    }

    #[test]
    fn two_step_floating_catchment_to_the_last_digit() {
        let (supply, population) = ([10.0, 5.0], [100.0, 50.0, 200.0]);
        let written = |numbers: Vec<f64>| numbers.iter().map(|number| format!("{number:.7}")).collect::<Vec<_>>();
        assert_eq!(written(ratios(&toy(), &supply, &population)), ["0.0666667", "0.0200000"]);
        let found = shen(&toy(), &supply, &population);
        let sum: f64 = found.iter().zip(population).map(|(own, population)| own * population).sum();
        assert!((sum - 15.0).abs() < 1e-12);
        assert_eq!(written(found), ["0.0666667", "0.0866667", "0.0200000"]);
    }

    proptest::proptest! {
        /// Whatever the decay: what is shared out is what somebody reaches.
        #[test]
        fn supply_is_conserved(
            distances in proptest::collection::vec(proptest::collection::vec(0.0..50_000.0_f64, 7), 9),
            supply in proptest::collection::vec(0.0..900.0_f64, 7),
            population in proptest::collection::vec(1.0..900.0_f64, 9),
            kind in 0..3_usize,
        ) {
            let decay = [Decay::Step, Decay::Exponential { scale_m: 8_000.0 }, Decay::Gaussian { sigma_m: 9_000.0 }][kind];
            let reach = Reach::of_distances(&distances, 20_000.0, |distance| decay.weight(distance));
            let shared: f64 = shen(&reach, &supply, &population).iter().zip(&population).map(|(own, people)| own * people).sum();
            let is_reached = |supply: usize| distances.iter().any(|row| row[supply] <= 20_000.0);
            let reached: f64 = supply.iter().enumerate().filter(|(place, _)| is_reached(*place)).map(|(_, supply)| supply).sum();
            proptest::prop_assert!((shared - reached).abs() < 1e-9 * reached.max(1.0), "{} {}", shared, reached);
            // Gross, cell by cell.
            for (place, found) in hansen(&reach, &supply).into_iter().enumerate() {
                let near = distances[place].iter().zip(&supply).filter(|(distance, _)| **distance <= 20_000.0);
                let sum: f64 = near.map(|(distance, supply)| supply * decay.weight(*distance)).sum();
                proptest::prop_assert!((found - sum).abs() < 1e-9);
            }
        }
    }
}
