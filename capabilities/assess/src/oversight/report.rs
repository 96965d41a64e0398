//! What an office may know of the results of a campaign: how people are spread over scores and levels, and how far the needs of
//! their posts are met, by area, unit and post. Pure; made once from the people's abilities (`draw_up_report.rs`) and kept as it
//! is shown, so that a hidden count is nowhere in it. Which counts are hidden is decided in `aggregate.rs`, which units and posts
//! are pooled in `groups.rs`. Abilities in logits.

use std::collections::{BTreeMap, BTreeSet};

use melek_framework::{AreaId, CompetenceId, Cuts, Level};
use melek_irt::decision::Verdict;
use serde::{Deserialize, Serialize};

use super::aggregate::{LEAST, ShownRow, ShownTable, protect_row, protect_table};
use super::groups::{Place, choose};
use crate::session::Ability;

/// Inner limits of the bands of the overall score: half a standard deviation each.
const BAND_LIMITS: [f64; 7] = [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5];

/// The verdicts in the order in which their counts stand.
pub(crate) const VERDICTS: [Verdict; 3] = [Verdict::Met, Verdict::NotSure, Verdict::NotMet];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    /// People with a result.
    pub people: u64,
    /// Versions of the bank behind the results.
    pub banks: BTreeSet<String>,
    pub bands: Vec<Band>,
    pub areas: Vec<AreaReport>,
}

/// People whose overall score lies in a band; neighbours with too few people are one band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Band {
    pub from_logit: Option<f64>,
    pub to_logit: Option<f64>,
    pub people: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaReport {
    pub area: AreaId,
    /// People at each level, from none to highly advanced.
    pub levels: ShownRow,
    /// People whose post needs the area, and how many meet the need.
    pub needed: u64,
    pub verdicts: ShownRow,
    pub units: Vec<GroupRow>,
    pub posts: Vec<GroupRow>,
}

/// A unit or post and how many of its people meet the need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupRow {
    pub name: GroupName,
    pub people: u64,
    pub verdicts: ShownRow,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroupName {
    /// A post, or a unit with everything below it.
    Whole(String),
    /// The people of a unit itself whose lower units are rows of their own.
    Own(String),
    /// People who have moved out of the campaign's unit since.
    Elsewhere,
    /// So many small units or posts together.
    Pooled(usize),
}

/// A person with a result, by what is needed to count.
pub(crate) struct Measured {
    pub unit_path: String,
    pub post: String,
    pub bank: String,
    pub ability: Ability,
}

/// What people are judged and named by.
pub(crate) struct Terms<'a> {
    pub cuts: &'a Cuts,
    /// Path of the campaign's unit, empty for the whole agency.
    pub root: &'a str,
    /// Name by path.
    pub units: &'a BTreeMap<String, String>,
    /// Name by id.
    pub posts: &'a BTreeMap<String, String>,
    /// Needed levels by post.
    pub needs: &'a BTreeMap<String, BTreeMap<CompetenceId, Level>>,
}

impl Report {
    /// The report on these people; `None` when they are too few for any.
    pub fn new(people: &[Measured], terms: &Terms<'_>) -> Option<Report> {
        if (people.len() as u64) < LEAST {
            return None;
        }
        let units = Grouping::by_unit(people, terms);
        let posts = Grouping::by_post(people, terms);
        let places: Vec<Place> = units.of_person.iter().copied().zip(posts.of_person.iter().copied()).collect();
        let names = (&units.names[..], &posts.names[..]);
        let area = |area| AreaCount { area, people, terms, places: &places, names }.report();
        Some(Report {
            people: people.len() as u64,
            banks: people.iter().map(|person| person.bank.clone()).collect(),
            bands: bands(people.iter().map(|person| person.ability.overall.logit)),
            areas: AreaId::all().map(area).collect(),
        })
    }
}

/// Units or posts by number, and the number of each person's.
struct Grouping {
    names: Vec<GroupName>,
    of_person: Vec<usize>,
}

impl Grouping {
    fn new<K: Ord>(keys: Vec<K>, name: impl Fn(&K) -> GroupName) -> Grouping {
        let distinct: BTreeSet<&K> = keys.iter().collect();
        let distinct: Vec<&K> = distinct.into_iter().collect();
        let of_person = keys.iter().filter_map(|key| distinct.binary_search(&key).ok()).collect();
        Grouping { names: distinct.into_iter().map(name).collect(), of_person }
    }

