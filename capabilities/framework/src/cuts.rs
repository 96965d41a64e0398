//! Cut scores: the ability (logit, mean 0 and standard deviation 1 in the reference group) from which a person is said to
//! be at a level of an area. They come from `content/cuts/`, written by `melek items cuts`, and are provisional until a
//! panel has set them on calibrated items.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{AreaId, CompetenceId, Level};

/// A set of cuts over the five areas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cuts {
    /// Version of the bank whose items the cuts were computed from.
    pub bank: String,
    /// Probability of a right answer at the cut, for example 0.67.
    pub response_probability: f64,
    pub provisional: bool,
    /// Per area the cuts of the four reachable levels, lowest first, not decreasing.
    pub areas: BTreeMap<AreaId, Vec<AreaCut>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaCut {
    pub level: Level,
    pub ability_logit: f64,
    /// Number of items behind the cut.
    pub items: usize,
}

/// What a post needs in one area: the ability that stands for it, and the levels it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaRequirement {
    /// Mean of the cuts of the needed levels over the competences the post needs.
    pub cut_logit: f64,
    /// The level nearest to that cut, for words.
    pub level: Level,
}

#[derive(Debug, thiserror::Error)]
pub enum CutsError {
    #[error("the cuts are not the expected JSON: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("the cuts of area {0} are not the four levels from basic to highly-advanced")]
    Levels(AreaId),
    #[error("the cuts of area {0} fall from one level to the next")]
    Falling(AreaId),
}

impl Cuts {
    pub fn read(source: &str) -> Result<Cuts, CutsError> {
        let cuts: Cuts = serde_json::from_str(source)?;
        for area in AreaId::all() {
            let of_area = cuts.areas.get(&area).ok_or(CutsError::Levels(area))?;
            if !of_area.iter().map(|cut| cut.level).eq(Level::REACHABLE) {
                return Err(CutsError::Levels(area));
            }
            if of_area.windows(2).any(|pair| pair[1].ability_logit < pair[0].ability_logit) {
                return Err(CutsError::Falling(area));
            }
        }
        Ok(cuts)
    }

    /// Ability of a level in an area; `None` for `Level::None`, which everybody has reached.
    pub fn ability(&self, area: AreaId, level: Level) -> Option<f64> {
        self.areas[&area].iter().find(|cut| cut.level == level).map(|cut| cut.ability_logit)
    }

    /// The highest level whose cut is at most `ability_logit`.
    pub fn level_at(&self, area: AreaId, ability_logit: f64) -> Level {
        let reached = self.areas[&area].iter().rev().find(|cut| cut.ability_logit <= ability_logit);
        reached.map_or(Level::None, |cut| cut.level)
    }

    /// What a post needs in an area: the mean over its competences of the cut of the needed level. Competences with
    /// `Level::None` do not count; `None` when the post needs none of the area.
    pub fn requirement(&self, area: AreaId, needed: &BTreeMap<CompetenceId, Level>) -> Option<AreaRequirement> {
        let of_area = needed.iter().filter(|(competence, _)| competence.area() == area);
        let abilities: Vec<f64> = of_area.filter_map(|(_, level)| self.ability(area, *level)).collect();
        if abilities.is_empty() {
            return None;
        }
        let cut_logit = abilities.iter().sum::<f64>() / abilities.len() as f64;
        let distance = |cut: &AreaCut| (cut.ability_logit - cut_logit).abs();
        let nearest = self.areas[&area].iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.map(|cut| AreaRequirement { cut_logit, level: cut.level })
    }
}

/// The cuts in force.
pub fn cuts() -> &'static Cuts {
    static CUTS: LazyLock<Cuts> = LazyLock::new(|| {
        Cuts::read(include_str!("../../../content/cuts/starter.json")).expect("the shipped cuts load, see the test")
    });
    &CUTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evenly_spaced() -> Cuts {
        let cut = |(index, level)| AreaCut { level, ability_logit: index as f64 - 1.0, items: 4 };
        let of_area: Vec<_> = Level::REACHABLE.into_iter().enumerate().map(cut).collect();
        let areas = AreaId::all().map(|area| (area, of_area.clone())).collect();
        Cuts { bank: "test".into(), response_probability: 0.67, provisional: true, areas }
    }

    fn needs(levels: &[(&str, Level)]) -> BTreeMap<CompetenceId, Level> {
        levels.iter().map(|(id, level)| (id.parse().expect("competence"), *level)).collect()
    }

    #[test]
    fn the_shipped_cuts_load() {
        assert!(cuts().provisional);
    }

    #[test]
    fn the_cut_of_an_area_is_the_mean_over_its_needed_competences() {
        let needed =
            needs(&[("1.1", Level::Basic), ("1.2", Level::Advanced), ("1.3", Level::None), ("2.1", Level::Basic)]);
        let area = "1".parse().expect("area");
        let requirement = evenly_spaced().requirement(area, &needed).expect("needed");
        assert_eq!(requirement, AreaRequirement { cut_logit: 0.0, level: Level::Intermediate });
    }

    #[test]
    fn an_area_the_post_does_not_need_has_no_cut() {
        let needed = needs(&[("1.1", Level::None)]);
        assert_eq!(evenly_spaced().requirement("1".parse().expect("area"), &needed), None);
    }

    #[test]
    fn below_the_lowest_cut_no_level_is_reached() {
        let cuts = evenly_spaced();
        let area = "3".parse().expect("area");
        assert_eq!(cuts.level_at(area, -1.01), Level::None);
        assert_eq!(cuts.level_at(area, -1.0), Level::Basic);
        assert_eq!(cuts.level_at(area, 9.0), Level::HighlyAdvanced);
    }

    #[test]
    fn falling_cuts_are_refused() {
        let mut cuts = evenly_spaced();
        cuts.areas.get_mut(&"2".parse().expect("area")).expect("area")[3].ability_logit = -5.0;
        let text = serde_json::to_string(&cuts).expect("json");
        assert_eq!(
            Cuts::read(&text).expect_err("falling").to_string(),
            "the cuts of area 2 fall from one level to the next"
        );
    }
}
