//! How a test is put together and when it ends: the data of `content/blueprints/`, checked and turned into what the engine
//! works with. Abilities and standard errors in logits.

use std::sync::LazyLock;

use melek_framework::{AreaId, CompetenceId};
use melek_irt::ability::Prior;
use melek_irt::selection::several_dimensions::Criterion;
use melek_irt::selection::{CeilingError, ExposureCeiling, ExposureControl, Quota, QuotaError, Quotas, Scope};
use melek_irt::stopping::Rule;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::digest::short_name;

/// At most one item in so many may be on trial.
const LARGEST_SHARE_ON_TRIAL: usize = 5;

/// Dimensions of ability: the five areas.
pub const AREAS: usize = AreaId::COUNT;

#[derive(Debug)]
pub struct Blueprint {
    pub id: String,
    /// Name of the content: a session is played again under the blueprint it was taken under.
    pub name: String,
    pub prior: Prior<AREAS>,
    /// Weights of the areas in the overall score, adding to 1.
    pub weights: [f64; AREAS],
    pub stop: Stop,
    /// One quota an area, then one a competence, in the order of the framework.
    pub quotas: Quotas,
    pub criterion: Criterion,
    pub exposure: ExposureControl,
    pub offer: OfferLimits,
    pub pilot: PilotRule,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    pub minimum_items: usize,
    pub maximum_items: usize,
    pub minimum_per_area: usize,
    pub maximum_per_competence: usize,
    /// Of the overall score.
    pub standard_error: f64,
    /// Of every area as well, if given.
    #[serde(default = "nothing_asked")]
    pub area_standard_error: f64,
    /// Probability with which every decision against the post's needs must be clear to end the test before it is precise, if given.
    pub decision: Option<f64>,
    /// Information in logits⁻² that the best item left must bring.
    #[serde(default)]
    pub least_information: f64,
    /// Time with an item on the screen.
    pub minutes: i64,
}

/// When a few items more are offered at the end.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferLimits {
    /// Most items offered; 0 offers none.
    pub items: usize,
    /// Chance that they make the decision clear, at least.
    pub chance: f64,
}

/// Where items on trial stand and until when.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PilotRule {
    /// Positions in a sitting, counted from 1, each for at most one item on trial.
    pub positions: Vec<usize>,
    /// Showings after which an item is shown no more.
    pub answers: u64,
}

fn nothing_asked() -> f64 {
    f64::INFINITY
}

impl Stop {
    /// As the engine's rule.
    pub fn rule(&self) -> Rule {
        Rule {
            minimum: self.minimum_items,
            maximum: self.maximum_items,
            minimum_per_dimension: self.minimum_per_area,
            standard_error: self.standard_error,
            dimension_standard_error: self.area_standard_error,
            decision: self.decision,
            least_information: self.least_information,
        }
    }
}