    /// The first units below the campaign's own, each with everything below it; where everybody is in one of them, the units
    /// below that one.
    fn by_unit(people: &[Measured], terms: &Terms<'_>) -> Grouping {
        let mut root = terms.root;
        loop {
            let branches: BTreeSet<&str> = people.iter().filter_map(|person| branch(root, &person.unit_path)).collect();
            match branches.first() {
                Some(only) if branches.len() == 1 && *only != root => root = only,
                _ => break,
            }
        }
        let branches = people.iter().map(|person| branch(root, &person.unit_path)).collect();
        let name = |path: &str| terms.units.get(path).cloned().unwrap_or_default();
        Grouping::new(branches, |path| match path {
            None => GroupName::Elsewhere,
            Some(path) if *path == root => GroupName::Own(name(path)),
            Some(path) => GroupName::Whole(name(path)),
        })
    }

    /// Posts of one name are one group.
    fn by_post(people: &[Measured], terms: &Terms<'_>) -> Grouping {
        let names = people.iter().map(|person| terms.posts.get(&person.post).cloned().unwrap_or_default()).collect();
        Grouping::new(names, |name: &String| GroupName::Whole(name.clone()))
    }
}

/// The unit directly below `root` in which a unit lies, or the root itself; `None` outside of it.
fn branch<'p>(root: &str, path: &'p str) -> Option<&'p str> {
    let start = match path.strip_prefix(root)? {
        "" => return Some(path),
        _ if root.is_empty() => 0,
        below => root.len() + below.starts_with('/').then_some(1)?,
    };
    let end = path[start..].find('/').map_or(path.len(), |length| start + length);
    Some(&path[..end])
}

/// Bands of at least the least number of people, from the lowest score up; what is left over joins the last.
fn bands(logits: impl Iterator<Item = f64>) -> Vec<Band> {
    let mut counts = [0_u64; BAND_LIMITS.len() + 1];
    for logit in logits {
        counts[BAND_LIMITS.iter().take_while(|limit| **limit <= logit).count()] += 1;
    }
    let limit = |index: Option<usize>| index.and_then(|index| BAND_LIMITS.get(index)).copied();
    let mut bands: Vec<Band> = Vec::new();
    for (index, people) in counts.into_iter().enumerate() {
        let to_logit = limit(Some(index));
        match bands.last_mut() {
            Some(last) if last.people < LEAST => {
                last.people += people;
                last.to_logit = to_logit;
            }
            _ => bands.push(Band { from_logit: limit(index.checked_sub(1)), to_logit, people }),
        }
    }
    if let [.., before, last] = &mut bands[..]
        && last.people < LEAST
    {
        before.people += last.people;
        before.to_logit = None;
        bands.pop();
    }
    bands
}

/// Everything needed to count one area.
struct AreaCount<'a> {
    area: AreaId,
    people: &'a [Measured],
    terms: &'a Terms<'a>,
    places: &'a [Place],
    names: (&'a [GroupName], &'a [GroupName]),
}

/// A person whose post needs the area.
struct Judged {
    place: Place,
    /// Position in `VERDICTS`.
    verdict: usize,
}

impl AreaCount<'_> {
    fn report(&self) -> AreaReport {
        let judged: Vec<Judged> =
            self.people.iter().zip(self.places).filter_map(|(person, place)| self.judge(person, *place)).collect();
        let mut report = AreaReport {
            area: self.area,
            levels: protect_row(&self.levels(), LEAST),
            needed: judged.len() as u64,
            verdicts: protect_row(&by_verdict(&judged), LEAST),
            units: Vec::new(),
            posts: Vec::new(),
        };
        if report.needed >= LEAST {
            let (units, posts) = self.names;
            let places: Vec<Place> = judged.iter().map(|judged| judged.place).collect();
            let groups = choose(&places, (units.len(), posts.len()), LEAST);
            report.units = report.rows(&judged, (units, &groups.units), |place| place.0);
            report.posts = report.rows(&judged, (posts, &groups.posts), |place| place.1);
        }
        report
    }

    fn levels(&self) -> Vec<u64> {
        let mut counts = vec![0; Level::ALL.len()];
        for person in self.people {
            let level = self.terms.cuts.level_at(self.area, person.ability.mean[self.area.index()]);
            counts[level.number() as usize] += 1;
        }
        counts
    }

    fn judge(&self, person: &Measured, place: Place) -> Option<Judged> {
        let requirement = self.terms.cuts.requirement(self.area, self.terms.needs.get(&person.post)?)?;
        let probability = person.ability.area(self.area.index()).probability_at_least(requirement.cut_logit);
        let verdict = Verdict::from_probability(probability);
        Some(Judged { place, verdict: VERDICTS.iter().position(|known| *known == verdict)? })
    }
}

