//! `melek doctor`: looks at an installation and says what is well, what is not, and what to do. It changes nothing.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use clap::Args;
use melek_assess::{ActivateBankError, Bank, blueprint, require_activation};
use melek_db::{Address, Db, Engine, q, schema};
use melek_web::Clock;
use serde::Serialize;
use serde_json::json;

use super::data_folder::DataFolder;
use crate::output::say;
use crate::progress;
use crate::wiring::{self, OWN_ITEMS};

/// Below the first the program should not run; below the second it is time to make room.
const TOO_LITTLE_BYTES: u64 = 200 << 20;
const LITTLE_BYTES: u64 = 2 << 30;

/// No clock of a running installation is before this: 1 January 2026.
const EARLIEST_MS: i64 = 1_767_225_600_000;
/// Two clocks that differ by more are not both right.
const CLOCKS_DIFFER_MS: i64 = 60_000;

#[derive(Args)]
#[command(after_help = "Ends with 0 when nothing is wrong (warnings are allowed), with 1 otherwise.\n\n\
    Example:\n  melek doctor --data /srv/melek")]
pub struct Doctor {
    #[command(flatten)]
    data: DataFolder,
    /// Print {"ok":…,"checks":[…]} as one line of JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Warning,
    Error,
}

/// One thing looked at.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Check {
    check: &'static str,
    status: Status,
    finding: String,
    what_to_do: &'static str,
}

impl Check {
    fn ok(check: &'static str, finding: impl Into<String>) -> Check {
        Check { check, status: Status::Ok, finding: finding.into(), what_to_do: "" }
    }

    fn warning(check: &'static str, finding: impl Into<String>, what_to_do: &'static str) -> Check {
        Check { check, status: Status::Warning, finding: finding.into(), what_to_do }
    }

    fn error(check: &'static str, finding: impl Into<String>, what_to_do: &'static str) -> Check {
        Check { check, status: Status::Error, finding: finding.into(), what_to_do }
    }
}

pub async fn run(arguments: Doctor) -> Result<()> {
    let spinner = progress::spinner("looking");
    let checks = look(&arguments.data).await?;
    spinner.finish_and_clear();
    let wrong = checks.iter().filter(|check| check.status == Status::Error).count();
    if arguments.json {
        say(&json!({ "ok": wrong == 0, "checks": checks }).to_string());
    } else {
        checks.iter().for_each(tell);
    }
    if wrong > 0 {
        bail!("{wrong} of {} checks found something wrong", checks.len());
    }
    Ok(())
}

fn tell(check: &Check) {
    let status = match check.status {
        Status::Ok => "ok",
        Status::Warning => "warning",
        Status::Error => "error",
    };
    say(&format!("{status:<8} {:<11} {}", check.check, check.finding));
    if !check.what_to_do.is_empty() {
        say(&format!("{:<20} → {}", "", check.what_to_do));
    }
}

async fn look(data: &DataFolder) -> Result<Vec<Check>> {
    let mut checks = vec![Check::ok("version", format!("melek {}", env!("CARGO_PKG_VERSION"))), folder(&data.path)];
    if data.path.is_dir() {
        checks.push(free_disk(&data.path));
    }
    checks.extend(items(&data.path));
    let address = data.address()?;
    if let (Address::Sqlite(_), false) = (&address, data.has_database()?) {
        checks.push(Check::warning("database", "there is none yet", "`melek serve` makes one when it starts"));
        checks.push(clock(None));
        return Ok(checks);
    }
    match Db::open(&address).await {
        Err(error) => {
            checks.push(Check::error("database", error.to_string(), "correct what the message says, then look again"))
        }
        Ok(db) => {
            checks.extend(database(&db, &address).await);
            checks.extend(release(&db, &data.path).await);
            db.close().await;
        }
    }
    Ok(checks)
}

