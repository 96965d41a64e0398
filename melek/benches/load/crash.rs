//! Kills the server without warning, again and again, while people answer; nothing acknowledged may be lost.
//!
//! After each start the database is compared with what was acknowledged before the kill. People who had no reply send the same
//! answer again, as the page's script does. In between a backup is taken while answers arrive, and restored elsewhere.

use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::ops::Range;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::kept::Kept;
use crate::office::open_office;
use crate::person::{Acknowledged, Person, Step, StepError};
use crate::place::Place;
use crate::server::{Server, melek};

/// After so many answers the kill waits this long, so that it does not always follow a reply.
const MOMENTS_MS: Range<u64> = 0..100;
/// Longest time for the answers before a kill, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// The first say enough when all is wrong.
const COMPLAINTS_SHOWN: usize = 10;

/// What is done to the server.
#[derive(Clone)]
pub struct Plan {
    pub kills: usize,
    /// How many answers are acknowledged between a start and a kill: by chance, within these limits.
    pub answers: Range<usize>,
    pub people: usize,
    pub at_once: usize,
    /// Of the moments at which the server is killed.
    pub seed: u64,
}

/// What came of it.
#[derive(Default)]
pub struct Outcome {
    pub kills: usize,
    /// Answers whose reply came, over the whole run.
    pub acknowledged: usize,
    /// Answers in the database at the end.
    pub kept: usize,
    /// Answers that were under way at a kill, and how many of them were written all the same.
    pub under_way: usize,
    pub written_without_reply: usize,
    pub lost: usize,
    /// Answers whose reply came before the backup began, and those in the restored copy.
    pub before_backup: usize,
    pub in_backup: usize,
    pub lost_in_backup: usize,
    /// From the start of the program until it takes connections.
    pub slowest_start: Duration,
    /// Somebody's seat stayed empty because everybody else was done.
    pub ran_out: bool,
    /// Everything else that is wrong.
    pub complaints: Vec<String>,
}

impl Outcome {
    pub fn is_good(&self) -> bool {
        self.lost == 0 && self.lost_in_backup == 0 && self.complaints.is_empty()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  kills {}, slowest start {} ms", self.kills, self.slowest_start.as_millis())?;
        writeln!(f, "  acknowledged {}, in the database {}, lost {}", self.acknowledged, self.kept, self.lost)?;
        writeln!(
            f,
            "  under way at a kill {}, of these written without a reply {}; all sent again",
            self.under_way, self.written_without_reply
        )?;
        writeln!(
            f,
            "  acknowledged before the backup began {}, in the restored copy {}, lost {}",
            self.before_backup, self.in_backup, self.lost_in_backup
        )?;
        writeln!(f, "  refused answers and contradictions {}", self.complaints.len())?;
        for complaint in self.complaints.iter().take(COMPLAINTS_SHOWN) {
            writeln!(f, "    {complaint}")?;
        }
        if self.ran_out {
            writeln!(f, "  Everybody was done before the end: with more --people all seats stay taken.")?;
        }
        Ok(())
    }
}

/// Where people answer, one after the other at each seat.
#[derive(Default)]
struct Hall {
    waiting: Mutex<VecDeque<Person>>,
    acknowledged: Mutex<Vec<Acknowledged>>,
    complaints: Mutex<Vec<String>>,
    ran_out: AtomicBool,
}

pub async fn crash(place: &Place, plan: Plan) -> Result<Outcome> {
    let people = Mutex::new(open_office(place, plan.people).await?.people().into());
    let hall = Arc::new(Hall { waiting: people, ..Hall::default() });
    let mut rng = ChaCha8Rng::seed_from_u64(plan.seed);
    let mut outcome = Outcome::default();
    let mut seated: Vec<Person> = Vec::new();
    for kill in 0..plan.kills {
        let server = Server::melek(place)?;
        outcome.slowest_start = outcome.slowest_start.max(server.started_in);
        outcome.compare(place, &hall).await?;
        let seats = take_seats(&hall, server.address, (seated, plan.at_once));
        hall.wait_for(outcome.acknowledged + rng.random_range(plan.answers.clone())).await?;
        tokio::time::sleep(Duration::from_millis(rng.random_range(MOMENTS_MS))).await;
        if kill == plan.kills / 2 {
            outcome.back_up(place, &hall).await?;
        }
        server.kill()?;
        outcome.kills += 1;
        seated = seats.join_all().await.into_iter().flatten().collect();
        outcome.under_way += seated.len();
    }
    let server = Server::melek(place)?;
    outcome.compare(place, &hall).await?;
    let seats = take_seats(&hall, server.address, (seated, plan.at_once));
    tokio::time::sleep(Duration::from_millis(MOMENTS_MS.end)).await;
    server.stop()?;
    seats.join_all().await;
    outcome.compare(place, &hall).await?;
    outcome.complaints.append(&mut hall.complaints());
    outcome.ran_out = hall.ran_out.load(Ordering::Relaxed);
    Ok(outcome)
}

