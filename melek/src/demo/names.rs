//! Believable names of civil servants from all over Indonesia, combined by chance from the lists in `names.toml`. No
//! two people of a demonstration have the same name. Titles belong to schooling and stand in `posts.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use rand::Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, seq::WeightError};
use serde::Deserialize;

/// Draws after which a third name is added to make a new one.
const DRAWS: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
}

/// How a people forms names.
struct People {
    share: u32,
    /// Share of people with one name only, and of those with two given names before the last.
    single: f64,
    three: f64,
    male: Lists,
    female: Lists,
}

struct Lists {
    first: Vec<&'static str>,
    last: Vec<&'static str>,
}

#[derive(Deserialize)]
struct File {
    peoples: Vec<FilePeople>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePeople {
    #[serde(rename = "of")]
    _of: String,
    share: u32,
    single: f64,
    three: f64,
    first_male: String,
    last_male: String,
    first_female: String,
    last_female: String,
}

fn peoples() -> &'static [People] {
    static PEOPLES: LazyLock<Vec<People>> = LazyLock::new(|| {
        let file: File = toml::from_str(include_str!("names.toml")).expect("the shipped names load, see the test");
        file.peoples.into_iter().map(People::new).collect()
    });
    &PEOPLES
}

impl People {
    fn new(file: FilePeople) -> People {
        let lists = |first: String, last: String| Lists { first: listed(first), last: listed(last) };
        People {
            share: file.share,
            single: file.single,
            three: file.three,
            male: lists(file.first_male, file.last_male),
            female: lists(file.first_female, file.last_female),
        }
    }
}

/// The lists live as long as the program, like the file they come from.
fn listed(names: String) -> Vec<&'static str> {
    names.leak().split(", ").collect()
}

/// Gives names, each once.
#[derive(Default)]
pub struct Names {
    taken: HashSet<String>,
}

impl Names {
    pub fn draw(&mut self, sex: Sex, rng: &mut impl Rng) -> String {
        let mut draws = 0;
        loop {
            let people = of_any_people(rng).expect("the shipped shares are positive, see the test");
            let name = people.name(sex, draws >= DRAWS, rng);
            if self.taken.insert(name.clone()) {
                return name;
            }
            draws += 1;
        }
    }
}

fn of_any_people(rng: &mut impl Rng) -> Result<&'static People, WeightError> {
    peoples().choose_weighted(rng, |people| people.share)
}

impl People {
    fn name(&self, sex: Sex, long: bool, rng: &mut impl Rng) -> String {
        let lists = match sex {
            Sex::Male => &self.male,
            Sex::Female => &self.female,
        };
        let mut any = |names: &[&'static str]| names.choose(rng).copied().unwrap_or_default();
        let (first, second, last) = (any(&lists.first), any(&lists.first), any(&lists.last));
        let (single, three) = (rng.random_bool(self.single), rng.random_bool(self.three));
        let is_plain = |given: &str| !given.contains([' ', '.']);
        let words = if single && !long && is_plain(first) {
            vec![first]
        } else if (three || long) && first != second && is_plain(second) {
            vec![first, second, last]
        } else {
            vec![first, last]
        };
        // "Rahmat Rahmat" is nobody's name.
        let distinct: HashSet<_> = words.iter().collect();
        if distinct.len() == words.len() { words.join(" ") } else { self.name(sex, long, rng) }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn every_people_has_names_and_a_share() {
        for people in peoples() {
            assert!(people.share > 0);
            for lists in [&people.male, &people.female] {
                assert!(lists.first.len() >= 8 && lists.last.len() >= 8);
            }
        }
    }

    #[test]
    fn twenty_thousand_people_all_have_another_name() {
        let mut names = Names::default();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let drawn: HashSet<String> = (0..20_000)
            .map(|number| names.draw(if number % 2 == 0 { Sex::Male } else { Sex::Female }, &mut rng))
            .collect();
        assert_eq!(drawn.len(), 20_000);
    }
}
