//! What an invented person answers: the key where the model says right, otherwise what people answer who get such an
//! item wrong: another option, one option too many or too few, two steps exchanged, a typical miscalculation, or "I
//! do not know".

use melek_assess::{Answer, Item, PartMark, Task};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};

/// Share of wrong answers that say "I do not know".
const DO_NOT_KNOW: f64 = 0.08;

/// Shortest and longest time on an item, and the spread around the usual one (of its logarithm).
const FASTEST_MS: f64 = 20_000.0;
const SLOWEST_MS: f64 = 150_000.0;
const SPREAD: f64 = 0.35;

pub fn answer(item: &Item, right: bool, rng: &mut impl Rng) -> Answer {
    if right {
        return Answer::key(&item.task);
    }
    let wrong = if rng.random_bool(DO_NOT_KNOW) { Answer::unknown() } else { mistaken(&item.task, rng) };
    if wrong.is_right(&item.task) { Answer::unknown() } else { wrong }
}

fn mistaken(task: &Task, rng: &mut impl Rng) -> Answer {
    let text = match task {
        Task::SingleChoice { options, .. } => {
            let wrong: Vec<&str> = options.iter().filter(|o| !o.correct).map(|o| o.entry.key.as_str()).collect();
            wrong.choose(rng).copied().unwrap_or_default().to_owned()
        }
        Task::MultipleChoice { options, .. } => {
            let options: Vec<_> = options.iter().map(|option| (option.entry.key.as_str(), option.correct)).collect();
            one_differently(&options, rng)
        }
        Task::Mark { document } => {
            let mark = |part: &melek_assess::Part| part.mark == PartMark::Wrong;
            let parts: Vec<_> = document.markable().map(|part| (part.entry.key.as_str(), mark(part))).collect();
            one_differently(&parts, rng)
        }
        Task::Order { steps } => {
            let mut keys: Vec<&str> = steps.iter().map(|step| step.key.as_str()).collect();
            exchange_two(&mut keys, rng);
            keys.join(",")
        }
        Task::Match { pairs, .. } => {
            let mut rights: Vec<&str> = pairs.iter().map(|pair| pair.key.as_str()).collect();
            exchange_two(&mut rights, rng);
            let matched = pairs.iter().zip(rights).map(|(pair, right)| format!("{}={right}", pair.key));
            matched.collect::<Vec<_>>().join(",")
        }
        Task::Numeric { value, misconceptions, .. } => {
            misconceptions.choose(rng).map_or(value * 10.0 + 1.0, |mistake| mistake.value).to_string()
        }
    };
    Answer::stored(text)
}

/// The key with one option left out or one too many; keys in order, as they are stored.
fn one_differently(options: &[(&str, bool)], rng: &mut impl Rng) -> String {
    let different = rng.random_range(0..options.len());
    let chosen = options.iter().enumerate().filter(|(index, (_, correct))| *correct != (*index == different));
    let mut keys: Vec<&str> = chosen.map(|(_, (key, _))| *key).collect();
    keys.sort_unstable();
    keys.join(",")
}

fn exchange_two(keys: &mut [&str], rng: &mut impl Rng) {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.shuffle(rng);
    if let [first, second, ..] = places[..] {
        keys.swap(first, second);
    }
}

/// Time on an item whose author expects `seconds`; `pace` is the person's own, 1 for an average one.
pub fn time_on(item: &Item, pace: f64, rng: &mut impl Rng) -> i64 {
    let deviation: f64 = rng.sample(rand_distr::StandardNormal);
    let usual_ms = f64::from(item.seconds) * 1_000.0 * pace;
    (usual_ms * (SPREAD * deviation).exp()).clamp(FASTEST_MS, SLOWEST_MS) as i64
}

#[cfg(test)]
mod tests {
    use melek_assess::Bank;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn a_right_answer_is_right_and_a_wrong_one_wrong_for_every_item() {
        let bank = Bank::load(None).expect("bank");
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for item in bank.items.iter().chain(&bank.practice) {
            assert!(answer(item, true, &mut rng).is_right(&item.task), "{}", item.id);
            for _ in 0..30 {
                assert!(!answer(item, false, &mut rng).is_right(&item.task), "{}", item.id);
            }
        }
    }

    #[test]
    fn wrong_answers_are_of_many_kinds() {
        let bank = Bank::load(None).expect("bank");
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for item in &bank.items {
            let different: std::collections::BTreeSet<String> =
                (0..200).map(|_| answer(item, false, &mut rng).as_str().to_owned()).collect();
            assert!(different.len() >= 3, "{}: {different:?}", item.id);
        }
    }

    #[test]
    fn nobody_answers_in_less_than_20_or_more_than_150_seconds() {
        let bank = Bank::load(None).expect("bank");
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for pace in [0.5, 1.0, 3.0] {
            assert!((20_000..=150_000).contains(&time_on(&bank.items[0], pace, &mut rng)));
        }
    }
}