impl Outcome {
    /// Is everything there that was acknowledged so far, and does everything fit together?
    async fn compare(&mut self, place: &Place, hall: &Hall) -> Result<()> {
        let mut kept = Kept::read(&place.address).await?;
        let acknowledged = hall.acknowledged();
        self.written_without_reply += kept.answers().saturating_sub(acknowledged.len());
        // What is lost stays lost, and is not counted again after the next kill.
        self.lost = self.lost.max(kept.lost(&acknowledged));
        (self.acknowledged, self.kept) = (acknowledged.len(), kept.answers());
        self.complaints.append(&mut kept.contradictions);
        Ok(())
    }

    /// Takes a backup now, restores it elsewhere and compares it with what was acknowledged before it began.
    async fn back_up(&mut self, place: &Place, hall: &Hall) -> Result<()> {
        let mark = hall.acknowledged();
        let file = place.folder().join("copy");
        let mut backup = melek(place);
        backup.arg("backup").arg("--data").arg(place.folder()).arg("--out").arg(&file);
        finish(backup).await?;
        let elsewhere = Place::new(place.engine).await?;
        let mut restore = melek(&elsewhere);
        restore.arg("restore").arg(&file).arg("--data").arg(elsewhere.folder());
        finish(restore).await?;
        let mut kept = Kept::read(&elsewhere.address).await?;
        (self.before_backup, self.in_backup) = (mark.len(), kept.answers());
        self.lost_in_backup += kept.lost(&mark);
        self.complaints.append(&mut kept.contradictions);
        Ok(())
    }
}

/// Runs the command while people go on answering.
async fn finish(mut command: Command) -> Result<()> {
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    ensure!(output.status.success(), "melek: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

impl Hall {
    fn acknowledged(&self) -> Vec<Acknowledged> {
        self.acknowledged.lock().expect("no holder panics").clone()
    }

    /// Until so many answers are acknowledged, or everybody is done.
    async fn wait_for(&self, answers: usize) -> Result<()> {
        let started = Instant::now();
        while self.acknowledged.lock().expect("no holder panics").len() < answers
            && !self.ran_out.load(Ordering::Relaxed)
        {
            ensure!(started.elapsed() < PATIENCE, "people came to a stop: {:?}", self.complaints().first());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.complaints.lock().expect("no holder panics"))
    }

    fn complain(&self, what: String) {
        self.complaints.lock().expect("no holder panics").push(what);
    }

    fn next(&self) -> Option<Person> {
        self.waiting.lock().expect("no holder panics").pop_front()
    }
}

/// Those who were seated before go on; the other seats are for those who wait.
fn take_seats(hall: &Arc<Hall>, server: SocketAddr, seated: (Vec<Person>, usize)) -> JoinSet<Option<Person>> {
    let (people, seats) = seated;
    let empty = std::iter::repeat_with(|| None);
    people.into_iter().map(Some).chain(empty).take(seats).map(|person| sit(Arc::clone(hall), server, person)).collect()
}

/// One person after the other answers until the server goes away; answers the person who sat there then.
async fn sit(hall: Arc<Hall>, server: SocketAddr, mut person: Option<Person>) -> Option<Person> {
    let Ok(mut connection) = Connection::open(server).await else { return person };
    loop {
        let Some(mut sitting) = person.take().or_else(|| hall.next()) else {
            hall.ran_out.store(true, Ordering::Relaxed);
            return None;
        };
        match answer_on(&hall, &mut connection, &mut sitting).await {
            Ok(()) => {}
            Err(StepError::Gone(_)) => return Some(sitting),
            Err(error) => hall.complain(error.to_string()),
        }
    }
}

async fn answer_on(hall: &Hall, connection: &mut Connection, person: &mut Person) -> Result<(), StepError> {
    loop {
        match person.step(connection).await? {
            Step::Opened => {}
            Step::AtEnd => return Ok(()),
            Step::Answered { what, is_last } => {
                hall.acknowledged.lock().expect("no holder panics").push(what);
                if is_last {
                    return Ok(());
                }
            }
        }
    }
}
