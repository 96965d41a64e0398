//! What an aggregate may show. A group is shown from ten people on; smaller ones are hidden, and never so that a hidden group could
//! be computed from the total and the shown ones: what is hidden are at least two groups with at least ten people together.
//! Shares are told in steps of five points and never as none or all, so that no aggregate says something of every member.

/// Fewest people of a group that is shown; rule 3 of the product.
pub const LEAST_PEOPLE: i64 = 10;

/// Shares are rounded to this.
const STEP: f64 = 0.05;

/// Which of the groups that make up a total may be shown, by their sizes.
pub(crate) fn shown_groups(sizes: &[i64]) -> Vec<bool> {
    let mut shown: Vec<bool> = sizes.iter().map(|&size| size >= LEAST_PEOPLE).collect();
    loop {
        let hidden: Vec<i64> =
            (0..sizes.len()).filter(|&group| !shown[group] && sizes[group] > 0).map(|group| sizes[group]).collect();
        if hidden.is_empty() || (hidden.len() > 1 && hidden.iter().sum::<i64>() >= LEAST_PEOPLE) {
            return shown;
        }
        let smallest = (0..sizes.len()).filter(|&group| shown[group]).min_by_key(|&group| sizes[group]);
        match smallest {
            Some(group) => shown[group] = false,
            None => return shown,
        }
    }
}

/// A share as it may be told: rounded to five points, at least .05 and at most .95.
pub(crate) fn told(share: f64) -> f64 {
    ((share / STEP).round() * STEP).clamp(STEP, 1.0 - STEP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_group_of_nine_is_hidden_together_with_the_next_smallest() {
        assert_eq!(shown_groups(&[9, 40, 12]), [false, true, false]);
    }

    #[test]
    fn groups_that_are_large_enough_are_all_shown() {
        assert_eq!(shown_groups(&[10, 40, 12]), [true, true, true]);
    }

    #[test]
    fn several_small_groups_hide_each_other_when_they_are_ten_together() {
        assert_eq!(shown_groups(&[4, 40, 6]), [false, true, false]);
        assert_eq!(shown_groups(&[2, 40, 3, 11]), [false, true, false, false]);
    }

    #[test]
    fn one_small_group_alone_shows_nothing() {
        assert_eq!(shown_groups(&[5]), [false]);
    }

    #[test]
    fn a_share_never_speaks_of_everybody() {
        assert_eq!((told(0.0), told(1.0)), (0.05, 0.95));
        assert!((told(0.52) - 0.5).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn nobody_can_compute_a_hidden_group_from_the_total(sizes in proptest::collection::vec(0_i64..60, 1..40)) {
            let shown = shown_groups(&sizes);
            let of = |wanted: bool| sizes.iter().zip(&shown).filter(move |(size, shown)| **shown == wanted && **size > 0).map(|(size, _)| *size);
            prop_assert!(of(true).all(|size| size >= LEAST_PEOPLE));
            let rest: i64 = sizes.iter().sum::<i64>() - of(true).sum::<i64>();
            let hidden = of(false).count();
            let nothing_shown = of(true).count() == 0;
            prop_assert!(rest == 0 || nothing_shown || (hidden > 1 && rest >= LEAST_PEOPLE));
        }
    }
}
