//! GET /results/{session}: the person's own result, in words first and figures second, each with its interval, date and basis.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use melek_framework::{Level, framework};
use melek_irt::decision::Verdict;
use melek_people::CivilServant;
use melek_web::chart::{IntervalRow, IntervalRows, Scale, Spoken, Table};
use melek_web::{Locale, Office, Problem, Visitor, Words, format, page};
use uuid::Uuid;

use crate::desk::Desk;
use crate::disagree::{Dispute, dispute_of};
use crate::effort::Effort;
use crate::profile::{AreaProfile, Position, Profile};
use crate::result_of_session::{SessionResult, result_of_session};
use crate::words;

/// The scale people see: mean 500 and standard deviation 100 in the reference group.
const SCALE_MEAN: f64 = 500.0;
const SCALE_DEVIATION: f64 = 100.0;

/// Part of the scale that the picture shows: three standard deviations each way.
const CHART_FROM: f64 = 200.0;
const CHART_TO: f64 = 800.0;
const CHART_TICKS: [f64; 4] = [200.0, 400.0, 600.0, 800.0];

#[derive(Template)]
#[template(path = "result.html")]
struct ResultPage {
    t: Words,
    heading: String,
    post: String,
    provisional: String,
    /// That a newer bank version scored it again.
    rescored: Option<String>,
    basis: String,
    short: Option<String>,
    overall: Option<Score>,
    /// That answers came too fast, and the score without them.
    fast: Option<String>,
    areas: Vec<AreaCard>,
    chart: Option<IntervalRows>,
    all_met: bool,
    disagree: String,
    dispute: Option<Dispute>,
}

/// A score on the scale people see, already written in their language.
pub(crate) struct Score {
    pub value: String,
    pub interval: String,
}

