//! GET /campaigns/{id}/results.xlsx: the same aggregates as the page, for the report an office writes. Never a person's result.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use melek_framework::AreaId;
use melek_people::Officer;
use melek_web::{Office, Problem, Words};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use uuid::Uuid;

use super::aggregate::LEAST_PEOPLE;
use super::campaign::{Campaign, find};
use super::gaps::{Gaps, GroupGaps, gaps};
use super::list_campaigns::period;
use super::show_campaign::{UnitCoverage, coverage};
use super::show_gaps::{area_title, told_text};
use crate::desk::Desk;
use crate::show_result::level_name;
use crate::words;

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Everything that goes into the workbook.
struct Content<'a> {
    campaign: &'a Campaign,
    period: String,
    written: String,
    bank: &'a str,
    coverage: &'a [UnitCoverage],
    gaps: &'a Gaps,
    t: Words,
}

pub(crate) async fn download(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let campaign = find(&office.db, &who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let desk = office.part::<Desk>();
    let agency = who.scope.agency;
    let units = coverage(&office.db, &campaign, agency).await?;
    let found = gaps(&office.db, &campaign, (agency, desk.blueprint.stop.minimum_items as i64)).await?;
    let content = Content {
        period: period(&who.visitor, campaign.opens_ms, campaign.closes_ms),
        written: who.visitor.date_time(office.clock.now_ms()),
        bank: &desk.bank.version,
        campaign: &campaign,
        coverage: &units,
        gaps: &found,
        t: words(who.visitor.locale),
    };
    let bytes = workbook(&content).map_err(Problem::internal)?;
    let day = who.visitor.zone.iso_date(office.clock.now_ms());
    let disposition = format!("attachment; filename=\"melek-{day}.xlsx\"");
    Ok(([(header::CONTENT_TYPE, MEDIA_TYPE.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response())
}

fn workbook(content: &Content<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    notes(book.add_worksheet(), content)?;
    coverage_sheet(book.add_worksheet(), content)?;
    if content.gaps.enough {
        levels_sheet(book.add_worksheet(), content)?;
        let t = content.t;
        groups_sheet(book.add_worksheet(), (&t.text("gaps-by-unit"), &t.text("gaps-unit")), &content.gaps.units, t)?;
        groups_sheet(book.add_worksheet(), (&t.text("gaps-by-post"), &t.text("gaps-post")), &content.gaps.posts, t)?;
    }
    book.save_to_buffer()
}

/// What a reader of the file must know before reading a figure.
fn notes(sheet: &mut Worksheet, content: &Content<'_>) -> Result<(), XlsxError> {
    let t = content.t;
    sheet.set_name(t.text("export-notes"))?.set_column_width(0, 28)?.set_column_width(1, 90)?;
    let few = [("least", LEAST_PEOPLE.into()), ("people", content.gaps.people.into())];
    let mut lines = vec![
        (t.text("export-campaign"), content.campaign.title.clone()),
        (t.text("export-purpose"), content.campaign.purpose.clone()),
        (t.text("export-period"), content.period.clone()),
        (t.text("export-written"), content.written.clone()),
        (t.text("export-people"), content.gaps.people.to_string()),
        (t.text("export-rule"), t.with("gaps-rule", &[("least", LEAST_PEOPLE.into())])),
        (t.text("export-worth"), t.with("result-provisional", &[("bank", content.bank.into())])),
    ];
    if !content.gaps.enough {
        lines.push((t.text("export-few"), t.with("gaps-few", &few)));
    }
    let (bold, wrapped) = (Format::new().set_bold(), Format::new().set_text_wrap());
    for (row, (name, value)) in lines.iter().enumerate() {
        sheet.write_with_format(row as u32, 0, name, &bold)?.write_with_format(row as u32, 1, value, &wrapped)?;
    }
    Ok(())
}

fn heading(sheet: &mut Worksheet, names: &[String]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, name) in names.iter().enumerate() {
        sheet
            .write_with_format(0, column as u16, name, &bold)?
            .set_column_width(column as u16, if column == 0 { 44 } else { 22 })?;
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn coverage_sheet(sheet: &mut Worksheet, content: &Content<'_>) -> Result<(), XlsxError> {
    let t = content.t;
    sheet.set_name(t.text("export-coverage"))?;
    let names = ["gaps-unit", "campaign-reached", "campaign-waiting", "campaign-started", "campaign-finished"];
    heading(sheet, &names.map(|key| t.text(key)))?;
    for (index, unit) in content.coverage.iter().enumerate() {
        let row = index as u32 + 1;
        sheet.write(row, 0, &unit.name)?;
        for (column, number) in [unit.reached, unit.waiting(), unit.started, unit.finished].into_iter().enumerate() {
            sheet.write(row, column as u16 + 1, number)?;
        }
    }
    Ok(())
}

fn levels_sheet(sheet: &mut Worksheet, content: &Content<'_>) -> Result<(), XlsxError> {
    let t = content.t;
    sheet.set_name(t.text("export-levels"))?;
    let levels = content.gaps.areas.first().map(|area| area.levels.as_slice()).unwrap_or_default();
    let names =
        std::iter::once(t.text("result-table-area")).chain(levels.iter().map(|(level, _)| level_name(*level, t)));
    heading(sheet, &names.collect::<Vec<_>>())?;
    for (index, area) in content.gaps.areas.iter().enumerate() {
        let row = index as u32 + 1;
        sheet.write(row, 0, area_title(area.area, t))?;
        for (column, (_, share)) in area.levels.iter().enumerate() {
            sheet.write(row, column as u16 + 1, told_text(*share, t))?;
        }
    }
    Ok(())
}

fn groups_sheet(
    sheet: &mut Worksheet,
    (title, first): (&str, &str),
    groups: &[GroupGaps],
    t: Words,
) -> Result<(), XlsxError> {
    sheet.set_name(title)?;
    let mut names = vec![first.to_owned(), t.text("gaps-people-column")];
    for area in AreaId::all() {
        for verdict in ["result-met", "result-not-sure", "result-not-met"] {
            names.push(format!("{}: {}", area_title(area, t), t.text(verdict)));
        }
    }
    heading(sheet, &names)?;
    for (index, group) in groups.iter().enumerate() {
        let row = index as u32 + 1;
        sheet.write(row, 0, &group.name)?.write(row, 1, group.people)?;
        for (area, shares) in group.areas.iter().enumerate() {
            for (part, share) in shares.of_needed.iter().flatten().enumerate() {
                sheet.write(row, (2 + area * 3 + part) as u16, told_text(*share, t))?;
            }
        }
    }
    Ok(())
}
