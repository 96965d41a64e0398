//! `melek items statistics`: what a bank is made of, whether it gives keys away, what it misses of its goals.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use melek_assess::{BankStatistics, Compared};
use serde_json::{Value, json};

use super::items_of;
use crate::output::say;

#[derive(Args)]
pub struct Statistics {
    /// Folder with one .toml file an item, such as content/items
    folder: PathBuf,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Statistics) -> Result<()> {
    let statistics = BankStatistics::of(&items_of(&arguments.folder)?);
    if arguments.json {
        say(&as_json(&statistics).to_string());
    } else {
        say(&format!("{} items", statistics.items));
        tell_counts(&statistics);
        tell_figures(&statistics);
    }
    Ok(())
}

pub fn tell_counts(statistics: &BankStatistics) {
    for (group, counts) in &statistics.counts {
        let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        say(&format!("{group}: {}", counts.join(", ")));
    }
}

pub fn tell_figures(statistics: &BankStatistics) {
    say(&format!("not single choice: {}", percent(statistics.not_single_choice)));
    let places = statistics.key_places.iter().enumerate();
    let places: Vec<String> = places
        .map(|(index, place)| format!("{} {} (even {})", index + 1, percent(place.share), percent(place.by_chance)))
        .collect();
    say(&format!("single choice, place of the key: {}", places.join(", ")));
    for (language, longest) in &statistics.longest_is_key {
        let (share, chance) = (percent(longest.share), percent(longest.by_chance));
        say(&format!("single choice, the longest option is the key ({language}): {share} (by chance {chance})"));
    }
    for (language, reading) in &statistics.reading {
        let (words, ease) = (reading.median_words, reading.median_ease);
        say(&format!("reading ({language}): median {words:.0} words, median {} {ease:.0}", reading.formula));
    }
    let (covered, all) = statistics.outcomes;
    say(&format!("learning outcomes with an item: {covered} of {all}"));
    let alike = &statistics.alike;
    say(&format!(
        "pairs that share {} or more of their runs of three words: {}",
        percent(statistics.alike_from),
        alike.len()
    ));
    for pair in alike {
        say(&format!("  {} and {}: {}", pair.first, pair.second, percent(pair.similarity)));
    }
    say(if statistics.misses.is_empty() { "misses: none" } else { "misses:" });
    statistics.misses.iter().for_each(|miss| say(&format!("  {miss}")));
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

pub fn as_json(statistics: &BankStatistics) -> Value {
    let places = statistics.key_places.iter().map(compared).collect::<Vec<_>>();
    let reading = statistics.reading.iter().map(|(language, reading)| {
        let reading =
            json!({"median_words": reading.median_words, "formula": reading.formula, "median_ease": reading.median_ease});
        (*language, reading)
    });
    let alike = statistics.alike.iter();
    let alike = alike.map(|pair| json!({"first": pair.first, "second": pair.second, "similarity": pair.similarity}));
    json!({
        "items": statistics.items,
        "counts": statistics.counts,
        "not_single_choice": statistics.not_single_choice,
        "key_places": places,
        "longest_option_is_key": longest_as_json(statistics),
        "reading": reading.collect::<BTreeMap<_, _>>(),
        "outcomes": {"covered": statistics.outcomes.0, "all": statistics.outcomes.1},
        "alike_from": statistics.alike_from,
        "alike": alike.collect::<Vec<_>>(),
        "misses": statistics.misses,
    })
}

pub fn longest_as_json(statistics: &BankStatistics) -> Value {
    statistics.longest_is_key.iter().map(|(language, longest)| ((*language).to_owned(), compared(longest))).collect()
}

fn compared(compared: &Compared) -> Value {
    json!({"share": compared.share, "by_chance": compared.by_chance})
}
