//! GET /campaigns/{id}/results: the report of a campaign, or why there is none yet. Numbers of people only, hidden ones as a dash.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use melek_framework::{AreaId, Level, framework};
use melek_people::Officer;
use melek_web::chart::{Bar, Bars, Part, Table, Tone};
use melek_web::{Office, Page, Problem, Visitor, Words, format};
use serde::Deserialize;
use uuid::Uuid;

use super::aggregate::LEAST_PEOPLE;
use super::campaign::{Campaign, find};
use super::draw_up_report::{KeptReport, count_results, report_of};
use super::report::{AreaReport, Band, GroupName, GroupRow, Report};
use crate::profile::Position;
use crate::show_result::{level_name, score};
use crate::words;

/// What stands in the place of a hidden number.
pub(crate) const HIDDEN: &str = "–";

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    area: String,
}

#[derive(Template)]
#[template(path = "campaign_results.html")]
struct ResultsPage {
    t: Words,
    id: String,
    people: String,
    provisional: String,
    rule: String,
    bands: Bars,
    needs: Bars,
    levels: Grid,
    /// Number, title, and whether it is the one shown.
    areas: Vec<(String, String, bool)>,
    groups: Vec<Grid>,
}

#[derive(Template)]
#[template(path = "campaign_no_results.html")]
struct NoResultsPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    id: String,
    why: String,
    /// What a report made now would hold; `None` when it cannot be made.
    offer: Option<String>,
}

/// A table of counts.
struct Grid {
    title: String,
    /// Said instead of an empty table.
    empty: String,
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let campaign = find(&office.db, &who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let (title, back) = (t.text("gaps-title"), format!("/campaigns/{id}"));
    let page = Page::new(&office, &who.visitor, &title).back(&back, &campaign.title).wide();
    let now_ms = office.clock.now_ms();
    match report_of(&office.db, &campaign, now_ms).await? {
        Some(kept) => Ok(page.show(results_page(&kept, &who.visitor, (id, asked.area.parse().ok())))),
        None => {
            let people = count_results(&office.db, &campaign).await?;
            Ok(page.show(no_results_page(&campaign, &who.visitor, (people, now_ms))))
        }
    }
}

fn no_results_page<'a>(campaign: &Campaign, visitor: &'a Visitor, (people, now_ms): (i64, i64)) -> NoResultsPage<'a> {
    let t = words(visitor.locale);
    let is_open = now_ms < campaign.closes_ms;
    let is_enough = people >= LEAST_PEOPLE;
    let closes = visitor.date(campaign.closes_ms - 1);
    let counts = [("least", LEAST_PEOPLE.into()), ("people", people.into())];
    NoResultsPage {
        t,
        visitor,
        id: campaign.id.clone(),
        why: match (is_open, is_enough) {
            (true, _) => t.with("gaps-while-open", &[("date", closes.into())]),
            (false, true) => t.text("gaps-soon"),
            (false, false) => t.with("gaps-few", &counts),
        },
        offer: (is_open && is_enough).then(|| t.with("gaps-offer", &[("people", people.into())])),
    }
}

fn results_page(kept: &KeptReport, visitor: &Visitor, (id, asked): (Uuid, Option<AreaId>)) -> ResultsPage {
    let t = words(visitor.locale);
    let report = &kept.report;
    let date = visitor.date(kept.drawn_up_ms);
    let shown = asked.or_else(|| AreaId::from_index(0));
    let area = report.areas.iter().find(|area| Some(area.area) == shown);
    let groups = area.map(|area| vec![group_grid(area, true, t), group_grid(area, false, t)]).unwrap_or_default();
    ResultsPage {
        t,
        id: id.to_string(),
        people: t.with("gaps-people", &[("people", (report.people as i64).into()), ("date", date.into())]),
        provisional: provisional(report, t),
        rule: t.with("gaps-rule", &[("least", LEAST_PEOPLE.into())]),
        bands: band_chart(report, t),
        needs: need_chart(report, t),
        levels: level_grid(report, t),
        areas: AreaId::all().map(|area| (area.to_string(), area_title(area, t), Some(area) == shown)).collect(),
        groups,
    }
}

/// What the figures are worth, and with which banks they were measured.
pub(crate) fn provisional(report: &Report, t: Words) -> String {
    let banks: Vec<&str> = report.banks.iter().map(String::as_str).collect();
    t.with("result-provisional", &[("bank", banks.join(", ").into())])
}

pub(crate) fn area_title(area: AreaId, t: Words) -> String {
    framework().area(area).title.get(t.locale()).to_owned()
}

pub(crate) fn band_title(band: &Band, t: Words) -> String {
    let text = |logit: f64| score(Position { logit, lower: logit, upper: logit }, t).value;
    match (band.from_logit.map(text), band.to_logit.map(text)) {
        (Some(from), Some(to)) => t.with("gaps-band-between", &[("from", from.into()), ("to", to.into())]),
        (None, Some(to)) => t.with("gaps-band-below", &[("to", to.into())]),
        (Some(from), None) => t.with("gaps-band-from", &[("from", from.into())]),
        (None, None) => t.text("gaps-band-all"),
    }
}

