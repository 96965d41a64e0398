//! Who of the invented people takes which test and when: three campaigns (a pilot that is over, one of the whole
//! regency that is under way, one that is about to open), and four of five people measured. Nothing is written here.
//! Times are epoch milliseconds, days those of Western Indonesian Time.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::regency::{Unit, units};
use super::staff::Invented;

pub const DAY_MS: i64 = 24 * HOUR_MS;
pub const HOUR_MS: i64 = 60 * 60 * 1000;
const UTC_OFFSET_MS: i64 = 7 * HOUR_MS;

/// Longest that a test may take: thirty items at the slowest.
const LONGEST_TEST_MS: i64 = 80 * 60 * 1000;

/// Share of people with a result.
const MEASURED: f64 = 0.8;
/// Of the pilot: who never came, and who began and stopped.
const ABSENT: f64 = 0.02;
const GIVEN_UP: f64 = 0.02;
/// Of those with a result of the pilot: who took the test of the whole regency too.
const AGAIN: f64 = 0.1;
/// Of everybody: who is in the middle of the test of the whole regency.
const UNDER_WAY: f64 = 0.015;

/// Unit of the pilot; the demonstration civil servant works at one of its schools.
const PILOT_UNIT: &str = "Dinas Pendidikan dan Kebudayaan";
const OWN_SCHOOL: &str = "SMP Negeri 1 Nusa Peraga";
const NEXT_UNIT: &str = "RSUD Nusa Peraga";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    Pilot,
    WholeRegency,
    Next,
}

#[derive(Debug, Clone)]
pub struct PlannedCampaign {
    pub which: Which,
    pub title: String,
    pub purpose: &'static str,
    /// The unit it reaches with everything below; `None` for the whole regency.
    pub unit: Option<&'static str>,
    pub opens_ms: i64,
    pub closes_ms: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSitting {
    /// Position in the staff.
    pub person: usize,
    pub campaign: Which,
    pub begins_ms: i64,
    pub stops_after: Option<usize>,
}

/// The three campaigns as of now.
pub fn campaigns(now_ms: i64, year: i32) -> [PlannedCampaign; 3] {
    let day = |days: i64| midnight(now_ms) + days * DAY_MS;
    [
        PlannedCampaign {
            which: Which::Pilot,
            title: format!("Uji coba pemetaan kompetensi digital {year}"),
            purpose: "Mencoba penilaian di Dinas Pendidikan dan Kebudayaan sebelum dipakai di seluruh kabupaten.",
            unit: Some(PILOT_UNIT),
            opens_ms: day(-63),
            closes_ms: day(-42),
        },
        PlannedCampaign {
            which: Which::WholeRegency,
            title: format!("Pemetaan kompetensi digital ASN {year}"),
            purpose: "Mengetahui kebutuhan belajar pegawai untuk menyusun rencana pengembangan kompetensi tahun depan.",
            unit: None,
            opens_ms: day(-20),
            closes_ms: day(45),
        },
        PlannedCampaign {
            which: Which::Next,
            title: "Pemetaan kompetensi digital tenaga kesehatan RSUD".to_owned(),
            purpose: "Menyiapkan pelatihan rekam medis elektronik dan pelindungan data pasien.",
            unit: Some(NEXT_UNIT),
            opens_ms: day(5),
            closes_ms: day(26),
        },
    ]
}

/// Position of the person who is shown to visitors: a teacher who took part in the pilot.
pub fn demonstration_person(staff: &[Invented]) -> usize {
    let teaches = |person: &&Invented| person.seat.post.name == "Guru Ahli Pertama";
    let at_school = |person: &&Invented| person.seat.unit.name == OWN_SCHOOL;
    let position =
        |found: Option<&Invented>| staff.iter().position(|person| found.is_some_and(|f| f.nip == person.nip));
    let found =
        staff.iter().find(|person| teaches(person) && at_school(person)).or_else(|| staff.iter().find(at_school));
    position(found).unwrap_or_default()
}

/// All sittings, in the order in which they begin.
pub fn sittings(staff: &[Invented], campaigns: &[PlannedCampaign; 3], now_ms: i64, seed: u64) -> Vec<PlannedSitting> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let [pilot, whole, _] = campaigns;
    let shown = demonstration_person(staff);
    let below = subtree(PILOT_UNIT);
    let (in_pilot, others): (Vec<usize>, Vec<usize>) =
        (0..staff.len()).partition(|&person| below.contains(staff[person].seat.unit.name.as_str()));
    let mut sittings = Sittings { all: Vec::new(), rng: &mut rng };
    let window = (pilot.opens_ms, pilot.closes_ms);
    let by_chance = sittings.shuffled(in_pilot.into_iter().filter(|&person| person != shown));
    let (absent, given_up) = (part(ABSENT, by_chance.len()), part(GIVEN_UP, by_chance.len()));
    sittings.plan(Which::Pilot, &by_chance[absent..absent + given_up], window, true);
    let finished = &by_chance[absent + given_up..];
    sittings.plan(Which::Pilot, finished, window, false);
    sittings.plan(Which::Pilot, &[shown], window, false);

