//! Which answers came so fast that the question can hardly have been read, and what the score would be without them. That score
//! stands beside the plain one and never replaces it: why somebody was fast is for a person to judge. Pure; times in
//! milliseconds, the usual time of an item in seconds, abilities in logits. Reading and showing is in `result_of_session.rs`,
//! `show_result.rs` and `oversight/answer_dispute.rs`.
//!
//! An answer is rapid when it took less than a tenth of the usual time of its item, and less than ten seconds: the normative
//! threshold NT10 of Wise and Ma (2012), "Setting response time thresholds for a CAT item pool: the normative threshold method",
//! National Council on Measurement in Education, Vancouver. **Provisional:** until times of many people are measured, the usual time
//! is what the author of the item expects, `seconds` of the item file.
//!
//! Effort is the share of answers that are not rapid: Wise and Kong (2005), "Response time effort: a new measure of examinee
//! motivation in computer-based tests", Applied Measurement in Education 18(2), 163–183. A rapid answer says nothing about ability,
//! so the score without rapid answers leaves them out: Wise and DeMars (2006), "An application of item response time: the
//! effort-moderated IRT model", Journal of Educational Measurement 43(1), 19–38.

use crate::answer::Answer;
use crate::item::Item;
use crate::session::{Ability, Given, State, Test};

/// NT10: this part of the usual time.
const PART_OF_USUAL_TIME: f64 = 0.1;

/// Whatever the usual time is, an answer after this long is not rapid.
const LONGEST_THRESHOLD_MS: f64 = 10_000.0;

/// When an item came before a person and how long it stayed there.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// When the answer before it was given, or the session started.
    pub came_ms: i64,
    /// Since when its clock ran: later than it came when there was a pause in between.
    pub shown_ms: i64,
    /// With the item on the screen since then; 0 when it was answered in a pause.
    pub used_ms: i64,
}

/// An answer with whether it was rapid.
#[derive(Debug, Clone)]
pub struct Judged {
    pub given: Given,
    pub is_rapid: bool,
    /// To an item on trial, which does not count.
    pub is_pilot: bool,
}

/// What a result says about rapid answers; there is none when no answer was rapid.
#[derive(Debug, Clone, PartialEq)]
pub struct Effort {
    /// All that count in the result.
    pub answers: usize,
    /// At least one.
    pub rapid: usize,
    /// Answers that a score needs.
    pub least: usize,
    /// Without the rapid answers; `None` when fewer than `least` remain.
    pub ability: Option<Ability>,
}

impl Pace {
    /// How long the item was before the person; `None` when that is not known. After a pause the clock begins anew, and the
    /// question may have been read before it.
    pub fn time_ms(self) -> Option<i64> {
        (self.used_ms > 0 && self.shown_ms <= self.came_ms).then_some(self.used_ms)
    }
}

/// Usual time of an item. Provisional: what its author expects, as long as no times are measured.
pub fn usual_s(item: &Item) -> u32 {
    item.seconds
}

/// Time below which an answer to an item is rapid.
pub fn threshold_ms(usual_s: u32) -> f64 {
    (f64::from(usual_s) * 1000.0 * PART_OF_USUAL_TIME).min(LONGEST_THRESHOLD_MS)
}

/// Whether the question can hardly have been read. "I do not know" never is rapid, because it is no guess; nor is an answer whose time
/// or whose item's usual time is not known.
pub fn is_rapid(answer: &Answer, pace: Pace, usual_s: Option<u32>) -> bool {
    let known = pace.time_ms().zip(usual_s);
    *answer != Answer::unknown() && known.is_some_and(|(time_ms, usual_s)| (time_ms as f64) < threshold_ms(usual_s))
}

impl Effort {
    /// `test` is of the bank version of the result; answers to items it does not have count neither in the result nor here.
    pub fn of(answers: &[Judged], test: Test<'_>) -> Option<Effort> {
        let counts = |answer: &&Judged| !answer.is_pilot && test.pool.position(&answer.given.0).is_some();
        let known = answers.iter().filter(counts);
        let (rapid, read): (Vec<&Judged>, Vec<&Judged>) = known.partition(|answer| answer.is_rapid);
        if rapid.is_empty() {
            return None;
        }
        let least = test.blueprint.stop.minimum_items;
        let state = State { answers: read.iter().map(|answer| answer.given.clone()).collect(), ..State::default() };
        let ability = || Ability::of(&state.posterior(test), &test.blueprint.weights);
        Some(Effort {
            answers: rapid.len() + read.len(),
            rapid: rapid.len(),
            least,
            ability: (read.len() >= least).then(ability),
        })
    }

