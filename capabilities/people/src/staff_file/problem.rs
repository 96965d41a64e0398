//! Everything that can be wrong with a staff file, one variant each, and the words for it.
//!
//! A problem knows its name (`id`), which is stable for programs; reason and remedy come from `locales/` under
//! `problem-<id>` and `remedy-<id>`. Values of cells stand in `Fault`, never in the problem.

use melek_web::Words;
use time::Date;

use super::columns::Column;
use crate::nip::{NipError, Sex};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    Nip(NipError),
    NipTwice { first: String },
    BirthDateDiffers { nip: Date },
    SexDiffers { nip: Sex },
    NameEmpty,
    NameFormula,
    AgencyEmpty,
    UnitEmpty,
    PostEmpty,
    EmployeeKindUnknown,
    PostKindUnknown,
    DateUnreadable,
    SexUnreadable,
    EmailMalformed,
    TooLong { limit: usize },
    HeaderMissing,
    ColumnMissing { name: &'static str, others: String },
    NoRows,
}

/// A problem and where it stands, in the words of the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub sheet: String,
    /// Address in the sheet as opened, such as `C7`.
    pub cell: String,
    pub column: String,
    pub value: String,
    pub problem: Problem,
}

impl Problem {
    /// That a column cannot be found, with the names it may also have.
    pub(crate) fn column_missing(column: Column) -> Self {
        let others = column.names()[1..].iter().take(4).copied().collect::<Vec<_>>().join(", ");
        Self::ColumnMissing { name: column.official_name(), others }
    }

    /// The name of the problem in JSON and in the files of words.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Nip(error) => nip_id(*error),
            Self::NipTwice { .. } => "nip-twice",
            Self::BirthDateDiffers { .. } => "birth-date-differs",
            Self::SexDiffers { .. } => "sex-differs",
            Self::NameEmpty => "name-empty",
            Self::NameFormula => "name-formula",
            Self::AgencyEmpty => "agency-empty",
            Self::UnitEmpty => "unit-empty",
            Self::PostEmpty => "post-empty",
            Self::EmployeeKindUnknown => "employee-kind-unknown",
            Self::PostKindUnknown => "post-kind-unknown",
            Self::DateUnreadable => "date-unreadable",
            Self::SexUnreadable => "sex-unreadable",
            Self::EmailMalformed => "email-malformed",
            Self::TooLong { .. } => "too-long",
            Self::HeaderMissing => "header-missing",
            Self::ColumnMissing { .. } => "column-missing",
            Self::NoRows => "no-rows",
        }
    }

    /// What is wrong, in one sentence.
    pub fn reason(&self, words: &Words) -> String {
        let key = format!("problem-{}", self.id());
        match self {
            Self::Nip(NipError::WrongLength { found }) => words.with(&key, &[("found", (*found).into())]),
            Self::Nip(
                NipError::MonthOutOfRange { found }
                | NipError::ContractBelowFirst { found }
                | NipError::NeitherMonthNorContract { found },
            ) => words.with(&key, &[("found", format!("{found:02}").into())]),
            Self::Nip(NipError::SexDigit { found }) => words.with(&key, &[("found", (*found).into())]),
            Self::Nip(NipError::TooYoung { age } | NipError::TooOld { age }) => {
                words.with(&key, &[("age", (*age).into())])
            }
            Self::NipTwice { first } => words.with(&key, &[("first", first.as_str().into())]),
            Self::BirthDateDiffers { nip } => words.with(&key, &[("nip", day_month_year(*nip).into())]),
            Self::SexDiffers { nip } => words.with(&key, &[("nip", words.text(sex_key(*nip)).into())]),
            Self::TooLong { limit } => words.with(&key, &[("limit", (*limit).into())]),
            Self::ColumnMissing { name, .. } => words.with(&key, &[("name", (*name).into())]),
            _ => words.text(&key),
        }
    }

    /// What the officer does about it, in one sentence.
    pub fn remedy(&self, words: &Words) -> String {
        let key = format!("remedy-{}", self.id());
        match self {
            Self::ColumnMissing { name, others } => {
                words.with(&key, &[("name", (*name).into()), ("others", others.as_str().into())])
            }
            _ => words.text(&key),
        }
    }
}

fn nip_id(error: NipError) -> &'static str {
    match error {
        NipError::Missing => "nip-missing",
        NipError::RoundedNumber => "nip-rounded-number",
        NipError::NotDigits => "nip-not-digits",
        NipError::WrongLength { .. } => "nip-wrong-length",
        NipError::ImpossibleBirthDate => "nip-impossible-birth-date",
        NipError::FutureBirthDate => "nip-future-birth-date",
        NipError::FutureAppointment => "nip-future-appointment",
        NipError::MonthOutOfRange { .. } => "nip-month-out-of-range",
        NipError::ContractBelowFirst { .. } => "nip-contract-below-first",
        NipError::NeitherMonthNorContract { .. } => "nip-neither-month-nor-contract",
        NipError::TooYoung { .. } => "nip-too-young",
        NipError::TooOld { .. } => "nip-too-old",
        NipError::SexDigit { .. } => "nip-sex-digit",
        NipError::SequenceZero => "nip-sequence-zero",
    }
}

fn sex_key(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "sex-male",
        Sex::Female => "sex-female",
    }
}

/// As the files of the offices write it.
fn day_month_year(date: Date) -> String {
    format!("{:02}-{:02}-{}", date.day(), u8::from(date.month()), date.year())
}
