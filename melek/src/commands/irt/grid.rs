//! `--grid 61,-6,6`: the points of ability.

use melek_irt::calibration::Grid;

const MOST_POINTS: usize = 2001;

/// Reads POINTS,LOWEST,HIGHEST.
pub fn parse(text: &str) -> Result<Grid, String> {
    let shape = || "write POINTS,LOWEST,HIGHEST, for example 61,-6,6".to_owned();
    let mut parts = text.split(',').map(str::trim);
    let (Some(points), Some(lowest), Some(highest), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(shape());
    };
    let points: usize = points.parse().map_err(|_| shape())?;
    let (lowest, highest): (f64, f64) = (lowest.parse().map_err(|_| shape())?, highest.parse().map_err(|_| shape())?);
    if !(3..=MOST_POINTS).contains(&points) {
        return Err(format!("a grid has 3 to {MOST_POINTS} points"));
    }
    if !(lowest.is_finite() && highest.is_finite() && lowest < highest && highest - lowest <= 100.0) {
        return Err("the lowest point must lie below the highest, at most 100 logits away".to_owned());
    }
    Ok(Grid { points, lowest, highest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_points_lowest_highest() {
        assert_eq!(parse("61,-6,6"), Ok(Grid { points: 61, lowest: -6.0, highest: 6.0 }));
        for wrong in ["", "61", "61,-6", "61,-6,6,1", "2,-6,6", "61,6,-6", "61,NaN,6", "61,-inf,inf", "-3,-6,6"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
