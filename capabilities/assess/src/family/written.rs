//! How a value of a family is written in a text of one language: `{fee:rupiah}`, `{day:long}`. The formats are listed in
//! `docs/formats/items.md`, "Where values stand".

use melek_web::{Locale, format};
use time::Date;

use super::evaluate::settled;
use super::value::{Value, Word};

/// Most decimal places a number may have where no format says how many to write.
const MOST_PLACES: usize = 3;

/// Writes `value` as `format` says; an empty format is the usual one of its kind.
pub(crate) fn written(value: &Value, format: &str, locale: Locale) -> Result<String, String> {
    match value {
        Value::Number(number) => number_written(*number, format, locale),
        Value::Day(day) => day_written(*day, format, locale),
        Value::Word(word) => word_written(word, format, locale),
        Value::Flag(_) => Err("a truth value cannot be written in a text; choose a text with `by`".to_owned()),
        Value::List(_) => Err("a list cannot be written in a text; name a member, such as `.1`".to_owned()),
    }
}

fn number_written(number: f64, form: &str, locale: Locale) -> Result<String, String> {
    match form {
        "" => Ok(format::decimal(locale, number, places(number)?)),
        "0" | "1" | "2" | "3" => Ok(format::decimal(locale, number, form.parse().unwrap_or_default())),
        "plain" => Ok(settled(number).to_string()),
        "rupiah" if settled(number).fract() == 0.0 => Ok(format!("Rp{}", format::decimal(locale, number, 0))),
        "rupiah" => Err(format!("Rp{number} is not a whole number of rupiah; use round()")),
        "percent" => Ok(format!("{}%", format::decimal(locale, number, places(number)?))),
        "time" => time_written(number, locale),
        _ => Err(unknown(form, "a number", "0, 1, 2, 3, plain, rupiah, percent, time")),
    }
}

/// Decimal places the number has; an error when they are more than a person should read.
fn places(number: f64) -> Result<usize, String> {
    let places = settled(number).to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if places > MOST_PLACES {
        return Err(format!("{number} has more than {MOST_PLACES} decimal places; use round() or a format such as :2"));
    }
    Ok(places)
}

fn time_written(minutes: f64, locale: Locale) -> Result<String, String> {
    if minutes.fract() != 0.0 || !(0.0..1440.0).contains(&minutes) {
        return Err(format!("{minutes} is not a whole number of minutes after midnight"));
    }
    let (hour, minute) = (minutes as u32 / 60, minutes as u32 % 60);
    let separator = if locale == Locale::Id { '.' } else { ':' };
    Ok(format!("{hour:02}{separator}{minute:02}"))
}

fn day_written(day: Date, form: &str, locale: Locale) -> Result<String, String> {
    let (number, month, year) = (day.day(), u8::from(day.month()), day.year());
    match form {
        "" | "date" => Ok(format::day(locale, day)),
        "weekday" => Ok(format::weekday(locale, day).to_owned()),
        "long" => Ok(format!("{}, {}", format::weekday(locale, day), format::day(locale, day))),
        "short" => Ok(format!("{number:02}/{month:02}/{year}")),
        "iso" => Ok(format!("{year:04}-{month:02}-{number:02}")),
        _ => Err(unknown(form, "a date", "date, weekday, long, short, iso")),
    }
}

fn word_written(word: &Word, form: &str, locale: Locale) -> Result<String, String> {
    let text = word.text.get(locale);
    match form {
        "" => Ok(text.to_owned()),
        "lower" => Ok(text.to_lowercase()),
        "capital" => {
            let mut letters = text.chars();
            Ok(letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect()))
        }
        _ => Err(unknown(form, "a text", "capital, lower")),
    }
}

fn unknown(form: &str, kind: &str, known: &str) -> String {
    format!("`{form}` is no format of {kind}; there are {known}")
}

#[cfg(test)]
mod tests {
    use time::Month;

    use super::*;

    #[test]
    fn values_are_written_as_each_language_does() {
        let both = |value: &Value, form| Locale::ALL.map(|locale| written(value, form, locale).expect("written"));
        let number = Value::Number(1_250_000.0);
        assert_eq!(both(&number, "rupiah"), ["Rp1.250.000", "Rp1,250,000"]);
        assert_eq!(both(&Value::Number(12.5), ""), ["12,5", "12.5"]);
        assert_eq!(both(&Value::Number(2026.0), "plain"), ["2026", "2026"]);
        assert_eq!(both(&Value::Number(570.0), "time"), ["09.30", "09:30"]);
        let day = Value::Day(Date::from_calendar_date(2026, Month::March, 3).expect("date"));
        assert_eq!(both(&day, "long"), ["Selasa, 3 Maret 2026", "Tuesday, 3 March 2026"]);
        assert_eq!(both(&day, "iso"), ["2026-03-03", "2026-03-03"]);
    }

    #[test]
    fn a_number_with_endless_decimals_is_refused() {
        let reason = written(&Value::Number(1.0 / 3.0), "", Locale::Id).expect_err("endless");
        assert!(reason.contains("use round()"), "{reason}");
        assert_eq!(written(&Value::Number(1.0 / 3.0), "2", Locale::En).as_deref(), Ok("0.33"));
    }
}
