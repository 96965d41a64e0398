//! The demonstration: an invented regency that looks like a real one, built in seconds through the functions that
//! officers and civil servants use. People come from a staff file, answers from invented people who sit the test
//! (`sitting.rs`).
//!
//! The same seed gives the same people, abilities and times; which items they see depends on who is faster, as in
//! real life.

mod ability;
mod answering;
mod names;
mod nip;
mod plan;
mod population;
mod regency;
mod sign_ins;
mod sitting;
mod staff;
mod voices;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use melek_assess::{Desk, ItemPool, close_overdue, session_of_person};
use melek_web::Office;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

pub use regency::{AGENCY, fewest_people};
pub use sign_ins::{Mark, SignIn};
pub use staff::{HEADER, Invented, cells, staff, staff_file};

use self::plan::{Which, campaigns, demonstration_person, sittings};
use self::population::{load, open_campaigns};
use self::sign_ins::{Created, create_sign_in_at_offer, create_sign_ins};
use self::sitting::{Sat, Sitting, sit_all};

/// The staff file was loaded this long ago.
const LOADED_DAYS_AGO: i64 = 75;

/// Which people to invent.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub people: usize,
    pub seed: u64,
}

/// What was built.
#[derive(Debug)]
pub struct Built {
    pub sign_ins: Vec<SignIn>,
    pub finished: usize,
    pub answers: usize,
    /// When the campaign closes that the demonstration civil servant can still take part in.
    pub closes_ms: i64,
}

/// Fills an empty office with the invented regency.
pub async fn build(office: &Office, wish: Wish, progress: &ProgressBar) -> Result<Built> {
    let now_ms = office.clock.now_ms();
    let today = day(now_ms);
    let staff = staff(wish.people, today - Duration::days(LOADED_DAYS_AGO), wish.seed);
    progress.set_message("loading the staff");
    let loaded = load(office, &staff, now_ms - LOADED_DAYS_AGO * plan::DAY_MS).await?;
    let campaigns = campaigns(now_ms, today.year());
    let Created { mut sign_ins, officer } = create_sign_ins(office, &loaded, demonstration_person(&staff)).await?;
    let ids = open_campaigns(office, (&loaded, officer), &campaigns).await?;

    let desk = office.part::<Desk>();
    let planned = sittings(&staff, &campaigns, now_ms, wish.seed);
    let invented = planned.iter().enumerate().map(|(number, planned)| Sitting {
        campaign: ids[&planned.campaign],
        person: loaded.people[planned.person],
        begins_ms: planned.begins_ms,
        ability: ability::of_person(&desk.blueprint.prior, &staff[planned.person], (today, wish.seed, planned.person)),
        seed: wish.seed.wrapping_add(number as u64),
        may_wait: planned.campaign == Which::WholeRegency,
        stops_after: planned.stops_after,
    });
    progress.set_message("taking the test");
    progress.set_length(planned.len() as u64);
    let pool = ItemPool::of_bank(&desk.bank)?;
    let sat = sit_all(office, pool, invented.collect(), progress).await?;
    let [pilot, whole, _] = &campaigns;
    close_overdue(&desk, &office.db, pilot.closes_ms).await.context("the pilot cannot be closed")?;
    let shown = loaded.people[demonstration_person(&staff)];
    let others: Vec<Sat> = sat.iter().filter(|sat| sat.person != shown).cloned().collect();
    if let Some(person) = first_at_offer(office, &others).await? {
        sign_ins.push(create_sign_in_at_offer(office, &loaded, person).await?);
    }
    voices::raise(office, &others, wish.seed).await?;
    Ok(Built {
        sign_ins,
        finished: sat.iter().filter(|sat| sat.finished).count(),
        answers: sat.iter().map(|sat| sat.answers).sum(),
        closes_ms: whole.closes_ms,
    })
}

/// The first person who left the offer of a few items more open.
async fn first_at_offer(office: &Office, sat: &[Sat]) -> Result<Option<Uuid>> {
    for Sat { session, person, .. } in sat.iter().filter(|sat| !sat.finished) {
        let stored = session_of_person(&office.db, *session, *person).await?;
        if stored.is_some_and(|stored| stored.is_open && stored.state.is_offered()) {
            return Ok(Some(*person));
        }
    }
    Ok(None)
}

/// The calendar day in Western Indonesia.
fn day(ms: i64) -> Date {
    (OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(ms) + Duration::hours(7)).date()
}
