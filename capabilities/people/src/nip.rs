//! The NIP: reads, repairs, checks and masks the 18 digit number of a civil servant.
//!
//! PNS:  birth date (8), year and month of appointment (6), sex (1 or 2), sequence (3).
//! PPPK: birth date (8), year of first appointment (4), number of the contract (2, from 21), sex, sequence.
//! There is no check digit, so only plausibility can be checked; every independent fault is reported at once.
//! A NIP holds birth date and sex, hence it is personal data: `Debug` and `masked` hide it, and no page, address
//! or log shows it whole except the errors of an officer's own file.
//! Ages are in completed years. What a file column says about a person is compared in `staff_file`.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month};

/// Lowest number of a work agreement in digits 13 and 14 of a PPPK.
const FIRST_CONTRACT: u8 = 21;
/// Youngest and oldest age at first appointment that a number may state.
const AGE_AT_APPOINTMENT: std::ops::RangeInclusive<i32> = 16..=60;
/// From 16 digits on, a number cell of a spreadsheet no longer holds every digit.
const ROUNDED_FROM: f64 = 1e15;

/// How a person is employed; decides what digits 13 and 14 of the NIP mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmployeeKind {
    Pns,
    Pppk,
}

impl EmployeeKind {
    /// The word kept in the database and in files of exchange.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pns => "pns",
            Self::Pppk => "pppk",
        }
    }

    /// The kind kept under this word.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "pns" => Some(Self::Pns),
            "pppk" => Some(Self::Pppk),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    Male,
    Female,
}

/// What digits 9 to 14 say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appointment {
    Month { year: i32, month: Month },
    Contract { year: i32, number: u8 },
}

impl Appointment {
    pub fn year(self) -> i32 {
        match self {
            Self::Month { year, .. } | Self::Contract { year, .. } => year,
        }
    }
}

/// Why a text is not a NIP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NipError {
    #[error("the NIP is missing")]
    Missing,
    #[error("a spreadsheet turned the NIP into a rounded number, its last digits are lost")]
    RoundedNumber,
    #[error("the NIP contains something that is not a digit")]
    NotDigits,
    #[error("the NIP has {found} digits, it needs 18")]
    WrongLength { found: usize },
    #[error("digits 1 to 8 are not a calendar date")]
    ImpossibleBirthDate,
    #[error("digits 1 to 8 are a date in the future")]
    FutureBirthDate,
    #[error("digits 9 to 14 are a month or year in the future")]
    FutureAppointment,
    #[error("digits 13 and 14 of a PNS are a month, 01 to 12, not {found:02}")]
    MonthOutOfRange { found: u8 },
    #[error("digits 13 and 14 of a PPPK are a contract number from 21, not {found:02}")]
    ContractBelowFirst { found: u8 },
    #[error("digits 13 and 14 are neither a month nor a contract number: {found:02}")]
    NeitherMonthNorContract { found: u8 },
    #[error("the person would have been {age} at appointment, under 16")]
    TooYoung { age: i32 },
    #[error("the person would have been {age} at appointment, over 60")]
    TooOld { age: i32 },
    #[error("digit 15 is the sex, 1 or 2, not {found}")]
    SexDigit { found: u8 },
    #[error("digits 16 to 18 are a sequence from 001")]
    SequenceZero,
}

/// A plausible NIP: exactly 18 digits that passed every check.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nip(String);

impl Nip {
    /// Checks a written NIP after taking out blanks and a leading apostrophe. `kind` is what the file says about the
    /// person, `today` the date nothing may lie after. All independent faults are returned, never none.
    pub fn parse(written: &str, kind: Option<EmployeeKind>, today: Date) -> Result<Self, Vec<NipError>> {
        let digits = repaired(written);
        if let Some(fault) = fault_of_form(&digits) {
            return Err(vec![fault]);
        }
        let nip = Self(digits);
        let mut faults = nip.faults_of_dates(kind, today);
        let sex = nip.number(14, 15);
        if sex != 1 && sex != 2 {
            faults.push(NipError::SexDigit { found: low_digits(sex) });
        }
        if nip.number(15, 18) == 0 {
            faults.push(NipError::SequenceZero);
        }
        if faults.is_empty() { Ok(nip) } else { Err(faults) }
    }