    let so_far = (whole.opens_ms, now_ms);
    let again = part(AGAIN, finished.len());
    sittings.plan(Which::WholeRegency, &finished[..again], so_far, false);
    let eager = by_eagerness(&others, staff, sittings.rng);
    let first = part(MEASURED, staff.len()).saturating_sub(finished.len() + 1).min(eager.len());
    sittings.plan(Which::WholeRegency, &eager[..first], so_far, false);
    let under_way = part(UNDER_WAY, staff.len()).min(eager.len() - first);
    let lately = (now_ms - 3 * DAY_MS, now_ms);
    sittings.plan(Which::WholeRegency, &eager[first..first + under_way], lately, true);
    let mut all = sittings.all;
    all.sort_by_key(|sitting| (sitting.begins_ms, sitting.person));
    all
}

struct Sittings<'a, R> {
    all: Vec<PlannedSitting>,
    rng: &'a mut R,
}

impl<R: Rng> Sittings<'_, R> {
    fn shuffled(&mut self, people: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut people: Vec<usize> = people.collect();
        people.shuffle(self.rng);
        people
    }

    fn plan(&mut self, campaign: Which, people: &[usize], window: (i64, i64), stops: bool) {
        for &person in people {
            let begins_ms = working_moment(window, self.rng);
            let stops_after = stops.then(|| self.rng.random_range(2..=9));
            self.all.push(PlannedSitting { person, campaign, begins_ms, stops_after });
        }
    }
}

/// Some units come early and nearly all, some late and few: so that an officer sees where to remind.
fn by_eagerness(people: &[usize], staff: &[Invented], rng: &mut impl Rng) -> Vec<usize> {
    let of_unit: BTreeMap<&str, f64> =
        units().iter().map(|unit| (unit.name.as_str(), rng.random_range(0.0..0.6))).collect();
    let mut ranked: Vec<(f64, usize)> = people
        .iter()
        .map(|&person| (of_unit[staff[person].seat.unit.name.as_str()] + rng.random_range(0.0..0.9), person))
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    ranked.into_iter().map(|(_, person)| person).collect()
}

fn part(share: f64, of: usize) -> usize {
    (share * of as f64).round() as usize
}

/// A unit and everything below it, by name.
fn subtree(top: &'static str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::from([top]);
    loop {
        let below = |unit: &&'static Unit| found.contains(unit.above.as_str());
        let more: Vec<&str> = units().iter().filter(below).map(|unit| unit.name.as_str()).collect();
        let known = found.len();
        found.extend(more);
        if found.len() == known {
            return found;
        }
    }
}

/// Between opening and closing, early enough to finish: mostly on a working day between 7.30 and 16.00, now and then
/// in the evening or at the weekend.
fn working_moment((from_ms, until_ms): (i64, i64), rng: &mut impl Rng) -> i64 {
    let last_ms = (until_ms - LONGEST_TEST_MS).max(from_ms);
    let at_work = rng.random_bool(0.88);
    for _ in 0..200 {
        let day = midnight(rng.random_range(from_ms..=last_ms));
        let (earliest, latest) = if at_work { (450, 960) } else { (1_020, 1_320) };
        let moment = day + rng.random_range(earliest * 60_000..latest * 60_000);
        if (from_ms..=last_ms).contains(&moment) && !(at_work && is_weekend(day)) {
            return moment;
        }
    }
    rng.random_range(from_ms..=last_ms)
}

