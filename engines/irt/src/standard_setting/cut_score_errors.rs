//! How far item-mapping cut scores would move with other items of the same levels.

use super::cut_scores::{Cut, CutScoreError, LevelItem, RESPONSE_PROBABILITY, cut_scores};

/// A cut score with its standard errors, in logits; `None` where a level has only one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutError {
    pub cut: Cut,
    /// Of the mean before levels were put in order.
    pub unordered: Option<f64>,
    /// Of the cut score, over all items of the levels that share it.
    pub ability: Option<f64>,
}

/// The cut scores by item mapping with the standard errors that come from the choice of items.
///
/// # Formula
/// SE(mean) = s/√n over the n items of a level; of a cut shared by several levels √(Σ n² SE²)/Σ n.
///
/// # Arguments
/// As [`cut_scores()`].
///
/// # Source
/// Standard error of a mean over items as a random sample of the level: Brennan (2001), *Generalizability Theory*,
/// sec. 2.3, with items as the random facet.
///
/// # Accuracy
/// Agrees with numpy to 1e-12 on `tests/reference/cut_score_errors.csv`.
///
/// # Limits
/// Which levels share a cut is taken as given. Errors of calibration come on top; see [`super::Panel::total_error`].
///
/// ```
/// use melek_irt::model::Item;
/// use melek_irt::standard_setting::{LevelItem, cut_score_errors};
/// let item = |difficulty| Item::new(1.0, difficulty, 0.0);
/// let level = |item| LevelItem { item, dimension: 0, level: 1 };
/// let cuts = cut_score_errors(&[level(item(0.0)?), level(item(1.0)?)])?;
/// assert!((cuts[0].ability.unwrap() - 0.5).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cut_score_errors(items: &[LevelItem]) -> Result<Vec<CutError>, CutScoreError> {
    let cuts = cut_scores(items)?;
    let unordered: Vec<Option<f64>> = cuts.iter().map(|cut| error_of_mean(items, cut)).collect();
    let error = |(cut, unordered_error): (&Cut, &Option<f64>)| {
        // Levels that were pooled have the same cut to the last bit.
        let shared = cuts.iter().zip(&unordered);
        let shared = shared.filter(|(other, _)| other.dimension == cut.dimension && other.ability == cut.ability);
        let (mut squares, mut total) = (Some(0.0), 0.0);
        for (other, error) in shared {
            let part = error.map(|error| (other.items as f64 * error) * (other.items as f64 * error));
            squares = squares.zip(part).map(|(sum, part)| sum + part);
            total += other.items as f64;
        }
        CutError { cut: *cut, unordered: *unordered_error, ability: squares.map(|sum: f64| sum.sqrt() / total) }
    };
    Ok(cuts.iter().zip(&unordered).map(error).collect())
}

fn error_of_mean(items: &[LevelItem], cut: &Cut) -> Option<f64> {
    let own = items.iter().filter(|one| one.dimension == cut.dimension && one.level == cut.level);
    let squares: f64 = own
        .filter_map(|one| one.item.ability_at(RESPONSE_PROBABILITY))
        .map(|ability| (ability - cut.unordered) * (ability - cut.unordered))
        .sum();
    let count = cut.items as f64;
    (cut.items > 1).then(|| (squares / (count - 1.0) / count).sqrt())
}
