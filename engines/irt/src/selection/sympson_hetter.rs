//! Sympson–Hetter control: a chosen item is shown only with a probability found by repeated simulation. Beside the priced
//! rule for comparison.

/// Parameters after a simulated cycle: the probability of each item to be shown once it is chosen.
///
/// # Formula
/// k_i = 1 if P(S_i) ≤ rate, else rate / P(S_i); the `length` largest are set to 1 so that a test can always be completed.
///
/// # Arguments
/// - `chosen`: share of tests that chose each item, P(S_i), 0 … 1. `rate`: the target, 0 < rate ≤ 1.
/// - `length`: items of a test.
///
/// # Source
/// Sympson & Hetter (1985), *Proceedings of the 27th Annual Meeting of the Military Testing Association*, 973–977; steps as
/// in Hetter & Sympson (1997), in Sands, Waters & McBride, *Computerized Adaptive Testing*, ch. 13.
///
/// ```
/// use melek_irt::selection::sympson_hetter;
/// assert_eq!(sympson_hetter::parameters(&[0.5, 0.1, 0.2], 0.25, 1), [0.5, 1.0, 1.0]);
/// ```
pub fn parameters(chosen: &[f64], rate: f64, length: usize) -> Vec<f64> {
    let mut parameters: Vec<f64> = chosen.iter().map(|&share| if share <= rate { 1.0 } else { rate / share }).collect();
    let mut by_size: Vec<usize> = (0..parameters.len()).collect();
    by_size.sort_by(|&one, &other| parameters[other].total_cmp(&parameters[one]));
    for &position in by_size.iter().take(length) {
        parameters[position] = 1.0;
    }
    parameters
}
