//! Weighted isotonic regression: the closest non-decreasing sequence.

/// The non-decreasing sequence with the smallest weighted sum of squared differences from `values` (pool adjacent
/// violators: Ayer et al. 1955, *Annals of Mathematical Statistics* 26, 641–647). `(value, weight)` in, weights > 0.
pub(super) fn non_decreasing(values: &[(f64, f64)]) -> Vec<f64> {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for &(value, weight) in values {
        let mut block = (value, weight, 1);
        while let Some(&(mean, mass, length)) = blocks.last().filter(|last| last.0 > block.0) {
            let total = mass + block.1;
            block = ((mean * mass + block.0 * block.1) / total, total, length + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|&(mean, _, length)| core::iter::repeat_n(mean, length)).collect()
}
