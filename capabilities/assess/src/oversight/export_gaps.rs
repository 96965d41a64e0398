//! GET /campaigns/{id}/results.xlsx: coverage, and the report of the campaign if there is one, for what an office writes upward. Never a
//! person's result; hidden counts are a dash.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use melek_framework::Level;
use melek_people::Officer;
use melek_web::{Office, Problem, Words};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use uuid::Uuid;

use super::aggregate::LEAST_PEOPLE;
use super::campaign::{Campaign, find};
use super::draw_up_report::{KeptReport, report_of};
use super::list_campaigns::period;
use super::report::{AreaReport, GroupRow, Report};
use super::show_campaign::{UnitCoverage, coverage};
use super::show_gaps::{HIDDEN, VERDICTS, area_title, band_title, group_title, provisional};
use crate::show_result::level_name;
use crate::words;

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Everything that goes into the workbook, dates already written.
struct Content<'a> {
    campaign: &'a Campaign,
    period: String,
    written: String,
    drawn_up: Option<String>,
    coverage: &'a [UnitCoverage],
    report: Option<&'a Report>,
    t: Words,
}

/// A cell of a table.
enum Cell {
    Text(String),
    Number(i64),
}

pub(crate) async fn download(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let campaign = find(&office.db, &who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let now_ms = office.clock.now_ms();
    let units = coverage(&office.db, &campaign).await?;
    let kept = report_of(&office.db, &campaign, now_ms).await?;
    let bytes = workbook(&content(&who, (&campaign, &units, kept.as_ref()), now_ms)).map_err(Problem::internal)?;
    let day = who.visitor.zone.iso_date(now_ms);
    let disposition = format!("attachment; filename=\"melek-{day}.xlsx\"");
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn content<'a>(
    who: &Officer,
    (campaign, coverage, kept): (&'a Campaign, &'a [UnitCoverage], Option<&'a KeptReport>),
    now_ms: i64,
) -> Content<'a> {
    let visitor = &who.visitor;
    Content {
        campaign,
        period: period(visitor, campaign.opens_ms, campaign.closes_ms),
        written: visitor.date_time(now_ms),
        drawn_up: kept.map(|kept| visitor.date_time(kept.drawn_up_ms)),
        coverage,
        report: kept.map(|kept| &kept.report),
        t: words(visitor.locale),
    }
}

fn workbook(content: &Content<'_>) -> Result<Vec<u8>, XlsxError> {
    let t = content.t;
    let mut book = Workbook::new();
    coverage_sheet(book.add_worksheet(), content)?;
    if let Some(report) = content.report {
        spread_sheet(book.add_worksheet(), report, t)?;
        let units: Vec<_> = report.areas.iter().map(|area| (area, &area.units[..])).collect();
        groups_sheet(book.add_worksheet(), ("export-by-unit", "gaps-unit"), &units, t)?;
        let posts: Vec<_> = report.areas.iter().map(|area| (area, &area.posts[..])).collect();
        groups_sheet(book.add_worksheet(), ("export-by-post", "gaps-post"), &posts, t)?;
    }
    notes(book.add_worksheet(), content)?;
    book.save_to_buffer()
}

/// What a reader of the file must know before quoting a figure.
fn notes(sheet: &mut Worksheet, content: &Content<'_>) -> Result<(), XlsxError> {
    let t = content.t;
    sheet.set_name(t.text("export-notes"))?.set_column_width(0, 28)?.set_column_width(1, 90)?;
    let mut lines = vec![
        ("export-campaign", content.campaign.title.clone()),
        ("export-purpose", content.campaign.purpose.clone()),
        ("export-period", content.period.clone()),
        ("export-written", content.written.clone()),
    ];
    match (content.report, &content.drawn_up) {
        (Some(report), Some(date)) => lines.extend([
            ("export-drawn-up", date.clone()),
            ("export-people", report.people.to_string()),
            ("export-rule", t.with("gaps-rule", &[("least", LEAST_PEOPLE.into())])),
            ("export-worth", provisional(report, t)),
        ]),
        _ => lines.push(("export-drawn-up", t.text("export-no-report"))),
    }
    let (bold, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap());
    for (row, (name, value)) in (0..).zip(&lines) {
        sheet.write_with_format(row, 0, t.text(name), &bold)?.write_with_format(row, 1, value, &wrapped)?;
    }
    Ok(())
}

/// Headings and rows from a row of the sheet on; the row after them.
fn table(sheet: &mut Worksheet, from: u32, headings: &[String], rows: Vec<Vec<Cell>>) -> Result<u32, XlsxError> {
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(headings) {
        sheet.write_with_format(from, column, name, &bold)?;
        sheet.set_column_width(column, if column == 0 { 44 } else { 24 })?;
    }
    let mut at = from + 1;
    for row in rows {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(text) => sheet.write(at, column, text)?,
                Cell::Number(number) => sheet.write(at, column, number)?,
            };
        }
        at += 1;
    }
    Ok(at)
}

