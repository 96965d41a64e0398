//! What the words in a cell mean: date, sex, kind of employee, kind of post, e-mail address.
//! Each reader takes a tidied text and answers `None` when it does not know; nothing is guessed.

use melek_framework::PostKind;
use time::{Date, Month};

use super::cell::{Cell, Content};
use super::columns::normalised;
use crate::nip::{EmployeeKind, Sex};

/// Serial numbers of spreadsheet days that can be a birth date (about 1913 to 2064); day 0 is 30 December 1899.
const SERIAL_DAYS: std::ops::RangeInclusive<i64> = 5_000..=60_000;
const SERIAL_EPOCH: Date = time::macros::date!(1899 - 12 - 30);

/// Day, month, year in the ways files write them; never month before day, never a year of two digits.
pub(crate) fn date(cell: &Cell) -> Option<Date> {
    match &cell.content {
        Content::Date(date) => Some(*date),
        Content::Number(number) => date_of_number(*number),
        Content::Text(text) => date_of_text(text),
        Content::Broken(_) => None,
    }
}

fn date_of_number(number: f64) -> Option<Date> {
    if number.fract() != 0.0 || !(0.0..1e9).contains(&number) {
        return None;
    }
    let whole = number as i64;
    if SERIAL_DAYS.contains(&whole) {
        return SERIAL_EPOCH.checked_add(time::Duration::days(whole));
    }
    date_of_text(&whole.to_string())
}

fn date_of_text(text: &str) -> Option<Date> {
    let text = text.trim().trim_start_matches('\'');
    let day_only = text.split_once('T').map_or(text, |(day, _)| if day.contains('-') { day } else { text });
    let mut parts: Vec<&str> = day_only.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    if parts.len() > 3 && parts[3].contains(':') {
        parts.truncate(3);
    }
    match parts.as_slice() {
        [whole] if whole.len() == 8 => calendar(whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?),
        [year, month, day] if year.len() == 4 => calendar(year, month, day),
        [day, month, year] if year.len() == 4 => calendar(year, month, day),
        _ => None,
    }
}

fn calendar(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 4;
    if !digits(year) || !digits(day) {
        return None;
    }
    let month = if digits(month) { month.parse().ok()? } else { month_by_name(month)? };
    Date::from_calendar_date(year.parse().ok()?, Month::try_from(month).ok()?, day.parse().ok()?).ok()
}

fn month_by_name(name: &str) -> Option<u8> {
    const MONTHS: [(&str, u8); 18] = [
        ("jan", 1),
        ("feb", 2),
        ("peb", 2),
        ("mar", 3),
        ("apr", 4),
        ("mei", 5),
        ("may", 5),
        ("jun", 6),
        ("jul", 7),
        ("agu", 8),
        ("ags", 8),
        ("aug", 8),
        ("sep", 9),
        ("okt", 10),
        ("oct", 10),
        ("nov", 11),
        ("des", 12),
        ("dec", 12),
    ];
    let name = name.to_lowercase();
    let start = name.get(..3)?;
    MONTHS.iter().find(|(known, _)| *known == start).map(|(_, month)| *month)
}

pub(crate) fn sex(text: &str) -> Option<Sex> {
    match normalised(text).as_str() {
        "M" | "L" | "LK" | "PRIA" | "LAKI LAKI" | "LAKI" | "LELAKI" | "MALE" | "1" => Some(Sex::Male),
        "F" | "P" | "PR" | "W" | "WANITA" | "PEREMPUAN" | "FEMALE" | "2" => Some(Sex::Female),
        _ => None,
    }
}

/// What a file says about how a person is employed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatedKind {
    Known(EmployeeKind),
    /// "ASN": the NIP decides between PNS and PPPK.
    AnyCivilServant,
}

pub(crate) fn employee_kind(text: &str) -> Option<StatedKind> {
    let words = normalised(text);
    let has = |word: &str| words.split(' ').any(|found| found == word);
    if has("NON") || has("BUKAN") || has("EKS") {
        None
    } else if has("PPPK") || has("P3K") || words.starts_with("PEGAWAI PEMERINTAH DENGAN PERJANJIAN KERJA") {
        Some(StatedKind::Known(EmployeeKind::Pppk))
    } else if has("PNS") || has("CPNS") || has("PNSD") || words.contains("PEGAWAI NEGERI SIPIL") {
        Some(StatedKind::Known(EmployeeKind::Pns))
    } else {
        match words.as_str() {
            "P" | "C" => Some(StatedKind::Known(EmployeeKind::Pns)),
            "ASN" | "APARATUR SIPIL NEGARA" => Some(StatedKind::AnyCivilServant),
            _ => None,
        }
    }
}

