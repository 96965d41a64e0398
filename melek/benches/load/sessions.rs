//! `sessions`: thousands of people take the whole test over HTTP, many at the same moment; afterwards every session is held against
//! the content rules and the ceiling of exposure, and played again.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use clap::Args;
use melek_assess::{blueprint, quota_of};
use melek_db::{Db, q};
use melek_framework::CompetenceId;

use crate::answers::take_tests;
use crate::office::open_office;
use crate::place::Place;
use crate::server::{Server, melek};

#[derive(Args)]
pub struct Options {
    /// People who take the whole test
    #[arg(long, default_value_t = 10_000)]
    people: usize,
    /// How many are at it at the same moment
    #[arg(long, default_value_t = 64)]
    at_once: usize,
    /// Only this engine
    #[arg(long)]
    only: Option<crate::Only>,
}

/// One answer with what the rules count of its item.
type Row = (String, String, Option<String>, String);

const READ: &str = "SELECT a.session_id, a.item_id, i.family, i.competence FROM assess_answer a
    JOIN assess_session s ON s.id = a.session_id
    JOIN assess_bank_item i ON i.bank_version = s.bank_version AND i.item_id = a.item_id ORDER BY a.session_id, a.position";

pub async fn run(options: &Options) -> Result<()> {
    for engine in crate::engines(options.only) {
        let place = Place::new(engine).await?;
        let people = open_office(&place, options.people).await?.people();
        let server = Server::melek(&place)?;
        let taken = take_tests(&server, people, options.at_once).await?;
        server.stop()?;
        ensure!(taken.errors == 0, "{} people met an error", taken.errors);
        println!("{}: {}", crate::name(engine), check(&place).await?);
        let replayed = melek(&place).args(["session", "replay", "--data"]).arg(place.folder()).output()?;
        print!("{}", String::from_utf8_lossy(&replayed.stdout));
        ensure!(replayed.status.success(), "{}", String::from_utf8_lossy(&replayed.stderr));
    }
    Ok(())
}

/// Counts what broke a rule; an error when something did.
async fn check(place: &Place) -> Result<String> {
    let blueprint = blueprint();
    let db = Db::open(&place.address).await?;
    let mut sessions: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in q(READ).all::<Row>(&db).await? {
        sessions.entry(row.0.clone()).or_default().push(row);
    }
    let exhausted: i64 = q("SELECT COUNT(*) FROM assess_result WHERE reason = 'exhausted'").scalar(&db).await?;
    let started: i64 = q("SELECT CAST(SUM(started) AS BIGINT) FROM assess_bank").scalar(&db).await?;
    let most: i64 = q("SELECT MAX(shown) FROM assess_bank_item").scalar(&db).await?;
    let unseen: i64 = q("SELECT COUNT(*) FROM assess_bank_item WHERE shown = 0").scalar(&db).await?;
    db.close().await;
    let (mut repeated, mut outside) = (0, 0);
    for rows in sessions.values() {
        let items: BTreeSet<&str> = rows.iter().map(|row| row.1.as_str()).collect();
        let families: Vec<&str> = rows.iter().filter_map(|row| row.2.as_deref()).collect();
        let distinct: BTreeSet<&&str> = families.iter().collect();
        repeated += usize::from(items.len() < rows.len() || distinct.len() < families.len());
        outside += usize::from(breaks_a_quota(rows, blueprint.quotas.quotas())?);
    }
    let length = sessions.values().map(Vec::len).sum::<usize>() as f64 / sessions.len().max(1) as f64;
    let largest = most as f64 / started.max(1) as f64;
    let said = format!(
        "{} sessions of {length:.1} items: {repeated} with an item or family twice, {outside} outside the quotas, \
         {exhausted} without an item left; largest exposure {largest:.3}, {unseen} items never shown",
        sessions.len()
    );
    let permitted = blueprint.exposure.ceiling.permits(most.max(2) as u64 - 2, started as u64);
    ensure!(repeated + outside == 0 && exhausted == 0 && permitted, "{said}");
    Ok(said)
}

fn breaks_a_quota(rows: &[Row], quotas: &[melek_irt::selection::Quota]) -> Result<bool> {
    let mut counts = vec![0; quotas.len()];
    for row in rows {
        let competence: CompetenceId = row.3.parse().ok().context("an item of no competence")?;
        let mut quota = Some(quota_of(competence));
        while let Some(place) = quota {
            counts[place] += 1;
            quota = quotas[place].parent;
        }
    }
    Ok(quotas.iter().zip(&counts).any(|(quota, count)| !(quota.minimum..=quota.maximum).contains(count)))
}