/// The engine's criteria by the names they have in the field.
#[derive(Deserialize)]
#[serde(remote = "Criterion")]
enum NamedCriterion {
    #[serde(rename = "d-optimal")]
    Volume,
    #[serde(rename = "a-optimal")]
    Variances,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    #[serde(with = "NamedCriterion")]
    criterion: Criterion,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exposure {
    ceiling: f64,
    slack: f64,
    price: f64,
    spread: f64,
    exploration: f64,
}

#[derive(Debug, thiserror::Error)]
pub enum BlueprintError {
    #[error("the blueprint is not the expected TOML: {0}")]
    Shape(#[from] toml::de::Error),
    #[error("the correlation {0} does not give a covariance matrix; it must lie between -0.25 and 1")]
    Correlation(f64),
    #[error("the weights add up to {0}, not to 1")]
    Weights(f64),
    #[error("the shortest test of {minimum} items must hold {per_area} of every area and be at most {maximum}")]
    Length { minimum: usize, maximum: usize, per_area: usize },
    #[error("the content rules contradict one another: {0}")]
    Quotas(#[from] QuotaError),
    #[error("a reliability of {0} cannot be asked for; take one between 0 and 1, such as 0.90")]
    Reliability(f64),
    #[error("[stop] decision = {0} ends no test or every one; take a probability above 0.5 and below 1, such as 0.95")]
    Decision(f64),
    #[error("[offer] chance = {0} is no probability; take one between 0 and 1, such as 0.6")]
    Chance(f64),
    #[error(
        "[pilot] positions must rise, start at 2 or later and be at most a fifth of the longest test, which is {most}"
    )]
    Pilots { most: usize },
    #[error("[exposure] is not usable: {0}")]
    Ceiling(#[from] CeilingError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    #[serde(rename = "provisional")]
    _provisional: bool,
    #[serde(rename = "source")]
    _source: String,
    correlation: f64,
    weights: [f64; AREAS],
    stop: Stop,
    choice: Choice,
    exposure: Exposure,
    offer: OfferLimits,
    pilot: PilotRule,
}

impl Blueprint {
    pub fn read(source: &str) -> Result<Blueprint, BlueprintError> {
        let file: File = toml::from_str(source)?;
        // Without comments and order: a word of explanation makes no other test.
        let content = toml::from_str::<toml::Table>(source)?.to_string();
        let covariance =
            std::array::from_fn(|row| std::array::from_fn(|column| if row == column { 1.0 } else { file.correlation }));
        let prior = Prior::new([0.0; AREAS], covariance).map_err(|_| BlueprintError::Correlation(file.correlation))?;
        let sum: f64 = file.weights.iter().sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(BlueprintError::Weights(sum));
        }
        let Stop { minimum_items: minimum, maximum_items: maximum, minimum_per_area: per_area, .. } = file.stop;
        if minimum < per_area * AREAS || maximum < minimum {
            return Err(BlueprintError::Length { minimum, maximum, per_area });
        }
        check(&file.stop, &file.offer, &file.pilot)?;
        let exposure = file.exposure;
        Ok(Blueprint {
            id: file.id,
            name: short_name(Sha256::new_with_prefix(content), 6),
            prior,
            weights: file.weights,
            quotas: quotas(&file.stop)?,
            stop: file.stop,
            criterion: file.choice.criterion,
            exposure: ExposureControl {
                ceiling: ExposureCeiling::new(exposure.ceiling, exposure.slack)?,
                price: exposure.price,
                spread: exposure.spread,
                exploration: exposure.exploration,
            },
            offer: file.offer,
            pilot: file.pilot,
        })
    }
}

/// Rules of ending, offering and trying that would do nothing sensible.
fn check(stop: &Stop, offer: &OfferLimits, pilot: &PilotRule) -> Result<(), BlueprintError> {
    if let Some(decision) = stop.decision.filter(|decision| !(*decision > 0.5 && *decision < 1.0)) {
        return Err(BlueprintError::Decision(decision));
    }
    if !(offer.chance > 0.0 && offer.chance <= 1.0) {
        return Err(BlueprintError::Chance(offer.chance));
    }
    let most = stop.maximum_items / LARGEST_SHARE_ON_TRIAL;
    let rise =
        pilot.positions.is_sorted_by(|one, next| one < next) && pilot.positions.first().is_none_or(|&first| first >= 2);
    if rise && pilot.positions.len() <= most { Ok(()) } else { Err(BlueprintError::Pilots { most }) }
}

impl Blueprint {
    /// The same test, going on until the overall score has this reliability or no item is left that the rules of content allow:
    /// how much the bank and not the longest test limits precision. Reliability is 1 − SE² ÷ variance of the overall score in
    /// the reference group.
    pub fn until_reliable(&self, reliability: f64) -> Result<Blueprint, BlueprintError> {
        if !(reliability > 0.0 && reliability < 1.0) {
            return Err(BlueprintError::Reliability(reliability));
        }
        let spread = self.prior.posterior().composite(&self.weights).standard_error;
        let stop = Stop {
            maximum_items: self.stop.maximum_per_competence * CompetenceId::all().count(),
            standard_error: spread * (1.0 - reliability).sqrt(),
            ..self.stop.clone()
        };
        Ok(Blueprint {
            id: self.id.clone(),
            name: self.name.clone(),
            prior: self.prior.clone(),
            weights: self.weights,
            quotas: quotas(&stop)?,
            stop,
            criterion: self.criterion,
            exposure: self.exposure,
            offer: self.offer,
            pilot: self.pilot.clone(),
        })
    }
}

/// Position of a competence among the quotas of a blueprint.
pub fn quota_of(competence: CompetenceId) -> usize {
    let before = |other: &CompetenceId| *other != competence;
    AREAS + CompetenceId::all().take_while(before).count()
}

fn quotas(stop: &Stop) -> Result<Quotas, QuotaError> {
    let areas =
        AreaId::all().map(|_| Quota { parent: None, minimum: stop.minimum_per_area, maximum: stop.maximum_items });
    let competences = CompetenceId::all().map(|competence| Quota {
        parent: Some(competence.area().index()),
        minimum: 0,
        maximum: stop.maximum_per_competence,
    });
    Quotas::new(areas.chain(competences).collect(), stop.maximum_items, Scope::WholeTest)
}

/// The blueprint in force.
pub fn blueprint() -> &'static Blueprint {
    static BLUEPRINT: LazyLock<Blueprint> = LazyLock::new(|| {
        let source = include_str!("../../../content/blueprints/starter.toml");
        Blueprint::read(source).expect("the shipped blueprint loads, see the test")
    });
    &BLUEPRINT
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTER: &str = include_str!("../../../content/blueprints/starter.toml");

