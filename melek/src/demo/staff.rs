//! The invented people of the regency: who sits on which seat, with name, titles, age and a NIP that belongs to
//! nobody, and the staff file that an officer would load. The same seed gives the same people.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use time::{Date, Duration, Month};

use super::names::{Names, Sex};
use super::nip::{Appointment, Numbers};
use super::regency::{AGENCY, Schooling, Seat, seats};

/// Mail addresses under a name that can never be registered (RFC 2606).
const MAIL_DOMAIN: &str = "nusaperaga.example";

/// Oldest age at a first appointment as PNS, years.
const OLDEST_AT_APPOINTMENT: i32 = 34;

/// First year in which people were given contracts.
const FIRST_CONTRACTS: i32 = 2019;

#[derive(Debug, Clone)]
pub struct Invented {
    pub seat: Seat,
    pub name: String,
    pub schooling: &'static Schooling,
    pub sex: Sex,
    pub born: Date,
    pub appointment: Appointment,
    pub nip: String,
}

impl Invented {
    /// With titles, as pages show it.
    pub fn full_name(&self) -> String {
        let Schooling { before, after, .. } = self.schooling;
        let begin = if before.is_empty() { String::new() } else { format!("{before} ") };
        let end = if after.is_empty() { String::new() } else { format!(", {after}") };
        format!("{begin}{}{end}", self.name)
    }

    /// In completed years, give or take one.
    pub fn age(&self, today: Date) -> i32 {
        ((today - self.born).whole_days() * 100 / 36_525) as i32
    }

    fn mail(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '.' };
        let local: String = self.name.chars().map(plain).collect();
        let words: Vec<&str> = local.split('.').filter(|word| !word.is_empty()).collect();
        format!("{}@{MAIL_DOMAIN}", words.join("."))
    }
}

/// So many people as of a day.
pub fn staff(people: usize, today: Date, seed: u64) -> Vec<Invented> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut hiring = Hiring { today, names: Names::default(), numbers: Numbers::default() };
    seats(people).into_iter().map(|seat| hiring.hire(seat, &mut rng)).collect()
}

struct Hiring {
    today: Date,
    names: Names,
    numbers: Numbers,
}

impl Hiring {
    fn hire(&mut self, seat: Seat, rng: &mut impl Rng) -> Invented {
        let post = seat.post;
        let schooling = post.schooling.choose_weighted(rng, |schooling| schooling.weight);
        let schooling = schooling.expect("every post has schooling of some weight, see the test");
        let sex = if rng.random_bool(post.women) { Sex::Female } else { Sex::Male };
        loop {
            let age = rng.random_range(post.ages[0]..=post.ages[1]);
            let born =
                self.today - Duration::days(i64::from(age) * 365 + i64::from(age) / 4 + rng.random_range(0..364));
            let appointment = if rng.random_bool(post.pppk) {
                self.contract(born, rng)
            } else {
                self.appointed(born, age, youngest_at_appointment(&schooling.level), rng)
            };
            if let Some(nip) = self.numbers.draw(born, appointment, sex) {
                let name = self.names.draw(sex, rng);
                return Invented { seat, name, schooling, sex, born, appointment, nip };
            }
        }
    }

    fn contract(&self, born: Date, rng: &mut impl Rng) -> Appointment {
        let first = FIRST_CONTRACTS.max(born.year() + 19);
        let last = (self.today.year() - 1).max(first);
        Appointment::Contract { year: rng.random_range(first..=last) }
    }

    /// Between leaving school and `OLDEST_AT_APPOINTMENT`, on the first of a month that is past.
    fn appointed(&self, born: Date, age: i32, youngest: i32, rng: &mut impl Rng) -> Appointment {
        let oldest = OLDEST_AT_APPOINTMENT.min(age - 1).max(youngest);
        let years = rng.random_range(youngest..=oldest);
        let months = |date: Date| date.year() * 12 + i32::from(u8::from(date.month())) - 1;
        let month = (months(born) + years * 12 + rng.random_range(1..=12)).min(months(self.today));
        let of_year = Month::try_from((month.rem_euclid(12) + 1) as u8).unwrap_or(Month::January);
        Appointment::Month { year: month.div_euclid(12), month: of_year }
    }
}