pub(crate) fn group_title(name: &GroupName, is_unit: bool, t: Words) -> String {
    match name {
        GroupName::Whole(name) => name.clone(),
        GroupName::Own(name) => t.with("gaps-group-own", &[("name", name.as_str().into())]),
        GroupName::Elsewhere => t.text("gaps-group-elsewhere"),
        GroupName::Pooled(count) => {
            let key = if is_unit { "gaps-pooled-units" } else { "gaps-pooled-posts" };
            t.with(key, &[("count", (*count as i64).into())])
        }
    }
}

fn number(count: u64, t: Words) -> String {
    format::integer(t.locale(), count as i64)
}

/// A count with its share, or a dash.
fn cell(count: Option<u64>, of: u64, t: Words) -> String {
    match count {
        Some(count) => {
            let share = format::percent(t.locale(), count as f64 / of.max(1) as f64);
            t.with("gaps-cell", &[("count", (count as i64).into()), ("percent", share.into())])
        }
        None => HIDDEN.to_owned(),
    }
}

fn band_chart(report: &Report, t: Words) -> Bars {
    let of_band = |band: &Band| (band_title(band, t), cell(Some(band.people), report.people, t));
    let rows = report.bands.iter().map(|band| {
        let (label, text) = of_band(band);
        Bar::plain(label, band.people as f64, text)
    });
    let table = report.bands.iter().map(|band| {
        let (label, text) = of_band(band);
        vec![label, text]
    });
    Bars {
        locale: t.locale(),
        title: t.text("gaps-bands-title"),
        description: t.text("gaps-bands-description"),
        largest: report.bands.iter().map(|band| band.people as f64).fold(1.0, f64::max),
        legend: Vec::new(),
        rows: rows.collect(),
        table: Table { columns: vec![t.text("gaps-score"), t.text("gaps-people-column")], rows: table.collect() },
    }
}

/// Looks and words of the verdicts, in the order of `report::VERDICTS`.
pub(crate) const VERDICTS: [(Tone, &str); 3] =
    [(Tone::Met, "result-met"), (Tone::Unsure, "result-not-sure"), (Tone::Unmet, "result-not-met")];

fn need_chart(report: &Report, t: Words) -> Bars {
    let rows = report.areas.iter().map(|area| Bar {
        label: area_title(area.area, t),
        text: t.with("gaps-bar", &[("cell", cell(area.verdicts[0], area.needed, t).into())]),
        parts: need_parts(area),
    });
    let rows: Vec<Bar> = rows.collect();
    let is_withheld = |part: &Part| part.tone == Tone::Withheld && part.value > 0.0;
    let withheld = rows.iter().any(|bar| bar.parts.iter().any(is_withheld));
    let withheld = withheld.then(|| (Tone::Withheld, t.text("gaps-withheld")));
    let table = report.areas.iter().map(|area| {
        let counts = area.verdicts.iter().map(|count| cell(*count, area.needed, t));
        [area_title(area.area, t), number(area.needed, t)].into_iter().chain(counts).collect()
    });
    let columns = ["result-table-area", "gaps-people-column"].into_iter().chain(VERDICTS.map(|(_, key)| key));
    Bars {
        locale: t.locale(),
        title: t.text("gaps-needs-title"),
        description: t.text("gaps-needs-description"),
        largest: 1.0,
        legend: VERDICTS.iter().map(|(tone, key)| (*tone, t.text(key))).chain(withheld).collect(),
        rows,
        table: Table { columns: columns.map(|key| t.text(key)).collect(), rows: table.collect() },
    }
}

/// The shares that are shown, and in one piece those that are not.
fn need_parts(area: &AreaReport) -> Vec<Part> {
    let share = |count: u64| count as f64 / area.needed.max(1) as f64;
    let shown: u64 = area.verdicts.iter().flatten().sum();
    let parts = VERDICTS.iter().zip(&area.verdicts);
    let parts = parts.map(|((tone, _), count)| Part { tone: *tone, value: share(count.unwrap_or(0)) });
    parts.chain([Part { tone: Tone::Withheld, value: share(area.needed.saturating_sub(shown)) }]).collect()
}

fn level_grid(report: &Report, t: Words) -> Grid {
    let row = |area: &AreaReport| {
        let cells = area.levels.iter().map(|count| cell(*count, report.people, t)).collect();
        (area_title(area.area, t), cells)
    };
    let levels = Level::ALL.map(|level| level_name(level, t));
    Grid {
        title: t.text("gaps-levels"),
        empty: String::new(),
        columns: std::iter::once(t.text("result-table-area")).chain(levels).collect(),
        rows: report.areas.iter().map(row).collect(),
    }
}

fn group_grid(area: &AreaReport, is_unit: bool, t: Words) -> Grid {
    let (groups, title, first) =
        if is_unit { (&area.units, "gaps-by-unit", "gaps-unit") } else { (&area.posts, "gaps-by-post", "gaps-post") };
    let row = |group: &GroupRow| {
        let cells = group.verdicts.iter().map(|count| cell(*count, group.people, t));
        (group_title(&group.name, is_unit, t), std::iter::once(number(group.people, t)).chain(cells).collect())
    };
    let columns = [first, "gaps-people-column", "gaps-met", "result-not-sure", "gaps-unmet"];
    Grid {
        title: t.text(title),
        empty: t.text("gaps-no-groups"),
        columns: columns.map(|key| t.text(key)).into(),
        rows: groups.iter().map(row).collect(),
    }
}
