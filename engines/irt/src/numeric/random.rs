//! Random numbers that stay the same for a seed on every machine and in every release: made here from raw 64-bit
//! words with `libm`, not by library functions whose streams may change between versions.

use rand::Rng;

/// 2⁻⁵³: the spacing of the numbers that [`uniform`] returns.
const SPACING: f64 = 1.0 / 9_007_199_254_740_992.0;

/// A uniform draw from 0 ≤ u < 1, a multiple of 2⁻⁵³, exact because 53 bits fit a double.
pub(crate) fn uniform<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    unit(rng.next_u64())
}

/// The number from 0 ≤ u < 1 that a random word stands for.
pub(crate) fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * SPACING
}

/// A standard normal draw by the polar method, Marsaglia & Bray (1964), *SIAM Review* 6, 260–264. The second draw of
/// each pair is not kept, so that the generator's state is the whole state.
pub(crate) fn standard_normal<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    loop {
        let x = 2.0 * uniform(rng) - 1.0;
        let y = 2.0 * uniform(rng) - 1.0;
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return x * (-2.0 * libm::log(square) / square).sqrt();
        }
    }
}

/// Independent standard normal draws.
pub(crate) fn standard_normals<const D: usize, R: Rng + ?Sized>(rng: &mut R) -> [f64; D] {
    core::array::from_fn(|_| standard_normal(rng))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn normal_draws_have_mean_zero_variance_one_and_kurtosis_three() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (mut mean, mut square, mut fourth) = (0.0, 0.0, 0.0);
        for _ in 0..200_000 {
            let x = standard_normal(&mut rng);
            mean += x / 2e5;
            square += x * x / 2e5;
            fourth += x * x * x * x / 2e5;
        }
        assert!(mean.abs() < 0.01 && (square - 1.0).abs() < 0.015 && (fourth - 3.0).abs() < 0.15);
    }
}
