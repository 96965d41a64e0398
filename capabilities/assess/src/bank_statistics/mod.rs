//! Figures that tell what a bank is made of, whether it gives its keys away, and what it still misses of its goals.

mod reading;
mod similarity;

use std::collections::{BTreeMap, BTreeSet};

use melek_framework::{CompetenceId, framework};
use melek_web::Locale;

use crate::item::{Choice, Item, Kind, Task};
use crate::item_text::item_text;
use reading::{ease, formula, median, words};
use similarity::ALIKE;
pub use similarity::AlikePair;

/// Variant of a family that stands for it where one is enough.
const SEED: u64 = 1;

/// Variants over which places and lengths of keys are averaged, those of seeds 1, 2 …: in one variant a family's key is somewhere by chance.
const VARIANTS: u64 = 50;

/// How far the keys of single choices may be from evenly spread over the places, and how much more often than by chance the longest
/// option may be the key.
const TOLERANCE: f64 = 0.05;

/// What the open bank is to have; issue 6.
const GOALS: [(&str, usize); 5] = [("items", 315), ("families", 45), ("on material", 60), ("ai", 60), ("village", 30)];
const ITEMS_PER_COMPETENCE: usize = 15;
const NOT_SINGLE_CHOICE: f64 = 0.4;

/// Counts by group, such as `level` → `basic` → 94.
pub type Counts = BTreeMap<&'static str, BTreeMap<String, usize>>;

/// A share beside the one it should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    pub share: f64,
    pub by_chance: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub median_words: f64,
    pub formula: &'static str,
    pub median_ease: f64,
}

#[derive(Debug, Clone)]
pub struct BankStatistics {
    pub items: usize,
    pub counts: Counts,
    /// Share of single-choice keys at each place as written, from the first.
    pub key_places: Vec<Compared>,
    pub longest_is_key: BTreeMap<&'static str, Compared>,
    pub reading: BTreeMap<&'static str, Reading>,
    pub alike: Vec<AlikePair>,
    pub alike_from: f64,
    /// Learning outcomes with an item, and all there are.
    pub outcomes: (usize, usize),
    pub not_single_choice: f64,
    /// What is missing to the goals, in sentences.
    pub misses: Vec<String>,
}

impl BankStatistics {
    pub fn of(items: &[Item]) -> BankStatistics {
        let choices = single_choices(items);
        let by_language = |locale: Locale| (locale.tag(), reading_of(items, locale));
        let longest = |locale: Locale| (locale.tag(), longest_is_key(&choices, locale));
        let several = items.iter().filter(|item| item.task.kind() != Kind::SingleChoice).count();
        let covered: BTreeSet<&str> =
            items.iter().filter_map(|item| Some(item.measures.as_ref()?.outcome.as_str())).collect();
        let mut statistics = BankStatistics {
            items: items.len(),
            counts: counts(items),
            key_places: key_places(&choices),
            longest_is_key: Locale::ALL.map(longest).into(),
            reading: Locale::ALL.map(by_language).into(),
            alike: similarity::alike(items, SEED),
            alike_from: ALIKE,
            outcomes: (covered.len(), framework().outcomes.len()),
            not_single_choice: several as f64 / items.len().max(1) as f64,
            misses: Vec::new(),
        };
        statistics.misses = statistics.missing();
        statistics
    }

    fn count(&self, group: &str, name: &str) -> usize {
        self.counts.get(group).and_then(|counts| counts.get(name)).copied().unwrap_or_default()
    }

    fn missing(&self) -> Vec<String> {
        let mut misses = Vec::new();
        for (what, needed) in GOALS {
            let there = match what {
                "items" => self.items,
                "families" => self.count("family", "drawn from a seed"),
                "on material" => self.items - self.count("material", "none"),
                topic => self.count("topic", topic),
            };
            if there < needed {
                misses.push(format!("{what}: {there} of {needed}"));
            }
        }
        for competence in CompetenceId::all() {
            let there = self.count("competence", &competence.to_string());
            if there < ITEMS_PER_COMPETENCE {
                misses.push(format!("competence {competence}: {there} of {ITEMS_PER_COMPETENCE} items"));
            }
        }
        if self.not_single_choice < NOT_SINGLE_CHOICE {
            misses.push(format!(
                "not single choice: {:.0} % of {:.0} %",
                self.not_single_choice * 100.0,
                NOT_SINGLE_CHOICE * 100.0
            ));
        }
        for (index, place) in self.key_places.iter().enumerate() {
            if (place.share - place.by_chance).abs() > TOLERANCE {
                let (share, even) = (place.share * 100.0, place.by_chance * 100.0);
                misses.push(format!("keys at place {}: {share:.0} %, evenly spread {even:.0} %", index + 1));
            }
        }
        for (language, longest) in &self.longest_is_key {
            if longest.share > longest.by_chance + TOLERANCE {
                let (share, chance) = (longest.share * 100.0, longest.by_chance * 100.0);
                misses
                    .push(format!("the longest option is the key ({language}): {share:.0} %, by chance {chance:.0} %"));
            }
        }
        let alike = self.alike.iter();
        misses.extend(
            alike.map(|pair| format!("{} and {} are {:.0} % alike", pair.first, pair.second, pair.similarity * 100.0)),
        );
        misses
    }
}

