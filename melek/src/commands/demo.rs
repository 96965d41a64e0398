//! `melek demo`: an invented regency to try everything on. The first run builds it, every later one serves what is
//! there.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use melek_db::{Address, q};
use melek_people::find_agency;
use melek_web::{Clock, Office, Settings};
use serde::Serialize;

use crate::bad_input::BadInput;
use crate::demo::{AGENCY, Built, Mark, SignIn, Wish, build};
use crate::output::{note, say};
use crate::progress;
use crate::wiring::{self, Program};

/// Of the people and their answers; the day on which Indonesia celebrates.
const SEED: u64 = 17_081_945;

#[derive(Args)]
#[command(
    after_help = "People, units and answers are invented, and every page says so. Only the printed accounts can sign in. \
    Remove the folder to begin anew.\n\n\
    Examples:\n  melek demo\n  melek demo --data /tmp/try --port 9000 --people 300"
)]
pub struct Demo {
    /// Folder for the demonstration; made by the first run, served as it is by every later one
    #[arg(long, value_name = "DIR", default_value = "melek-demo")]
    data: PathBuf,
    /// Port to serve on, for this machine only; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// How many people to invent
    #[arg(long, default_value_t = 1_200, value_parser = clap::value_parser!(u32).range(50..=20_000))]
    people: u32,
    /// Print address and sign-ins as one line of JSON
    #[arg(long)]
    json: bool,
}

/// What a script reads.
#[derive(Serialize)]
struct Announcement<'a> {
    address: &'a str,
    sign_ins: &'a [SignIn],
}

pub async fn run(arguments: Demo) -> Result<()> {
    wiring::log_to_standard_error("warn");
    let listener = wiring::listen("127.0.0.1", arguments.port).await?;
    let known = Mark::read(&arguments.data)?;
    match &known {
        Some(mark) if mark.complete => {}
        Some(_) => remove_unfinished(&arguments.data)?,
        None => refuse_other_installation(&arguments.data)?,
    }
    let settings = Settings { synthetic: true, installation: AGENCY.to_owned(), ..Settings::default() };
    let program = Program::open(&arguments.data, Clock::system(), settings).await?;
    let mark = match known.filter(|mark| mark.complete) {
        Some(mark) => served_again(&program.office, mark, &arguments).await?,
        None => built(&program.office, &arguments).await?,
    };
    let address = format!("http://{}", listener.local_addr()?);
    if arguments.json {
        say(&serde_json::to_string(&Announcement { address: &address, sign_ins: &mark.sign_ins })?);
    } else {
        tell(&address, &mark.sign_ins, &arguments.data);
    }
    program.serve(listener).await
}

async fn built(office: &Office, arguments: &Demo) -> Result<Mark> {
    let data = &arguments.data;
    let units: i64 = q("SELECT COUNT(*) FROM people_v_unit").scalar(&office.db).await?;
    if units > 0 {
        return Err(BadInput("the database holds an installation that is no demonstration".to_owned()).into());
    }
    let people = arguments.people as usize;
    Mark::begun(people).write(data)?;
    let started = Instant::now();
    let bar = progress::bar("inventing people");
    let outcome = build(office, Wish { people, seed: SEED }, &bar).await;
    bar.finish_and_clear();
    let Built { sign_ins, finished, answers, closes_ms } = outcome?;
    let mark = Mark { complete: true, people, closes_ms, sign_ins };
    mark.write(data)?;
    let seconds = started.elapsed().as_secs_f64();
    note(&format!("{people} people invented, {finished} tests taken, {answers} answers kept in {seconds:.1} s."));
    Ok(mark)
}

/// What an earlier run built, if it is in this database.
async fn served_again(office: &Office, mark: Mark, arguments: &Demo) -> Result<Mark> {
    let data = arguments.data.display();
    if find_agency(&office.db, AGENCY).await?.is_none() {
        return Err(
            BadInput(format!("the demonstration of {data} lies in another database; choose another --data")).into()
        );
    }
    if mark.sign_ins.is_empty() {
        note(&format!("The demonstration in {data} came from a backup; its passwords are those of the original."));
    } else if mark.people != arguments.people as usize {
        note(&format!("The demonstration in {data} has {} people; remove the folder to invent others.", mark.people));
    }
    if mark.closes_ms <= office.clock.now_ms() {
        note(&format!(
            "The campaigns of the demonstration in {data} have closed by now; remove the folder to begin anew."
        ));
    }
    Ok(mark)
}

/// A database file without the mark is somebody's work, even if nobody is in it yet.
fn refuse_other_installation(data: &Path) -> Result<()> {
    match Address::from_environment(data).map_err(|error| BadInput(error.to_string()))? {
        Address::Sqlite(file) if file.exists() => {
            let sentence = "holds an installation that is no demonstration; choose another --data";
            Err(BadInput(format!("{} {sentence}", data.display())).into())
        }
        _ => Ok(()),
    }
}

/// Removes the database that an interrupted run left in the folder; one that lies elsewhere is left alone.
fn remove_unfinished(data: &Path) -> Result<()> {
    let address = Address::from_environment(data).map_err(|error| BadInput(error.to_string()))?;
    let Address::Sqlite(file) = address else { return Err(unfinished_elsewhere(data)) };
    if file.parent() != Some(data) {
        return Err(unfinished_elsewhere(data));
    }
    for ending in ["", "-wal", "-shm"] {
        let mut path = file.clone().into_os_string();
        path.push(ending);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

fn unfinished_elsewhere(data: &Path) -> anyhow::Error {
    let sentence = "an earlier run was interrupted; empty its database, remove the folder and run again";
    BadInput(format!("{}: {sentence}", data.display())).into()
}

fn tell(address: &str, sign_ins: &[SignIn], data: &Path) {
    say(&format!("{AGENCY}, an invented regency. Nothing here is real.\n\n  {address}\n"));
    say("  role            user name   password");
    for SignIn { role, login, password } in sign_ins {
        say(&format!("  {:<14}  {login:<10}  {password}", role.replace('_', " ")));
    }
    say(&format!("\nKept in {}; the next run serves the same. Ctrl-C ends it.", data.display()));
}