fn folder(data: &Path) -> Check {
    if !data.is_dir() {
        let finding = format!("{} is no folder", data.display());
        return Check::warning("data folder", finding, "check --data; `melek serve` makes the folder when it starts");
    }
    match tempfile::tempfile_in(data) {
        Ok(_) => Check::ok("data folder", format!("{} can be written", data.display())),
        Err(error) => {
            let finding = format!("{} cannot be written: {error}", data.display());
            Check::error("data folder", finding, "give the user who runs melek the right to write there")
        }
    }
}

fn free_disk(data: &Path) -> Check {
    let room = match rustix::fs::statvfs(data) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => return Check::warning("free disk", format!("not known: {error}"), "look with `df`"),
    };
    let finding = format!("{:.1} GB free", room as f64 / f64::from(1 << 30));
    match room {
        0..TOO_LITTLE_BYTES => Check::error("free disk", finding, "make room before answers are lost"),
        TOO_LITTLE_BYTES..LITTLE_BYTES => Check::warning("free disk", finding, "make room, backups need it"),
        _ => Check::ok("free disk", finding),
    }
}

fn items(data: &Path) -> Vec<Check> {
    let open = match Bank::load(None) {
        Ok(bank) => Check::ok("item bank", format!("{} open items, version {}", bank.items.len(), bank.version)),
        Err(error) => Check::error("item bank", error.to_string(), "install melek again"),
    };
    let folder = data.join(OWN_ITEMS);
    let own = if folder.is_dir() {
        match Bank::load(Some(&folder)) {
            Ok(bank) => {
                let off = format!("{} open items switched off", bank.switched_off);
                Check::ok("own items", format!("{} in {}, {off}", bank.own, folder.display()))
            }
            Err(error) => Check::error("own items", error.to_string(), "correct them; `melek items check` helps"),
        }
    } else {
        Check::ok("own items", format!("none (they would lie in {})", folder.display()))
    };
    vec![open, own]
}

async fn database(db: &Db, address: &Address) -> Vec<Check> {
    let told = match db.engine() {
        Engine::Sqlite => q("SELECT 'SQLite ' || sqlite_version()").scalar(db).await,
        Engine::Postgres => q("SELECT 'PostgreSQL ' || current_setting('server_version')").scalar(db).await,
    };
    let opened = match told {
        Ok(version) => Check::ok("database", String::clone(&version)),
        Err(error) => Check::error("database", error.to_string(), "correct what the message says, then look again"),
    };
    let whole = match db.engine() {
        Engine::Sqlite => integrity(db).await,
        Engine::Postgres => Ok(Check::ok("integrity", "PostgreSQL guards it itself")),
    };
    let server_ms = match (db.engine(), address) {
        (Engine::Postgres, _) => {
            q("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)").scalar(db).await.ok()
        }
        (_, Address::Sqlite(file)) => written_ms(file),
        _ => None,
    };
    let failed = |check| move |error: anyhow::Error| Check::error(check, error.to_string(), "restore the last backup");
    let tables = tables(db).await.unwrap_or_else(failed("tables"));
    vec![opened, tables, whole.unwrap_or_else(failed("integrity")), clock(server_ms)]
}

/// Whether the bank may be served; one that does not load is told of elsewhere.
async fn release(db: &Db, data: &Path) -> Option<Check> {
    let bank = wiring::bank(data).ok()?;
    Some(match require_activation(db, &bank, blueprint()).await {
        Ok(()) if bank.is_as_shipped() => Check::ok("release", "the open bank as it is shipped"),
        Ok(()) => Check::ok("release", format!("the bank {} is activated", bank.version)),
        Err(ActivateBankError::Database(error)) => {
            Check::warning("release", format!("not known: {error}"), "`melek migrate` makes the tables of this version")
        }
        Err(error) => Check::error("release", error.to_string(), "`melek serve` does not start before"),
    })
}

