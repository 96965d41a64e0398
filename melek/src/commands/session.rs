//! `melek session replay`: proves that stored sessions follow from their seeds, prices and answers. `melek session rescore`: a new bank
//! version scores finished sessions again, and nothing is written until a named person approves.

use anyhow::Result;
use clap::{Args, Subcommand};
use melek_assess::{
    Approval, Desk, Outcome, Replay, Rescored, approve_rescoring, replay_sessions, rescore as rescore_part,
};
use melek_db::Db;
use melek_web::Clock;
use serde_json::{Value, json};
use uuid::Uuid;

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::progress;
use crate::wiring;

#[derive(Subcommand)]
pub enum Session {
    /// Play stored sessions again: every item and every score must come out as they are stored
    Replay(ReplayArguments),
    /// Score finished sessions again with the bank in force and list what would change
    Rescore(RescoreArguments),
}

#[derive(Args)]
#[command(
    after_help = "Without --approve-by nothing is written. With it a new version of every result stands beside the old one, and \
    people are told on their own pages.\n\n\
    Example:\n  melek session rescore --data /srv/melek\n  \
    melek session rescore --data /srv/melek --approve-by \"Siti Rahma\" --note \"Kalibrasi 2027\""
)]
pub struct RescoreArguments {
    #[command(flatten)]
    data: DataFolder,
    /// Name of the person who approves: the new results are written
    #[arg(long, value_name = "NAME", requires = "note")]
    approve_by: Option<String>,
    /// Why, kept with the approval
    #[arg(long, value_name = "TEXT", requires = "approve_by")]
    note: Option<String>,
    /// How many of the largest differences are listed
    #[arg(long, value_name = "N", default_value_t = 20)]
    list: usize,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
#[command(after_help = "Nothing is changed. Exit code 1 when a session does not come out as stored.\n\n\
    Example:\n  melek session replay --data /srv/melek")]
pub struct ReplayArguments {
    #[command(flatten)]
    data: DataFolder,
    /// Only this session
    #[arg(value_name = "SESSION")]
    session: Option<Uuid>,
    /// Print counts and differences as JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Session) -> Result<()> {
    match command {
        Session::Replay(arguments) => replay(arguments).await,
        Session::Rescore(arguments) => rescore(arguments).await,
    }
}

async fn rescore(arguments: RescoreArguments) -> Result<()> {
    let db = arguments.data.open().await?;
    let clock = Clock::system();
    let desk = Desk::open(&db, wiring::bank(&arguments.data.path)?, clock.now_ms()).await?;
    let spinner = progress::spinner("scoring sessions again");
    let rescored = rescore_all(&desk, &db).await;
    spinner.finish_and_clear();
    let mut rescored = rescored?;
    if let (Some(by), Some(note), false) = (&arguments.approve_by, &arguments.note, rescored.is_empty()) {
        approve_rescoring(&desk, &db, &rescored, &Approval { by, note, at_ms: clock.now_ms() }).await?;
    }
    desk.shut_down().await;
    db.close().await;
    rescored.sort_by(|one, other| other.size().total_cmp(&one.size()));
    list(&rescored, &arguments);
    Ok(())
}

async fn rescore_all(desk: &Desk, db: &Db) -> Result<Vec<Rescored>> {
    let mut rescored: Vec<Rescored> = Vec::new();
    loop {
        let part = rescore_part(desk, db, rescored.last().map(|result| result.session)).await?;
        if part.is_empty() {
            return Ok(rescored);
        }
        rescored.extend(part);
    }
}

fn list(rescored: &[Rescored], arguments: &RescoreArguments) {
    let changed = rescored.iter().filter(|result| !result.changed.is_empty()).count();
    let approved = arguments.approve_by.is_some();
    let areas = |result: &Rescored| result.changed.iter().map(ToString::to_string).collect::<Vec<_>>();
    if arguments.json {
        let results: Vec<Value> = rescored
            .iter()
            .map(|result| {
                json!({"session": result.session, "before": result.before_logit, "after": result.after_logit,
                    "changed_areas": areas(result), "answers_left_out": result.left_out})
            })
            .collect();
        say(&json!({"sessions": rescored.len(), "decisions_changed": changed, "approved": approved, "results": results})
            .to_string());
        return;
    }
    say(&format!("{} sessions scored again, {changed} with a verdict that changes", rescored.len()));
    for result in rescored.iter().take(arguments.list) {
        let areas = areas(result);
        let verdicts =
            if areas.is_empty() { String::new() } else { format!(", verdict changes in area {}", areas.join(", ")) };
        say(&format!(
            "{}: overall {:+.3} to {:+.3} logit{verdicts}{}",
            result.session,
            result.before_logit,
            result.after_logit,
            if result.left_out > 0 { format!(", {} answers left out", result.left_out) } else { String::new() }
        ));
    }
    say(match (rescored.is_empty(), approved) {
        (true, _) => "Every result is of the bank in force.",
        (false, true) => "The new results are written; people see on their own pages that they were scored again.",
        (false, false) => "Nothing is written. To write the new results: --approve-by NAME --note TEXT",
    });
}

async fn replay(arguments: ReplayArguments) -> Result<()> {
    let db = arguments.data.open().await?;
    let desk = Desk::open(&db, wiring::bank(&arguments.data.path)?, Clock::system().now_ms()).await?;
    let spinner = progress::spinner("playing sessions again");
    let replays = replay_all(&desk, &db, arguments.session).await;
    spinner.finish_and_clear();
    let replays = replays?;
    desk.shut_down().await;
    db.close().await;
    if let (Some(session), true) = (arguments.session, replays.is_empty()) {
        return Err(BadInput(format!("there is no session {session} in this data folder")).into());
    }
    report(&replays, arguments.json);
    let differing = replays.iter().filter(|replay| is_other(&replay.outcome)).count();
    anyhow::ensure!(differing == 0, "{differing} of {} sessions do not come out as they are stored", replays.len());
    Ok(())
}

async fn replay_all(desk: &Desk, db: &Db, only: Option<Uuid>) -> Result<Vec<Replay>> {
    let mut replays: Vec<Replay> = Vec::new();
    loop {
        let part = replay_sessions(desk, db, replays.last().map(|replay| replay.session), only).await?;
        let is_last = part.is_empty() || only.is_some();
        replays.extend(part);
        if is_last {
            return Ok(replays);
        }
    }
}

fn is_other(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::OtherItem { .. } | Outcome::OtherScore { .. })
}