/// People by verdict.
fn by_verdict(judged: &[Judged]) -> Vec<u64> {
    let mut counts = vec![0; VERDICTS.len()];
    for one in judged {
        counts[one.verdict] += 1;
    }
    counts
}

impl AreaReport {
    /// The table of units or of posts; empty if it would have one row only. Groups of which nothing could be shown are pooled
    /// too: together they are often enough.
    fn rows(
        &mut self,
        judged: &[Judged],
        (names, shown): (&[GroupName], &[bool]),
        of: fn(Place) -> usize,
    ) -> Vec<GroupRow> {
        let mut counted = vec![vec![0; VERDICTS.len()]; names.len()];
        for one in judged {
            counted[of(one.place)][one.verdict] += 1;
        }
        let groups = names.iter().cloned().zip(counted).zip(shown);
        let (mut own, mut pool) = (Vec::new(), Pool::default());
        for ((name, counts), shown) in groups.filter(|((_, counts), _)| counts.iter().any(|count| *count > 0)) {
            if *shown { own.push((name, counts)) } else { pool.add(&counts) }
        }
        loop {
            own.sort();
            let rows: Vec<(GroupName, Vec<u64>)> = own.iter().cloned().chain(pool.row()).collect();
            if rows.len() < 2 {
                return Vec::new();
            }
            let table = protect_table(&rows.iter().map(|row| row.1.clone()).collect::<Vec<_>>(), LEAST);
            let is_empty = |at: usize| table.rows[at].iter().all(Option::is_none);
            let empty = (0..own.len()).filter(|&at| is_empty(at)).count();
            if empty == 0 || empty + pool.groups < 2 {
                return self.take(rows, table);
            }
            let mut at = 0..;
            own.retain(|(_, counts)| {
                let goes = at.next().is_some_and(is_empty);
                if goes {
                    pool.add(counts);
                }
                !goes
            });
        }
    }

    fn take(&mut self, rows: Vec<(GroupName, Vec<u64>)>, table: ShownTable) -> Vec<GroupRow> {
        for (own, total) in self.verdicts.iter_mut().zip(&table.totals) {
            *own = own.filter(|_| total.is_some());
        }
        let rows = rows.into_iter().zip(table.rows);
        rows.map(|((name, counts), verdicts)| GroupRow { name, people: counts.iter().sum(), verdicts }).collect()
    }
}

/// Groups that are one row together.
#[derive(Default)]
struct Pool {
    groups: usize,
    counts: Vec<u64>,
}

impl Pool {
    fn add(&mut self, counts: &[u64]) {
        self.groups += 1;
        self.counts.resize(counts.len(), 0);
        self.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }

