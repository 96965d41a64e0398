//! `sizes`: what travels to a phone and back, and what the server holds in memory at rest, beside what is promised.
//!
//! Sizes are those of bodies as they travel (gzip); headers are printed beside them. An item's own text is what its file holds in
//! the language of the page (context, table, question, options or parts, each once), packed by itself in the same way.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use melek_assess::{Bank, Item, ItemId, Task};
use melek_db::{Db, Engine, q};
use melek_framework::Text;
use melek_web::Locale;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use crate::connection::{Answer, Connection, FRAGMENT};
use crate::form::ItemForm;
use crate::office::open_office;
use crate::person::open_test;
use crate::place::Place;
use crate::server::Server;

const FIRST_PAGE_BYTES: usize = 25_000;
const ANSWER_UP_BYTES: usize = 400;
const ANSWER_DOWN_BYTES: usize = 4_000;
const MEMORY_KB: usize = 40 * 1_024;
/// What the device says it took: ten minutes, the longest that counts.
const ELAPSED_MS: i64 = 600_000;

#[derive(Args)]
pub struct Options {
    /// People in the staff file
    #[arg(long, default_value_t = 1_000)]
    people: usize,
    /// How many of them take the whole test while every form and page is measured
    #[arg(long, default_value_t = 20)]
    tests: usize,
    /// How long the server rests before its memory is read, in seconds
    #[arg(long, default_value_t = 30)]
    rest: u64,
}

/// The largest that was seen.
#[derive(Default)]
struct Largest {
    answers: usize,
    up: usize,
    fragment: Down,
    page: Down,
    /// Requests for one answer.
    trips_with_scripts: usize,
    trips_without: usize,
}

#[derive(Default, Clone, Copy)]
struct Down {
    beyond_item: usize,
    body: usize,
    head: usize,
}

pub async fn run(options: &Options) -> Result<()> {
    let place = Place::new(Engine::Sqlite).await?;
    let office = open_office(&place, options.people).await?;
    let server = Server::melek(&place)?;
    tokio::time::sleep(Duration::from_secs(options.rest)).await;
    let at_rest = memory_kb(&server)?;
    let mut connection = Connection::open(server.address).await?;
    let first = first_page(&mut connection).await?;
    let reader = Db::open(&place.address).await?;
    let rng = ChaCha8Rng::seed_from_u64(1);
    let mut tests = Tests { connection, reader, bank: Bank::load(None)?, rng, largest: Largest::default() };
    for cookie in office.cookies.iter().take(options.tests) {
        tests.take(office.campaign, cookie).await?;
    }
    let Largest { answers, up, fragment, page, .. } = tests.largest;
    println!("{:<58} {:>8}  {:>8}", "", "target", "measured");
    line("first page with style sheet, script and icon, bytes", FIRST_PAGE_BYTES, first);
    line("an answer up: cookie header and form, bytes", ANSWER_UP_BYTES, up);
    line("its reply beyond the item's own text, scripts, bytes", ANSWER_DOWN_BYTES, fragment.beyond_item);
    line("the same without scripts, whole page, bytes", ANSWER_DOWN_BYTES, page.beyond_item);
    line("round trips of an answer with scripts", 1, tests.largest.trips_with_scripts);
    line("round trips of an answer without scripts", 2, tests.largest.trips_without);
    line(&format!("server after {} s at rest, KB", options.rest), MEMORY_KB, at_rest);
    println!("\nLargest of {answers} answers. With the item's own text: {} and {} bytes;", fragment.body, page.body);
    println!(
        "headers of a reply: {} and {} bytes. Server after them: {} KB.",
        fragment.head,
        page.head,
        memory_kb(&server)?
    );
    server.stop()
}

fn line(what: &str, target: usize, measured: usize) {
    println!("{what:<58} {target:>8}  {measured:>8}{}", if measured > target { "  TOO MUCH" } else { "" });
}

/// Bytes of everything that the sign-in page brings along.
async fn first_page(connection: &mut Connection) -> Result<usize> {
    let answer = connection.get("/sign-in", "").await?;
    let page = answer.text()?;
    let links = page.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next());
    let mut bytes = answer.body.len();
    for name in links {
        let file = connection.get(&format!("/assets/{name}"), "").await?;
        ensure!(file.status == 200, "/assets/{name}: {}", file.status);
        bytes += file.body.len();
    }
    Ok(bytes)
}

