//! `answers`: how many answers the program takes in durably each second, over the whole way from the socket to the disk and
//! back, with the generator on the same processor cores. Beside it, in the same run, a bare server that writes one row a
//! request: what the machine can do at all when nothing is shared.

use std::collections::VecDeque;
use std::io;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use melek_db::{Db, Engine, q};
use tokio::task::JoinSet;

use crate::bare;
use crate::connection::Connection;
use crate::office::open_office;
use crate::person::{Person, Step};
use crate::place::Place;
use crate::processor::Processor;
use crate::server::Server;

#[derive(Args)]
pub struct Options {
    /// People who take the whole test; the first tenth warms up and is not counted
    #[arg(long, default_value_t = 1_000)]
    people: usize,
    /// How many are at it at the same moment
    #[arg(long, default_value_t = 64)]
    at_once: usize,
    /// How long the bare server is asked, in seconds
    #[arg(long, default_value_t = 5)]
    bare_seconds: u64,
    /// Only this engine
    #[arg(long)]
    only: Option<crate::Only>,
}

/// What was counted between two moments.
pub struct Measured {
    /// Milliseconds of each request that counts, sorted.
    milliseconds: Vec<f64>,
    pub errors: usize,
    seconds: f64,
    processor: Processor,
}

impl Measured {
    fn new(mut milliseconds: Vec<f64>, errors: usize, since: Instant) -> Self {
        milliseconds.sort_by(f64::total_cmp);
        Self { milliseconds, errors, seconds: since.elapsed().as_secs_f64(), processor: Processor::default() }
    }

    fn per_second(&self) -> f64 {
        self.milliseconds.len() as f64 / self.seconds
    }

    /// The time within which this share of the requests was answered.
    fn within(&self, share: f64) -> f64 {
        let last = self.milliseconds.len().saturating_sub(1);
        self.milliseconds.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
    }
}

pub async fn run(options: &Options) -> Result<()> {
    println!("{} people, {} at the same moment, generator on the same cores", options.people, options.at_once);
    println!("Others on the cores: PostgreSQL, the system, and whatever else runs on this machine.\n");
    println!("server            requests     per s   p50 ms   p99 ms  errors   CPU of server, share of all CPU");
    for engine in crate::engines(options.only) {
        let answers = measure_answers(engine, options).await?;
        let bare = measure_bare(engine, options).await?;
        println!("{}: melek / bare = {:.1}\n", crate::name(engine), answers.per_second() / bare.per_second());
        ensure!(answers.errors + bare.errors == 0, "there were errors");
    }
    Ok(())
}

fn print_line(name: &str, measured: &Measured) {
    let per_request = measured.processor.server_s * 1e6 / measured.milliseconds.len().max(1) as f64;
    println!(
        "{name:<17} {:>8} {:>9.0} {:>8.1} {:>8.1} {:>7} {:>6.0} µs each; server {:.0} %, generator {:.0} %, others {:.0} %",
        measured.milliseconds.len(),
        measured.per_second(),
        measured.within(0.5),
        measured.within(0.99),
        measured.errors,
        per_request,
        measured.processor.server_s / measured.processor.capacity_s * 100.0,
        measured.processor.generator_s / measured.processor.capacity_s * 100.0,
        measured.processor.others_s() / measured.processor.capacity_s * 100.0,
    );
}

async fn measure_answers(engine: Engine, options: &Options) -> Result<Measured> {
    let place = Place::new(engine).await?;
    let mut people = open_office(&place, options.people).await?.people();
    let server = Server::melek(&place)?;
    let later = people.split_off(options.people / 10);
    let warm = take_tests(&server, people, options.at_once).await?;
    let before = Processor::now(server.id())?;
    let mut measured = take_tests(&server, later, options.at_once).await?;
    measured.processor = Processor::now(server.id())?.since(&before);
    print_line(&format!("melek {}", crate::name(engine)), &measured);
    server.stop()?;
    let db = Db::open(&place.address).await?;
    let kept: i64 = q("SELECT COUNT(*) FROM assess_answer").scalar(&db).await?;
    db.close().await;
    let acknowledged = warm.milliseconds.len() + measured.milliseconds.len();
    ensure!(kept as usize == acknowledged, "{acknowledged} answers were acknowledged and {kept} are in the database");
    Ok(measured)
}

/// Everybody takes the whole test; when one is done, the next begins.
pub async fn take_tests(server: &Server, people: Vec<Person>, at_once: usize) -> Result<Measured> {
    let waiting = Arc::new(Mutex::new(VecDeque::from(people)));
    let started = Instant::now();
    let mut seats = JoinSet::new();
    for _ in 0..at_once {
        let connection = Connection::open(server.address).await?;
        seats.spawn(sit(connection, Arc::clone(&waiting)));
    }
    let (mut milliseconds, mut errors) = (Vec::new(), 0);
    for (of_seat, errors_of_seat) in seats.join_all().await {
        milliseconds.extend(of_seat);
        errors += errors_of_seat;
    }
    Ok(Measured::new(milliseconds, errors, started))
}

/// One connection, used by one person after the other; milliseconds of each answer, and errors.
async fn sit(mut connection: Connection, waiting: Arc<Mutex<VecDeque<Person>>>) -> (Vec<f64>, usize) {
    let (mut milliseconds, mut errors) = (Vec::new(), 0);
    let next = || waiting.lock().expect("no holder panics").pop_front();
    while let Some(mut person) = next() {
        loop {
            let started = Instant::now();
            match person.step(&mut connection).await {
                Ok(Step::Opened) => {}
                Ok(Step::AtEnd) => break,
                Ok(Step::Answered { is_last, .. }) => {
                    milliseconds.push(started.elapsed().as_secs_f64() * 1e3);
                    if is_last {
                        break;
                    }
                }
                Err(error) => {
                    eprintln!("{error}");
                    errors += 1;
                    break;
                }
            }
        }
    }
    (milliseconds, errors)
}

async fn measure_bare(engine: Engine, options: &Options) -> Result<Measured> {
    let place = Place::new(engine).await?;
    let mut command = Command::new(std::env::current_exe().context("this program has no path")?);
    command.arg(bare::COMMAND);
    let server = Server::start(command, &place)?;
    let before = Processor::now(server.id())?;
    let started = Instant::now();
    let mut seats = JoinSet::new();
    for _ in 0..options.at_once {
        let connection = Connection::open(server.address).await?;
        seats.spawn(insert_until(connection, started + Duration::from_secs(options.bare_seconds)));
    }
    let (mut milliseconds, mut errors) = (Vec::new(), 0);
    for of_seat in seats.join_all().await {
        match of_seat {
            Ok(of_seat) => milliseconds.extend(of_seat),
            Err(error) => {
                eprintln!("{error}");
                errors += 1;
            }
        }
    }
    let mut measured = Measured::new(milliseconds, errors, started);
    measured.processor = Processor::now(server.id())?.since(&before);
    print_line(&format!("bare {}", crate::name(engine)), &measured);
    Ok(measured)
}

async fn insert_until(mut connection: Connection, end: Instant) -> io::Result<Vec<f64>> {
    let form = format!("csrf={:22}&elapsed=12345&a=3", "");
    let mut milliseconds = Vec::new();
    while Instant::now() < end {
        let started = Instant::now();
        let answer = connection.post(bare::PATH, "", &form).await?;
        if answer.status != 200 {
            return Err(io::Error::other(format!("the bare server answers {}", answer.status)));
        }
        milliseconds.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(milliseconds)
}
