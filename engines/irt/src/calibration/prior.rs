//! Densities on item parameters: their logarithm and its derivatives, on the parameter's own scale.

/// A density that multiplies the likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParameterPrior {
    /// Normal with mean and standard deviation.
    Normal { mean: f64, deviation: f64 },
    /// The logarithm is normal with mean and standard deviation; the parameter is positive.
    LogNormal { mean: f64, deviation: f64 },
    /// Beta with two shapes; the parameter is a probability.
    Beta { first: f64, second: f64 },
}

impl ParameterPrior {
    /// Natural logarithm of the density at a value, and its first two derivatives by that value.
    ///
    /// # Formula
    /// Normal: −(x − m)²/2s² − ln s√2π. Lognormal: the same of ln x, minus ln x. Beta: (α − 1) ln x + (β − 1) ln(1 − x) −
    /// ln B(α, β).
    ///
    /// # Arguments
    /// `value`: within the density's support, typically a slope, an intercept in logits or an asymptote.
    ///
    /// # Source
    /// Johnson, Kotz & Balakrishnan (1994, 1995), *Continuous Univariate Distributions*, chs. 13, 14, 25; as item priors
    /// Mislevy (1986), *Psychometrika* 51, 177–195.
    ///
    /// # Limits
    /// −∞ outside the support.
    pub fn log_density(&self, value: f64) -> [f64; 3] {
        let log_root = 0.5 * libm::log(2.0 * core::f64::consts::PI);
        match *self {
            Self::Normal { mean, deviation } => {
                let z = (value - mean) / deviation;
                [-0.5 * z * z - libm::log(deviation) - log_root, -z / deviation, -1.0 / (deviation * deviation)]
            }
            Self::LogNormal { .. } if value <= 0.0 => [f64::NEG_INFINITY, 0.0, 0.0],
            Self::LogNormal { mean, deviation } => {
                let z = (libm::log(value) - mean) / deviation;
                let density = -0.5 * z * z - libm::log(deviation * value) - log_root;
                let first = -(z / deviation + 1.0) / value;
                [density, first, (z / deviation + 1.0 - 1.0 / (deviation * deviation)) / (value * value)]
            }
            Self::Beta { .. } if value <= 0.0 || value >= 1.0 => [f64::NEG_INFINITY, 0.0, 0.0],
            Self::Beta { first, second } => {
                let total = libm::lgamma(first + second) - libm::lgamma(first) - libm::lgamma(second);
                let (a, b, other) = (first - 1.0, second - 1.0, 1.0 - value);
                let density = a * libm::log(value) + b * libm::log(other) + total;
                [density, a / value - b / other, -a / (value * value) - b / (other * other)]
            }
        }
    }
}