    #[test]
    fn a_blueprint_is_named_by_what_it_asks_for_and_not_by_its_comments() {
        let name = |source: &str| Blueprint::read(source).expect("blueprint").name;
        assert_eq!(name(&format!("# another word\n{STARTER}")), name(STARTER));
        assert_ne!(name(&STARTER.replace("correlation = 0.7", "correlation = 0.6")), name(STARTER));
    }

    #[test]
    fn the_shipped_blueprint_loads() {
        assert_eq!(blueprint().id, "starter");
    }

    #[test]
    fn the_criterion_is_chosen_by_name() {
        let criterion = |name: &str| Blueprint::read(&STARTER.replace("d-optimal", name)).map(|read| read.criterion);
        assert_eq!(criterion("a-optimal").expect("blueprint"), Criterion::Variances);
        let complaint = criterion("best").expect_err("unknown").to_string();
        assert!(complaint.contains("d-optimal") && complaint.contains("a-optimal"), "{complaint}");
    }

    #[test]
    fn rules_of_ending_offering_and_trying_that_do_nothing_sensible_are_refused() {
        let refused = |from: &str, to: &str| {
            let source = STARTER.replace(from, to);
            assert_ne!(source, STARTER, "{from}");
            Blueprint::read(&source).expect_err("refused")
        };
        assert!(matches!(refused("minutes = 60", "decision = 0.5\nminutes = 60"), BlueprintError::Decision(_)));
        assert!(matches!(refused("chance = 0.6", "chance = 1.5"), BlueprintError::Chance(_)));
        for positions in ["[1, 5]", "[5, 5]", "[2, 4, 6, 8, 10, 12, 14]"] {
            assert!(matches!(refused("[5, 9, 13]", positions), BlueprintError::Pilots { most: 6 }), "{positions}");
        }
    }

    #[test]
    fn a_blueprint_may_ask_precision_of_every_area_and_end_by_clear_decisions_and_useless_items() {
        let asked = "decision = 0.95\narea_standard_error = 0.5\nleast_information = 0.02\nminutes = 60";
        let rule = Blueprint::read(&STARTER.replace("minutes = 60", asked)).expect("blueprint").stop.rule();
        assert_eq!((rule.decision, rule.dimension_standard_error, rule.least_information), (Some(0.95), 0.5, 0.02));
        let starter = blueprint().stop.rule();
        assert_eq!((starter.decision, starter.dimension_standard_error), (None, f64::INFINITY));
    }

    #[test]
    fn weights_that_do_not_add_up_are_refused() {
        let error = Blueprint::read(&STARTER.replace("0.142857142857", "0.3")).expect_err("weights");
        assert!(matches!(error, BlueprintError::Weights(_)));
    }

    #[test]
    fn a_test_until_a_reliability_stops_at_the_standard_error_that_belongs_to_it() {
        // Weights 1/7, 2/7 and three times 4/21, correlation .7: variance of the overall score .7 + .3 · 93/441.
        let until = blueprint().until_reliable(0.9).expect("blueprint");
        let variance: f64 = 0.7 + 0.3 * 93.0 / 441.0;
        assert!((until.stop.standard_error - (0.1 * variance).sqrt()).abs() < 1e-9);
        assert!(matches!(blueprint().until_reliable(1.0), Err(BlueprintError::Reliability(_))));
    }

    #[test]
    fn a_test_too_short_for_five_areas_is_refused() {
        let error = Blueprint::read(&STARTER.replace("minimum_items = 12", "minimum_items = 9")).expect_err("short");
        assert!(matches!(error, BlueprintError::Length { minimum: 9, .. }));
    }
}
