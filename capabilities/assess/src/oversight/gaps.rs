//! Results of a campaign as aggregates: levels reached by area, and by unit and post how far the needs are met. Computed from the latest
//! result of each person and the needs of the post held now; groups too small to show are left out by `aggregate.rs`.

use std::collections::{BTreeMap, HashMap};

use melek_db::{Db, Error, q};
use melek_framework::{AreaId, CompetenceId, Cuts, Level, cuts};
use melek_irt::decision::Verdict;
use uuid::Uuid;

use super::aggregate::{LEAST_PEOPLE, shown_groups, told};
use super::campaign::Campaign;
use crate::session::Ability;

pub(crate) const RESULTS: &str = "SELECT p.unit_id, u.name AS unit_name, p.post_id, o.name AS post_name, r.ability \
     FROM assess_session s JOIN assess_result r ON r.session_id = s.id \
     JOIN people_v_person p ON p.person_id = s.person_id JOIN people_v_unit u ON u.unit_id = p.unit_id \
     JOIN people_v_post o ON o.post_id = p.post_id \
     WHERE s.campaign_id = $1 AND s.status = 'finished' AND r.items >= $2 \
     AND r.version = (SELECT MAX(n.version) FROM assess_result n WHERE n.session_id = s.id) ORDER BY u.path, o.name, s.id";
pub(crate) const NEEDS: &str = "SELECT r.post_id, r.competence, r.level FROM people_v_requirement r \
     JOIN people_v_post o ON o.post_id = r.post_id WHERE o.agency_id = $1";

/// Everything the results pages and the Excel file show of a campaign.
pub(crate) struct Gaps {
    /// People with a result.
    pub people: i64,
    /// Whether there are enough people to show anything.
    pub enough: bool,
    pub areas: Vec<AreaGaps>,
    pub units: Vec<GroupGaps>,
    pub posts: Vec<GroupGaps>,
    /// How many units and posts are too small to be shown.
    pub hidden_units: usize,
    pub hidden_posts: usize,
}

/// One area over everybody.
pub(crate) struct AreaGaps {
    pub area: AreaId,
    /// Share at each level from none to highly advanced, as it may be told.
    pub levels: Vec<(Level, f64)>,
    pub verdicts: VerdictShares,
}

/// A unit or post with its shares by area.
pub(crate) struct GroupGaps {
    pub name: String,
    pub people: i64,
    pub areas: Vec<VerdictShares>,
}

/// Shares as they may be told; `None` when the posts of the group do not need the area.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct VerdictShares {
    pub of_needed: Option<[f64; 3]>,
}

#[derive(sqlx::FromRow)]
struct Row {
    unit_id: String,
    unit_name: String,
    post_id: String,
    post_name: String,
    ability: String,
}

/// Level and verdict of one person in the five areas.
struct Person {
    unit: (String, String),
    post: (String, String),
    levels: Vec<Level>,
    verdicts: Vec<Option<Verdict>>,
}

pub(crate) async fn gaps(db: &Db, campaign: &Campaign, (agency, least_items): (Uuid, i64)) -> Result<Gaps, Error> {
    let rows: Vec<Row> = q(RESULTS).bind(campaign.id.as_str()).bind(least_items).all(db).await?;
    let needs = needs(db, agency).await?;
    let people: Vec<Person> = rows.into_iter().filter_map(|row| person(row, &needs, cuts())).collect();
    Ok(Gaps::new(&people))
}

type Needs = HashMap<String, BTreeMap<CompetenceId, Level>>;

async fn needs(db: &Db, agency: Uuid) -> Result<Needs, Error> {
    let rows: Vec<(String, String, i64)> = q(NEEDS).bind(agency).all(db).await?;
    let mut needs = Needs::new();
    for (post, competence, level) in rows {
        if let (Ok(competence), Some(level)) = (competence.parse(), Level::from_number(level)) {
            needs.entry(post).or_default().insert(competence, level);
        }
    }
    Ok(needs)
}

fn person(row: Row, needs: &Needs, cuts: &Cuts) -> Option<Person> {
    let ability: Ability = serde_json::from_str(&row.ability).ok()?;
    let empty = BTreeMap::new();
    let needed = needs.get(&row.post_id).unwrap_or(&empty);
    let verdict = |area: AreaId| {
        let requirement = cuts.requirement(area, needed)?;
        Some(Verdict::from_probability(ability.area(area.index()).probability_at_least(requirement.cut_logit)))
    };
    Some(Person {
        levels: AreaId::all().map(|area| cuts.level_at(area, ability.mean[area.index()])).collect(),
        verdicts: AreaId::all().map(verdict).collect(),
        unit: (row.unit_id, row.unit_name),
        post: (row.post_id, row.post_name),
    })
}

