//! Families: one file from which every person gets a variant of their own. The draw is a pure function of a seed and the
//! item's identifier; values are drawn and computed, texts are filled, and what comes out is read and checked like any other
//! item file. Every value has a stream of its own, so that the order of the lines in a file decides nothing. `docs/formats/items.md`, "Families".

mod draw_line;
mod evaluate;
mod expression;
mod fill;
mod value;
mod written;

use std::cell::Cell;
use std::collections::BTreeSet;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};
use toml::{Table, Value as Toml};

use draw_line::DrawLine;
pub(crate) use draw_line::day;
use evaluate::{evaluate, flag};
use fill::fill_file;
pub(crate) use value::Value;
pub(crate) use written::written;

/// Draws before a family is given up that does not meet its constraints: one draw in fifty is enough for all seeds ever used.
const MOST_ATTEMPTS: u64 = 2_000;
const MOST_VALUES: usize = 60;

/// Keys at the top whose parts are names or facts, the same in every variant.
const NOT_FILLED: [&str; 3] = ["sources", "topics", "parameters"];

/// The file of a family, taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// The file without `[draw]` and `constraints`.
    file: Table,
    draw: Vec<(String, DrawLine)>,
    constraints: Vec<String>,
}

/// Why a family cannot be drawn: a text to find the line by, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub anchor: String,
    pub reason: String,
}

/// The values of one draw by name, and the names of those not computed yet.
#[derive(Debug, Default)]
pub(crate) struct Values {
    known: Vec<(String, Value)>,
    waiting: BTreeSet<String>,
    /// A value was asked for that is not computed yet.
    missed: Cell<bool>,
}

impl Values {
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        self.waiting.remove(name);
        self.known.push((name.to_owned(), value));
    }

    /// The value or the part of one that a path such as `fees.1` names.
    fn look_up(&self, path: &str) -> Result<Value, String> {
        let mut parts = path.split('.');
        let name = parts.next().unwrap_or_default();
        let Some((_, value)) = self.known.iter().find(|(known, _)| known == name) else {
            self.missed.set(self.missed.get() || self.waiting.contains(name));
            let names: Vec<&str> = self.known.iter().map(|(name, _)| name.as_str()).collect();
            return Err(format!("there is no value `{name}`; there are {}", names.join(", ")));
        };
        value.part(&parts.collect::<Vec<_>>())
    }
}

impl Template {
    /// Takes `[draw]` and `constraints` out of a file; the rest is filled for every draw.
    pub fn new(mut file: Table) -> Result<Template, Vec<Fault>> {
        let fault = |anchor: &str, reason: String| Fault { anchor: anchor.to_owned(), reason };
        let (mut faults, mut draw) = (Vec::new(), Vec::new());
        match file.remove("draw") {
            Some(Toml::Table(lines)) if lines.len() <= MOST_VALUES => {
                for (name, line) in lines {
                    match read_line(&name, line) {
                        Ok(line) => draw.push((name, line)),
                        Err(reason) => faults.push(fault(&format!("{name} = "), reason)),
                    }
                }
            }
            _ => faults.push(fault("draw", format!("[draw] is a table of at most {MOST_VALUES} values"))),
        }
        let constraints = match file.remove("constraints").map(Toml::try_into::<Vec<String>>) {
            None => Vec::new(),
            Some(Ok(constraints)) => constraints,
            Some(Err(_)) => {
                let reason = "constraints is a list of expressions in quotes".to_owned();
                faults.push(fault("constraints", reason));
                Vec::new()
            }
        };
        if faults.is_empty() { Ok(Template { file, draw, constraints }) } else { Err(faults) }
    }