fn count(count: Option<u64>) -> Cell {
    count.map_or_else(|| Cell::Text(HIDDEN.to_owned()), |count| Cell::Number(count as i64))
}

fn coverage_sheet(sheet: &mut Worksheet, content: &Content<'_>) -> Result<(), XlsxError> {
    let t = content.t;
    sheet.set_name(t.text("export-coverage"))?.set_freeze_panes(1, 1)?;
    let headings = ["gaps-unit", "campaign-reached", "campaign-waiting", "campaign-started", "campaign-finished"];
    let row = |unit: &UnitCoverage| {
        let counts = [unit.reached, unit.waiting(), unit.started, unit.finished].map(Cell::Number);
        std::iter::once(Cell::Text(unit.name.clone())).chain(counts).collect()
    };
    let mut rows: Vec<Vec<Cell>> = content.coverage.iter().map(row).collect();
    rows.push(row(&UnitCoverage::total(content.coverage, t)));
    table(sheet, 0, &headings.map(|key| t.text(key)), rows)?;
    Ok(())
}

fn spread_sheet(sheet: &mut Worksheet, report: &Report, t: Words) -> Result<(), XlsxError> {
    sheet.set_name(t.text("export-spread"))?;
    let bands = report.bands.iter();
    let bands = bands.map(|band| vec![Cell::Text(band_title(band, t)), Cell::Number(band.people as i64)]).collect();
    let after = table(sheet, 0, &["gaps-score", "gaps-people-column"].map(|key| t.text(key)), bands)?;
    let levels = Level::ALL.map(|level| level_name(level, t));
    let headings: Vec<String> = std::iter::once(t.text("result-table-area")).chain(levels).collect();
    let row = |area: &AreaReport| {
        let name = std::iter::once(Cell::Text(area_title(area.area, t)));
        name.chain(area.levels.iter().map(|people| count(*people))).collect()
    };
    table(sheet, after + 1, &headings, report.areas.iter().map(row).collect())?;
    Ok(())
}

fn groups_sheet(
    sheet: &mut Worksheet,
    (title, first): (&str, &str),
    areas: &[(&AreaReport, &[GroupRow])],
    t: Words,
) -> Result<(), XlsxError> {
    sheet.set_name(t.text(title))?.set_freeze_panes(1, 0)?;
    let headings = ["result-table-area", first, "gaps-people-column"].into_iter().chain(VERDICTS.map(|(_, key)| key));
    let headings: Vec<String> = headings.map(|key| t.text(key)).collect();
    let row = |area: &AreaReport, name: String, (people, verdicts): (u64, &[Option<u64>])| {
        let known = [Cell::Text(area_title(area.area, t)), Cell::Text(name), Cell::Number(people as i64)];
        known.into_iter().chain(verdicts.iter().map(|people| count(*people))).collect()
    };
    let rows = areas.iter().flat_map(|(area, groups)| {
        let of_group = |group: &GroupRow| {
            row(area, group_title(&group.name, first == "gaps-unit", t), (group.people, &group.verdicts[..]))
        };
        let all = row(area, t.text("campaign-total"), (area.needed, &area.verdicts[..]));
        groups.iter().map(of_group).chain([all]).collect::<Vec<Vec<Cell>>>()
    });
    table(sheet, 0, &headings, rows.collect())?;
    Ok(())
}
