//! `melek session replay`: proves that stored sessions follow from their seeds, prices and answers.

use anyhow::Result;
use clap::{Args, Subcommand};
use melek_assess::{Bank, Desk, Outcome, Replay, replay_sessions};
use melek_db::Db;
use melek_web::Clock;
use serde_json::{Value, json};
use uuid::Uuid;

use super::data_folder::DataFolder;
use crate::bad_input::BadInput;
use crate::output::say;
use crate::progress;
use crate::wiring::OWN_ITEMS;

#[derive(Subcommand)]
pub enum Session {
    /// Play stored sessions again: every item and every score must come out as they are stored
    Replay(ReplayArguments),
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
    let Session::Replay(arguments) = command;
    let db = arguments.data.open().await?;
    let desk =
        Desk::open(&db, Bank::load(Some(&arguments.data.path.join(OWN_ITEMS)))?, Clock::system().now_ms()).await?;
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
    let items: usize = replays.iter().map(|replay| replay.items).sum();
    let others = replays.iter().filter(|replay| is_other(&replay.outcome));
    if as_json {
        let others: Vec<Value> =
            others.map(|replay| json!({"session": replay.session, "difference": sentence(&replay.outcome)})).collect();
        say(&json!({"sessions": replays.len(), "items": items, "identical": identical, "without_prices": without, "others": others}).to_string());
        return;
    }
    say(&format!("{} sessions, {items} items: {identical} identical in every item and score", replays.len()));
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
        Outcome::OtherItem { position, shown, now } => {
            let now = now.as_ref().map_or("no item".to_owned(), ToString::to_string);
            format!("at position {position} {shown} was shown, now {now} comes")
        }
        Outcome::OtherScore { stored, now } => format!("the stored overall score is {stored}, now {now} comes"),
    }
}
