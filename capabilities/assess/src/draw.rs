//! The order in which options, steps or right sides are shown to one person: drawn from the session's seed and the
//! position, so that it is the same on every device and in both languages and need not be stored. Forms carry places in
//! this order, never keys, so that the source of a page does not tell the key.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::item::Task;

/// `shown[place]` is the index in the item file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    shown: Vec<usize>,
}

impl Draw {
    pub fn new(task: &Task, seed: u64, position: usize) -> Draw {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(position as u64);
        let count = written_count(task);
        let mut shown: Vec<usize> = (0..count).collect();
        if task.drawn_count() > 1 {
            shown.shuffle(&mut rng);
            if matches!(task, Task::Order { .. }) && shown.is_sorted() {
                let offset = rng.next_u64() as usize % (count - 1) + 1;
                shown.rotate_left(offset);
            }
        }
        Draw { shown }
    }

    /// Index in the item file of what stands at `place`, from 1.
    pub fn index(&self, place: usize) -> Option<usize> {
        place.checked_sub(1).and_then(|index| self.shown.get(index).copied())
    }

    /// Indices in the item file in the order shown.
    pub fn indices(&self) -> impl Iterator<Item = usize> + '_ {
        self.shown.iter().copied()
    }

    /// Place, from 1, at which the thing at `index` of the item file is shown.
    pub fn place(&self, index: usize) -> Option<usize> {
        self.shown.iter().position(|&shown| shown == index).map(|place| place + 1)
    }
}

/// Things of a task that have a place: parts of a document keep their order but are numbered too.
fn written_count(task: &Task) -> usize {
    match task {
        Task::SingleChoice { options, .. } | Task::MultipleChoice { options, .. } => options.len(),
        Task::Order { steps } => steps.len(),
        Task::Match { pairs, extras } => pairs.len() + extras.len(),
        Task::Mark { document } => document.parts.len(),
        Task::Numeric { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::{order_of_four, single_choice};
    use proptest::prelude::*;

    #[test]
    fn the_same_seed_and_position_draw_the_same_order() {
        let task = single_choice();
        assert_eq!(Draw::new(&task, 7, 3), Draw::new(&task, 7, 3));
    }

    proptest! {
        #[test]
        fn every_option_is_shown_once(seed: u64, position in 0_usize..40) {
            let mut shown: Vec<_> = Draw::new(&single_choice(), seed, position).indices().collect();
            shown.sort_unstable();
            prop_assert_eq!(shown, [0, 1, 2]);
        }

        #[test]
        fn steps_are_never_shown_in_their_right_order(seed: u64, position in 0_usize..40) {
            let draw = Draw::new(&order_of_four(), seed, position);
            prop_assert!(!draw.indices().is_sorted());
        }
    }
}
