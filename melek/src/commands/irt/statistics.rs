//! Statistics of fit, reliability and scores of a calibration that has just been made, in the shape of `fit.json`.

use melek_irt::calibration::Calibration;
use melek_irt::fit::{
    FitError, Fitted, LimitedInformation, Moments, empirical_reliability, limited_information, local_dependence,
    marginal_reliability, mean_squares, person_fit, summed_score_fit,
};
use melek_irt::scoring::{Population, Scorer};
use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::fit_file::{FitWarning, Reliability, Score};
use super::outcome::finite;

/// M2 compares every pair of items: its memory grows with the fourth power of their number, 800 MB here.
const MOST_MOMENTS: usize = 10_000;

/// What could be had, and why the rest could not.
#[derive(Default)]
pub struct Found {
    pub fit: Map<String, Value>,
    pub reliability: Option<Reliability>,
    pub warnings: Vec<FitWarning>,
}

/// More than the usual statistics.
#[derive(Clone, Copy, Default)]
pub struct Wanted {
    pub pairs: bool,
    pub people: bool,
}

pub struct Judge<'a> {
    pub answers: &'a Answers,
    pub calibration: &'a Calibration,
    pub fitted: Fitted<'a>,
}

impl Judge<'_> {
    pub fn judge(&self, wanted: Wanted) -> Found {
        let mut found = Found::default();
        self.whole(&mut found);
        self.items(&mut found);
        if wanted.pairs {
            self.pairs(&mut found);
        }
        if wanted.people {
            self.people(&mut found);
        }
        found.reliability = Some(Reliability {
            marginal: self.calibration.groups.first().and_then(|group| {
                let functions = self.calibration.functions();
                marginal_reliability(&functions, &group.latent).ok().and_then(finite)
            }),
            empirical: empirical_reliability(&self.fitted).ok().and_then(|of| finite(*of.first()?)),
        });
        found
    }

    /// M2, M2* for more than two categories, or C2 where these leave no degrees of freedom.
    fn whole(&self, found: &mut Found) {
        let items = self.answers.items.len();
        let moments = items * (items + 1) / 2;
        if moments > MOST_MOMENTS {
            found.missing("m2", &format!("{items} items have more pairs than memory holds"));
            return;
        }
        let has_more = (0..items).any(|item| self.answers.responses.categories(item) > 2);
        let (name, of) = if has_more { ("M2*", Moments::Scores) } else { ("M2", Moments::Categories) };
        let first = limited_information(&self.fitted, of);
        let (name, judged) = match first {
            Err(FitError::TooFewMoments { .. }) if has_more => {
                ("C2", limited_information(&self.fitted, Moments::CategoriesThenScores))
            }
            other => (name, other),
        };
        match judged {
            Ok(judged) => {
                found.fit.insert("m2".to_owned(), whole(name, &judged));
            }
            Err(error) => found.missing("m2", &error.to_string()),
        }
    }

    fn items(&self, found: &mut Found) {
        match summed_score_fit(&self.fitted) {
            Ok(items) => {
                let one = |(id, fit): (&str, &melek_irt::fit::ItemFit)| {
                    json!({"id": id, "statistic": finite(fit.statistic), "df": fit.degrees_of_freedom, "p": fit.p_value,
                           "rmsea": finite(fit.rmsea)})
                };
                let rows: Vec<Value> = self.answers.ids().zip(&items).map(one).collect();
                found.fit.insert("s_x2".to_owned(), Value::from(rows));
            }
            Err(error) => found.missing("s_x2", &error.to_string()),
        }
        match mean_squares(&self.fitted) {
            Ok(items) => {
                let column = |of: fn(&melek_irt::fit::MeanSquares) -> f64| -> Value {
                    items.iter().map(|item| item.as_ref().and_then(|item| finite(of(item)))).collect()
                };
                found.fit.insert("infit".to_owned(), column(|item| item.infit));
                found.fit.insert("outfit".to_owned(), column(|item| item.outfit));
                found.fit.insert("infit_z".to_owned(), column(|item| item.infit_z));
                found.fit.insert("outfit_z".to_owned(), column(|item| item.outfit_z));
            }
            Err(error) => found.missing("infit", &error.to_string()),
        }
    }

    fn pairs(&self, found: &mut Found) {
        let ids: Vec<&str> = self.answers.ids().collect();
        match local_dependence(&self.fitted) {
            Ok(mut pairs) => {
                pairs.sort_by(|one, other| other.signed.abs().total_cmp(&one.signed.abs()));
                let one = |pair: &melek_irt::fit::PairFit| {
                    json!({"id": ids[pair.lower], "with": ids[pair.higher], "statistic": finite(pair.statistic),
                           "df": pair.degrees_of_freedom, "p": finite(pair.p_value), "signed": finite(pair.signed)})
                };
                found.fit.insert("ld_x2".to_owned(), pairs.iter().map(one).collect());
            }
            Err(error) => found.missing("ld_x2", &error.to_string()),
        }
    }

    fn people(&self, found: &mut Found) {
        match person_fit(&self.fitted) {
            Ok(people) => {
                let rows = people.iter().enumerate().filter_map(|(row, fit)| {
                    let fit = fit.as_ref()?;
                    Some(json!({"id": self.answers.person_name(row), "row": row + 1, "ability": finite(fit.ability), "lz": fit.lz,
                                "lz_star": fit.lz_star}))
                });
                found.fit.insert("people".to_owned(), rows.collect());
            }
            Err(error) => found.missing("people", &error.to_string()),
        }
    }
}

impl Found {
    fn missing(&mut self, what: &str, why: &str) {
        let message = format!("{what} is left out: {why}");
        self.warnings.push(FitWarning { kind: "no_statistic".to_owned(), item: None, message });
        self.fit.insert(what.to_owned(), Value::Null);
    }
}

fn whole(name: &str, judged: &LimitedInformation) -> Value {
    let approximation = &judged.approximation;
    json!({
        "kind": name, "statistic": finite(judged.statistic), "df": judged.degrees_of_freedom, "p": finite(judged.p_value),
        "rmsea": finite(approximation.rmsea), "rmsea_lower": finite(approximation.lower),
        "rmsea_upper": finite(approximation.upper), "srmsr": finite(judged.srmsr),
        "tli": finite(judged.tucker_lewis()), "cfi": finite(judged.comparative_fit()),
    })
}

/// Expected ability of everybody in their group; nothing for a row without answers.
pub fn scores(answers: &Answers, calibration: &Calibration) -> anyhow::Result<Vec<Score>> {
    let functions = calibration.functions();
    let scorers: Vec<Scorer> = calibration
        .groups
        .iter()
        .map(|group| Ok(Scorer::new(functions.clone(), Population::of(&group.latent)?)?))
        .collect::<anyhow::Result<_>>()?;
    let group = |row: usize| answers.groups.as_ref().map_or(0, |groups| usize::from(groups.of[row]));
    let mut scores = Vec::with_capacity(answers.responses.persons());
    for row in 0..answers.responses.persons() {
        let own = answers.responses.of(row);
        let score = if own.is_empty() { None } else { Some(scorers[group(row)].expected_a_posteriori(own)?) };
        scores.push(Score {
            row: row + 1,
            person: answers.persons.get(row).cloned(),
            eap: score.as_ref().and_then(|score| finite(*score.ability.first()?)),
            se: score.as_ref().and_then(|score| finite(score.standard_error(0))),
        });
    }
    Ok(scores)
}
