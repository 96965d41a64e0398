//! What a panel of raters says together: mean and median of their cut scores, with standard errors.

use core::f64::consts::PI;

/// Cut scores of which no panel is made. Raters count from 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PanelError {
    #[error("{0} raters; the error of a panel needs at least 2")]
    TooFew(usize),
    #[error("the cut score of rater {rater} is {cut}")]
    NotFinite { rater: usize, cut: f64 },
}

/// A panel's cut score, on the scale of the raters' cuts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panel {
    pub raters: usize,
    pub mean: f64,
    pub median: f64,
    /// Standard deviation over the raters, with denominator n − 1.
    pub deviation: f64,
    /// Of the mean.
    pub standard_error: f64,
    /// Of the median.
    pub median_standard_error: f64,
}

impl Panel {
    /// Mean and median of the raters' cut scores with their standard errors.
    ///
    /// # Formula
    /// SE(mean) = s/√n; SE(median) = √(π/2) s/√n, which holds for normally distributed raters.
    ///
    /// # Arguments
    /// `cuts`: one a rater, at least 2, typically 10 … 20; logits or points.
    ///
    /// # Source
    /// Hambleton & Pitoniak (2006), in Brennan, *Educational Measurement*, 4th ed., ch. 12; median: Kendall & Stuart
    /// (1977), *Advanced Theory of Statistics* 1, sec. 10.10.
    ///
    /// # Accuracy
    /// Agrees with numpy to 1e-12 on `tests/reference/standard_setting_bookmark.csv`.
    ///
    /// # Limits
    /// Raters who talked to one another are not independent: after a discussion the error is too small. Another panel of
    /// other items is not in it.
    ///
    /// ```
    /// use melek_irt::standard_setting::Panel;
    /// let panel = Panel::of(&[0.1, 0.3, 0.2, 0.6])?;
    /// assert!((panel.mean - 0.3).abs() < 1e-15 && (panel.median - 0.25).abs() < 1e-15);
    /// assert!((panel.standard_error - 0.108).abs() < 1e-3);
    /// # Ok::<(), melek_irt::standard_setting::PanelError>(())
    /// ```
    pub fn of(cuts: &[f64]) -> Result<Self, PanelError> {
        if cuts.len() < 2 {
            return Err(PanelError::TooFew(cuts.len()));
        }
        if let Some(rater) = cuts.iter().position(|cut| !cut.is_finite()) {
            return Err(PanelError::NotFinite { rater, cut: cuts[rater] });
        }
        let count = cuts.len() as f64;
        let mean = cuts.iter().sum::<f64>() / count;
        let squares: f64 = cuts.iter().map(|cut| (cut - mean) * (cut - mean)).sum();
        let deviation = (squares / (count - 1.0)).sqrt();
        let standard_error = deviation / count.sqrt();
        let mut sorted = cuts.to_vec();
        sorted.sort_by(f64::total_cmp);
        let median = 0.5 * (sorted[(cuts.len() - 1) / 2] + sorted[cuts.len() / 2]);
        let median_standard_error = (0.5 * PI).sqrt() * standard_error;
        Ok(Self { raters: cuts.len(), mean, median, deviation, standard_error, median_standard_error })
    }

    /// Standard error of the mean with other independent errors on top, such as those of linking or of calibration.
    ///
    /// # Formula
    /// √(SE² + Σ e²)
    ///
    /// # Arguments
    /// `others`: standard errors on the scale of the cut, ≥ 0.
    ///
    /// # Source
    /// Kaftandjieva (2010), *Methods for Setting Cut Scores in Criterion-referenced Achievement Tests*, sec. 5.2; the
    /// variance of a sum of independent errors.
    ///
    /// # Accuracy
    /// Rounding.
    ///
    /// # Limits
    /// Errors that depend on one another do not add like this.
    pub fn total_error(&self, others: &[f64]) -> f64 {
        let squares: f64 = others.iter().map(|error| error * error).sum();
        (self.standard_error * self.standard_error + squares).sqrt()
    }
}
