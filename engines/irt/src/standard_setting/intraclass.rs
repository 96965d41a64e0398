//! Agreement of raters over items: intraclass correlations from the two-way table.

/// Intraclass correlations of raters over items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intraclass {
    /// Absolute agreement of one rater with another: ICC(2,1).
    pub single: f64,
    /// Absolute agreement of the mean of the panel with that of another panel of its size: ICC(2,k).
    pub average: f64,
    /// Agreement of one rater with another up to severity: ICC(3,1).
    pub single_consistency: f64,
    /// Agreement of the panel's mean up to severity: ICC(3,k), Cronbach's alpha over raters.
    pub average_consistency: f64,
}

/// Intraclass correlations of a full table of ratings, or `None` where it has no variance between items.
///
/// # Formula
/// With mean squares of items R, raters C and rest E, n items, k raters: ICC(2,1) = (R − E)/(R + (k − 1) E + k (C − E)/n),
/// ICC(2,k) = (R − E)/(R + (C − E)/n), ICC(3,1) = (R − E)/(R + (k − 1) E), ICC(3,k) = (R − E)/R.
///
/// # Arguments
/// `ratings`: one row a rater, one cell an item; at least 2 of each.
///
/// # Source
/// Shrout & Fleiss (1979), *Psychological Bulletin* 86, 420–428.
///
/// # Accuracy
/// Agrees with numpy to 1e-11 on `tests/reference/standard_setting_angoff.csv`, and with the printed example of the
/// source.
///
/// # Limits
/// Below 0 when raters agree less than by chance. `None` for fewer than 2 raters or items, rows of different lengths,
/// numbers that are not finite, and a table without variance.
///
/// ```
/// use melek_irt::standard_setting::intraclass;
/// let severe = vec![0.2, 0.4, 0.6];
/// let lenient = vec![0.4, 0.6, 0.8];
/// let found = intraclass(&[severe, lenient]).unwrap();
/// assert!((found.single_consistency - 1.0).abs() < 1e-12 && found.single < 0.7);
/// ```
pub fn intraclass(ratings: &[Vec<f64>]) -> Option<Intraclass> {
    let items = ratings.first()?.len();
    let is_full = ratings.iter().all(|row| row.len() == items && row.iter().all(|rating| rating.is_finite()));
    if ratings.len() < 2 || items < 2 || !is_full {
        return None;
    }
    let (k, n) = (ratings.len() as f64, items as f64);
    let grand = ratings.iter().flatten().sum::<f64>() / (k * n);
    let of_rater = |row: &Vec<f64>| row.iter().sum::<f64>() / n;
    let of_item = |item: usize| ratings.iter().map(|row| row[item]).sum::<f64>() / k;
    let item_means: Vec<f64> = (0..items).map(of_item).collect();
    let square = |value: f64| value * value;
    let between_items = k * item_means.iter().map(|mean| square(mean - grand)).sum::<f64>() / (n - 1.0);
    let between_raters = n * ratings.iter().map(|row| square(of_rater(row) - grand)).sum::<f64>() / (k - 1.0);
    let mut rest = 0.0;
    for row in ratings {
        let own = of_rater(row);
        rest += row.iter().zip(&item_means).map(|(rating, mean)| square(rating - own - mean + grand)).sum::<f64>();
    }
    rest /= (n - 1.0) * (k - 1.0);
    let signal = between_items - rest;
    let severity = (between_raters - rest) / n;
    let found = Intraclass {
        single: signal / (between_items + (k - 1.0) * rest + k * severity),
        average: signal / (between_items + severity),
        single_consistency: signal / (between_items + (k - 1.0) * rest),
        average_consistency: signal / between_items,
    };
    let all = [found.single, found.average, found.single_consistency, found.average_consistency];
    all.iter().all(|value| value.is_finite()).then_some(found)
}