/// Every page is sound and every reference has its row.
async fn integrity(db: &Db) -> Result<Check> {
    let damage: String = q("PRAGMA integrity_check(1)").scalar(db).await?;
    let orphans: i64 = q("SELECT COUNT(*) FROM pragma_foreign_key_check").scalar(db).await?;
    Ok(match (damage.as_str(), orphans) {
        ("ok", 0) => Check::ok("integrity", "every page is sound, every reference has its row"),
        ("ok", orphans) => {
            Check::error("integrity", format!("{orphans} rows refer to nothing"), "restore the last backup")
        }
        (damage, _) => Check::error("integrity", damage, "stop melek, keep the file, restore the last backup"),
    })
}

/// Whether the tables are those of this program, by comparing them with fresh ones: all of their text on SQLite, the
/// names of tables and views on PostgreSQL.
async fn tables(db: &Db) -> Result<Check> {
    let elsewhere = tempfile::tempdir()?;
    let fresh = wiring::empty_database(elsewhere.path()).await?;
    let (expected, found) = (schema(&fresh).await?, schema(db).await?);
    fresh.close().await;
    let same = match db.engine() {
        Engine::Sqlite => expected == found,
        Engine::Postgres => created(&expected) == columns_of(&found),
    };
    Ok(if same {
        Check::ok("tables", "those of this version")
    } else {
        Check::warning("tables", "not those of this version", "make a backup, then run `melek migrate`")
    })
}

/// `assess_answer` of `CREATE TABLE assess_answer (…`.
fn created(shape: &str) -> BTreeSet<&str> {
    let is_made = |line: &&str| line.starts_with("CREATE TABLE ") || line.starts_with("CREATE VIEW ");
    shape.lines().filter(is_made).filter_map(|line| line.split(' ').nth(2)).collect()
}

/// `assess_answer` of `column assess_answer.position bigint`.
fn columns_of(shape: &str) -> BTreeSet<&str> {
    shape.lines().filter_map(|line| line.strip_prefix("column ")?.split('.').next()).collect()
}

/// When the database file was last written.
fn written_ms(file: &Path) -> Option<i64> {
    let written = std::fs::metadata(file).and_then(|file| file.modified()).ok()?;
    i64::try_from(written.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis()).ok()
}

/// Compares the clock with that of the server, or with the last write of the file, which cannot be in the future.
fn clock(other_ms: Option<i64>) -> Check {
    sane(Clock::system().now_ms(), other_ms)
}

fn sane(now_ms: i64, other_ms: Option<i64>) -> Check {
    const REMEDY: &str = "set the clock, best by a time service (timedatectl set-ntp true)";
    let behind_ms = other_ms.map_or(0, |other_ms| other_ms - now_ms);
    if now_ms < EARLIEST_MS {
        Check::error("clock", "it shows a time before 2026", REMEDY)
    } else if behind_ms > CLOCKS_DIFFER_MS {
        Check::error("clock", format!("it is {} seconds behind the database", behind_ms / 1_000), REMEDY)
    } else {
        Check::ok("clock", "it runs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_before_2026_or_behind_the_database_is_wrong() {
        let now_ms = EARLIEST_MS + 1_000_000;
        assert_eq!(sane(EARLIEST_MS - 1, None).status, Status::Error);
        assert_eq!(sane(now_ms, Some(now_ms + CLOCKS_DIFFER_MS + 1)).status, Status::Error);
        assert_eq!(sane(now_ms, Some(now_ms - 86_400_000)).status, Status::Ok);
        assert_eq!(sane(now_ms, None).status, Status::Ok);
    }

    #[test]
    fn tables_and_views_are_found_in_the_shapes_of_both_engines() {
        let sqlite = "CREATE INDEX i ON a_b (x)\nCREATE TABLE a_b ( x TEXT )\nCREATE VIEW a_v_c AS SELECT x FROM a_b";
        let postgres = "CREATE INDEX i ON public.a_b\ncolumn a_b.x text\ncolumn a_v_c.x text\nview a_v_c SELECT x";
        assert_eq!(created(sqlite), columns_of(postgres));
    }
}
