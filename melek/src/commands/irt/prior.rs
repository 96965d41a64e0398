//! `--prior lower=beta:5,17`: a density on a parameter of every item.

use std::str::FromStr;

use melek_irt::calibration::{Parameter, ParameterPrior};

use super::model_name::ModelName;

#[derive(Debug, Clone, PartialEq)]
pub struct PriorOption {
    pub parameter: Parameter,
    pub density: ParameterPrior,
    /// As it was written.
    pub text: String,
}

#[derive(Debug, PartialEq, thiserror::Error)]
pub enum PriorError {
    #[error("write PARAMETER=DENSITY:NUMBER,NUMBER, for example lower=beta:5,17")]
    Shape,
    #[error("{0} is no parameter; priors are for slope, intercept, lower and upper")]
    Parameter(String),
    #[error("{0} is no density; there are normal:mean,sd, lognormal:mean,sd and beta:a,b")]
    Density(String),
    #[error("{0} is no finite number")]
    Number(String),
    #[error("{0} must be greater than 0")]
    NotPositive(f64),
    #[error("an asymptote is a probability; its prior is beta:a,b")]
    Asymptote,
    #[error("a beta prior is for a probability: lower or upper")]
    NoProbability,
    #[error("{parameter} is no parameter of model {model}")]
    NotOfModel { parameter: &'static str, model: ModelName },
}

impl FromStr for PriorOption {
    type Err = PriorError;

    fn from_str(text: &str) -> Result<Self, PriorError> {
        let (parameter, density) = text.split_once('=').ok_or(PriorError::Shape)?;
        let (name, numbers) = density.split_once(':').ok_or(PriorError::Shape)?;
        let (first, second) = numbers.split_once(',').ok_or(PriorError::Shape)?;
        let parameter = match parameter {
            "slope" => Parameter::Slope,
            "intercept" => Parameter::Intercept,
            "lower" => Parameter::Lower,
            "upper" => Parameter::Upper,
            other => return Err(PriorError::Parameter(other.to_owned())),
        };
        let (first, second) = (number(first)?, number(second)?);
        let positive = |value: f64| if value > 0.0 { Ok(value) } else { Err(PriorError::NotPositive(value)) };
        let density = match name {
            "normal" => ParameterPrior::Normal { mean: first, deviation: positive(second)? },
            "lognormal" => ParameterPrior::LogNormal { mean: first, deviation: positive(second)? },
            "beta" => ParameterPrior::Beta { first: positive(first)?, second: positive(second)? },
            other => return Err(PriorError::Density(other.to_owned())),
        };
        let is_probability = matches!(parameter, Parameter::Lower | Parameter::Upper);
        match (is_probability, matches!(density, ParameterPrior::Beta { .. })) {
            (true, false) => Err(PriorError::Asymptote),
            (false, true) => Err(PriorError::NoProbability),
            _ => Ok(Self { parameter, density, text: text.to_owned() }),
        }
    }
}

impl PriorOption {
    /// Whether the model estimates what the prior describes.
    pub fn check(&self, model: ModelName) -> Result<(), PriorError> {
        let has_slope = !matches!(model, ModelName::Rasch | ModelName::PartialCredit | ModelName::RatingScale);
        let (parameter, is_there) = match self.parameter {
            Parameter::Slope => ("slope", has_slope),
            Parameter::Intercept => ("intercept", true),
            Parameter::Lower => ("lower", matches!(model, ModelName::ThreeParameter | ModelName::FourParameter)),
            Parameter::Upper => ("upper", model == ModelName::FourParameter),
        };
        if is_there { Ok(()) } else { Err(PriorError::NotOfModel { parameter, model }) }
    }
}

fn number(text: &str) -> Result<f64, PriorError> {
    let value = text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    value.ok_or_else(|| PriorError::Number(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prior_is_parameter_density_and_two_numbers() {
        let prior: PriorOption = "lower=beta:5,17".parse().expect("prior");
        let beta = ParameterPrior::Beta { first: 5.0, second: 17.0 };
        assert_eq!((prior.parameter, prior.density), (Parameter::Lower, beta));
        for (text, error) in [
            ("lower", PriorError::Shape),
            ("c=beta:5,17", PriorError::Parameter("c".to_owned())),
            ("lower=gamma:5,17", PriorError::Density("gamma".to_owned())),
            ("lower=beta:5,x", PriorError::Number("x".to_owned())),
            ("slope=lognormal:0,NaN", PriorError::Number("NaN".to_owned())),
            ("lower=beta:5,0", PriorError::NotPositive(0.0)),
            ("lower=normal:0,1", PriorError::Asymptote),
            ("slope=beta:1,1", PriorError::NoProbability),
        ] {
            assert_eq!(text.parse::<PriorOption>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_prior_on_what_a_model_has_not_is_refused() {
        let prior: PriorOption = "lower=beta:5,17".parse().expect("prior");
        let refused = PriorError::NotOfModel { parameter: "lower", model: ModelName::TwoParameter };
        assert_eq!(prior.check(ModelName::TwoParameter), Err(refused));
        assert_eq!(prior.check(ModelName::ThreeParameter), Ok(()));
    }
}
