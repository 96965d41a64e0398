//! People of the same ability: likelihood ratio and Wald's test between calibrations of all groups together.

use std::ops::ControlFlow;

use melek_irt::calibration::{ItemSpecification, Options};
use melek_irt::fairness::Groups;
use melek_irt::invariance::{Design, InvarianceError, ItemTest, Outcome, Plan, Screening, likelihood_ratio, wald};
use melek_irt::responses::{Responses, ResponsesBuilder, ResponsesError};

use super::{Dif, MOST_ROUNDS, Method, Report, SIGNIFICANCE, Verdict, unsettled};
use crate::commands::irt::answers::Answers;
use crate::commands::irt::estimation::threads;
use crate::commands::irt::notes;
use crate::commands::irt::outcome::finite;
use crate::progress;

/// Likelihoods are compared to hundredths: each calibration ends closer to its maximum than one alone needs.
const TOLERANCE: f64 = 1e-5;

/// A large difference of difficulty, in logits of intercept: what power is stated for.
const LARGE_LOGITS: f64 = 0.5;

/// People a group below which tests of this kind find little: Kim & Cohen (1995), *Applied Measurement in Education* 8,
/// 291–312.
const FEW: usize = 200;

/// Tests every item; a sentence where there is nothing to compare.
pub(super) fn report(arguments: &Dif, answers: &Answers, groups: &Groups) -> Result<Report, String> {
    let model = arguments.model.ok_or("--method lr and wald need --model; see melek irt dif --help")?;
    for prior in &arguments.prior {
        prior.check(model).map_err(|error| format!("--prior {}: {error}", prior.text))?;
    }
    let (responses, of) = compared(&answers.responses, groups).map_err(|error| error.to_string())?;
    let mut item = ItemSpecification::new(model.into());
    item.priors = arguments.prior.iter().map(|prior| (prior.parameter, prior.density)).collect();
    let said = |error: InvarianceError| refused(&error, answers);
    let design = Design::new(&responses, vec![item; answers.items.len()], of).map_err(said)?;
    let plan = Plan {
        anchors: anchors(&arguments.anchors, answers)?,
        significance: SIGNIFICANCE,
        most_rounds: if arguments.purify { MOST_ROUNDS } else { 1 },
        calibration: Options { tolerance: TOLERANCE, threads: threads(arguments.threads), ..Options::default() },
    };
    let bar = progress::spinner("comparing groups");
    let search = if arguments.method == Method::Wald { wald } else { likelihood_ratio };
    let found = search(&design, &plan, &mut |at| {
        bar.set_message(format!("round {}, item {}", at.round, answers.items[at.item].id));
        ControlFlow::Continue(())
    });
    bar.finish_and_clear();
    Ok(told(&found.map_err(said)?, answers, arguments.purify))
}

/// Answers and groups of the people who are compared.
fn compared(responses: &Responses, groups: &Groups) -> Result<(Responses, Vec<u16>), ResponsesError> {
    let mut builder = ResponsesBuilder::new(responses.items())?;
    let mut of = Vec::with_capacity(responses.persons());
    for person in 0..responses.persons() {
        let Some(group) = groups.of(person) else { continue };
        let score = |item: usize, category: u8| responses.scores(item)[usize::from(category)];
        let answers = responses.of(person).iter();
        builder.person(answers.map(|one| (usize::from(one.item), score(usize::from(one.item), one.category))))?;
        of.push(group);
    }
    Ok((builder.build(), of))
}

fn anchors(names: &[String], answers: &Answers) -> Result<Vec<usize>, String> {
    let place = |name: &String| {
        let place = answers.ids().position(|id| id == name);
        place.ok_or_else(|| format!("--anchors {name}: the data have no such item"))
    };
    names.iter().map(place).collect()
}

fn refused(error: &InvarianceError, answers: &Answers) -> String {
    match error {
        InvarianceError::Calibration(error) => notes::refused(error, answers),
        InvarianceError::NoAnchor => {
            "every item differs, so the groups have no common scale; name --anchors".to_owned()
        }
        other => other.to_string(),
    }
}

fn told(found: &Screening, answers: &Answers, purified: bool) -> Report {
    let verdict = |(outcome, id): (&Outcome, &str)| match outcome {
        Outcome::Tested(test) => Verdict { id: id.to_owned(), ..tested(test) },
        Outcome::Untested(reason) => {
            Verdict { id: id.to_owned(), problem: Some(reason.to_string()), ..Verdict::default() }
        }
    };
    let mut warnings = Vec::new();
    if purified && !found.settled {
        warnings.push(unsettled());
    }
    if let Some(smallest) = found.sizes.iter().min().filter(|size| **size < FEW) {
        warnings
            .push(format!("the smallest group has {smallest} people; below {FEW} only large differences are found"));
    }
    let unconverged = found.outcomes.iter().filter_map(Outcome::test).filter(|test| !test.converged).count();
    if unconverged > 0 {
        warnings.push(format!("the calibrations behind {unconverged} tests did not converge; add a --prior"));
    }
    Report {
        rounds: found.rounds,
        settled: !purified || found.settled,
        items: found.outcomes.iter().zip(answers.ids()).map(verdict).collect(),
        warnings,
        ..Report::default()
    }
}

/// The effect is the largest of all groups.
fn tested(test: &ItemTest) -> Verdict {
    let size = |one: f64| if one.is_nan() { 0.0 } else { one.abs() };
    let largest = test.effects.iter().max_by(|one, other| size(one.standardised).total_cmp(&size(other.standardised)));
    let verdict = Verdict::tested(test.statistic, test.degrees, test.probability);
    let verdict = match largest {
        Some(effect) => verdict.sized(effect.standardised, f64::NAN, effect.class(test.flagged)),
        None => verdict,
    };
    Verdict {
        p_adjusted: finite(test.adjusted),
        unsigned: largest.and_then(|effect| finite(effect.unsigned)),
        smallest_group: Some(test.smallest_group),
        power: test.power(LARGE_LOGITS, SIGNIFICANCE).and_then(finite),
        flagged: test.flagged,
        ..verdict
    }
}
