//! The chi-square distribution, central and not: probabilities above a statistic, and the non-centrality that makes a
//! statistic likely.
//!
//! Central: regularised gamma functions of half the degrees of freedom. Non-central: Σ_j Poisson(j; λ/2) P(χ²_(ν+2j) ≤ x)
//! (Patnaik 1949, *Biometrika* 36, 202–232), summed from the largest Poisson term outwards.

use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur, ln_gamma};

/// Terms below this share of the largest no longer change the sum.
const NEGLIGIBLE: f64 = 1e-17;

/// Halvings of an interval: enough to reach neighbouring doubles from any start.
const HALVINGS: usize = 200;

/// P(χ² > statistic), 1 for a statistic of 0 or less; NaN without degrees of freedom.
pub(crate) fn probability_above(statistic: f64, degrees_of_freedom: usize) -> f64 {
    if degrees_of_freedom == 0 || statistic.is_nan() {
        return f64::NAN;
    }
    if statistic <= 0.0 {
        return 1.0;
    }
    checked_gamma_ur(0.5 * degrees_of_freedom as f64, 0.5 * statistic).unwrap_or(f64::NAN)
}

/// P(χ² ≤ statistic) with a non-centrality λ ≥ 0.
fn probability_below(statistic: f64, degrees_of_freedom: usize, noncentrality: f64) -> f64 {
    let (half, rate) = (0.5 * statistic, 0.5 * noncentrality);
    let central = |term: f64| checked_gamma_lr(0.5 * degrees_of_freedom as f64 + term, half).unwrap_or(f64::NAN);
    if rate == 0.0 {
        return central(0.0);
    }
    let mode = rate.floor();
    let poisson = |term: f64| libm::exp(term * libm::log(rate) - rate - ln_gamma(term + 1.0));
    let largest = poisson(mode);
    let (mut sum, mut term, mut weight) = (0.0, mode, largest);
    while weight > NEGLIGIBLE * largest {
        sum += weight * central(term);
        term += 1.0;
        weight *= rate / term;
    }
    (term, weight) = (mode, largest);
    while term > 0.0 {
        weight *= term / rate;
        term -= 1.0;
        if weight <= NEGLIGIBLE * largest {
            break;
        }
        sum += weight * central(term);
    }
    sum
}

/// The non-centrality λ at which P(χ² ≤ statistic) is `probability`; 0 when even λ = 0 makes it smaller.
pub(super) fn noncentrality(statistic: f64, degrees_of_freedom: usize, probability: f64) -> f64 {
    let excess = |noncentrality: f64| probability_below(statistic, degrees_of_freedom, noncentrality) - probability;
    if statistic <= 0.0 || excess(0.0) <= 0.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, statistic.max(1.0));
    while excess(high) > 0.0 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high || high - low < 1e-10 * high {
            break;
        }
        if excess(middle) > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.17.1 `scipy.stats.chi2.sf`, printed with repr.
    #[test]
    fn probabilities_above_agree_with_scipy() {
        for (statistic, degrees, expected) in [
            (3.2, 1, 0.07363827012030258),
            (57.0279877971, 5, 4.9902292024934663e-11),
            (1374.6, 252, 9.224164907793351e-154),
            (1200.0, 1175, 0.2995043933904727),
            (0.5, 12, 0.9999997261864366),
        ] {
            let found = probability_above(statistic, degrees);
            assert!((found - expected).abs() <= 1e-9 * expected, "{found} is not {expected}");
        }
    }

    /// scipy 1.17.1 `scipy.stats.ncx2.cdf`, printed with repr.
    #[test]
    fn non_central_probabilities_agree_with_scipy_and_are_inverted() {
        for (statistic, degrees, parameter, expected) in [
            (3.2, 1, 0.7, 0.8251748810861803),
            (57.0, 5, 40.0, 0.825187467109582),
            (1374.6, 252, 1000.0, 0.9636950930197387),
            (1200.0, 1175, 30.0, 0.46533593714703025),
            (0.5, 2, 9.0, 0.004048927185160622),
        ] {
            let found = probability_below(statistic, degrees, parameter);
            assert!((found - expected).abs() <= 1e-10 * expected, "{found} is not {expected}");
            assert!((noncentrality(statistic, degrees, expected) - parameter).abs() <= 1e-7 * parameter);
        }
    }

    #[test]
    fn a_statistic_below_its_degrees_of_freedom_needs_no_non_centrality() {
        assert_eq!(noncentrality(0.0, 3, 0.05), 0.0);
        assert_eq!(noncentrality(2.0, 5, 0.95), 0.0);
        assert!(probability_above(3.0, 0).is_nan());
    }
}