    /// What a number cell of a spreadsheet in place of the text means.
    pub fn parse_number(cell: f64, kind: Option<EmployeeKind>, today: Date) -> Result<Self, Vec<NipError>> {
        if cell.abs() >= ROUNDED_FROM {
            return Err(vec![NipError::RoundedNumber]);
        }
        Self::parse(&cell.to_string(), kind, today)
    }

    /// The NIP somebody types to sign in: 18 digits after repair, without any check of what they mean.
    pub fn typed(written: &str) -> Option<Self> {
        let digits = repaired(written);
        fault_of_form(&digits).is_none().then_some(Self(digits))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// First four and last three digits: enough to recognise one's own, no birthday, no sex.
    pub fn masked(&self) -> String {
        format!("{}…{}", &self.0[..4], &self.0[15..])
    }

    /// As printed on papers: `19860926 201505 1 001`.
    pub fn grouped(&self) -> String {
        format!("{} {} {} {}", &self.0[..8], &self.0[8..14], &self.0[14..15], &self.0[15..])
    }

    pub fn birth_date(&self) -> Option<Date> {
        let month = Month::try_from(low_digits(self.number(4, 6))).ok()?;
        let year = i32::from(self.number(0, 4));
        if year == 0 {
            return None;
        }
        Date::from_calendar_date(year, month, low_digits(self.number(6, 8))).ok()
    }

    pub fn sex(&self) -> Option<Sex> {
        match self.number(14, 15) {
            1 => Some(Sex::Male),
            2 => Some(Sex::Female),
            _ => None,
        }
    }

    pub fn appointment(&self) -> Option<Appointment> {
        let year = i32::from(self.number(8, 12));
        let number = low_digits(self.number(12, 14));
        match Month::try_from(number) {
            Ok(month) => Some(Appointment::Month { year, month }),
            Err(_) if number >= FIRST_CONTRACT => Some(Appointment::Contract { year, number }),
            Err(_) => None,
        }
    }

    /// The kind of employee that digits 13 and 14 tell.
    pub fn kind(&self) -> Option<EmployeeKind> {
        self.appointment().map(|appointment| match appointment {
            Appointment::Month { .. } => EmployeeKind::Pns,
            Appointment::Contract { .. } => EmployeeKind::Pppk,
        })
    }

    fn faults_of_dates(&self, kind: Option<EmployeeKind>, today: Date) -> Vec<NipError> {
        let mut faults = Vec::new();
        let born = match self.birth_date() {
            None => {
                faults.push(NipError::ImpossibleBirthDate);
                None
            }
            Some(date) if date > today => {
                faults.push(NipError::FutureBirthDate);
                None
            }
            Some(date) => Some(date),
        };
        match self.appointment_of(kind) {
            Err(fault) => faults.push(fault),
            Ok(appointment) if is_after(appointment, today) => faults.push(NipError::FutureAppointment),
            Ok(appointment) => faults.extend(born.and_then(|born| fault_of_age(born, appointment))),
        }
        faults
    }

    fn appointment_of(&self, kind: Option<EmployeeKind>) -> Result<Appointment, NipError> {
        let found = low_digits(self.number(12, 14));
        match (kind, self.appointment()) {
            (Some(EmployeeKind::Pns) | None, Some(month @ Appointment::Month { .. })) => Ok(month),
            (Some(EmployeeKind::Pppk) | None, Some(contract @ Appointment::Contract { .. })) => Ok(contract),
            (Some(EmployeeKind::Pns), _) => Err(NipError::MonthOutOfRange { found }),
            (Some(EmployeeKind::Pppk), _) => Err(NipError::ContractBelowFirst { found }),
            (None, None) => Err(NipError::NeitherMonthNorContract { found }),
        }
    }

    /// The decimal number in digits `from..to`, at most four of them.
    fn number(&self, from: usize, to: usize) -> u16 {
        self.0.as_bytes()[from..to].iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
    }
}

fn low_digits(number: u16) -> u8 {
    (number % 100) as u8
}

/// Blanks of every kind and the apostrophe that spreadsheets put before a text are not part of the number.
fn repaired(written: &str) -> String {
    let invisible = |c: &char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let text: String = written.chars().filter(|c| !invisible(c)).collect();
    text.trim_start_matches(['\'', '’', '`']).to_owned()
}

fn fault_of_form(digits: &str) -> Option<NipError> {
    if digits.is_empty() {
        return Some(NipError::Missing);
    }
    if is_scientific(digits) {
        return Some(NipError::RoundedNumber);
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(NipError::NotDigits);
    }
    (digits.len() != 18).then_some(NipError::WrongLength { found: digits.len() })
}

/// `1,98609E+17`: what a spreadsheet writes into a text file for a number it has rounded.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.trim_start_matches('+');
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    number(exponent) && number(&mantissa.replacen([',', '.'], "", 1))
}

