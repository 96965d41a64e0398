//! How a test is put together and when it ends: the data of `content/blueprints/`, checked and turned into what the engine
//! works with. Abilities and standard errors in logits.

use std::sync::LazyLock;

use melek_framework::AreaId;
use melek_irt::ability::Prior;
use serde::Deserialize;

/// Dimensions of ability: the five areas.
pub const AREAS: usize = AreaId::COUNT;

#[derive(Debug)]
pub struct Blueprint {
    pub id: String,
    pub prior: Prior<AREAS>,
    /// Weights of the areas in the overall score, adding to 1.
    pub weights: [f64; AREAS],
    pub stop: Stop,
    pub exposure: Exposure,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    pub minimum_items: usize,
    pub maximum_items: usize,
    pub minimum_per_area: usize,
    /// Of the overall score.
    pub standard_error: f64,
    /// Time with an item on the screen.
    pub minutes: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    pub ceiling: f64,
    pub slack: f64,
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
    exposure: Exposure,
}

impl Blueprint {
    pub fn read(source: &str) -> Result<Blueprint, BlueprintError> {
        let file: File = toml::from_str(source)?;
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
        Ok(Blueprint { id: file.id, prior, weights: file.weights, stop: file.stop, exposure: file.exposure })
    }
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
    fn the_shipped_blueprint_loads() {
        assert_eq!(blueprint().id, "starter");
    }

    #[test]
    fn weights_that_do_not_add_up_are_refused() {
        let error = Blueprint::read(&STARTER.replace("0.142857142857", "0.3")).expect_err("weights");
        assert!(matches!(error, BlueprintError::Weights(_)));
    }

    #[test]
    fn a_test_too_short_for_five_areas_is_refused() {
        let error = Blueprint::read(&STARTER.replace("minimum_items = 12", "minimum_items = 9")).expect_err("short");
        assert!(matches!(error, BlueprintError::Length { minimum: 9, .. }));
    }
}