fn report(replays: &[Replay], as_json: bool) {
    let count = |wanted: fn(&Outcome) -> bool| replays.iter().filter(|replay| wanted(&replay.outcome)).count();
    let identical = count(|outcome| *outcome == Outcome::Identical);
    let without = count(|outcome| *outcome == Outcome::NoPrices);
    let elsewhere = count(|outcome| *outcome == Outcome::OtherBlueprint);
    let items: usize = replays.iter().map(|replay| replay.items).sum();
    let others = replays.iter().filter(|replay| is_other(&replay.outcome));
    if as_json {
        let others: Vec<Value> =
            others.map(|replay| json!({"session": replay.session, "difference": sentence(&replay.outcome)})).collect();
        say(&json!({"sessions": replays.len(), "items": items, "identical": identical, "without_prices": without, "other_blueprint": elsewhere, "others": others}).to_string());
        return;
    }
    say(&format!("{} sessions, {items} items: {identical} identical in every item and score", replays.len()));
    if elsewhere > 0 {
        say(&format!(
            "{elsewhere} taken under another blueprint than the one in force: play them with the version of the program that they were \
             taken with"
        ));
    }
    if without > 0 {
        say(&format!("{without} from before prices were stored; they cannot be played again"));
    }
    for replay in others {
        say(&format!("{}: {}", replay.session, sentence(&replay.outcome)));
    }
}

fn sentence(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Identical => "identical".to_owned(),
        Outcome::NoPrices => "no prices stored".to_owned(),
        Outcome::OtherBlueprint => "taken under another blueprint".to_owned(),
        Outcome::OtherItem { position, shown, now } => {
            let now = now.as_ref().map_or("no item".to_owned(), ToString::to_string);
            format!("at position {position} {shown} was shown, now {now} comes")
        }
        Outcome::OtherScore { stored, now } => format!("the stored overall score is {stored}, now {now} comes"),
    }
}
