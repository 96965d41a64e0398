//! Categories that compete: P(X = k) = exp(z_k) / Σ exp(z_m), z_k = s_k u + d_k, z_0 = 0, u the predictor a·θ.
//!
//! With scoring s_k = k it is the generalised partial credit model of Muraki (1992), *Applied Psychological Measurement*
//! 16, 159–176, with a = 1 the partial credit model of Masters (1982), *Psychometrika* 47, 149–174, and with intercepts
//! d_k = −(t_1 + … + t_k) + k c the rating scale model of Andrich (1978), *Psychometrika* 43, 561–573. With free scoring
//! (s_0 = 0, s_(K−1) = K − 1 fixed) it is the nominal model of Bock (1972), *Psychometrika* 37, 29–51. The family is
//! called divide-by-total by Thissen & Steinberg (1986), *Psychometrika* 51, 567–577.

use super::derivatives::Derivatives;

/// `scoring` and `intercepts` of the categories 1 … K − 1.
pub(super) fn probabilities(scoring: &[f64], intercepts: &[f64], predictor: f64, out: &mut [f64]) {
    out[0] = 0.0;
    for (category, logit) in out[1..].iter_mut().enumerate() {
        *logit = scoring[category] * predictor + intercepts[category];
    }
    let largest = out.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for logit in out.iter_mut() {
        *logit = libm::exp(*logit - largest);
        total += *logit;
    }
    for probability in out.iter_mut() {
        *probability /= total;
    }
}

/// Own parameters: the scoring of the categories 1 … K − 1, then their intercepts.
pub(super) fn derivatives(scoring: &[f64], intercepts: &[f64], predictor: f64, out: &mut Derivatives) {
    probabilities(scoring, intercepts, predictor, &mut out.probability);
    let score = |category: usize| if category == 0 { 0.0 } else { scoring[category - 1] };
    let mean: f64 = out.probability.iter().enumerate().map(|(category, p)| score(category) * p).sum();
    let others = intercepts.len();
    for category in 0..=others {
        let own_probability = out.probability[category];
        out.by_predictor[category] = own_probability * (score(category) - mean);
        for other in 0..others {
            let same = if category == other + 1 { 1.0 } else { 0.0 };
            let by_intercept = own_probability * (same - out.probability[other + 1]);
            out.by_own(category)[others + other] = by_intercept;
            out.by_own(category)[other] = predictor * by_intercept;
        }
    }
}
