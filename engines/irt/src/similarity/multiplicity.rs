//! P-values of many tests, adjusted so that a level bounds the false alarms among all of them.
//!
//! Benjamini & Hochberg (1995), *Journal of the Royal Statistical Society B* 57, 289–300: the expected share of false
//! findings among the findings, for independent or positively dependent tests. Holm (1979), *Scandinavian Journal of
//! Statistics* 6, 65–70: the chance of any false finding, whatever the dependence.

/// P-values that are none. Tests count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MultiplicityError {
    #[error("p-value {p_value} of test {test} is outside 0 … 1")]
    Range { test: usize, p_value: f64 },
}

/// P-values adjusted to bound the false-discovery rate, in the order given.
///
/// # Formula
/// p̃_(k) = min over l ≥ k of min(1, n p_(l) / l), p_(1) ≤ … ≤ p_(n)
///
/// # Arguments
/// `p_values`: each 0 … 1.
///
/// # Source
/// Benjamini & Hochberg (1995), *Journal of the Royal Statistical Society B* 57, 289–300.
///
/// # Accuracy
/// Agrees with scipy `false_discovery_control` to 1e-15 on `tests/reference/similarity_multiplicity.csv`.
///
/// # Limits
/// Pairs of one room share people and are dependent; Benjamini & Yekutieli (2001), *Annals of Statistics* 29, 1165–1188,
/// show that positive dependence does no harm. No p-values give none.
///
/// ```
/// use melek_irt::similarity::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.5, 0.125])?, [0.5, 0.25]);
/// # Ok::<(), melek_irt::similarity::MultiplicityError>(())
/// ```
pub fn benjamini_hochberg(p_values: &[f64]) -> Result<Vec<f64>, MultiplicityError> {
    let order = ascending(p_values)?;
    let (count, mut adjusted, mut smallest) = (order.len() as f64, vec![1.0; order.len()], 1.0_f64);
    for (rank, &test) in order.iter().enumerate().rev() {
        smallest = smallest.min(p_values[test] * (count / (rank + 1) as f64));
        adjusted[test] = smallest;
    }
    Ok(adjusted)
}

/// P-values adjusted to bound the chance of any false finding, in the order given.
///
/// # Formula
/// p̃_(k) = max over l ≤ k of min(1, (n − l + 1) p_(l)), p_(1) ≤ … ≤ p_(n)
///
/// # Arguments
/// `p_values`: each 0 … 1.
///
/// # Source
/// Holm (1979), *Scandinavian Journal of Statistics* 6, 65–70.
///
/// # Accuracy
/// Agrees with the definition in numpy to 1e-15 on `tests/reference/similarity_multiplicity.csv`.
///
/// # Limits
/// Strict for many pairs: the smallest of 435 p-values must lie below level/435. No p-values give none.
///
/// ```
/// use melek_irt::similarity::holm;
/// assert_eq!(holm(&[0.5, 0.125])?, [0.5, 0.25]);
/// # Ok::<(), melek_irt::similarity::MultiplicityError>(())
/// ```
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, MultiplicityError> {
    let order = ascending(p_values)?;
    let (mut adjusted, mut largest) = (vec![1.0; order.len()], 0.0_f64);
    for (rank, &test) in order.iter().enumerate() {
        largest = largest.max((p_values[test] * (order.len() - rank) as f64).min(1.0));
        adjusted[test] = largest;
    }
    Ok(adjusted)
}

/// Positions from the smallest p-value to the largest.
fn ascending(p_values: &[f64]) -> Result<Vec<usize>, MultiplicityError> {
    if let Some((test, p_value)) = p_values.iter().enumerate().find(|(_, p)| !(0.0..=1.0).contains(*p)) {
        return Err(MultiplicityError::Range { test, p_value: *p_value });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    Ok(order)
}