    /// The file of the variant that belongs to a seed.
    pub fn draw(&self, seed: u64, id: &str) -> Result<Table, Fault> {
        for attempt in 0..MOST_ATTEMPTS {
            let (values, fault) = self.values(&|name| generator(seed, id, attempt, name))?;
            if self.meets_constraints(&values)? {
                return fault.map_or_else(|| self.filled(&values), Err);
            }
        }
        let reason = format!("{MOST_ATTEMPTS} draws in a row did not meet the constraints; loosen them or the ranges");
        Err(Fault { anchor: "constraints".to_owned(), reason })
    }

    /// Computes what can be computed until nothing waits; what waits for itself is a circle. A value that cannot be computed in
    /// this draw is a fault, unless a constraint rejects the draw: what needs it goes on waiting.
    fn values(&self, generator: &dyn Fn(&str) -> ChaCha8Rng) -> Result<(Values, Option<Fault>), Fault> {
        let waiting = self.draw.iter().map(|(name, _)| name.clone()).collect();
        let mut values = Values { waiting, ..Values::default() };
        let mut fault = None;
        let mut lines: Vec<&(String, DrawLine)> = self.draw.iter().collect();
        while !lines.is_empty() {
            let mut later = Vec::new();
            for line in &lines {
                let (name, drawn) = line;
                values.missed.set(false);
                match drawn.value(&values, &mut generator(name)) {
                    Ok(value) => values.insert(name, value),
                    Err(_) if values.missed.get() => later.push(*line),
                    Err(reason) => fault = fault.or(Some(fault_of(name, reason))),
                }
            }
            if later.len() == lines.len() && fault.is_some() {
                break;
            }
            if later.len() == lines.len() {
                let reason = "it needs a value that needs this one; break the circle".to_owned();
                return Err(fault_of(&later[0].0, reason));
            }
            lines = later;
        }
        Ok((values, fault))
    }

    /// A constraint that asks for a value this draw does not have decides nothing.
    fn meets_constraints(&self, values: &Values) -> Result<bool, Fault> {
        for constraint in &self.constraints {
            values.missed.set(false);
            match evaluate(constraint, values).and_then(|value| flag(&value)) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(_) if values.missed.get() => {}
                Err(reason) => return Err(Fault { anchor: constraint.clone(), reason }),
            }
        }
        Ok(true)
    }

    fn filled(&self, values: &Values) -> Result<Table, Fault> {
        let mut file = self.file.clone();
        for (key, node) in &mut file {
            let is_part = !NOT_FILLED.contains(&key.as_str()) && matches!(node, Toml::Table(_) | Toml::Array(_));
            if is_part {
                fill_file(node, key, values).map_err(|unfilled| {
                    let first_line = unfilled.text.lines().next().unwrap_or_default().to_owned();
                    Fault { anchor: first_line, reason: unfilled.reason }
                })?;
            }
        }
        Ok(file)
    }
}

fn read_line(name: &str, line: Toml) -> Result<DrawLine, String> {
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let reserved = ["and", "or", "not", "true", "false"].contains(&name);
    if !is_name || reserved {
        return Err(format!("`{name}` cannot be a name; take lower-case letters, digits and _"));
    }
    DrawLine::read(line).map_err(|reason| format!("`{name}` cannot be read: {reason}"))
}

fn fault_of(name: &str, reason: String) -> Fault {
    Fault { anchor: format!("{name} = "), reason: format!("`{name}`: {reason}") }
}

/// The generator of one value of a draw: ChaCha8 keyed by SHA-256 of the seed and the names.
fn generator(seed: u64, id: &str, attempt: u64, name: &str) -> ChaCha8Rng {
    let mut hash = Sha256::new();
    hash.update(b"melek draw");
    hash.update(seed.to_le_bytes());
    hash.update(attempt.to_le_bytes());
    for text in [id, name] {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    }
    ChaCha8Rng::from_seed(hash.finalize().into())
}

