//! How numbers, dates and times look in each language; the only place that knows.
//!
//! Indonesian: 12.000 · 1,5 · 24 November 2026 pukul 14.05 WIB. English: 12,000 · 1.5 · 24 November 2026, 14:05 WIB.
//! Times are epoch milliseconds shown in the zone of the installation ([`Zone`], Western Indonesian Time by default);
//! the zone's name always stands beside a time of day, so a page read elsewhere still tells the truth.

use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

use crate::Locale;

const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Offset from UTC in which times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    utc_offset_minutes: i32,
}

impl Default for Zone {
    fn default() -> Self {
        Self::new(420)
    }
}

impl Zone {
    /// 420 is WIB, 480 WITA, 540 WIT.
    pub const fn new(utc_offset_minutes: i32) -> Self {
        Self { utc_offset_minutes }
    }

    /// WIB, WITA, WIT, or UTC+hh:mm elsewhere.
    pub fn name(self) -> String {
        match self.utc_offset_minutes {
            420 => "WIB".to_owned(),
            480 => "WITA".to_owned(),
            540 => "WIT".to_owned(),
            minutes => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }

    /// 24 November 2026
    pub fn date(self, locale: Locale, ms: i64) -> String {
        day(locale, self.local(ms).date())
    }

    /// 24 November 2026 pukul 14.05 WIB; 24 November 2026, 14:05 WIB
    pub fn date_time(self, locale: Locale, ms: i64) -> String {
        let date = self.date(locale, ms);
        let time = self.time(locale, ms);
        match locale {
            Locale::Id => format!("{date} pukul {time}"),
            Locale::En => format!("{date}, {time}"),
        }
    }

    /// 14.05 WIB; 14:05 WIB
    pub fn time(self, locale: Locale, ms: i64) -> String {
        let moment = self.local(ms);
        let separator = match locale {
            Locale::Id => '.',
            Locale::En => ':',
        };
        let (hour, minute) = (moment.hour(), moment.minute());
        format!("{hour:02}{separator}{minute:02} {}", self.name())
    }

    /// 2026-11-24: for `datetime` attributes, date inputs and file names.
    pub fn iso_date(self, ms: i64) -> String {
        let moment = self.local(ms);
        let month = u8::from(moment.month());
        format!("{:04}-{month:02}-{:02}", moment.year(), moment.day())
    }

    /// First millisecond of a day written as 2026-11-24, the value of a date input; `None` for anything else.
    pub fn day_start(self, typed: &str) -> Option<i64> {
        let date = Date::parse(typed.trim(), format_description!("[year]-[month]-[day]")).ok()?;
        let utc_ms = date.midnight().assume_utc().unix_timestamp() * 1_000;
        (1970..=9999).contains(&date.year()).then(|| utc_ms - i64::from(self.utc_offset_minutes) * 60_000)
    }

    fn local(self, ms: i64) -> OffsetDateTime {
        let offset = UtcOffset::from_whole_seconds(self.utc_offset_minutes * 60);
        OffsetDateTime::from_unix_timestamp(ms.div_euclid(1_000))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(offset.unwrap_or(UtcOffset::UTC))
    }
}

/// 24 November 2026, in WIB.
pub fn date(locale: Locale, ms: i64) -> String {
    Zone::default().date(locale, ms)
}

/// 24 November 2026 pukul 14.05 WIB.
pub fn date_time(locale: Locale, ms: i64) -> String {
    Zone::default().date_time(locale, ms)
}

/// 24 November 2026, of a day that belongs to no zone.
pub fn day(locale: Locale, day: Date) -> String {
    let months = match locale {
        Locale::Id => MONTHS_ID,
        Locale::En => MONTHS_EN,
    };
    format!("{} {} {}", day.day(), months[usize::from(u8::from(day.month())) - 1], day.year())
}

/// Selasa; Tuesday.
pub fn weekday(locale: Locale, day: Date) -> &'static str {
    let days = match locale {
        Locale::Id => ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
        Locale::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    };
    days[usize::from(day.weekday().number_days_from_monday())]
}

/// 12.000 in Indonesian, 12,000 in English.
pub fn integer(locale: Locale, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let grouped = group(locale, &digits);
    if number < 0 { format!("−{grouped}") } else { grouped }
}

/// 1,50 in Indonesian, 1.50 in English, always with `places` decimals; a number that rounds to zero has no sign.
pub fn decimal(locale: Locale, number: f64, places: usize) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let plain = format!("{:.places$}", number.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let comma = match locale {
        Locale::Id => ',',
        Locale::En => '.',
    };
    let is_zero = plain.bytes().all(|byte| byte == b'0' || byte == b'.');
    let sign = if number < 0.0 && !is_zero { "−" } else { "" };
    let whole = group(locale, whole);
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{comma}{fraction}") }
}