/// Age in years at which somebody with this schooling can be appointed.
fn youngest_at_appointment(level: &str) -> i32 {
    match level {
        "SLTA" | "SLTA Kejuruan" => 19,
        "Diploma III/Sarjana Muda" => 21,
        "Profesi" => 25,
        _ => 22,
    }
}

/// The columns that the file has; schooling is there because a real file has it, and it is dropped when the file is
/// read.
pub const HEADER: [&str; 15] = [
    "NIP BARU",
    "NAMA",
    "GELAR DEPAN",
    "GELAR BELAKANG",
    "TANGGAL LAHIR",
    "JENIS KELAMIN",
    "EMAIL GOV",
    "JENIS PEGAWAI NAMA",
    "KEDUDUKAN HUKUM NAMA",
    "JENIS JABATAN NAMA",
    "JABATAN NAMA",
    "TINGKAT PENDIDIKAN NAMA",
    "UNOR NAMA",
    "UNOR INDUK NAMA",
    "INSTANSI KERJA NAMA",
];

/// The staff as a text file in the shape of a SIASN export.
pub fn staff_file(staff: &[Invented]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for person in staff {
        writer.write_record(cells(person))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// One row under `HEADER`.
pub fn cells(person: &Invented) -> [String; HEADER.len()] {
    let Invented { seat, schooling, .. } = person;
    let (year, month, day) = person.born.to_calendar_date();
    let above = if seat.unit.above.is_empty() { AGENCY } else { &seat.unit.above };
    [
        person.nip.clone(),
        person.name.clone(),
        schooling.before.clone(),
        schooling.after.clone(),
        format!("{day:02}-{:02}-{year}", u8::from(month)),
        if person.sex == Sex::Male { "M" } else { "F" }.to_owned(),
        person.mail(),
        if matches!(person.appointment, Appointment::Month { .. }) { "PNS" } else { "PPPK" }.to_owned(),
        "Aktif".to_owned(),
        seat.post.kind.clone(),
        seat.post.name.clone(),
        schooling.level.clone(),
        seat.unit.name.clone(),
        above.to_owned(),
        format!("Pemerintah {AGENCY}"),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 08 - 24);

    #[test]
    fn everybody_passes_every_check_of_a_staff_file() {
        let staff = staff(1_200, TODAY, 7);
        let bytes = staff_file(&staff).expect("file");
        let read = melek_people::staff_file::read(&bytes, "staff.csv", TODAY).expect("readable");
        assert_eq!(read.faults, []);
        assert_eq!(read.rows.len(), 1_200);
        let dropped: Vec<_> = read.dropped.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(dropped, ["TINGKAT PENDIDIKAN NAMA"]);
    }

    #[test]
    fn numbers_names_and_addresses_are_all_different() {
        let staff = staff(1_200, TODAY, 7);
        let different = |of: fn(&Invented) -> String| staff.iter().map(of).collect::<BTreeSet<_>>().len();
        assert_eq!(different(|person| person.nip.clone()), 1_200);
        assert_eq!(different(Invented::full_name), 1_200);
        assert!(different(Invented::mail) > 1_190);
    }

    #[test]
    fn pns_and_pppk_women_and_men_young_and_old_all_work_here() {
        let staff = staff(1_200, TODAY, 7);
        let count = |of: &dyn Fn(&Invented) -> bool| staff.iter().filter(|person| of(person)).count();
        assert!((250..500).contains(&count(&|person| matches!(person.appointment, Appointment::Contract { .. }))));
        assert!((500..800).contains(&count(&|person| person.sex == Sex::Female)));
        assert!(count(&|person| person.age(TODAY) < 30) > 80 && count(&|person| person.age(TODAY) > 50) > 100);
    }

    #[test]
    fn the_same_seed_gives_the_same_people() {
        let names = |seed| staff(60, TODAY, seed).iter().map(Invented::full_name).collect::<Vec<_>>();
        assert_eq!(names(1), names(1));
        assert_ne!(names(1), names(2));
    }
}
