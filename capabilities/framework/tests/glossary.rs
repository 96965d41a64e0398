//! Every term of the glossary is translated one way: the rule of `content/frameworks/digcomp3/README.md`, "Glossary check".

use std::path::Path;

use melek_framework::{Text, framework};

struct Term {
    english: Vec<String>,
    accepted: Vec<Vec<String>>,
}

/// A word is a run of letters and digits, with single hyphens inside it, in lower case.
fn words(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let (mut words, mut word) = (Vec::new(), String::new());
    for (index, &character) in characters.iter().enumerate() {
        let next_is_word = characters.get(index + 1).is_some_and(|next| next.is_alphanumeric());
        if character.is_alphanumeric() || (character == '-' && !word.is_empty() && next_is_word) {
            word.extend(character.to_lowercase());
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

fn is_plural_of(word: &str, singular: &str) -> bool {
    let of_y = singular.strip_suffix('y').is_some_and(|stem| word == format!("{stem}ies"));
    word == singular || word == format!("{singular}s") || word == format!("{singular}es") || of_y
}

fn english_match(text: &[String], term: &[String]) -> bool {
    let last = term.len() - 1;
    text[..last] == term[..last] && is_plural_of(&text[last], &term[last])
}

fn indonesian_match(text: &[String], term: &[String]) -> bool {
    let last = term.len() - 1;
    text[..last] == term[..last] && (text[last] == term[last] || text[last] == format!("{}nya", term[last]))
}

/// Terms by number of words, then of characters, most first, then alphabetically.
fn glossary() -> Vec<Term> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/frameworks/digcomp3/glossary.csv");
    let mut reader = csv::Reader::from_path(path).expect("glossary");
    let mut rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("row")).collect();
    rows.sort_by_key(|row| {
        let english = row[0].to_lowercase();
        (std::cmp::Reverse(words(&english).len()), std::cmp::Reverse(english.chars().count()), english)
    });
    rows.iter()
        .map(|row| {
            let forms = row[2].split(';').filter(|form| !form.trim().is_empty());
            let accepted = std::iter::once(&row[1]).chain(forms).map(words).collect();
            Term { english: words(&row[0]), accepted }
        })
        .collect()
}

/// English terms of the text whose translation is none of the accepted ones.
fn findings(text: &Text, glossary: &[Term]) -> Vec<String> {
    let (english, indonesian) = (words(&text.en), words(&text.id));
    let mut taken = vec![false; english.len()];
    let mut findings = Vec::new();
    for term in glossary {
        let length = term.english.len();
        let mut matched = false;
        for start in 0..(english.len() + 1).saturating_sub(length) {
            let range = start..start + length;
            if taken[range.clone()].iter().all(|taken| !taken) && english_match(&english[range.clone()], &term.english)
            {
                taken[range].fill(true);
                matched = true;
            }
        }
        let accepted = |form: &Vec<String>| indonesian.windows(form.len()).any(|part| indonesian_match(part, form));
        if matched && !term.accepted.iter().any(accepted) {
            findings.push(format!("{:?} in {:?} is not {:?}", term.english.join(" "), text.id, term.accepted));
        }
    }
    findings
}

fn texts() -> Vec<&'static Text> {
    let framework = framework();
    let areas = framework.areas.iter().flat_map(|area| [&area.title, &area.descriptor]);
    let competences = framework.competences.iter().flat_map(|competence| [&competence.title, &competence.descriptor]);
    let levels = framework.levels.iter().flat_map(|level| [&level.descriptor, &level.purpose]);
    let outcomes = framework.outcomes.iter().map(|outcome| &outcome.text);
    let statements = framework.statements.iter().map(|statement| &statement.text);
    areas.chain(competences).chain(levels).chain(statements).chain(outcomes).collect()
}

#[test]
fn every_term_of_the_glossary_is_translated_one_way() {
    let glossary = glossary();
    assert!(glossary.len() > 100);
    let findings: Vec<String> = texts().into_iter().flat_map(|text| findings(text, &glossary)).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn a_term_translated_another_way_is_found() {
    let text = Text { en: "Protect personal data.".into(), id: "Melindungi data perorangan.".into() };
    assert_eq!(findings(&text, &glossary()).len(), 1);
}