/// People who take the whole test, every other answer without scripts.
struct Tests {
    connection: Connection,
    reader: Db,
    bank: Bank,
    rng: ChaCha8Rng,
    largest: Largest,
}

impl Tests {
    async fn take(&mut self, campaign: uuid::Uuid, cookie: &str) -> Result<()> {
        let cookie = format!("cookie: {cookie}\r\n");
        let (session, first) = open_test(&mut self.connection, campaign, &cookie).await?;
        let mut shown = ItemForm::find(&first.text()?);
        while let Some(form) = shown {
            let body = form.answer(ELAPSED_MS, &mut self.rng);
            self.largest.up = self.largest.up.max(cookie.trim_end().len() + body.len());
            self.largest.answers += 1;
            let with_scripts = self.largest.answers % 2 == 1;
            let reply = if with_scripts {
                self.largest.trips_with_scripts = 1;
                self.connection.post(&form.action, &format!("{cookie}{FRAGMENT}"), &body).await?
            } else {
                self.largest.trips_without = 2;
                let redirect = self.connection.post(&form.action, &cookie, &body).await?;
                ensure!(redirect.header("location") == Some(&session), "an answer leads to {:?}", redirect.head);
                self.connection.get(&session, &cookie).await?
            };
            ensure!(reply.status == 200, "an answer is replied with {}", reply.status);
            shown = ItemForm::find(&reply.text()?);
            if shown.is_some() {
                let down = self.weigh(&session, &reply).await?;
                let largest = if with_scripts { &mut self.largest.fragment } else { &mut self.largest.page };
                largest.beyond_item = largest.beyond_item.max(down.beyond_item);
                largest.body = largest.body.max(down.body);
                largest.head = largest.head.max(down.head);
            }
        }
        Ok(())
    }

    /// The reply that shows the item now before the person.
    async fn weigh(&self, session: &str, reply: &Answer) -> Result<Down> {
        let id = session.rsplit('/').next().unwrap_or_default();
        let state: String = q("SELECT state FROM assess_session WHERE id = $1").bind(id).scalar(&self.reader).await?;
        let seed: i64 = q("SELECT seed FROM assess_session WHERE id = $1").bind(id).scalar(&self.reader).await?;
        let seed = seed as u64;
        let state: serde_json::Value = serde_json::from_str(&state)?;
        let item = ItemId::new(state["c"]["i"].as_str().context("no item is shown")?);
        let item = self.bank.item(&item).context("the item is not in the bank")?.drawn(seed);
        let body = reply.body.len();
        Ok(Down { beyond_item: body.saturating_sub(packed(&own_text(&item))?), body, head: reply.head.len() })
    }
}

fn own_text(item: &Item) -> String {
    let mut texts: Vec<&Text> = item.context.iter().collect();
    if let Some(table) = &item.table {
        texts.extend(table.header.iter().chain(table.rows.iter().flatten()));
    }
    texts.extend(item.material.iter().flat_map(melek_assess::Document::texts));
    texts.push(&item.stem);
    match &item.task {
        Task::SingleChoice { options, .. } | Task::MultipleChoice { options, .. } => {
            texts.extend(options.iter().map(|option| &option.entry.text));
        }
        Task::Order { steps } => texts.extend(steps.iter().map(|step| &step.text)),
        Task::Match { pairs, extras } => {
            texts.extend(pairs.iter().flat_map(|pair| [&pair.left, &pair.right]));
            texts.extend(extras.iter().map(|extra| &extra.text));
        }
        Task::Mark { document } => {
            texts.extend(document.texts());
        }
        Task::Numeric { unit, .. } => texts.extend(unit),
    }
    texts.iter().map(|text| text.get(Locale::Id)).collect::<Vec<_>>().join("\n")
}

fn packed(text: &str) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(encoder.finish()?.len())
}

/// Memory of the server that lies in RAM.
fn memory_kb(server: &Server) -> Result<usize> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS; this needs Linux")?;
    Ok(line.split_whitespace().next().context("no number")?.parse()?)
}