    /// Answers that are not rapid.
    pub fn read(&self) -> usize {
        self.answers - self.rapid
    }

    /// Share of answers that are not rapid, 0 to 1.
    pub fn share(&self) -> f64 {
        self.read() as f64 / self.answers as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;
    use crate::blueprint::blueprint;
    use crate::pool::ItemPool;

    /// An answer to an item with a usual time of 60 seconds.
    fn rapid_after(used_ms: i64) -> bool {
        is_rapid(&Answer::stored("a"), Pace { came_ms: 5, shown_ms: 5, used_ms }, Some(60))
    }

    fn pool() -> ItemPool {
        ItemPool::of_bank(&Bank::load(None).expect("bank")).expect("pool")
    }

    /// The first items of the bank, answered right, those at these places rapidly.
    fn answers(pool: &ItemPool, count: usize, rapid: &[usize]) -> Vec<Judged> {
        let items = pool.parameters.iter().take(count).enumerate();
        let judged = |(at, item): (usize, &crate::pool::Parameters)| Judged {
            given: Given(item.id.clone(), true),
            is_rapid: rapid.contains(&at),
            is_pilot: false,
        };
        items.map(judged).collect()
    }

    fn effort(count: usize, rapid: &[usize]) -> Option<Effort> {
        let pool = pool();
        Effort::of(&answers(&pool, count, rapid), Test { pool: &pool, blueprint: blueprint(), unavailable: &[] })
    }

    #[test]
    fn the_threshold_is_a_tenth_of_the_usual_time_and_at_most_ten_seconds() {
        assert_eq!([20, 60, 100, 480].map(threshold_ms), [2_000.0, 6_000.0, 10_000.0, 10_000.0]);
    }

    #[test]
    fn an_answer_is_rapid_below_the_threshold_and_not_at_it() {
        assert_eq!([1, 5_999, 6_000].map(rapid_after), [true, true, false]);
    }

    #[test]
    fn an_answer_without_a_time_is_not_rapid() {
        assert!(!rapid_after(0));
    }

    #[test]
    fn an_answer_to_an_item_of_unknown_usual_time_is_not_rapid() {
        assert!(!is_rapid(&Answer::stored("a"), Pace { came_ms: 5, shown_ms: 5, used_ms: 1 }, None));
    }

    #[test]
    fn an_item_that_was_there_before_a_pause_has_no_known_time() {
        let pace = Pace { came_ms: 5, shown_ms: 6, used_ms: 1_000 };
        assert!(!is_rapid(&Answer::stored("a"), pace, Some(60)));
    }

    #[test]
    fn i_do_not_know_is_never_rapid() {
        assert!(!is_rapid(&Answer::unknown(), Pace { came_ms: 5, shown_ms: 5, used_ms: 1 }, Some(60)));
    }

    #[test]
    fn effort_is_the_share_of_answers_that_are_not_rapid() {
        let effort = effort(16, &[0, 3, 7, 8]).expect("effort");
        assert_eq!((effort.answers, effort.rapid, effort.read(), effort.share()), (16, 4, 12, 0.75));
    }

    #[test]
    fn without_rapid_answers_there_is_nothing_to_say() {
        assert_eq!(effort(16, &[]), None);
    }

    #[test]
    fn a_right_answer_left_out_lowers_the_score_and_widens_the_interval() {
        let pool = pool();
        let test = Test { pool: &pool, blueprint: blueprint(), unavailable: &[] };
        let all = answers(&pool, 16, &[0, 3]);
        let state = State { answers: all.iter().map(|answer| answer.given.clone()).collect(), ..State::default() };
        let plain = Ability::of(&state.posterior(test), &blueprint().weights).overall;
        let without = Effort::of(&all, test).and_then(|effort| effort.ability).expect("enough answers").overall;
        assert!(without.logit < plain.logit && without.standard_error > plain.standard_error);
    }

    #[test]
    fn a_score_needs_as_many_answers_as_the_shortest_test() {
        let least = blueprint().stop.minimum_items;
        assert!(effort(least + 2, &[0, 1]).expect("effort").ability.is_some());
        assert!(effort(least + 2, &[0, 1, 2]).expect("effort").ability.is_none());
    }

    #[test]
    fn answers_to_items_that_the_bank_version_does_not_have_are_not_counted() {
        let pool = pool();
        let mut all = answers(&pool, 16, &[0, 3]);
        all[3].given.0 = crate::item::ItemId::new("gone");
        let test = Test { pool: &pool, blueprint: blueprint(), unavailable: &[] };
        let effort = Effort::of(&all, test).expect("effort");
        assert_eq!((effort.answers, effort.rapid), (15, 1));
    }
}