/// One area as the person reads it.
pub(crate) struct AreaCard {
    pub title: String,
    pub level: String,
    pub range: String,
    pub score: Score,
    pub need: String,
    pub probability: String,
    /// Class and word of the verdict; `None` when the post does not need the area.
    pub verdict: Option<(&'static str, String)>,
    pub explanation: Option<String>,
    pub to_learn: Vec<String>,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: CivilServant,
    Path(session): Path<Uuid>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let desk = office.part::<Desk>();
    let found = result_of_session(&desk, &office.db, session, who.person.id).await;
    let found = found.map_err(Problem::internal)?.ok_or_else(Problem::not_found)?;
    let dispute = dispute_of(&office.db, &who.visitor, session).await?;
    let body = result_page(&who.visitor, &found, (session, dispute));
    Ok(page(&office, &who.visitor, &t.text("result-title"), body))
}

fn result_page(visitor: &Visitor, found: &SessionResult, (session, dispute): (Uuid, Option<Dispute>)) -> ResultPage {
    let t = words(visitor.locale);
    let date = visitor.date(found.finished_ms);
    let reason = t.text(&format!("end-{}", found.reason));
    let bank = found.bank_version.as_str();
    let profile = found.profile.as_ref();
    let areas = profile.map(|profile| area_cards(profile, t)).unwrap_or_default();
    let verdicts = profile.iter().flat_map(|profile| &profile.areas).filter_map(|area| area.need.as_ref());
    let verdicts: Vec<Verdict> = verdicts.map(|need| need.verdict).collect();
    ResultPage {
        t,
        heading: t.with("result-of", &[("title", found.title.as_str().into()), ("date", date.into())]),
        post: match &found.post {
            Some(post) => t.with("result-post", &[("post", post.as_str().into())]),
            None => t.text("result-post-none"),
        },
        provisional: t.with("result-provisional", &[("bank", bank.into())]),
        rescored: found
            .rescored_ms
            .map(|ms| t.with("result-rescored", &[("date", visitor.date(ms).into()), ("bank", bank.into())])),
        basis: t
            .with("result-basis", &[("items", found.items.into()), ("bank", bank.into()), ("reason", reason.into())]),
        short: profile.is_none().then(|| t.with("result-short", &[("items", found.items.into())])),
        overall: profile.map(|profile| score(profile.overall, t)),
        fast: found.effort.as_ref().map(|effort| fast(effort, dispute.is_none(), t)),
        chart: profile.map(|profile| chart(profile, t)),
        all_met: !verdicts.is_empty() && verdicts.iter().all(|verdict| *verdict == Verdict::Met),
        areas,
        disagree: format!("/results/{session}/disagree"),
        dispute,
    }
}

/// Fast answers in words that accuse nobody, and how to say that it is wrong as long as that was not said.
fn fast(effort: &Effort, can_disagree: bool, t: Words) -> String {
    let counts = [("rapid", effort.rapid.into()), ("answers", effort.answers.into())];
    let wrong = can_disagree.then(|| t.text("result-fast-wrong"));
    let known = [t.with("result-fast", &counts), without_fast(effort, "result-fast-score", t)];
    let sentences = known.into_iter().chain([t.text("result-fast-stands")]).chain(wrong);
    sentences.collect::<Vec<_>>().join(" ")
}

/// The score without fast answers in the words of `key`, or that too few answers are left for one.
pub(crate) fn without_fast(effort: &Effort, key: &str, t: Words) -> String {
    match &effort.ability {
        Some(ability) => {
            let Score { value, interval } = score(Position::new(ability.overall.into()), t);
            let rapid = ("rapid", effort.rapid.into());
            t.with(key, &[rapid, ("score", value.into()), ("interval", interval.into())])
        }
        None => {
            let (read, least) = (effort.read().into(), effort.least.into());
            t.with("result-fast-few", &[("rapid", effort.rapid.into()), ("read", read), ("least", least)])
        }
    }
}

/// The five areas in one picture, with the figures in a table below it.
fn chart(profile: &Profile, t: Words) -> IntervalRows {
    let number = |logit| on_scale(t.locale(), logit);
    let rows = profile.areas.iter().map(|area| {
        let position = area.position;
        let target = area.need.as_ref().map(|need| need.cut_logit);
        IntervalRow {
            label: area_title(area, t),
            note: area.need.as_ref().map(|need| verdict_words(need.verdict, t).1).unwrap_or_default(),
            low: scaled(position.lower),
            estimate: scaled(position.logit),
            high: scaled(position.upper),
            target: target.map(scaled),
            spoken: Spoken {
                low: number(position.lower),
                estimate: number(position.logit),
                high: number(position.upper),
                target: target.map(number).unwrap_or_default(),
            },
        }
    });
    IntervalRows {
        locale: t.locale(),
        title: t.text("result-chart-title"),
        description: t.text("result-chart-description"),
        scale: Scale { from: CHART_FROM, to: CHART_TO },
        ticks: CHART_TICKS.map(|tick| (tick, format::integer(t.locale(), tick as i64))).to_vec(),
        rows: rows.collect(),
        table: table(profile, t),
        legend: ["result-legend-you", "result-legend-interval", "result-legend-need"].map(|key| t.text(key)),
    }
}

fn table(profile: &Profile, t: Words) -> Table {
    let columns = [
        "result-table-area",
        "result-table-score",
        "result-table-interval",
        "result-table-need",
        "result-table-probability",
    ];
    let rows = profile.areas.iter().map(|area| {
        let Score { value, interval } = score(area.position, t);
        let need = area.need.as_ref();
        let cut = need.map(|need| on_scale(t.locale(), need.cut_logit)).unwrap_or_default();
        let probability = need.map(|need| format::percent(t.locale(), need.probability)).unwrap_or_default();
        vec![area_title(area, t), value, interval, cut, probability]
    });
    Table { columns: columns.map(|key| t.text(key)).to_vec(), rows: rows.collect() }
}

fn area_title(area: &AreaProfile, t: Words) -> String {
    framework().area(area.area).title.get(t.locale()).to_owned()
}

pub(crate) fn score(position: Position, t: Words) -> Score {
    let value = on_scale(t.locale(), position.logit);
    let (lower, upper) = (on_scale(t.locale(), position.lower), on_scale(t.locale(), position.upper));
    let interval = t.with("result-overall-interval", &[("lower", lower.into()), ("upper", upper.into())]);
    Score { value, interval }
}

fn on_scale(locale: Locale, logit: f64) -> String {
    format::integer(locale, scaled(logit).round() as i64)
}

fn scaled(logit: f64) -> f64 {
    SCALE_MEAN + SCALE_DEVIATION * logit
}

pub(crate) fn area_cards(profile: &Profile, t: Words) -> Vec<AreaCard> {
    profile.areas.iter().map(|area| area_card(area, t)).collect()
}

fn area_card(area: &AreaProfile, t: Words) -> AreaCard {
    let name = |level| level_name(level, t);
    let (lowest, highest) = (name(area.lowest_level), name(area.highest_level));
    let range = if area.lowest_level == area.highest_level {
        String::new()
    } else {
        t.with("result-area-range", &[("lowest", lowest.into()), ("highest", highest.into())])
    };
    let need = area.need.as_ref();
    let percent = need.map(|need| format::percent(t.locale(), need.probability));
    let verdict = need.map(|need| verdict_words(need.verdict, t));
    let unsure = need.is_some_and(|need| need.verdict == Verdict::NotSure);
    AreaCard {
        title: area_title(area, t),
        level: t.with("result-area-level", &[("level", name(area.level).into())]),
        range,
        score: score(area.position, t),
        need: match need {
            Some(need) => t.with("result-need", &[("level", name(need.level).into())]),
            None => t.text("result-need-none"),
        },
        probability: percent
            .map(|percent| t.with("result-probability", &[("percent", percent.into())]))
            .unwrap_or_default(),
        verdict,
        explanation: unsure.then(|| t.text("result-not-sure-means")),
        to_learn: area.to_learn.iter().map(|outcome| outcome.text.get(t.locale()).to_owned()).collect(),
    }
}

pub(crate) fn level_name(level: Level, t: Words) -> String {
    match framework().level(level) {
        Some(text) => text.title.get(t.locale()).to_owned(),
        None => t.text("result-level-none"),
    }
}

fn verdict_words(verdict: Verdict, t: Words) -> (&'static str, String) {
    match verdict {
        Verdict::Met => ("met", t.text("result-met")),
        Verdict::NotSure => ("unsure", t.text("result-not-sure")),
        Verdict::NotMet => ("unmet", t.text("result-not-met")),
    }
}