/// A share from 0 to 1 as whole per cent: 0.824 is 82%. Near certainty stays short of it: 0.998 is >99%, 0.003 is <1%.
pub fn percent(locale: Locale, share: f64) -> String {
    if share > 0.0 && share < 0.005 {
        return "<1%".to_owned();
    }
    if (0.995..1.0).contains(&share) {
        return ">99%".to_owned();
    }
    format!("{}%", decimal(locale, share * 100.0, 0))
}

/// 45 detik; 2 menit; 1 jam 5 menit. Rounded to the nearest of the unit shown; seconds only below a minute.
pub fn duration(locale: Locale, ms: i64) -> String {
    let seconds = (ms.max(0) + 500) / 1_000;
    let minutes = (seconds + 30) / 60;
    let words = match locale {
        Locale::Id => ["detik", "menit", "jam"],
        Locale::En => ["sec", "min", "h"],
    };
    match (seconds, minutes) {
        (0..60, _) => format!("{seconds} {}", words[0]),
        (_, 0..60) => format!("{minutes} {}", words[1]),
        (_, _) if minutes % 60 == 0 => format!("{} {}", minutes / 60, words[2]),
        (_, _) => format!("{} {} {} {}", minutes / 60, words[2], minutes % 60, words[1]),
    }
}

fn group(locale: Locale, digits: &str) -> String {
    let separator = match locale {
        Locale::Id => '.',
        Locale::En => ',',
    };
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24T07:05:00Z
    const MOMENT_MS: i64 = 1_795_503_900_000;

    #[test]
    fn thousands_and_decimals_follow_the_language() {
        assert_eq!(integer(Locale::Id, 12_000), "12.000");
        assert_eq!(integer(Locale::En, -1_234_567), "−1,234,567");
        assert_eq!(integer(Locale::Id, 999), "999");
        assert_eq!(decimal(Locale::Id, 1.5, 1), "1,5");
        assert_eq!(decimal(Locale::En, -12_345.678, 2), "−12,345.68");
        assert_eq!(decimal(Locale::Id, -0.001, 1), "0,0");
        assert_eq!(decimal(Locale::Id, f64::NAN, 1), "–");
    }

    #[test]
    fn a_day_has_its_name_in_both_languages() {
        let date = Date::from_calendar_date(2026, time::Month::August, 17).expect("date");
        assert_eq!((day(Locale::Id, date), weekday(Locale::Id, date)), ("17 Agustus 2026".to_owned(), "Senin"));
        assert_eq!((day(Locale::En, date), weekday(Locale::En, date)), ("17 August 2026".to_owned(), "Monday"));
    }

    #[test]
    fn percent_never_claims_certainty_it_does_not_have() {
        assert_eq!(percent(Locale::Id, 0.824), "82%");
        assert_eq!(percent(Locale::Id, 0.998), ">99%");
        assert_eq!(percent(Locale::Id, 0.003), "<1%");
        assert_eq!(percent(Locale::Id, 1.0), "100%");
        assert_eq!(percent(Locale::Id, 0.0), "0%");
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_zone() {
        let zone = Zone::new(420);
        assert_eq!(zone.day_start("2026-12-01"), Some(1_796_058_000_000));
        assert_eq!(zone.iso_date(1_796_058_000_000), "2026-12-01");
        assert_eq!(zone.iso_date(1_796_057_999_999), "2026-11-30");
        assert_eq!((zone.day_start("2026-02-30"), zone.day_start("1 Mei")), (None, None));
    }

    #[test]
    fn dates_and_times_follow_language_and_zone() {
        assert_eq!(date(Locale::Id, MOMENT_MS), "24 November 2026");
        assert_eq!(date_time(Locale::Id, MOMENT_MS), "24 November 2026 pukul 14.05 WIB");
        assert_eq!(Zone::new(540).date_time(Locale::En, MOMENT_MS), "24 November 2026, 16:05 WIT");
        assert_eq!(Zone::new(-90).name(), "UTC-01:30");
        assert_eq!(Zone::default().iso_date(MOMENT_MS), "2026-11-24");
    }

    #[test]
    fn the_day_is_that_of_the_zone_not_of_greenwich() {
        // 2026-08-16T18:30Z is already 17 August in Jakarta.
        assert_eq!(date(Locale::Id, 1_786_905_000_000), "17 Agustus 2026");
    }

    #[test]
    fn durations_are_short_and_rounded() {
        assert_eq!(duration(Locale::Id, 44_600), "45 detik");
        assert_eq!(duration(Locale::Id, 119_000), "2 menit");
        assert_eq!(duration(Locale::En, 3_900_000), "1 h 5 min");
        assert_eq!(duration(Locale::Id, 7_200_000), "2 jam");
    }
}