fn is_after(appointment: Appointment, today: Date) -> bool {
    match appointment {
        Appointment::Month { year, month } => (year, u8::from(month)) > (today.year(), u8::from(today.month())),
        Appointment::Contract { year, .. } => year > today.year(),
    }
}

/// A contract states only the year, so its first and last day are tried and the doubt is for the person.
fn fault_of_age(born: Date, appointment: Appointment) -> Option<NipError> {
    let (youngest, oldest) = match appointment {
        Appointment::Month { year, month } => {
            let reached = (month, 1) >= (born.month(), born.day());
            let age = year - born.year() - i32::from(!reached);
            (age, age)
        }
        Appointment::Contract { year, .. } => (year - born.year() - 1, year - born.year()),
    };
    if oldest < *AGE_AT_APPOINTMENT.start() {
        Some(NipError::TooYoung { age: oldest })
    } else if youngest > *AGE_AT_APPOINTMENT.end() {
        Some(NipError::TooOld { age: youngest })
    } else {
        None
    }
}

impl fmt::Debug for Nip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Nip({})", self.masked())
    }
}

impl From<Nip> for String {
    fn from(nip: Nip) -> Self {
        nip.0
    }
}

impl TryFrom<String> for Nip {
    type Error = NipError;

    /// For values this program wrote itself: the form is checked, the meaning was checked on the way in.
    fn try_from(text: String) -> Result<Self, NipError> {
        match fault_of_form(&text) {
            None => Ok(Self(text)),
            Some(fault) => Err(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const TODAY: Date = date!(2026 - 11 - 24);

    fn check(written: &str, kind: Option<EmployeeKind>) -> Result<Nip, Vec<NipError>> {
        Nip::parse(written, kind, TODAY)
    }

    fn faults(written: &str, kind: Option<EmployeeKind>) -> Vec<NipError> {
        check(written, kind).expect_err("should be refused")
    }

    #[test]
    fn a_pns_and_a_pppk_both_pass() {
        let pns = check("198609262015051001", Some(EmployeeKind::Pns)).unwrap();
        assert_eq!(pns.birth_date(), Some(date!(1986 - 09 - 26)));
        assert_eq!(pns.sex(), Some(Sex::Male));
        assert_eq!(pns.appointment(), Some(Appointment::Month { year: 2015, month: Month::May }));
        let pppk = check("199003122023212004", Some(EmployeeKind::Pppk)).unwrap();
        assert_eq!(pppk.sex(), Some(Sex::Female));
        assert_eq!(pppk.appointment(), Some(Appointment::Contract { year: 2023, number: 21 }));
        assert_eq!(pppk.kind(), Some(EmployeeKind::Pppk));
    }

    #[test]
    fn blanks_and_the_apostrophe_of_a_spreadsheet_are_repaired() {
        for written in ["19860926 201505 1 001", "'198609262015051001 ", "\u{a0}198609262015051001\u{200b}"] {
            assert_eq!(check(written, None).unwrap().as_str(), "198609262015051001");
        }
    }

    #[test]
    fn a_missing_number_is_named() {
        assert_eq!(faults("  ", None), [NipError::Missing]);
    }

    #[test]
    fn a_number_with_too_few_or_too_many_digits_is_named_with_its_length() {
        assert_eq!(faults("19860926201505100", None), [NipError::WrongLength { found: 17 }]);
        assert_eq!(faults("1986092620150510011", None), [NipError::WrongLength { found: 19 }]);
    }

    #[test]
    fn letters_and_signs_are_not_digits() {
        assert_eq!(faults("19860926201505100A", None), [NipError::NotDigits]);
        assert_eq!(faults("19860926-201505-1-001", None), [NipError::NotDigits]);
        assert_eq!(faults("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", None), [NipError::NotDigits]);
    }

    #[test]
    fn a_number_rounded_by_a_spreadsheet_is_recognised_in_every_form() {
        assert_eq!(Nip::parse_number(198609262015051001.0, None, TODAY), Err(vec![NipError::RoundedNumber]));
        assert_eq!(Nip::parse_number(1e15, None, TODAY), Err(vec![NipError::RoundedNumber]));
        for written in ["1,98609E+17", "1.98609262015051E+17", "1.98609e17", "2E+17"] {
            assert_eq!(faults(written, None), [NipError::RoundedNumber], "{written}");
        }
    }

    #[test]
    fn a_short_number_cell_is_only_too_short() {
        assert_eq!(Nip::parse_number(19860926.0, None, TODAY), Err(vec![NipError::WrongLength { found: 8 }]));
        assert_eq!(Nip::parse_number(0.5, None, TODAY), Err(vec![NipError::NotDigits]));
    }

    #[test]
    fn a_day_that_never_was_and_a_day_to_come_are_refused() {
        assert_eq!(faults("198002302010011001", None), [NipError::ImpossibleBirthDate]);
        assert_eq!(faults("000001012010011001", None), [NipError::ImpossibleBirthDate]);
        assert_eq!(faults("203001012010011001", None), [NipError::FutureBirthDate]);
    }

    #[test]
    fn an_appointment_to_come_is_refused_and_this_month_is_not() {
        assert_eq!(faults("199001012026121001", None), [NipError::FutureAppointment]);
        assert!(check("199001012026111001", None).is_ok());
        assert_eq!(faults("199001012027211001", None), [NipError::FutureAppointment]);
    }

    #[test]
    fn the_month_of_a_pns_is_01_to_12() {
        for month in ["00", "13", "21"] {
            let found = month.parse().unwrap();
            let written = format!("198609262015{month}1001");
            assert_eq!(faults(&written, Some(EmployeeKind::Pns)), [NipError::MonthOutOfRange { found }]);
        }
    }

    #[test]
    fn the_contract_of_a_pppk_is_21_or_more() {
        for number in ["05", "20"] {
            let found = number.parse().unwrap();
            let written = format!("199003122023{number}2004");
            assert_eq!(faults(&written, Some(EmployeeKind::Pppk)), [NipError::ContractBelowFirst { found }]);
        }
    }

    #[test]
    fn without_a_known_kind_either_reading_is_enough() {
        assert_eq!(faults("198609262015131001", None), [NipError::NeitherMonthNorContract { found: 13 }]);
        assert!(check("198609262015211001", None).is_ok());
    }

    #[test]
    fn the_sex_digit_is_1_or_2_and_the_sequence_not_000() {
        assert_eq!(faults("198609262015053001", None), [NipError::SexDigit { found: 3 }]);
        assert_eq!(faults("198609262015050001", None), [NipError::SexDigit { found: 0 }]);
        assert_eq!(faults("198609262015051000", None), [NipError::SequenceZero]);
    }

    #[test]
    fn age_at_appointment_is_16_to_60() {
        assert_eq!(faults("199905022015051001", None), [NipError::TooYoung { age: 15 }]);
        assert!(check("199905012015051001", None).is_ok());
        assert_eq!(faults("194905012010061001", None), [NipError::TooOld { age: 61 }]);
        assert!(check("194906022010061001", None).is_ok());
        assert_eq!(faults("200801012023211001", None), [NipError::TooYoung { age: 15 }]);
        assert!(check("200712312023211001", None).is_ok());
    }

    #[test]
    fn independent_faults_are_told_at_once() {
        let kind = Some(EmployeeKind::Pns);
        assert_eq!(
            faults("198609262015139000", kind),
            [NipError::MonthOutOfRange { found: 13 }, NipError::SexDigit { found: 9 }, NipError::SequenceZero]
        );
    }

    #[test]
    fn neither_mask_nor_debug_shows_birthday_or_sex() {
        let nip = check("198609262015051001", None).unwrap();
        assert_eq!(nip.masked(), "1986…001");
        assert_eq!(format!("{nip:?}"), "Nip(1986…001)");
        assert_eq!(nip.grouped(), "19860926 201505 1 001");
    }
}