/// Whether a text still holds something that looks like `{name}`.
pub(crate) fn holds_placeholder(text: &str) -> bool {
    text.split('{').skip(1).any(|rest| {
        let inside = rest.split_once('}').map_or("", |(inside, _)| inside);
        inside.starts_with(|c: char| c.is_ascii_lowercase())
            && inside.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b':'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of a draw of these lines, written in English.
    fn drawn(lines: &str, shown: &str, seed: u64) -> String {
        let source = format!("[draw]\n{lines}\n[stem]\nid = \"{shown}\"\nen = \"{shown}\"\n");
        let template = Template::new(toml::from_str(&source).expect("TOML"));
        let template = template.unwrap_or_else(|faults| panic!("{faults:?}"));
        let file = template.draw(seed, "own-x").unwrap_or_else(|fault| panic!("{fault:?}"));
        file["stem"]["en"].as_str().expect("text").to_owned()
    }

    #[test]
    fn every_way_to_draw_gives_what_the_document_says() {
        for seed in 0..200 {
            let number: f64 = drawn("n = { from = 0.5, to = 2, step = 0.5 }", "{n}", seed).parse().expect("number");
            assert!([0.5, 1.0, 1.5, 2.0].contains(&number), "{number}");
            let day = drawn("d = { day_from = 2026-03-06, day_to = 2026-03-09, workdays = true }", "{d:iso}", seed);
            assert!(["2026-03-06", "2026-03-09"].contains(&day.as_str()), "{day}");
            let order = drawn("x = { choose = [\"a\", \"b\", \"c\"], distinct = true }", "{x.1}{x.2}{x.3}", seed);
            let mut letters: Vec<char> = order.chars().collect();
            letters.sort_unstable();
            assert_eq!(letters, ['a', 'b', 'c']);
            let carried = "x = { choose = [{ id = \"a\", en = \"a\", d = 1 }, { id = \"b\", en = \"b\", d = 2 }] }";
            assert!(["a1", "b2"].contains(&drawn(carried, "{x}{x.d}", seed).as_str()));
        }
    }

    #[test]
    fn computed_values_may_stand_before_what_they_need() {
        let lines = "v = { choose = [\"small\", \"large\"], by = \"if(n > 5, 2, 1)\" }\n\
                     t = { id = \"{v} {n}\", en = \"{v} {n}\" }\nn = { from = 9, to = 9 }";
        assert_eq!(drawn(lines, "{t:capital}", 1), "Large 9");
        assert_eq!(drawn("many = { choose = [\"x\", \"y\"], by = \"upto(2)\" }", "{many.2}", 1), "y");
        assert_eq!(drawn("n = { from = \"a\", to = \"a + 0\" }\na = \"7\"", "{n} {{n}}", 1), "7 {n}");
    }

    #[test]
    fn the_order_of_the_lines_does_not_change_a_draw() {
        let (first, second) = ("a = { from = 1, to = 1000000 }", "b = { from = 1, to = 1000000 }");
        let shown = "{a} {b}";
        assert_eq!(drawn(&format!("{first}\n{second}"), shown, 3), drawn(&format!("{second}\n{first}"), shown, 3));
        assert_ne!(drawn(first, "{a}", 3), drawn(second, "{b}", 3));
    }

    #[test]
    fn every_number_of_a_range_is_drawn_about_as_often() {
        let mut counts = [0_u32; 6];
        for seed in 0..6_000 {
            let number: usize = drawn("n = { from = 1, to = 6 }", "{n}", seed).parse().expect("number");
            counts[number - 1] += 1;
        }
        // Five standard deviations of a binomial count around 1,000.
        assert!(counts.iter().all(|count| count.abs_diff(1_000) < 145), "{counts:?}");
    }

    #[test]
    fn a_placeholder_left_over_is_seen() {
        for text in ["{a}", "x {total:rupiah} y", "{a.1}"] {
            assert!(holds_placeholder(text), "{text}");
        }
        for text in ["{A}", "{ a }", "{}", "a}", "{1}", "no"] {
            assert!(!holds_placeholder(text), "{text}");
        }
    }
}
