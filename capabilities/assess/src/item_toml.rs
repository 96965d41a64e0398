//! An item file taken apart into lines for a spreadsheet, and put together again: a line is a text in both languages or one other
//! value. Putting together what was taken apart gives an equal TOML document; comments and layout are not kept.

use toml::{Table, Value};

/// One line of a spreadsheet of items.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemLine {
    /// Where in the file: `stem`, `options.2`, `options.2.why_*` (of `why_id` and `why_en`), `draw.village.choose.1`.
    pub place: String,
    pub id: Option<String>,
    pub en: Option<String>,
    /// Any other value, as TOML writes it: `"office"`, `60`, `true`, `[]`.
    pub value: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PutTogetherError {
    #[error("`{0}` is not a place in an item file; copy it from an export")]
    Place(String),
    #[error("`{value}` is not a value; write it as TOML does: \"text\", 60, true, 2026-03-02, [1, 2]")]
    Value { value: String },
    #[error("`{0}` stands twice, or beside something that stands in its place")]
    Twice(String),
    #[error("`{0}` has neither texts nor a value")]
    Empty(String),
    #[error("the file would not be TOML: {0}")]
    Toml(#[from] toml::ser::Error),
}

/// The lines of a file in its order.
pub fn taken_apart(file: &Table) -> Vec<ItemLine> {
    let mut lines = Vec::new();
    take_table("", file, &mut lines);
    lines
}

fn take(place: &str, value: &Value, lines: &mut Vec<ItemLine>) {
    match value {
        Value::Table(table) if !table.is_empty() => take_table(place, table, lines),
        Value::Array(members) if members.iter().any(|member| matches!(member, Value::Table(_) | Value::Array(_))) => {
            for (index, member) in members.iter().enumerate() {
                take(&format!("{place}.{}", index + 1), member, lines);
            }
        }
        other => {
            lines.push(ItemLine { place: place.to_owned(), value: Some(other.to_string()), ..ItemLine::default() })
        }
    }
}

fn take_table(place: &str, table: &Table, lines: &mut Vec<ItemLine>) {
    let below = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    let text = |key: &str| table.get(key).and_then(Value::as_str).map(str::to_owned);
    for (key, value) in table {
        let stem = key.strip_suffix("id").filter(|stem| stem.is_empty() || stem.ends_with('_'));
        let other = key.strip_suffix("en").filter(|stem| stem.is_empty() || stem.ends_with('_'));
        // Both languages stand together where the Indonesian text stands, the English one directly after it.
        let pair =
            stem.filter(|_| !place.is_empty()).and_then(|stem| Some((stem, text(key)?, text(&format!("{stem}en"))?)));
        if let Some((stem, id, en)) = pair {
            let place = if stem.is_empty() { place.to_owned() } else { below(&format!("{stem}*")) };
            lines.push(ItemLine { place, id: Some(id), en: Some(en), value: None });
            continue;
        }
        let was_paired = other
            .filter(|_| !place.is_empty())
            .is_some_and(|stem| text(key).is_some() && text(&format!("{stem}id")).is_some());
        if !was_paired {
            take(&below(key), value, lines);
        }
    }
}

/// The text of a file from its lines.
pub fn put_together(lines: &[ItemLine]) -> Result<String, PutTogetherError> {
    let mut root = Node::default();
    for line in lines {
        let names: Vec<&str> = line.place.split('.').collect();
        if names.iter().any(|name| name.is_empty()) {
            return Err(PutTogetherError::Place(line.place.clone()));
        }
        match (&line.id, &line.en, &line.value) {
            (Some(id), Some(en), None) => root.put_text(&names, id, en),
            (None, None, Some(value)) => root.put(&names, read_value(value)?),
            _ => return Err(PutTogetherError::Empty(line.place.clone())),
        }
        .map_err(|Occupied| PutTogetherError::Twice(line.place.clone()))?;
    }
    let Value::Table(file) = root.value() else { return Err(PutTogetherError::Place(String::new())) };
    Ok(toml::to_string_pretty(&file)?)
}

fn read_value(written: &str) -> Result<Value, PutTogetherError> {
    let wrong = || PutTogetherError::Value { value: written.to_owned() };
    let mut table: Table = toml::from_str(&format!("value = {written}")).map_err(|_| wrong())?;
    let value = table.remove("value").ok_or_else(wrong)?;
    if table.is_empty() { Ok(value) } else { Err(wrong()) }
}

/// A place that is filled already.
struct Occupied;

/// A part of a file while its lines come in: a value, or parts by name or number.
#[derive(Default)]
struct Node {
    value: Option<Value>,
    parts: Vec<(String, Node)>,
}

impl Node {
    fn put_text(&mut self, names: &[&str], id: &str, en: &str) -> Result<(), Occupied> {
        let (last, above) = names.split_last().ok_or(Occupied)?;
        let (before, prefix) = last.strip_suffix('*').map_or((names, ""), |prefix| (above, prefix));
        for (language, text) in [("id", id), ("en", en)] {
            let key = format!("{prefix}{language}");
            let path: Vec<&str> = before.iter().copied().chain([key.as_str()]).collect();
            self.put(&path, Value::String(text.to_owned()))?;
        }
        Ok(())
    }

    fn put(&mut self, names: &[&str], value: Value) -> Result<(), Occupied> {
        let Some((first, rest)) = names.split_first() else {
            let free = self.value.is_none() && self.parts.is_empty();
            self.value = Some(value);
            return if free { Ok(()) } else { Err(Occupied) };
        };
        if self.value.is_some() {
            return Err(Occupied);
        }
        let known = self.parts.iter().position(|(name, _)| name == first);
        let index = known.unwrap_or_else(|| {
            self.parts.push(((*first).to_owned(), Node::default()));
            self.parts.len() - 1
        });
        self.parts[index].1.put(rest, value)
    }

    /// Parts called 1, 2, 3 … are the members of an array.
    fn value(self) -> Value {
        if let Some(value) = self.value {
            return value;
        }
        let numbered = self.parts.iter().enumerate().all(|(index, (name, _))| *name == (index + 1).to_string());
        if numbered && !self.parts.is_empty() {
            return Value::Array(self.parts.into_iter().map(|(_, part)| part.value()).collect());
        }
        Value::Table(self.parts.into_iter().map(|(name, part)| (name, part.value())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(source: &str) {
        let file: Table = toml::from_str(source).expect("TOML");
        let text = put_together(&taken_apart(&file)).unwrap_or_else(|error| panic!("{error}\n{source}"));
        assert_eq!(toml::from_str::<Table>(&text).expect("TOML"), file, "{text}");
    }

    #[test]
    fn every_item_comes_back_equal() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/items");
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                round(&std::fs::read_to_string(path).expect("text"));
            }
        }
    }

    #[test]
    fn families_and_materials_come_back_equal() {
        let document = include_str!("../../../docs/formats/items.md");
        document.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).for_each(round);
    }

    #[test]
    fn a_text_stands_in_one_line_with_both_languages() {
        let file: Table = toml::from_str("id = \"x\"\n[stem]\nid = \"a\"\nen = \"b\"").expect("TOML");
        let lines = taken_apart(&file);
        assert_eq!(
            (lines[1].place.as_str(), lines[1].id.as_deref(), lines[1].en.as_deref()),
            ("stem", Some("a"), Some("b"))
        );
    }

    #[test]
    fn what_cannot_be_put_together_is_named() {
        let line = |place: &str, value: &str| ItemLine {
            place: place.into(),
            value: Some(value.into()),
            ..ItemLine::default()
        };
        assert_eq!(put_together(&[line("a..b", "1")]), Err(PutTogetherError::Place("a..b".into())));
        assert_eq!(put_together(&[line("a", "office")]), Err(PutTogetherError::Value { value: "office".into() }));
        assert_eq!(put_together(&[line("a", "1\nb = 2")]), Err(PutTogetherError::Value { value: "1\nb = 2".into() }));
        assert_eq!(put_together(&[line("a", "1"), line("a", "2")]), Err(PutTogetherError::Twice("a".into())));
        assert_eq!(put_together(&[line("a", "1"), line("a.b", "2")]), Err(PutTogetherError::Twice("a.b".into())));
        assert_eq!(
            put_together(&[ItemLine { place: "a".into(), ..ItemLine::default() }]),
            Err(PutTogetherError::Empty("a".into()))
        );
    }
}
