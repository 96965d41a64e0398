//! GET /campaigns/{id}/results: where the office stands, as aggregates: levels by area, needs met by area, unit and post.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use melek_framework::{AreaId, Level, framework};
use melek_people::Officer;
use melek_web::chart::{Bar, Bars, Part, Table, Tone};
use melek_web::{Office, Page, Problem, Words, format};
use uuid::Uuid;

use super::aggregate::LEAST_PEOPLE;
use super::campaign::find;
use super::gaps::{Gaps, GroupGaps, VerdictShares, gaps};
use crate::desk::Desk;
use crate::show_result::level_name;
use crate::words;

#[derive(Template)]
#[template(path = "campaign_results.html")]
struct ResultsPage {
    t: Words,
    id: String,
    people: String,
    /// Why nothing is shown, if nothing may be.
    few: Option<String>,
    rule: String,
    provisional: String,
    levels: Vec<AreaLevels>,
    needs: Option<Bars>,
    areas: Vec<String>,
    groups: Vec<GroupTable>,
}

/// Shares of people at each level of one area.
struct AreaLevels {
    title: String,
    chart: Bars,
}

/// Units or posts with the share that meets the need, by area.
struct GroupTable {
    title: String,
    first: String,
    hidden: Option<String>,
    rows: Vec<GroupRow>,
}

struct GroupRow {
    name: String,
    people: String,
    cells: Vec<String>,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let campaign = find(&office.db, &who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let desk = office.part::<Desk>();
    let least_items = desk.blueprint.stop.minimum_items as i64;
    let found = gaps(&office.db, &campaign, (who.scope.agency, least_items)).await?;
    let body = results_page(&found, &desk, (id, t));
    let (title, back) = (t.text("gaps-title"), format!("/campaigns/{id}"));
    Ok(Page::new(&office, &who.visitor, &title).back(&back, &campaign.title).wide().show(body))
}

fn results_page(found: &Gaps, desk: &Desk, (id, t): (Uuid, Words)) -> ResultsPage {
    let few = [("least", LEAST_PEOPLE.into()), ("people", found.people.into())];
    let shown = if found.enough { &found.areas[..] } else { &[] };
    ResultsPage {
        t,
        id: id.to_string(),
        people: t.with("gaps-people", &[("people", found.people.into())]),
        few: (!found.enough).then(|| t.with("gaps-few", &few)),
        rule: t.with("gaps-rule", &[("least", LEAST_PEOPLE.into())]),
        provisional: t.with("result-provisional", &[("bank", desk.bank.version.as_str().into())]),
        levels: shown
            .iter()
            .map(|area| AreaLevels { title: area_title(area.area, t), chart: level_chart(area.area, &area.levels, t) })
            .collect(),
        needs: found.enough.then(|| need_chart(found, t)),
        areas: AreaId::all().map(|area| area_title(area, t)).collect(),
        groups: if found.enough {
            vec![
                group_table(("gaps-by-unit", "gaps-unit"), (&found.units, found.hidden_units), t),
                group_table(("gaps-by-post", "gaps-post"), (&found.posts, found.hidden_posts), t),
            ]
        } else {
            Vec::new()
        },
    }
}

pub(crate) fn area_title(area: AreaId, t: Words) -> String {
    framework().area(area).title.get(t.locale()).to_owned()
}

/// `.50` as it may be told: the ends of the scale speak of "at most" and "at least".
pub(crate) fn told_text(share: f64, t: Words) -> String {
    let percent = format::percent(t.locale(), share);
    if share < 0.051 {
        t.with("gaps-at-most", &[("percent", percent.into())])
    } else if share > 0.949 {
        t.with("gaps-at-least", &[("percent", percent.into())])
    } else {
        percent
    }
}

fn level_chart(area: AreaId, levels: &[(Level, f64)], t: Words) -> Bars {
    let name = area_title(area, t);
    let rows = levels.iter().map(|&(level, share)| Bar {
        label: level_name(level, t),
        text: told_text(share, t),
        parts: vec![Part { tone: Tone::Plain, value: share }],
    });
    let table_rows = levels.iter().map(|&(level, share)| vec![level_name(level, t), told_text(share, t)]);
    Bars {
        locale: t.locale(),
        title: t.with("gaps-levels-title", &[("area", name.into())]),
        description: t.text("gaps-levels-description"),
        largest: 1.0,
        legend: Vec::new(),
        rows: rows.collect(),
        table: Table { columns: vec![t.text("gaps-level"), t.text("gaps-share")], rows: table_rows.collect() },
    }
}

const VERDICTS: [(Tone, &str); 3] =
    [(Tone::Met, "result-met"), (Tone::Unsure, "result-not-sure"), (Tone::Unmet, "result-not-met")];

fn need_chart(found: &Gaps, t: Words) -> Bars {
    let told = found.areas.iter().filter_map(|area| Some((area.area, area.verdicts.of_needed?)));
    let told: Vec<(AreaId, [f64; 3])> = told.collect();
    let rows = told.iter().map(|(area, shares)| Bar {
        label: area_title(*area, t),
        text: told_text(shares[0], t),
        parts: VERDICTS.iter().zip(shares).map(|((tone, _), value)| Part { tone: *tone, value: *value }).collect(),
    });
    let table = told.iter().map(|(area, shares)| {
        std::iter::once(area_title(*area, t)).chain(shares.iter().map(|share| told_text(*share, t))).collect()
    });
    let columns = std::iter::once(t.text("result-table-area")).chain(VERDICTS.iter().map(|(_, key)| t.text(key)));
    let largest = told.iter().map(|(_, shares)| shares.iter().sum()).fold(1.0, f64::max);
    Bars {
        locale: t.locale(),
        title: t.text("gaps-needs-title"),
        description: t.text("gaps-needs-description"),
        largest,
        legend: VERDICTS.iter().map(|(tone, key)| (*tone, t.text(key))).collect(),
        rows: rows.collect(),
        table: Table { columns: columns.collect(), rows: table.collect() },
    }
}

fn group_table((title, first): (&str, &str), (groups, hidden): (&[GroupGaps], usize), t: Words) -> GroupTable {
    let rows = groups.iter().map(|group| GroupRow {
        name: group.name.clone(),
        people: format::integer(t.locale(), group.people),
        cells: group.areas.iter().map(|shares| met_text(*shares, t)).collect(),
    });
    GroupTable {
        title: t.text(title),
        first: t.text(first),
        hidden: (hidden > 0).then(|| t.with("gaps-hidden", &[("count", (hidden as i64).into())])),
        rows: rows.collect(),
    }
}

/// Share that likely meets the need and share that likely does not.
fn met_text(shares: VerdictShares, t: Words) -> String {
    match shares.of_needed {
        Some([met, _, unmet]) => {
            let values = [("met", told_text(met, t).into()), ("unmet", told_text(unmet, t).into())];
            t.with("gaps-cell", &values)
        }
        None => t.text("gaps-cell-none"),
    }
}
