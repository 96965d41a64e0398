//! Numbers that pass every check of a NIP and belong to nobody: sequences of real people begin at 001 and end far
//! below 901, where these begin.

use std::collections::HashMap;

use time::{Date, Month};

use super::names::Sex;

/// First sequence of an invented number.
const FIRST_SEQUENCE: u16 = 901;

/// How and when somebody was appointed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appointment {
    /// PNS.
    Month { year: i32, month: Month },
    /// PPPK, by a first contract.
    Contract { year: i32 },
}

/// Gives numbers, each once.
#[derive(Default)]
pub struct Numbers {
    given: HashMap<String, u16>,
}

impl Numbers {
    /// The next number for these facts; after 99 people with the same ones, `None`.
    pub fn draw(&mut self, born: Date, appointment: Appointment, sex: Sex) -> Option<String> {
        let (year, two_digits) = match appointment {
            Appointment::Month { year, month } => (year, u8::from(month)),
            Appointment::Contract { year } => (year, 21),
        };
        let sex = match sex {
            Sex::Male => 1,
            Sex::Female => 2,
        };
        let (born_year, born_month, born_day) = born.to_calendar_date();
        let facts = format!("{born_year:04}{:02}{born_day:02}{year:04}{two_digits:02}{sex}", u8::from(born_month));
        let sequence = self.given.entry(facts.clone()).or_insert(FIRST_SEQUENCE);
        let number = (*sequence <= 999).then(|| format!("{facts}{sequence:03}"));
        *sequence += 1;
        number
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn the_digits_say_birth_appointment_and_sex_and_the_end_differs() {
        let mut numbers = Numbers::default();
        let born = date!(1986 - 09 - 06);
        let may = Appointment::Month { year: 2010, month: Month::May };
        assert_eq!(numbers.draw(born, may, Sex::Male).as_deref(), Some("198609062010051901"));
        assert_eq!(numbers.draw(born, may, Sex::Male).as_deref(), Some("198609062010051902"));
        let contract = Appointment::Contract { year: 2023 };
        assert_eq!(numbers.draw(born, contract, Sex::Female).as_deref(), Some("198609062023212901"));
    }

    #[test]
    fn sequences_end_at_999() {
        let mut numbers = Numbers::default();
        let born = date!(1990 - 01 - 01);
        let contract = Appointment::Contract { year: 2023 };
        let given = (0..200).filter_map(|_| numbers.draw(born, contract, Sex::Male)).count();
        assert_eq!(given, 99);
    }
}