/// The beginning of the day.
pub fn midnight(ms: i64) -> i64 {
    (ms + UTC_OFFSET_MS).div_euclid(DAY_MS) * DAY_MS - UTC_OFFSET_MS
}

/// Day 0 of the epoch was a Thursday.
fn is_weekend(midnight_ms: i64) -> bool {
    let weekday = (midnight_ms + UTC_OFFSET_MS).div_euclid(DAY_MS).rem_euclid(7);
    weekday == 2 || weekday == 3
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::staff::staff;
    use super::*;

    /// 24 November 2026, 15.00 WIB.
    const NOW_MS: i64 = 1_795_507_200_000;

    fn planned(people: usize) -> (Vec<Invented>, Vec<PlannedSitting>) {
        let staff = staff(people, date!(2026 - 08 - 24), 7);
        let sittings = sittings(&staff, &campaigns(NOW_MS, 2026), NOW_MS, 8);
        (staff, sittings)
    }

    fn people(sittings: &[PlannedSitting], of: impl Fn(&PlannedSitting) -> bool) -> BTreeSet<usize> {
        sittings.iter().filter(|sitting| of(sitting)).map(|sitting| sitting.person).collect()
    }

    #[test]
    fn four_of_five_people_are_measured() {
        for count in [60, 120, 1_200] {
            let (_, sittings) = planned(count);
            let measured = people(&sittings, |sitting| sitting.stops_after.is_none()).len();
            assert_eq!(measured, count * 4 / 5);
        }
    }

    #[test]
    fn the_pilot_reached_nearly_everybody_and_some_are_in_the_middle_of_a_test() {
        let (staff, sittings) = planned(1_200);
        let below = subtree(PILOT_UNIT);
        let reached = staff.iter().filter(|person| below.contains(person.seat.unit.name.as_str())).count();
        let finished = people(&sittings, |sitting| sitting.campaign == Which::Pilot && sitting.stops_after.is_none());
        assert!(finished.len() * 100 >= reached * 95 && finished.len() < reached);
        let under_way =
            people(&sittings, |sitting| sitting.campaign == Which::WholeRegency && sitting.stops_after.is_some());
        assert_eq!(under_way.len(), 18);
    }

    #[test]
    fn nobody_sits_a_test_twice_or_outside_its_time() {
        let (_, sittings) = planned(1_200);
        let different: BTreeSet<_> = sittings.iter().map(|sitting| (sitting.person, sitting.campaign)).collect();
        assert_eq!(different.len(), sittings.len());
        let all = campaigns(NOW_MS, 2026);
        for sitting in &sittings {
            let campaign = all.iter().find(|campaign| campaign.which == sitting.campaign).expect("campaign");
            let end = sitting.begins_ms + LONGEST_TEST_MS;
            assert!(sitting.begins_ms >= campaign.opens_ms && end <= campaign.closes_ms.min(NOW_MS));
        }
    }

    #[test]
    fn the_demonstration_person_has_an_older_result_and_an_open_campaign_not_started() {
        let (staff, sittings) = planned(1_200);
        let shown = demonstration_person(&staff);
        assert_eq!(staff[shown].seat.post.name, "Guru Ahli Pertama");
        let taken: Vec<_> = sittings.iter().filter(|sitting| sitting.person == shown).collect();
        assert_eq!(taken.len(), 1);
        assert_eq!((taken[0].campaign, taken[0].stops_after), (Which::Pilot, None));
    }

    #[test]
    fn the_day_begins_at_midnight_in_western_indonesia_and_saturdays_are_free() {
        assert_eq!(midnight(NOW_MS), NOW_MS - 15 * HOUR_MS);
        assert!(is_weekend(midnight(NOW_MS) + 4 * DAY_MS) && !is_weekend(midnight(NOW_MS)));
    }
}