impl Gaps {
    fn new(people: &[Person]) -> Gaps {
        let count = people.len() as i64;
        let (units, hidden_units) = groups(people, |person| &person.unit);
        let (posts, hidden_posts) = groups(people, |person| &person.post);
        let areas = AreaId::all().map(|area| AreaGaps {
            area,
            levels: Level::ALL
                .map(|level| (level, told(share(people, |person| person.levels[area.index()] == level))))
                .to_vec(),
            verdicts: VerdictShares::of(people.iter(), area),
        });
        Gaps {
            people: count,
            enough: count >= LEAST_PEOPLE,
            areas: areas.collect(),
            units,
            posts,
            hidden_units,
            hidden_posts,
        }
    }
}

fn share(people: &[Person], holds: impl Fn(&Person) -> bool) -> f64 {
    people.iter().filter(|person| holds(person)).count() as f64 / people.len().max(1) as f64
}

/// The groups that may be shown, in order of first appearance, and how many may not.
fn groups(people: &[Person], key: impl Fn(&Person) -> &(String, String)) -> (Vec<GroupGaps>, usize) {
    let mut order: Vec<&str> = Vec::new();
    let mut members: HashMap<&str, Vec<&Person>> = HashMap::new();
    for person in people {
        let id = key(person).0.as_str();
        if !members.contains_key(id) {
            order.push(id);
        }
        members.entry(id).or_default().push(person);
    }
    let sizes: Vec<i64> = order.iter().map(|id| members[id].len() as i64).collect();
    let shown = shown_groups(&sizes);
    let visible = order.iter().zip(&shown).filter(|(_, shown)| **shown);
    let groups: Vec<GroupGaps> = visible
        .map(|(id, _)| {
            let of_group = &members[id];
            let areas = AreaId::all().map(|area| VerdictShares::of(of_group.iter().copied(), area)).collect();
            GroupGaps { name: key(of_group[0]).1.clone(), people: of_group.len() as i64, areas }
        })
        .collect();
    let hidden = order.len() - groups.len();
    (groups, hidden)
}

impl VerdictShares {
    /// Met, not sure, not met among those whose post needs the area; told only when they are ten or more.
    fn of<'p>(people: impl Iterator<Item = &'p Person>, area: AreaId) -> VerdictShares {
        let verdicts: Vec<Verdict> = people.filter_map(|person| person.verdicts[area.index()]).collect();
        let share =
            |wanted| told(verdicts.iter().filter(|verdict| **verdict == wanted).count() as f64 / verdicts.len() as f64);
        let enough = verdicts.len() as i64 >= LEAST_PEOPLE;
        VerdictShares { of_needed: enough.then(|| [Verdict::Met, Verdict::NotSure, Verdict::NotMet].map(share)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(unit: &str, verdict: Option<Verdict>) -> Person {
        Person {
            unit: (unit.to_owned(), unit.to_uppercase()),
            post: ("p".to_owned(), "P".to_owned()),
            levels: vec![Level::Basic; 5],
            verdicts: vec![verdict; 5],
        }
    }

    fn people(sizes: &[(&str, usize)]) -> Vec<Person> {
        sizes.iter().flat_map(|&(unit, size)| (0..size).map(move |_| person(unit, Some(Verdict::Met)))).collect()
    }

    #[test]
    fn a_small_unit_hides_together_with_the_next_smallest() {
        let gaps = Gaps::new(&people(&[("a", 30), ("b", 4), ("c", 12)]));
        let shown: Vec<_> = gaps.units.iter().map(|unit| (unit.name.as_str(), unit.people)).collect();
        assert_eq!((shown, gaps.hidden_units), (vec![("A", 30)], 2));
    }

    #[test]
    fn shares_of_an_area_fewer_than_ten_need_are_not_told() {
        let mut all = people(&[("a", 9)]);
        all.extend((0..20).map(|_| person("a", None)));
        let gaps = Gaps::new(&all);
        assert_eq!(gaps.units.len(), 1);
        assert!(gaps.units[0].areas.iter().all(|area| area.of_needed.is_none()));
    }

    #[test]
    fn nine_people_are_not_enough_for_anything() {
        let gaps = Gaps::new(&people(&[("a", 9)]));
        assert!(!gaps.enough && gaps.units.is_empty());
    }
}
