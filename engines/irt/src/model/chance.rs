//! The chance of a right answer by blind guessing, by item type: the lower asymptote of an item.
//!
//! Counts in, a probability out. Blind means: every answer the page accepts is equally likely. A person who knows
//! something guesses better; that is what discrimination and difficulty describe, not this floor.

/// Fewer elements than an item of the type needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChanceError {
    #[error("{count} elements, but this item type needs at least {at_least}")]
    TooFew { count: u32, at_least: u32 },
    #[error("{left} elements cannot be matched one to one with only {right}")]
    TooFewToMatch { left: u32, right: u32 },
}

/// Chance of blindly picking the one right option, a probability.
///
/// # Formula
/// 1 / k
///
/// # Arguments
/// `options` k: at least 2, typically 3 … 5.
///
/// # Source
/// Counting; as fixed lower asymptote in Lord (1980), ch. 2 (c near the reciprocal of the number of options).
///
/// # Accuracy
/// Exact to rounding.
///
/// # Limits
/// Fewer than two options is an error: such an item is always right.
///
/// ```
/// assert_eq!(melek_irt::model::chance::single_choice(4), Ok(0.25));
/// ```
pub fn single_choice(options: u32) -> Result<f64, ChanceError> {
    at_least(2, options)?;
    Ok(1.0 / f64::from(options))
}

/// Chance of blindly ticking exactly the right set of options, a probability.
///
/// # Formula
/// 1 / (2^k − 2): every subset but the empty and the full one, which no key of this type uses.
///
/// # Arguments
/// `options` k: at least 2, typically 4 … 6.
///
/// # Source
/// Counting subsets.
///
/// # Accuracy
/// Exact to rounding.
///
/// # Limits
/// Tends to 0; above 1,023 options it is 0. Fewer than two options is an error.
///
/// ```
/// assert_eq!(melek_irt::model::chance::multiple_choice(4), Ok(1.0 / 14.0));
/// ```
pub fn multiple_choice(options: u32) -> Result<f64, ChanceError> {
    at_least(2, options)?;
    Ok(1.0 / (libm::ldexp(1.0, exponent(options)) - 2.0))
}

/// Chance of blindly putting all elements in the right order, a probability.
///
/// # Formula
/// 1 / n!
///
/// # Arguments
/// `elements` n: at least 2, typically 3 … 6.
///
/// # Source
/// Counting permutations.
///
/// # Accuracy
/// Exact to rounding up to n = 18, a relative 1e-15 a factor above.
///
/// # Limits
/// Above 170 elements it is 0. Fewer than two is an error.
///
/// ```
/// assert_eq!(melek_irt::model::chance::order(3), Ok(1.0 / 6.0));
/// ```
pub fn order(elements: u32) -> Result<f64, ChanceError> {
    at_least(2, elements)?;
    Ok(1.0 / falling_factorial(elements, elements))
}

/// Chance of blindly matching every left element with its own right element, a probability.
///
/// # Formula
/// (r − l)! / r!: one of the injective assignments of l elements to r.
///
/// # Arguments
/// `left` l: at least 1, typically 3 … 5. `right` r: at least 2 and at least l; r > l when there are distractors.
///
/// # Source
/// Counting injections.
///
/// # Accuracy
/// Exact to rounding while r!/(r − l)! < 2^53, a relative 1e-15 a factor above.
///
/// # Limits
/// Tends to 0. No left element, or fewer than two on the right, or fewer on the right than on the left, is an error.
///
/// ```
/// assert_eq!(melek_irt::model::chance::matching(3, 4), Ok(1.0 / 24.0));
/// ```
pub fn matching(left: u32, right: u32) -> Result<f64, ChanceError> {
    at_least(1, left)?;
    at_least(2, right)?;
    if right < left {
        return Err(ChanceError::TooFewToMatch { left, right });
    }
    Ok(1.0 / falling_factorial(right, left))
}

/// Chance of blindly marking exactly the right places, a probability.
///
/// # Formula
/// 1 / (2^m − 1): every subset of the places but the empty one, which the page does not accept.
///
/// # Arguments
/// `places` m: places that can be marked, at least 2, typically 4 … 8.
///
/// # Source
/// Counting subsets.
///
/// # Accuracy
/// Exact to rounding.
///
/// # Limits
/// Tends to 0; above 1,023 places it is 0. Fewer than two places is an error: such an item is always right.
///
/// ```
/// assert_eq!(melek_irt::model::chance::mark(3), Ok(1.0 / 7.0));
/// ```
pub fn mark(places: u32) -> Result<f64, ChanceError> {
    at_least(2, places)?;
    Ok(1.0 / (libm::ldexp(1.0, exponent(places)) - 1.0))
}

/// Chance of blindly typing the right number: 0, because an open answer has no finite set to guess from.
///
/// # Formula
/// c = 0
///
/// # Arguments
/// None.
///
/// # Source
/// Definition.
///
/// # Accuracy
/// Exact.
///
/// # Limits
/// None.
///
/// ```
/// assert_eq!(melek_irt::model::chance::numeric(), 0.0);
/// ```
pub fn numeric() -> f64 {
    0.0
}

fn at_least(at_least: u32, count: u32) -> Result<(), ChanceError> {
    if count < at_least { Err(ChanceError::TooFew { count, at_least }) } else { Ok(()) }
}

fn exponent(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// n (n − 1) … (n − k + 1); stops once it has overflowed to infinity.
fn falling_factorial(n: u32, k: u32) -> f64 {
    let mut product = 1.0;
    for factor in (n - k + 1..=n).rev() {
        product *= f64::from(factor);
        if product == f64::INFINITY {
            break;
        }
    }
    product
}
