//! People of the same total score: Mantel–Haenszel and its relatives.

use melek_irt::fairness::{
    Adequacy, Effect, FairnessError, Groups, Matching, SibtestOptions, Strata, Weight, breslow_day,
    generalised_mantel_haenszel, logistic, mantel, mantel_haenszel, purify, sibtest, standardisation,
};

use super::{Dif, MOST_ROUNDS, Method, Report, SIGNIFICANCE, Verdict, unsettled};
use crate::commands::irt::answers::Answers;
use crate::commands::irt::outcome::finite;

struct Comparison<'a> {
    answers: &'a Answers,
    groups: &'a Groups,
    method: Method,
}

pub(super) fn report(answers: &Answers, groups: &Groups, arguments: &Dif) -> Report {
    Comparison { answers, groups, method: arguments.method }.report(arguments.purify)
}

impl Comparison<'_> {
    fn report(&self, purified: bool) -> Report {
        let count = self.answers.items.len();
        let mut found: Vec<(Verdict, Option<Adequacy>)> = Vec::new();
        let mut round = |matching: &[usize]| {
            found = (0..count).map(|item| self.verdict(item, matching)).collect();
            let flagged = |(verdict, _): &(Verdict, Option<Adequacy>)| match verdict.p {
                Some(p) => p < SIGNIFICANCE,
                None => verdict.class.is_some_and(|class| class != "A"),
            };
            let flagged: Vec<usize> = (0..count).filter(|item| flagged(&found[*item])).collect();
            Ok::<_, std::convert::Infallible>(flagged)
        };
        let rounds = if purified { MOST_ROUNDS } else { 0 };
        let Ok(purification) = purify(count, rounds, &mut round);
        purification.flagged.iter().for_each(|item| found[*item].0.flagged = true);
        let mut warnings: Vec<String> = Vec::new();
        if purified && !purification.settled {
            warnings.push(unsettled());
        }
        for shortcoming in found.iter().filter_map(|(_, adequacy)| adequacy.as_ref()).flat_map(Adequacy::shortcomings) {
            let sentence = shortcoming.to_string();
            if sentence.contains("group") && !warnings.contains(&sentence) {
                warnings.push(sentence);
            }
        }
        Report {
            rounds: purification.rounds,
            settled: !purified || purification.settled,
            items: found.into_iter().map(|(verdict, _)| verdict).collect(),
            warnings,
            ..Report::default()
        }
    }

    fn verdict(&self, item: usize, matching: &[usize]) -> (Verdict, Option<Adequacy>) {
        let id = self.answers.items[item].id.clone();
        match self.compare(item, matching) {
            Ok((verdict, adequacy)) => {
                let (power, people) = (adequacy.power.and_then(finite), Some(adequacy.people));
                let verdict = Verdict { id, power, people, left_out: Some(adequacy.left_out), ..verdict };
                (verdict, Some(adequacy))
            }
            Err(error) => {
                let text = error.to_string();
                let text = text.strip_prefix(&format!("item {item}: ")).unwrap_or(&text).to_owned();
                (Verdict { id, problem: Some(text), ..Verdict::default() }, None)
            }
        }
    }

    fn compare(&self, item: usize, matching: &[usize]) -> Result<(Verdict, Adequacy), FairnessError> {
        let responses = &self.answers.responses;
        if self.method == Method::Sibtest {
            let found = sibtest(
                responses,
                self.groups,
                item,
                &SibtestOptions { matching: Some(matching), ..SibtestOptions::default() },
            )?;
            let verdict =
                Verdict::tested(found.chi_square, 1, found.p).sized(found.beta, found.standard_error, found.class);
            return Ok((verdict, found.adequacy));
        }
        let strata = Strata::new(responses, self.groups, item, Matching::Items(matching))?;
        Ok(match self.method {
            Method::Mh if self.groups.sizes().len() > 2 => {
                let found = generalised_mantel_haenszel(&strata)?;
                (Verdict::tested(found.chi_square, found.degrees_of_freedom, found.p), found.adequacy)
            }
            Method::Mh if responses.categories(item) > 2 => {
                let found = mantel(&strata)?;
                let verdict = Verdict::tested(found.chi_square, 1, found.p);
                (verdict.sized(found.relative_difference, f64::NAN, found.class), found.adequacy)
            }
            Method::Mh => {
                let found = mantel_haenszel(&strata)?;
                let verdict = Verdict::tested(found.chi_square, 1, found.p);
                (verdict.sized(found.delta, found.delta_standard_error, found.class), found.adequacy)
            }
            Method::Standardisation => {
                let found = standardisation(&strata, Weight::default())?;
                (Verdict::default().sized(found.p_dif, found.standard_error, found.class), found.adequacy)
            }
            Method::Logistic => {
                let found = logistic(&strata, Effect::Both)?;
                let verdict = Verdict::tested(found.chi_square, found.degrees_of_freedom, found.p);
                (verdict.sized(found.gain, f64::NAN, found.class), found.adequacy)
            }
            _ => {
                let found = breslow_day(&strata)?;
                (Verdict::tested(found.chi_square, found.degrees_of_freedom, found.p), found.adequacy)
            }
        })
    }
}
