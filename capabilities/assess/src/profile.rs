//! What a result says to the person: per area the ability with its interval, the level in words, whether the post's need is
//! met, and at most three things to learn next where it is not. Pure; abilities in logits, intervals of 95 %.

use std::collections::{BTreeMap, BTreeSet};

use melek_framework::{AreaId, CompetenceId, Cuts, Framework, Level, Outcome, OutcomeKind};
use melek_irt::ability::Estimate;
use melek_irt::decision::Verdict;

use crate::session::Ability;

/// Coverage of every interval shown.
pub const COVERAGE: f64 = 0.95;

/// Most things to learn next in one area.
const MOST_TO_LEARN: usize = 3;

pub struct Profile {
    pub overall: Position,
    pub areas: Vec<AreaProfile>,
}

/// An ability with its interval.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    pub logit: f64,
    pub lower: f64,
    pub upper: f64,
}

pub struct AreaProfile {
    pub area: AreaId,
    pub position: Position,
    /// Level at the estimate, and at both ends of the interval.
    pub level: Level,
    pub lowest_level: Level,
    pub highest_level: Level,
    /// `None` when the post needs nothing of the area.
    pub need: Option<Need>,
    pub to_learn: Vec<&'static Outcome>,
}

pub struct Need {
    pub cut_logit: f64,
    pub level: Level,
    /// Probability that the person's ability is at least the cut.
    pub probability: f64,
    pub verdict: Verdict,
}

/// What the profile is made from.
pub struct Basis<'a> {
    pub framework: &'static Framework,
    pub cuts: &'a Cuts,
    /// Level the post needs of each competence.
    pub needed: &'a BTreeMap<CompetenceId, Level>,
    /// Outcomes of items answered wrong.
    pub missed: &'a BTreeSet<String>,
}

impl Profile {
    pub fn new(ability: &Ability, basis: &Basis<'_>) -> Profile {
        let areas = AreaId::all().map(|area| AreaProfile::new(area, ability.area(area.index()), basis)).collect();
        Profile { overall: Position::new(ability.overall.into()), areas }
    }
}

impl Position {
    pub fn new(estimate: Estimate) -> Position {
        let interval = estimate.interval(COVERAGE);
        Position { logit: estimate.mean, lower: interval.lower, upper: interval.upper }
    }
}

impl AreaProfile {
    fn new(area: AreaId, estimate: Estimate, basis: &Basis<'_>) -> AreaProfile {
        let position = Position::new(estimate);
        let level = basis.cuts.level_at(area, position.logit);
        let need = basis.cuts.requirement(area, basis.needed).map(|requirement| {
            let probability = estimate.probability_at_least(requirement.cut_logit);
            let verdict = Verdict::from_probability(probability);
            Need { cut_logit: requirement.cut_logit, level: requirement.level, probability, verdict }
        });
        let not_met = need.as_ref().is_some_and(|need| need.verdict == Verdict::NotMet);
        AreaProfile {
            area,
            position,
            level,
            lowest_level: basis.cuts.level_at(area, position.lower),
            highest_level: basis.cuts.level_at(area, position.upper),
            need,
            to_learn: if not_met { to_learn(area, level, basis) } else { Vec::new() },
        }
    }
}

/// Outcomes of the next level up to what the post needs: first those an item showed to be missing, then those of the
/// competences furthest from the need; skills before knowledge before attitudes; one of each competence before a second.
fn to_learn(area: AreaId, level: Level, basis: &Basis<'_>) -> Vec<&'static Outcome> {
    let mut candidates: Vec<(CompetenceId, &'static Outcome)> = basis
        .needed
        .iter()
        .filter(|(competence, needed)| competence.area() == area && **needed > Level::None)
        .flat_map(|(&competence, &needed)| {
            let target = Level::from_number(level.number() + 1).map_or(needed, |next| next.min(needed));
            basis.framework.outcomes_of(competence, target).map(move |outcome| (competence, outcome))
        })
        .collect();
    candidates.sort_by_key(|(competence, outcome)| {
        let missed = basis.missed.contains(&outcome.id);
        let distance = basis.needed[competence].number() - level.number();
        (!missed, -distance, kind_rank(outcome.kind), outcome.id.clone())
    });
    let mut chosen: Vec<&'static Outcome> = Vec::new();
    for only_new in [true, false] {
        for &(competence, outcome) in &candidates {
            let taken = chosen.iter().any(|known| known.text == outcome.text);
            let known_competence = chosen.iter().any(|known| known.competence == competence);
            if chosen.len() < MOST_TO_LEARN && !taken && !(only_new && known_competence) {
                chosen.push(outcome);
            }
        }
    }
    chosen
}

fn kind_rank(kind: OutcomeKind) -> u8 {
    match kind {
        OutcomeKind::Skill => 0,
        OutcomeKind::Knowledge => 1,
        OutcomeKind::Attitude => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::{AREAS, blueprint};
    use melek_framework::{cuts, framework, requirement_defaults};

    fn ability(logit: f64, variance: f64) -> Ability {
        let mut covariance = [[0.0; AREAS]; AREAS];
        for (index, row) in covariance.iter_mut().enumerate() {
            row[index] = variance;
        }
        let posterior = melek_irt::ability::Posterior { mean: [logit; AREAS], covariance };
        Ability::of(&posterior, &blueprint().weights)
    }

    fn profile(logit: f64, variance: f64, missed: &[&str]) -> Profile {
        let family = requirement_defaults().family("pranata-komputer").expect("family");
        let missed = missed.iter().map(|id| (*id).to_owned()).collect();
        let basis = Basis { framework: framework(), cuts: cuts(), needed: &family.levels, missed: &missed };
        Profile::new(&ability(logit, variance), &basis)
    }

    #[test]
    fn far_below_the_need_three_things_to_learn_are_named_in_every_area() {
        for area in profile(-3.0, 0.01, &[]).areas {
            assert_eq!(area.need.expect("needed").verdict, Verdict::NotMet);
            assert_eq!(area.to_learn.len(), 3);
        }
    }

    #[test]
    fn what_an_item_showed_to_be_missing_comes_first() {
        let target = framework().outcomes_of("1.3".parse().expect("id"), Level::Basic).last().expect("outcome");
        let areas = profile(-3.0, 0.01, &[&target.id]).areas;
        assert_eq!(areas[0].to_learn[0].id, target.id);
    }

    #[test]
    fn an_uncertain_result_is_not_sure_and_names_nothing_to_learn() {
        let profile =
            profile(cuts().ability(AreaId::all().next().expect("area"), Level::Intermediate).expect("cut"), 1.0, &[]);
        let first = &profile.areas[0];
        assert_eq!(first.need.as_ref().expect("needed").verdict, Verdict::NotSure);
        assert!(first.to_learn.is_empty());
    }

    #[test]
    fn far_above_the_need_it_is_met() {
        assert!(
            profile(4.0, 0.01, &[])
                .areas
                .iter()
                .all(|area| area.need.as_ref().expect("needed").verdict == Verdict::Met)
        );
    }
}