fn counts(items: &[Item]) -> Counts {
    let mut counts = Counts::new();
    for item in items {
        let mut count = |group, name: &str| {
            *counts.entry(group).or_default().entry(name.to_owned()).or_default() += 1;
        };
        count("type", item.task.kind().id());
        count("situation", item.situation.id());
        count("cognitive", item.cognitive.id());
        count("family", if item.variants.is_some() { "drawn from a seed" } else { "one text" });
        for locale in Locale::ALL {
            count("language", locale.tag());
        }
        for topic in &item.topics {
            count("topic", topic.id());
        }
        for material in materials(item) {
            count("material", material);
        }
        if let Some(measures) = &item.measures {
            count("competence", &measures.competence.to_string());
            count("level", measures.level.id());
        }
    }
    counts
}

/// What is shown with the question or marked; `none` when the question stands alone.
fn materials(item: &Item) -> Vec<&'static str> {
    let marked = match &item.task {
        Task::Mark { document } => Some(document.kind.id()),
        _ => None,
    };
    let shown = item.material.as_ref().map(|material| material.kind.id()).filter(|kind| Some(*kind) != marked);
    let file = item.file.as_ref().map(|file| file.format.id());
    let table = item.table.as_ref().map(|_| "table");
    let all: Vec<&str> = [table, shown, file, marked].into_iter().flatten().collect();
    if all.is_empty() { vec!["none"] } else { all }
}

/// One single choice in one variant.
struct SingleChoice {
    options: Vec<Choice>,
    /// Index of the key.
    key: usize,
    /// Part of the item: one variant of several counts accordingly.
    weight: f64,
}

fn single_choices(items: &[Item]) -> Vec<SingleChoice> {
    let of_kind = items.iter().filter(|item| item.task.kind() == Kind::SingleChoice);
    let variants = of_kind.flat_map(|item| {
        let count = if item.variants.is_some() { VARIANTS } else { 1 };
        (SEED..SEED + count).filter_map(move |seed| {
            let Task::SingleChoice { options, .. } = &item.drawn(seed).task else { return None };
            let key = options.iter().position(|option| option.correct)?;
            Some(SingleChoice { options: options.clone(), key, weight: 1.0 / count as f64 })
        })
    });
    variants.collect()
}

/// Sum of what each choice counts.
fn weighed(choices: &[SingleChoice], counts: impl Fn(&SingleChoice) -> f64) -> f64 {
    choices.iter().map(|choice| choice.weight * counts(choice)).sum()
}

fn all_of(choices: &[SingleChoice]) -> f64 {
    weighed(choices, |_| 1.0).max(f64::MIN_POSITIVE)
}

fn key_places(choices: &[SingleChoice]) -> Vec<Compared> {
    let all = all_of(choices);
    let most = choices.iter().map(|choice| choice.options.len()).max().unwrap_or_default();
    let place = |place: usize| {
        let here = weighed(choices, |choice| f64::from(choice.key == place));
        let even = |choice: &SingleChoice| {
            if place < choice.options.len() { 1.0 / choice.options.len() as f64 } else { 0.0 }
        };
        Compared { share: here / all, by_chance: weighed(choices, even) / all }
    };
    (0..most).map(place).collect()
}

/// Share of single-choice items whose key is the longest option or as long as it, in characters.
fn longest_is_key(choices: &[SingleChoice], locale: Locale) -> Compared {
    let length = |option: &Choice| option.entry.text.get(locale).chars().count();
    let is_longest =
        |choice: &SingleChoice| choice.options.iter().map(length).max() == Some(length(&choice.options[choice.key]));
    let all = all_of(choices);
    let longest = weighed(choices, |choice| f64::from(is_longest(choice)));
    let chance = weighed(choices, |choice| 1.0 / choice.options.len() as f64);
    Compared { share: longest / all, by_chance: chance / all }
}

fn reading_of(items: &[Item], locale: Locale) -> Reading {
    let texts: Vec<String> = items.iter().map(|item| item_text(item, SEED, locale)).collect();
    Reading {
        median_words: median(texts.iter().map(|text| words(text).count() as f64).collect()),
        formula: formula(locale),
        median_ease: median(texts.iter().map(|text| ease(text, locale)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;

    #[test]
    fn the_shipped_bank_misses_none_of_its_goals() {
        let statistics = BankStatistics::of(&Bank::load(None).expect("bank").items);
        assert_eq!(statistics.misses, Vec::<String>::new());
    }

    #[test]
    fn the_place_of_a_familys_key_is_averaged_over_its_variants() {
        let bank = Bank::load(None).expect("bank");
        let moves = |item: &&Item| {
            item.variants.is_some() && single_choices(std::slice::from_ref(*item)).iter().any(|choice| choice.key == 0)
        };
        let family = bank.items.iter().find(moves).expect("a family whose key moves");
        let places = key_places(&single_choices(std::slice::from_ref(family)));
        assert!(places.iter().all(|place| place.share < 0.9), "{places:?}");
        assert!((places.iter().map(|place| place.share).sum::<f64>() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn an_empty_bank_misses_every_goal_and_divides_by_nothing() {
        let statistics = BankStatistics::of(&[]);
        assert!(statistics.misses.contains(&"items: 0 of 315".to_owned()), "{:?}", statistics.misses);
        assert_eq!((statistics.items, statistics.key_places.len()), (0, 0));
    }
}
