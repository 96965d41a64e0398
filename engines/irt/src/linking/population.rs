//! A distribution of ability as points with weights: where curves are compared and people are expected.

use core::f64::consts::PI;

/// More points than a rule of this kind gains from: beyond it the outermost weights underflow.
const MOST_POINTS: usize = 200;

/// Halvings of an interval of length 100 until neighbouring doubles are left.
const HALVINGS: usize = 70;

/// Points that make no distribution. Points count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PopulationError {
    #[error("{0} points; between 1 and 200 are possible")]
    Points(usize),
    #[error(
        "point {point} lies at {ability} with weight {weight}; abilities are finite, weights finite and not below 0"
    )]
    Point { point: usize, ability: f64, weight: f64 },
    #[error("all weights are 0")]
    NoWeight,
    #[error("mean {mean} and standard deviation {deviation} make no normal distribution")]
    Normal { mean: f64, deviation: f64 },
}

/// Abilities in logits with weights that sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Population(Vec<(f64, f64)>);

impl Population {
    /// Points with their weights, which are divided by their sum.
    ///
    /// # Arguments
    /// `points`: (ability in logits, weight ≥ 0), at least one of weight above 0. Estimated abilities of people, each of
    /// weight 1, give averages over these people.
    ///
    /// # Source
    /// Definition.
    pub fn new(points: Vec<(f64, f64)>) -> Result<Self, PopulationError> {
        if points.is_empty() {
            return Err(PopulationError::Points(0));
        }
        for (point, &(ability, weight)) in points.iter().enumerate() {
            if !(ability.is_finite() && weight.is_finite() && weight >= 0.0) {
                return Err(PopulationError::Point { point, ability, weight });
            }
        }
        // Divided by the largest first, so that the sum cannot overflow.
        let largest = points.iter().map(|point| point.1).fold(0.0, f64::max);
        if largest == 0.0 {
            return Err(PopulationError::NoWeight);
        }
        let total: f64 = points.iter().map(|point| point.1 / largest).sum();
        Ok(Self(points.into_iter().map(|(ability, weight)| (ability, weight / largest / total)).collect()))
    }

    /// A normal distribution by Gauss–Hermite quadrature: exact for polynomials up to degree 2n − 1.
    ///
    /// # Formula
    /// Points are the zeros of the Hermite polynomial He_n, found by bisection on the Sturm sequence of its Jacobi
    /// matrix (diagonal 0, off-diagonal √k); weights are 1/Σ_k h_k(x)² over the orthonormal polynomials h_0 … h_(n−1).
    ///
    /// # Arguments
    /// `mean` and `deviation` > 0 in logits. `points`: 1 … 200; 30 is what equateIRT uses, 41 is ample.
    ///
    /// # Source
    /// Golub & Welsch (1969), *Mathematics of Computation* 23, 221–230; bisection by Barth, Martin & Wilkinson (1967),
    /// *Numerische Mathematik* 9, 386–393.
    ///
    /// # Accuracy
    /// Agrees with numpy `hermegauss` to 1e-12 for 30 points (`tests/reference/linking_nodes.csv`).
    ///
    /// # Limits
    /// The outermost points of many lie beyond any person and weigh nearly nothing.
    ///
    /// ```
    /// use melek_irt::linking::Population;
    /// let population = Population::normal(0.0, 1.0, 30)?;
    /// let fourth: f64 = population.points().iter().map(|(x, weight)| weight * x.powi(4)).sum();
    /// assert!((fourth - 3.0).abs() < 1e-12);
    /// # Ok::<(), melek_irt::linking::PopulationError>(())
    /// ```
    pub fn normal(mean: f64, deviation: f64, points: usize) -> Result<Self, PopulationError> {
        if points == 0 || points > MOST_POINTS {
            return Err(PopulationError::Points(points));
        }
        if !(mean.is_finite() && deviation > 0.0 && deviation.is_finite()) {
            return Err(PopulationError::Normal { mean, deviation });
        }
        let place = |x: f64| (mean + deviation * x, 1.0 / sum_of_squares(points, x));
        Self::new((0..points).map(|position| place(zero(points, position))).collect())
    }

    /// A normal distribution on evenly spaced points: rectangle rule, weights ∝ density.
    ///
    /// # Formula
    /// w(x) ∝ exp(−x²/2)/√(2π) on x = −reach … reach, in standard deviations from the mean.
    ///
    /// # Arguments
    /// `points`: 2 … 200 evenly spaced over ± `reach` > 0 standard deviations of a standard normal distribution, typically
    /// 41 over ± 4.
    ///
    /// # Source
    /// Kolen & Brennan (2014), *Test Equating, Scaling, and Linking*, 3rd ed., sec. 6.3.3 (points for curve methods).
    ///
    /// # Limits
    /// The tails beyond the reach are left out: 6e-5 of the people at 4.
    pub fn even(points: usize, reach: f64) -> Result<Self, PopulationError> {
        if !(2..=MOST_POINTS).contains(&points) {
            return Err(PopulationError::Points(points));
        }
        if !(reach > 0.0 && reach.is_finite()) {
            return Err(PopulationError::Normal { mean: 0.0, deviation: reach });
        }
        let point = |position: usize| {
            let x = reach * (2.0 * position as f64 / (points - 1) as f64 - 1.0);
            (x, libm::exp(-0.5 * x * x) / (2.0 * PI).sqrt())
        };
        Self::new((0..points).map(point).collect())
    }

    /// Abilities with weights that sum to 1.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.0
    }
}

/// How many zeros of He_n lie below x: negative pivots of the Jacobi matrix minus x.
fn zeros_below(points: usize, x: f64) -> usize {
    let mut pivot = -x;
    let mut below = usize::from(pivot < 0.0);
    for k in 1..points {
        // A pivot of exactly 0 counts as the smallest positive one.
        let previous = if pivot == 0.0 { f64::MIN_POSITIVE } else { pivot };
        pivot = -x - k as f64 / previous;
        below += usize::from(pivot < 0.0);
    }
    below
}

/// The zero of He_n with so many zeros below it. All lie within ± 2√n.
fn zero(points: usize, position: usize) -> f64 {
    let reach = 2.0 * (points as f64).sqrt();
    let (mut low, mut high) = (-reach, reach);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if zeros_below(points, middle) > position { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}

/// Σ h_k(x)² over k < n, with √(k + 1) h_(k+1) = x h_k − √k h_(k−1).
fn sum_of_squares(points: usize, x: f64) -> f64 {
    let (mut before, mut here, mut sum) = (0.0, 1.0, 1.0);
    for k in 1..points {
        let k = k as f64;
        let next = (x * here - (k - 1.0).sqrt() * before) / k.sqrt();
        (before, here) = (here, next);
        sum += here * here;
    }
    sum
}
