//! Cut scores by modified Angoff: raters say how a borderline person would answer each item.

use super::characteristic_curve::{CharacteristicCurve, CurveError};
use super::intraclass::{Intraclass, intraclass};
use super::panel::{Panel, PanelError};
use crate::model::ResponseFunction;

/// Ratings from which no cut score follows. Raters and items count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AngoffError {
    #[error("rater {rater} rated {ratings} items of {items}; leave a gap where an item was not rated")]
    Items { rater: usize, ratings: usize, items: usize },
    #[error("rater {rater} rated nothing")]
    NoRatings { rater: usize },
    #[error("rater {rater} expects {rating} points of item {item}, which gives 0 to {highest}")]
    Rating { rater: usize, item: usize, rating: f64, highest: usize },
    #[error("rater {rater} expects {score} points of the items rated, which no ability expects")]
    NoAbility { rater: usize, score: f64 },
    #[error(transparent)]
    Curve(#[from] CurveError),
    #[error(transparent)]
    Panel(#[from] PanelError),
}

/// What one rater said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AngoffRater {
    /// Items rated.
    pub rated: usize,
    /// The cut on the ability scale, in logits.
    pub ability: f64,
    /// The cut in points of the whole test.
    pub score: f64,
    /// Root mean squared difference of the ratings from what the model expects at the rater's own cut, in points.
    pub inconsistency: f64,
    /// Correlation of the ratings with what the model expects at the panel's cut; `None` without variance.
    pub correlation: Option<f64>,
}

/// What the raters said about one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AngoffItem {
    /// Raters who rated it.
    pub raters: usize,
    /// Mean rating in points, `None` when nobody rated it.
    pub mean: Option<f64>,
    /// Standard deviation over the raters, `None` for fewer than 2.
    pub deviation: Option<f64>,
    /// What the model expects at the panel's cut, in points.
    pub expected: f64,
}

/// A panel's cut score by modified Angoff.
#[derive(Debug, Clone, PartialEq)]
pub struct Angoff {
    /// Over the raters' cuts in points of the whole test.
    pub score: Panel,
    /// The ability at which the mean cut is expected, in logits.
    pub ability: f64,
    /// Of the ability: the error of the mean cut by the slope of the characteristic curve.
    pub ability_standard_error: f64,
    pub raters: Vec<AngoffRater>,
    pub items: Vec<AngoffItem>,
    /// `None` where a rating is missing or nothing varies.
    pub intraclass: Option<Intraclass>,
}

/// The cut score of a panel that rated how many points a borderline person gets in each item.
///
/// # Formula
/// A rater's ability θ_r has Σ E_i(θ_r) = Σ ratings over the items rated; the cut in points is T(θ_r) = Σ E_i(θ_r) over
/// all items, which is the sum of ratings when nothing is missing. Panel: mean and s/√n; ability T⁻¹(mean), with the
/// standard error SE/T'(θ).
///
/// # Arguments
/// `functions`: the items, one dimension, slopes above 0. `ratings`: one row a rater, at least 2; one cell an item, 0 … 1
/// for right or wrong, 0 … K − 1 otherwise, `None` where not rated.
///
/// # Source
/// Angoff (1971), in Thorndike, *Educational Measurement*, 2nd ed., p. 515; ability scale: Kane (1987), *Journal of
/// Educational Measurement* 24, 333–345; consistency of a rater: van der Linden (1982), *Journal of Educational
/// Measurement* 19, 295–308.
///
/// # Accuracy
/// Agrees with numpy and scipy's root finding to 1e-10 on `tests/reference/standard_setting_angoff.csv`.
///
/// # Limits
/// Ratings whose sum is at or below that of blind guessing, or at the highest score, belong to no ability: an error that
/// names the rater. The error does not contain the choice of items.
///
/// ```
/// use melek_irt::model::ResponseFunction;
/// use melek_irt::standard_setting::angoff;
/// let items = [ResponseFunction::two_parameter(1.0, 0.5)?, ResponseFunction::two_parameter(1.0, -0.5)?];
/// let panel = angoff(&items, &[vec![Some(0.7), Some(0.5)], vec![Some(0.5), None]])?;
/// assert!((panel.raters[0].score - 1.2).abs() < 1e-12);
/// assert!((panel.raters[1].ability + 0.5).abs() < 1e-12); // from the one item rated
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn angoff(functions: &[ResponseFunction], ratings: &[Vec<Option<f64>>]) -> Result<Angoff, AngoffError> {
    let curve = CharacteristicCurve::new(functions)?;
    for (rater, row) in ratings.iter().enumerate() {
        check(functions, rater, row)?;
    }
    let abilities = ratings.iter().enumerate().map(|(rater, row)| ability_of(functions, rater, row));
    let abilities = abilities.collect::<Result<Vec<f64>, AngoffError>>()?;
    let cuts: Vec<f64> = abilities.iter().map(|ability| curve.expected(*ability)).collect();
    let score = Panel::of(&cuts)?;
    let no_ability = AngoffError::NoAbility { rater: 0, score: score.mean };
    let ability = curve.ability_at(score.mean).ok_or(no_ability)?;
    let at = |theta: f64| functions.iter().map(|function| function.expected_score(&[theta])).collect::<Vec<f64>>();
    let expected = at(ability);
    let rater = |((row, own), cut): ((&Vec<Option<f64>>, &f64), &f64)| AngoffRater {
        rated: row.iter().flatten().count(),
        ability: *own,
        score: *cut,
        inconsistency: inconsistency(row, &at(*own)),
        correlation: correlation(row, &expected),
    };
    let full: Option<Vec<Vec<f64>>> = ratings.iter().map(|row| row.iter().copied().collect()).collect();
    Ok(Angoff {
        ability,
        ability_standard_error: score.standard_error / curve.slope(ability),
        raters: ratings.iter().zip(&abilities).zip(&cuts).map(rater).collect(),
        items: expected.iter().enumerate().map(|(item, expected)| item_of(ratings, item, *expected)).collect(),
        intraclass: full.and_then(|full| intraclass(&full)),
        score,
    })
}

