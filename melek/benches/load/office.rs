//! An office to measure: staff loaded from a file, one open campaign, everybody signed in. Made through the library before
//! the server starts. Nobody has a password: hashing thousands would take minutes and is not what is measured.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use axum::http::header;
use axum::response::IntoResponse as _;
use melek_assess::{NewCampaign, open_campaign};
use melek_db::{Db, q};
use melek_people::{CIVIL_SERVANT, StaffUpload, find_agency, load_staff};
use melek_web::{Clock, Locale, NewSession, Office, Settings, Visitor};
use uuid::Uuid;

use crate::person::Person;
use crate::place::Place;

const AGENCY: &str = "Kabupaten Uji";
const PEOPLE_PER_UNIT: usize = 40;
const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// An account for everybody, with the person's own id.
const INSERT_ACCOUNTS: &str = "INSERT INTO people_account (id, person_id, name, must_change, created_ms)
    SELECT id, id, name, FALSE, created_ms FROM people_person";

/// An open campaign and those who may take its test.
pub struct OpenOffice {
    pub campaign: Uuid,
    /// Of everybody's sign-in.
    pub cookies: Vec<String>,
}

impl OpenOffice {
    /// Everybody, ready to start.
    pub fn people(&self) -> Vec<Person> {
        let seeded = (0..).zip(&self.cookies);
        seeded.map(|(seed, cookie)| Person::new(self.campaign, cookie, seed)).collect()
    }
}

/// Makes the office in an empty place.
pub async fn open_office(place: &Place, people: usize) -> Result<OpenOffice> {
    let db = Db::open(&place.address).await?;
    db.migrate(&melek::wiring::migrations()).await?;
    let office = Office::new(db, Clock::system(), Settings::default());
    let bytes: Arc<[u8]> = staff_file(people).into_bytes().into();
    let upload = StaffUpload { file_name: "staf.csv".to_owned(), bytes, utc_offset_minutes: 420 };
    let read = load_staff(&office.db, &office.clock, AGENCY, &upload).await?;
    ensure!(!read.has_faults(), "the staff file has faults: {:?}", read.file.faults.first());
    insert_accounts(&office.db).await?;
    let campaign = open(&office).await?;
    let accounts: Vec<String> =
        q("SELECT id FROM people_account ORDER BY id").scalars(&office.db).await.context("accounts")?;
    let mut cookies = Vec::with_capacity(people);
    for account in accounts {
        cookies.push(sign_in(&office, account.parse()?).await?);
    }
    office.db.close().await;
    Ok(OpenOffice { campaign, cookies })
}

/// A file as an office exports it; numbers count up, names do not matter.
fn staff_file(people: usize) -> String {
    let mut file =
        "NIP;Nama;Jenis pegawai;Jenis jabatan;Jabatan;Unit organisasi;Unit induk;Instansi kerja\n".to_owned();
    for index in 0..people {
        let (day, sequence) = (1 + index / 999 % 28, 1 + index % 999);
        let (unit, post) = (1 + index / PEOPLE_PER_UNIT, 1 + index % 20);
        // Writing into a string does not fail.
        let _ = writeln!(
            file,
            "198701{day:02}2012011{sequence:03};Pegawai Uji;PNS;Pelaksana;Pengadministrasi {post};Bidang {unit};Dinas Uji;{AGENCY}"
        );
    }
    file
}

/// For the whole agency, open for a week.
async fn open(office: &Office) -> Result<Uuid> {
    let agency = find_agency(&office.db, AGENCY).await?.context("the agency is not there")?;
    let opens_ms = office.clock.now_ms();
    let new = NewCampaign {
        agency,
        unit: None,
        unit_path: String::new(),
        title: "Penilaian uji".to_owned(),
        purpose: "Untuk mengukur.".to_owned(),
        opens_ms,
        closes_ms: opens_ms + WEEK_MS,
        created_by: "uji".to_owned(),
    };
    Ok(open_campaign(office, new).await?)
}

async fn insert_accounts(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    q(INSERT_ACCOUNTS).exec(&mut tx).await?;
    Ok(tx.commit().await?)
}

/// The cookie of a new sign-in.
async fn sign_in(office: &Office, account: Uuid) -> Result<String> {
    let new = NewSession { account, name: "Pegawai Uji", roles: &[CIVIL_SERVANT.to_owned()] };
    let cookies = office.sessions().open(&Visitor::guest(Locale::Id, "/"), new).await?;
    let response = (cookies, ()).into_response();
    let cookie = response.headers().get(header::SET_COOKIE).context("signing in sets no cookie")?;
    Ok(cookie.to_str()?.split(';').next().unwrap_or_default().to_owned())
}
