//! The odds ratio common to all levels, with the variance of its logarithm.
//!
//! With A, B right and wrong in the reference group, C, D in the focal group and T people at a level:
//! α = R/S with R = Σ A D/T and S = Σ B C/T (Mantel & Haenszel 1959), and, with P = (A + D)/T and Q = (B + C)/T,
//! Var(ln α) = Σ P A D/T / (2 R²) + Σ (P B C/T + Q A D/T) / (2 R S) + Σ Q B C/T / (2 S²) (Robins, Breslow & Greenland
//! 1986, *Biometrics* 42, 311–323; Phillips & Holland 1987, *Biometrics* 43, 425–431, is the same sum).

use super::strata::Fourfold;

/// Slope of the delta scale of item difficulty by the natural logarithm of odds: 4/1.7, rounded. Holland & Thayer
/// (1985), ETS RR-85-43.
const DELTA_PER_LOGIT: f64 = 2.35;

#[derive(Debug, Clone, Copy)]
pub(super) struct OddsRatio {
    pub(super) alpha: f64,
    pub(super) log: f64,
    /// Variance of the logarithm.
    pub(super) variance: f64,
}

impl OddsRatio {
    /// The common odds ratio, or `None` where it is 0, infinite or undefined.
    pub(super) fn common(levels: &[Fourfold]) -> Option<Self> {
        let (mut r, mut s, mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for level in levels {
            let people = level.people();
            let agree = level.reference_right * level.focal_wrong / people;
            let differ = level.reference_wrong * level.focal_right / people;
            let p = (level.reference_right + level.focal_wrong) / people;
            let q = (level.reference_wrong + level.focal_right) / people;
            r += agree;
            s += differ;
            pr += p * agree;
            mixed += p * differ + q * agree;
            qs += q * differ;
        }
        let variance = pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s);
        (r > 0.0 && s > 0.0).then(|| Self { alpha: r / s, log: libm::log(r / s), variance })
    }

    /// On the scale of item difficulty on which 4 points are a standard deviation; above 0 the item favours the focal
    /// group.
    pub(super) fn delta(&self) -> f64 {
        -DELTA_PER_LOGIT * self.log
    }

    pub(super) fn delta_standard_error(&self) -> f64 {
        DELTA_PER_LOGIT * self.variance.sqrt()
    }
}