fn check(functions: &[ResponseFunction], rater: usize, row: &[Option<f64>]) -> Result<(), AngoffError> {
    if row.len() != functions.len() {
        return Err(AngoffError::Items { rater, ratings: row.len(), items: functions.len() });
    }
    if row.iter().all(Option::is_none) {
        return Err(AngoffError::NoRatings { rater });
    }
    for (item, (rating, function)) in row.iter().zip(functions).enumerate() {
        let highest = function.categories() - 1;
        if let Some(rating) = rating.filter(|rating| !(0.0..=highest as f64).contains(rating)) {
            return Err(AngoffError::Rating { rater, item, rating, highest });
        }
    }
    Ok(())
}

fn ability_of(functions: &[ResponseFunction], rater: usize, row: &[Option<f64>]) -> Result<f64, AngoffError> {
    let rated: Vec<ResponseFunction> = functions
        .iter()
        .zip(row)
        .filter(|(_, rating)| rating.is_some())
        .map(|(function, _)| function.clone())
        .collect();
    let score = row.iter().flatten().sum();
    CharacteristicCurve::new(&rated)?.ability_at(score).ok_or(AngoffError::NoAbility { rater, score })
}

fn inconsistency(row: &[Option<f64>], expected: &[f64]) -> f64 {
    let squares = row.iter().zip(expected).filter_map(|(rating, expected)| Some(rating.as_ref()? - expected));
    let (sum, count) = squares.fold((0.0, 0.0), |(sum, count), gap| (sum + gap * gap, count + 1.0));
    (sum / f64::max(count, 1.0)).sqrt()
}

fn correlation(row: &[Option<f64>], expected: &[f64]) -> Option<f64> {
    let pairs: Vec<(f64, f64)> =
        row.iter().zip(expected).filter_map(|(rating, expected)| Some((*rating.as_ref()?, *expected))).collect();
    let count = pairs.len() as f64;
    let mean_rating = pairs.iter().map(|pair| pair.0).sum::<f64>() / count;
    let mean_expected = pairs.iter().map(|pair| pair.1).sum::<f64>() / count;
    let sum = |of: &dyn Fn(f64, f64) -> f64| {
        pairs.iter().map(|(rating, expected)| of(rating - mean_rating, expected - mean_expected)).sum::<f64>()
    };
    let correlation = sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    correlation.is_finite().then_some(correlation)
}

fn item_of(ratings: &[Vec<Option<f64>>], item: usize, expected: f64) -> AngoffItem {
    let own: Vec<f64> = ratings.iter().filter_map(|row| row[item]).collect();
    let count = own.len() as f64;
    let mean = (!own.is_empty()).then(|| own.iter().sum::<f64>() / count);
    let spread =
        |mean: f64| (own.iter().map(|rating| (rating - mean) * (rating - mean)).sum::<f64>() / (count - 1.0)).sqrt();
    let deviation = if own.len() < 2 { None } else { mean.map(spread) };
    AngoffItem { raters: own.len(), mean, deviation, expected }
}
