//! The form of an item, found in its page, and a valid answer to it drawn by chance.
//!
//! Reads no more than names and values of fields; that they are there, and what they mean, is promised by `assess`.

use rand::seq::SliceRandom as _;
use rand::{Rng, RngExt as _};

/// The item before a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemForm {
    /// Where the answer goes: `/sessions/{session}/{position}`.
    pub action: String,
    pub csrf: String,
    input: Input,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Input {
    One {
        places: Vec<String>,
    },
    Several {
        places: Vec<String>,
    },
    /// As many fields `a1`, `a2` …, each with another place.
    Places {
        fields: Vec<String>,
        places: Vec<String>,
    },
    Number,
}

impl ItemForm {
    /// None when the page holds no item.
    pub fn find(page: &str) -> Option<Self> {
        let form = page.split("<form ").skip(1).find(|form| form.contains("data-fragment"))?.split("</form>").next()?;
        let action = value(form, "action")?.to_owned();
        let csrf = csrf(form)?.to_owned();
        Some(Self { action, csrf, input: Input::find(form) })
    }

    /// The position of the item in its session, from 1.
    pub fn position(&self) -> Option<i64> {
        self.action.rsplit('/').next()?.parse().ok()
    }

    /// A form body as the page's script sends it, with the time the device says it took.
    pub fn answer(&self, elapsed_ms: i64, rng: &mut impl Rng) -> String {
        let chosen = match &self.input {
            Input::One { places } => format!("&a={}", places[rng.random_range(0..places.len())]),
            Input::Several { places } => {
                let sure = rng.random_range(0..places.len());
                let chosen = places.iter().enumerate().filter(|(index, _)| *index == sure || rng.random_bool(0.4));
                chosen.map(|(_, place)| format!("&a={place}")).collect()
            }
            Input::Places { fields, places } => {
                let mut places = places.clone();
                places.shuffle(rng);
                fields.iter().zip(places).map(|(field, place)| format!("&{field}={place}")).collect()
            }
            Input::Number => format!("&a={}", rng.random_range(1..=200)),
        };
        format!("csrf={}&elapsed={elapsed_ms}{chosen}", self.csrf)
    }
}

impl Input {
    fn find(form: &str) -> Self {
        let places = |kind: &str| -> Vec<String> {
            let inputs = form.split("<input ").skip(1).filter(|input| value(input, "type") == Some(kind));
            inputs.filter_map(|input| value(input, "value").map(str::to_owned)).collect()
        };
        let (one, several) = (places("radio"), places("checkbox"));
        let selects: Vec<&str> = form.split("<select ").skip(1).collect();
        if !one.is_empty() {
            Self::One { places: one }
        } else if !several.is_empty() {
            Self::Several { places: several }
        } else if let Some(first) = selects.first() {
            let fields = selects.iter().filter_map(|select| value(select, "name").map(str::to_owned)).collect();
            let first = first.split("</select>").next().unwrap_or_default();
            let options = first.split("<option ").skip(1).filter_map(|option| value(option, "value"));
            let places = options.filter(|place| !place.is_empty()).map(str::to_owned).collect();
            Self::Places { fields, places }
        } else {
            Self::Number
        }
    }
}

/// The token of the first form of a page or part of a page.
pub fn csrf(page: &str) -> Option<&str> {
    page.split_once("name=\"csrf\" value=\"")?.1.split('"').next()
}

/// The value of an attribute in the tag with which the text begins.
fn value<'html>(text: &'html str, attribute: &str) -> Option<&'html str> {
    let tag = text.split('>').next()?;
    tag.split_once(&format!("{attribute}=\""))?.1.split('"').next()
}
