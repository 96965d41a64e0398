//! The invented regency: its 40 units (`units.toml`) and 25 posts (`posts.toml`), and how a number of people is
//! spread over them. Shares and shifts are invented; which levels a post needs is not decided here but by its job
//! family, as for any imported post.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Every invented name is the regency's own: "peraga" is what is shown.
pub const AGENCY: &str = "Kabupaten Nusa Peraga";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    pub name: String,
    /// Empty for a unit at the top.
    pub above: String,
    /// Share of the staff, relative to the other units.
    weight: u32,
    /// Fewest people, whatever the share.
    #[serde(default = "one")]
    least: usize,
    head: String,
    leaders: Vec<String>,
    staff: BTreeMap<String, u32>,
}

fn one() -> usize {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    pub name: String,
    /// As a staff file writes it.
    pub kind: String,
    /// Youngest and oldest holder, years.
    pub ages: [i32; 2],
    /// Share of women among the holders.
    pub women: f64,
    /// Share of holders with a contract.
    #[serde(default)]
    pub pppk: f64,
    /// Mean ability of the holders, logit, against the reference group.
    pub shift: f64,
    pub schooling: Vec<Schooling>,
}

/// What holders of a post finished and the titles it gives.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schooling {
    pub level: String,
    pub weight: u32,
    pub after: String,
    #[serde(default)]
    pub before: String,
}

#[derive(Deserialize)]
struct UnitsFile {
    units: Vec<Unit>,
}

#[derive(Deserialize)]
struct PostsFile {
    posts: Vec<Post>,
}

pub fn units() -> &'static [Unit] {
    static UNITS: LazyLock<UnitsFile> =
        LazyLock::new(|| toml::from_str(include_str!("units.toml")).expect("the shipped units load, see the test"));
    &UNITS.units
}

pub fn posts() -> &'static [Post] {
    static POSTS: LazyLock<PostsFile> =
        LazyLock::new(|| toml::from_str(include_str!("posts.toml")).expect("the shipped posts load, see the test"));
    &POSTS.posts
}

/// Fewest people with whom every unit has somebody.
pub fn fewest_people() -> usize {
    units().iter().map(|unit| unit.least).sum()
}

/// A place of work: a post in a unit.
#[derive(Debug, Clone, Copy)]
pub struct Seat {
    pub unit: &'static Unit,
    pub post: &'static Post,
}

/// The places of so many people, unit by unit, the head of each first.
pub fn seats(people: usize) -> Vec<Seat> {
    let spare = people.saturating_sub(fewest_people());
    let weights: Vec<u32> = units().iter().map(|unit| unit.weight).collect();
    let sizes = units().iter().zip(shared(spare, &weights)).map(|(unit, more)| (unit, unit.least + more));
    sizes.flat_map(|(unit, size)| unit.seats(size)).collect()
}

impl Unit {
    /// A leader for every five people, then everybody else in the unit's proportions.
    fn seats(&'static self, size: usize) -> Vec<Seat> {
        let leaders = self.leaders.iter().take(size / 5);
        let mut named: Vec<&str> = std::iter::once(&self.head).chain(leaders).map(String::as_str).collect();
        named.truncate(size);
        let weights: Vec<u32> = self.staff.values().copied().collect();
        let counts = shared(size - named.len(), &weights);
        let others = self.staff.keys().zip(counts).flat_map(|(post, count)| std::iter::repeat_n(post.as_str(), count));
        named.extend(others);
        let post = |name: &str| posts().iter().find(|post| post.name == name).expect("units name posts, see the test");
        named.into_iter().map(|name| Seat { unit: self, post: post(name) }).collect()
    }
}

/// `total` in whole parts as near to the weights as possible: largest remainders first, then the first of the list.
fn shared(total: usize, weights: &[u32]) -> Vec<usize> {
    let sum: usize = weights.iter().map(|weight| *weight as usize).sum();
    let part = |weight: &u32| (total * *weight as usize / sum, total * *weight as usize % sum);
    let parts: Vec<(usize, usize)> = weights.iter().map(part).collect();
    let mut counts: Vec<usize> = parts.iter().map(|(whole, _)| *whole).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&index| std::cmp::Reverse(parts[index].1));
    let missing = total - counts.iter().sum::<usize>();
    for index in by_remainder.into_iter().take(missing) {
        counts[index] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_40_units_in_a_tree_and_25_posts_that_all_have_holders() {
        assert_eq!((units().len(), posts().len()), (40, 25));
        let names: BTreeSet<&str> = units().iter().map(|unit| unit.name.as_str()).collect();
        assert_eq!(names.len(), 40);
        assert!(units().iter().all(|unit| unit.above.is_empty() || names.contains(unit.above.as_str())));
        let held: BTreeSet<&str> = seats(1_200).iter().map(|seat| seat.post.name.as_str()).collect();
        assert_eq!(held.len(), 25);
    }

    #[test]
    fn every_number_of_people_finds_its_places_and_no_unit_is_empty() {
        for people in [fewest_people(), 60, 120, 1_200, 12_000] {
            let seats = seats(people);
            let units: BTreeSet<&str> = seats.iter().map(|seat| seat.unit.name.as_str()).collect();
            assert_eq!((seats.len(), units.len()), (people, 40));
        }
    }

    #[test]
    fn parts_add_up_and_follow_the_weights() {
        assert_eq!(shared(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(shared(0, &[3, 1]), [0, 0]);
        assert_eq!(shared(100, &[75, 25]), [75, 25]);
    }

    #[test]
    fn kinds_of_post_are_all_there() {
        let kinds: BTreeSet<&str> = posts().iter().map(|post| post.kind.as_str()).collect();
        assert_eq!(kinds.len(), 5);
    }
}