    fn row(&self) -> Option<(GroupName, Vec<u64>)> {
        (self.groups > 0).then(|| (GroupName::Pooled(self.groups), self.counts.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use melek_framework::{cuts, requirement_defaults};
    use proptest::prelude::*;

    /// Unit path, post, ability in logits.
    type Invented = (&'static str, &'static str, f64);

    fn report(people: &[Invented], root: &str) -> Option<Report> {
        let measured = people.iter().map(|(unit, post, logit)| {
            let mut covariance = [[0.0; 5]; 5];
            (0..5).for_each(|at| covariance[at][at] = 0.09);
            let overall = crate::session::Measured { logit: *logit, standard_error: 0.3 };
            let ability = Ability { mean: [*logit; 5], covariance, overall };
            Measured { unit_path: (*unit).to_owned(), post: (*post).to_owned(), bank: "b".to_owned(), ability }
        });
        let name = |path: &str| (path.to_owned(), path.to_uppercase());
        let needs = requirement_defaults().family("pranata-komputer").expect("family").levels.clone();
        let terms = Terms {
            cuts: cuts(),
            root,
            units: &["a", "a/x", "a/y", "b", "c"].map(name).into(),
            posts: &["p", "q"].map(name).into(),
            needs: &["p", "q"].map(|post| (post.to_owned(), needs.clone())).into(),
        };
        Report::new(&measured.collect::<Vec<_>>(), &terms)
    }

    fn people(groups: &[(&'static str, &'static str, f64, usize)]) -> Vec<Invented> {
        groups.iter().flat_map(|&(unit, post, logit, count)| std::iter::repeat_n((unit, post, logit), count)).collect()
    }

    fn names(rows: &[GroupRow]) -> Vec<(GroupName, u64)> {
        rows.iter().map(|row| (row.name.clone(), row.people)).collect()
    }

    fn whole(name: &str) -> GroupName {
        GroupName::Whole(name.to_owned())
    }

    #[test]
    fn nine_people_make_no_report_and_ten_do() {
        assert!(report(&people(&[("a", "p", 0.0, 9)]), "").is_none());
        assert_eq!(report(&people(&[("a", "p", 0.0, 10)]), "").expect("report").people, 10);
    }

    /// So many far below every need and as many far above.
    fn mixed(groups: &[(&'static str, usize)]) -> Vec<Invented> {
        let both = |&(unit, count): &(&'static str, usize)| [(unit, "p", -3.0, count), (unit, "p", 3.0, count)];
        people(&groups.iter().flat_map(both).collect::<Vec<_>>())
    }

    #[test]
    fn units_are_counted_with_everything_below_them() {
        let report = report(&mixed(&[("a/x", 12), ("a/y", 5), ("b", 20)]), "").expect("report");
        assert_eq!(names(&report.areas[0].units), [(whole("A"), 34), (whole("B"), 40)]);
    }

    #[test]
    fn where_everybody_is_in_one_unit_its_own_units_are_the_rows() {
        let all = mixed(&[("a/x", 12), ("a/y", 15), ("a", 11)]);
        for root in ["", "a"] {
            let rows = report(&all, root).expect("report").areas[0].units.clone();
            let own = GroupName::Own("A".to_owned());
            assert_eq!(names(&rows), [(whole("A/X"), 24), (whole("A/Y"), 30), (own, 22)], "{root}");
        }
    }

    #[test]
    fn who_has_moved_out_of_the_unit_is_named_so() {
        let report = report(&mixed(&[("a/x", 12), ("b", 15)]), "a").expect("report");
        assert!(names(&report.areas[0].units).contains(&(GroupName::Elsewhere, 30)));
    }

    #[test]
    fn groups_of_which_nothing_can_be_shown_are_one_row() {
        let rows = report(&mixed(&[("a", 8), ("b", 8), ("c", 40)]), "").expect("report").areas[0].units.clone();
        assert_eq!(names(&rows), [(whole("C"), 80), (GroupName::Pooled(2), 32)]);
    }

    #[test]
    fn bands_with_few_people_are_one_with_their_neighbours() {
        let logits = [(-2.0, 3), (-1.2, 8), (0.2, 30), (0.7, 9), (2.0, 2)];
        let bands = bands(logits.into_iter().flat_map(|(logit, count)| std::iter::repeat_n(logit, count)));
        let told: Vec<_> = bands.iter().map(|band| (band.from_logit, band.to_logit, band.people)).collect();
        assert_eq!(told, [(None, Some(-1.0), 11), (Some(-1.0), Some(0.5), 30), (Some(0.5), None, 11)]);
    }

    #[test]
    fn a_report_reads_back_as_it_was_kept() {
        let report = report(&people(&[("a", "p", -2.0, 20), ("b", "q", 2.0, 20)]), "").expect("report");
        let text = serde_json::to_string(&report).expect("plain data");
        assert_eq!(serde_json::from_str::<Report>(&text).expect("its own text"), report);
    }

    fn invented() -> impl Strategy<Value = Vec<Invented>> {
        let unit = prop::sample::select(vec!["a", "a/x", "a/y", "b", "c"]);
        let post = prop::sample::select(vec!["p", "q"]);
        prop::collection::vec((unit, post, -3.0..3.0_f64), 10..160)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_number_of_a_report_speaks_of_fewer_than_ten_people(people in invented()) {
            let report = report(&people, "").expect("ten people");
            prop_assert_eq!(report.bands.iter().map(|band| band.people).sum::<u64>(), report.people);
            prop_assert!(report.bands.iter().all(|band| band.people >= LEAST));
            for area in &report.areas {
                let rows = area.units.iter().chain(&area.posts);
                prop_assert!(rows.clone().all(|row| row.people >= LEAST));
                let counts = rows.map(|row| &row.verdicts).chain([&area.levels, &area.verdicts]);
                prop_assert!(counts.flatten().flatten().all(|count| *count >= LEAST));
                for rows in [&area.units, &area.posts] {
                    prop_assert!(rows.is_empty() || rows.iter().map(|row| row.people).sum::<u64>() == area.needed);
                }
            }
        }
    }
}