/// The kinds a post can be of after what the file says; the name of the post decides among several.
pub(crate) fn post_kinds(text: &str) -> Option<&'static [PostKind]> {
    use PostKind::{Administrator, Fungsional, Jpt, Pelaksana, Pengawas};
    let words = normalised(text);
    let name = words.strip_prefix("JABATAN ").unwrap_or(&words);
    match name {
        "STRUKTURAL" | "MANAJERIAL" | "ESELON" => Some(&[Pengawas, Administrator, Jpt]),
        "PIMPINAN TINGGI"
        | "PIMPINAN TINGGI UTAMA"
        | "PIMPINAN TINGGI MADYA"
        | "PIMPINAN TINGGI PRATAMA"
        | "JPT"
        | "JPT UTAMA"
        | "JPT MADYA"
        | "JPT PRATAMA"
        | "ESELON I"
        | "ESELON II" => Some(&[Jpt]),
        "ADMINISTRATOR" | "ESELON III" => Some(&[Administrator]),
        "PENGAWAS" | "ESELON IV" | "ESELON V" => Some(&[Pengawas]),
        "ADMINISTRASI" => Some(&[Pelaksana, Pengawas, Administrator]),
        "FUNGSIONAL"
        | "FUNGSIONAL TERTENTU"
        | "FUNGSIONAL KEAHLIAN"
        | "FUNGSIONAL KETERAMPILAN"
        | "FUNGSIONAL AHLI"
        | "FUNGSIONAL TERAMPIL"
        | "JF"
        | "JFT" => Some(&[Fungsional]),
        "PELAKSANA" | "FUNGSIONAL UMUM" | "JFU" | "JP" => Some(&[Pelaksana]),
        "NONMANAJERIAL" | "NON MANAJERIAL" => Some(&[Pelaksana, Fungsional]),
        "RANGKAP" => Some(&[Fungsional, Pengawas, Administrator, Jpt]),
        _ => None,
    }
}

/// The address in small letters, if it has the form of one.
pub(crate) fn email(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let local_fits = (1..=64).contains(&local.len())
        && local.chars().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let (_, top) = domain.rsplit_once('.')?;
    let domain_fits = domain.len() <= 253
        && domain.split('.').all(label)
        && top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    (local_fits && domain_fits).then(|| text.to_ascii_lowercase())
}

/// Whether an address belongs to an office and not to a person.
pub(crate) fn is_official(email: &str) -> bool {
    [".go.id", ".mil.id", ".ac.id", ".sch.id", ".desa.id"].iter().any(|end| email.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn dates_are_read_in_the_ways_files_write_them() {
        for text in [
            "17-08-1980",
            "17/08/1980",
            "17.8.1980",
            "1980-08-17",
            "1980-08-17 00:00:00",
            "1980-08-17T00:00:00.000",
            "19800817",
            "17 Agustus 1980",
            "17 Aug 1980",
            "'17-08-1980",
            " 17-08-1980 ",
        ] {
            assert_eq!(date(&Cell::text(text)), Some(date!(1980 - 08 - 17)), "{text}");
        }
        let serial = Cell { content: Content::Number(29450.0), formula: None };
        assert_eq!(date(&serial), Some(date!(1980 - 08 - 17)));
    }

    #[test]
    fn what_is_not_surely_a_date_is_not_read() {
        for text in ["31-02-1980", "08/17/1980", "17-08-80", "1980", "17 Ramadan 1980", "x", "17-08-1980-1", "é-é-éééé"]
        {
            assert_eq!(date(&Cell::text(text)), None, "{text}");
        }
        let number = Cell { content: Content::Number(f64::NAN), formula: None };
        assert_eq!(date(&number), None);
    }

    #[test]
    fn the_words_for_sex_are_known_in_small_letters_too() {
        for text in ["M", "l", "Pria", "laki-laki", "Male", "1"] {
            assert_eq!(sex(text), Some(Sex::Male), "{text}");
        }
        for text in ["F", "p", "Wanita", "PEREMPUAN", "2"] {
            assert_eq!(sex(text), Some(Sex::Female), "{text}");
        }
        assert_eq!(sex("X"), None);
    }

    #[test]
    fn kinds_of_employee_are_known_with_what_siasn_adds_to_them() {
        let kind = |text| employee_kind(text);
        for text in ["PNS", "pns", "CPNS", "PNS Daerah Kab/Kota", "PNS Pusat DPK", "Pegawai Negeri Sipil"] {
            assert_eq!(kind(text), Some(StatedKind::Known(EmployeeKind::Pns)), "{text}");
        }
        for text in ["PPPK", "P3K", "PPPK Paruh Waktu", "Pegawai Pemerintah dengan Perjanjian Kerja"] {
            assert_eq!(kind(text), Some(StatedKind::Known(EmployeeKind::Pppk)), "{text}");
        }
        assert_eq!(kind("ASN"), Some(StatedKind::AnyCivilServant));
        for text in ["Honorer", "Non PNS", "Non-ASN", "Anggota TNI", "?"] {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn kinds_of_post_are_known_in_old_and_new_words() {
        for text in ["Jabatan Fungsional Tertentu", "FUNGSIONAL_TERTENTU", "jft", "Fungsional"] {
            assert_eq!(post_kinds(text), Some(&[PostKind::Fungsional][..]), "{text}");
        }
        assert_eq!(post_kinds("Jabatan Fungsional Umum"), Some(&[PostKind::Pelaksana][..]));
        assert_eq!(post_kinds("Struktural").map(<[_]>::len), Some(3));
        assert_eq!(post_kinds("Jabatan Ajaib"), None);
    }

    #[test]
    fn an_address_is_lowered_and_a_malformed_one_refused() {
        assert_eq!(email("Budi.Santoso@Kab.GO.ID").as_deref(), Some("budi.santoso@kab.go.id"));
        for text in [
            "budi",
            "budi@",
            "@kab.go.id",
            "budi@kab",
            "budi santoso@kab.go.id",
            "a@b@c.id",
            "a..b@kab.go.id",
            "budi@kab..id",
            "budi@kab.go.id;",
            "budi@-kab.id",
        ] {
            assert_eq!(email(text), None, "{text}");
        }
    }
}
