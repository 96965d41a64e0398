//! Item files broken at random never make the program panic. Starts from real item files and from `corpus/`, where every input that once did harm is
//! kept; `MELEK_FUZZ_SECONDS=600 cargo test -p melek-assess --release --test fuzz` runs longer than the moment of every test run.

#![allow(clippy::print_stdout, reason = "fuzzing says how much it tried")]

use std::path::Path;
use std::time::{Duration, Instant};

use melek_assess::{check_variants, read_item, read_item_spreadsheet};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Pieces that mean something in item files and expressions.
const PIECES: [&str; 40] = [
    "[draw]\n",
    "x = ",
    "{ from = 1, to = 9 }",
    "{ choose = [\"a\", \"b\"] }",
    "{ day_from = 2026-01-01, day_to = 2026-02-01 }",
    ", count = 500",
    ", distinct = true",
    ", by = \"1\"",
    ", workdays = true",
    "\"sum(x)\"",
    "if(",
    "round(",
    "upto(500)",
    "at(x, 1)",
    "sort(x)",
    "{x}",
    "{x.1:rupiah}",
    "{x:long}",
    "{{",
    "}}",
    "{",
    "}",
    "(",
    ")",
    "'",
    "\"",
    "\"\"\"",
    "-",
    "1e308",
    "99999999999999999999",
    "0",
    "nan",
    "inf",
    "\u{0}",
    "\u{202e}",
    "é",
    "𝄞",
    "[[",
    "]]",
    "\n",
];

fn seconds() -> Duration {
    let given = std::env::var("MELEK_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(given.unwrap_or(2))
}

fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).expect("folder");
    entries.map(|entry| std::fs::read(entry.expect("entry").path()).expect("file")).collect()
}

fn read(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(item) = read_item("own-family", &text) {
        let _ = check_variants(&item, 3);
    }
}

/// One to four small changes: a piece put in, a stretch taken out, doubled or taken from another file, a byte changed.
fn broken(seeds: &[Vec<u8>], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = seeds.choose(rng).expect("seeds").clone();
    for _ in 0..rng.random_range(1..5) {
        let at = rng.random_range(0..=bytes.len());
        let end = (at + rng.random_range(0..40)).min(bytes.len());
        match rng.random_range(0..5) {
            0 => drop(bytes.splice(at..at, PIECES.choose(rng).expect("pieces").bytes())),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let stretch = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, stretch));
            }
            3 => {
                let other = seeds.choose(rng).expect("seeds");
                let from = rng.random_range(0..=other.len());
                let stretch = other[from..(from + 60).min(other.len())].to_vec();
                drop(bytes.splice(at..end, stretch));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = rng.random();
                }
            }
        }
    }
    bytes
}

/// Runs `read` on broken inputs for a while; an input that panics is written down before.
fn fuzz(seeds: &[Vec<u8>], name: &str, read: fn(&[u8])) {
    let (begun, mut rng) = (Instant::now(), ChaCha8Rng::seed_from_u64(begun_at()));
    let mut tried = 0_u64;
    while begun.elapsed() < seconds() {
        let input = broken(seeds, &mut rng);
        let kept = std::panic::catch_unwind(|| read(&input));
        if kept.is_err() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(format!("{name}-{tried}"));
            std::fs::write(&file, &input).expect("corpus");
            panic!("an input panics; it is kept as {}", file.display());
        }
        tried += 1;
    }
    println!("{name}: {tried} inputs");
}

/// Another start every long run; the same one in every short run.
fn begun_at() -> u64 {
    std::env::var("MELEK_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

#[test]
fn every_input_that_once_did_harm_is_read_without_a_panic() {
    files("tests/corpus").iter().for_each(|input| {
        read(input);
        let _ = read_item_spreadsheet(input);
    });
}

#[test]
fn no_broken_item_file_panics() {
    let seeds = [files("tests/items"), files("tests/corpus"), files("../../content/items")].concat();
    fuzz(&seeds, "item", read);
}

#[test]
fn no_broken_family_panics() {
    let seeds: Vec<Vec<u8>> = [files("tests/items"), files("../../content/items")].concat();
    let families = seeds.into_iter().filter(|bytes| String::from_utf8_lossy(bytes).contains("[draw]"));
    fuzz(&families.collect::<Vec<_>>(), "family", read);
}

#[test]
fn no_broken_spreadsheet_panics() {
    let file = toml::from_str(include_str!("items/1.2-basic-01.toml")).expect("TOML");
    let workbook = melek_assess::write_item_spreadsheet(&[("1.2-basic-01".to_owned(), file)].into()).expect("workbook");
    fuzz(&[workbook], "spreadsheet", |input| drop(read_item_spreadsheet(input)));
}
