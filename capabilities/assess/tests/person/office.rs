//! A small agency with a civil servant who is signed in, on a fresh database and a clock moved by hand.

use std::sync::Arc;

use axum::Router;
use melek_assess::{
    Answer, Bank, Desk, Next, Reply, Sent, Starting, answer_item, answer_offer, session_of_person, start_session,
};
use melek_db::{TestDatabase, q, test_database};
use melek_people::{NewUser, Passwords, StaffUpload, create_user, load_staff};
use melek_web::test_client::Client;
use melek_web::{Locale, NewSession, Office, testing};
use uuid::Uuid;

const STAFF: &str = "NIP;Nama;Jenis pegawai;Jenis jabatan;Jabatan;Unit organisasi;Unit induk;Instansi kerja\n\
    198609262015051001;Sari Wulandari;PNS;Fungsional;Pranata Komputer Ahli Muda;Bidang Data;Dinas Kominfo;Kabupaten Uji\n\
    199003122019032002;Budi Hartono;PNS;Pelaksana;Pengadministrasi Umum;Kelurahan Laut;Kecamatan Timur;Kabupaten Uji\n";

/// Of every session `start` starts.
pub const SEED: u64 = 7;
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub struct TestOffice {
    pub office: Office,
    pub router: Router,
    /// Two people of different units.
    pub people: Vec<Uuid>,
    pub campaign: Uuid,
    _database: TestDatabase,
}

pub async fn test_office() -> TestOffice {
    test_office_with(Bank::load(None).expect("bank")).await
}

/// The same with another bank.
pub async fn test_office_with(bank: Bank) -> TestOffice {
    let database = test_database().await;
    let office = testing::office(database.handle(), &[melek_people::MIGRATIONS, melek_assess::MIGRATIONS]).await;
    let upload =
        StaffUpload { file_name: "staf.csv".into(), bytes: Arc::from(STAFF.as_bytes()), utc_offset_minutes: 420 };
    let read = load_staff(&office.db, &office.clock, "Kabupaten Uji", &upload).await.expect("staff");
    assert!(!read.has_faults(), "{:?}", read.file.faults);
    let people: Vec<String> =
        q("SELECT person_id FROM people_v_person ORDER BY name DESC").scalars(&office.db).await.expect("people");
    let agency: String =
        q("SELECT agency_id FROM people_v_person").opt::<(String,)>(&office.db).await.expect("agency").expect("one").0;
    let desk = Desk::open(&office.db, bank, office.clock.now_ms()).await.expect("desk");
    let office = office.with(desk);
    let campaign = insert_campaign(&office, &agency).await;
    let people = people.into_iter().map(|id| id.parse().expect("id")).collect();
    let router = melek_web::router(office.clone(), melek_assess::routes());
    TestOffice { office, router, people, campaign, _database: database }
}

async fn insert_campaign(office: &Office, agency: &str) -> Uuid {
    let (id, now) = (office.clock.new_id(), office.clock.now_ms());
    let mut tx = office.db.begin().await.expect("begin");
    q("INSERT INTO assess_campaign (id, agency_id, unit_path, title, purpose, opens_ms, closes_ms, created_by, created_ms) \
       VALUES ($1, $2, '', 'Penilaian uji', 'Untuk menguji.', $3, $4, 'uji', $3)")
        .bind(id)
        .bind(agency)
        .bind(now)
        .bind(now + 7 * DAY_MS)
        .exec(&mut tx)
        .await
        .expect("insert");
    tx.commit().await.expect("commit");
    id
}

impl TestOffice {
    pub fn desk(&self) -> Arc<Desk> {
        self.office.part()
    }

    /// A started session of a person; the seed makes it repeatable.
    pub async fn start(&self, person: Uuid) -> Uuid {
        let starting = Starting { campaign: self.campaign, person, seed: SEED, now_ms: self.office.clock.now_ms() };
        start_session(&self.desk(), &self.office.db, starting).await.expect("start")
    }

    /// Answers the item at a position, right or not; half a minute passes first.
    pub async fn answer(&self, session: Uuid, person: Uuid, (position, right): (usize, bool)) -> Next {
        self.answer_after(30_000, (session, person), (position, right)).await
    }

    /// The same after so many milliseconds.
    pub async fn answer_after(
        &self,
        ms: i64,
        (session, person): (Uuid, Uuid),
        (position, right): (usize, bool),
    ) -> Next {
        self.office.clock.advance(ms);
        let item = self.current_item(session).await;
        let desk = self.desk();
        let key = item.and_then(|item| desk.item(&item).map(|item| Answer::key(&item.drawn(SEED).task)));
        let answer = key.filter(|_| right).unwrap_or_else(Answer::unknown);
        let reply = Reply::Answer(answer);
        let sent = Sent { session, person, position, reply, locale: Locale::Id, device_elapsed_ms: None };
        answer_item(&desk, &self.office.db, sent, self.office.clock.now_ms()).await.expect("answer")
    }

    /// Moves the end of the campaign to so many milliseconds from now.
    pub async fn close_in(&self, ms: i64) {
        let mut tx = self.office.db.begin().await.expect("begin");
        let closing = q("UPDATE assess_campaign SET closes_ms = $2 WHERE id = $1");
        closing.bind(self.campaign).bind(self.office.clock.now_ms() + ms).exec(&mut tx).await.expect("move");
        tx.commit().await.expect("commit");
    }

    /// Answers until the test ends; every third answer is wrong.
    pub async fn finish(&self, session: Uuid, person: Uuid) -> usize {
        self.finish_with_fast(session, person, &[]).await
    }

    /// The same with the answers at some positions after one second, less than an item takes to read.
    pub async fn finish_with_fast(&self, session: Uuid, person: Uuid, fast: &[usize]) -> usize {
        for position in 1..=40 {
            let ms = if fast.contains(&position) { 1_000 } else { 30_000 };
            match self.answer_after(ms, (session, person), (position, position % 3 != 0)).await {
                Next::Item { .. } => {}
                Next::Finished => return position,
                Next::Offer => {
                    self.decide(session, person, false).await;
                    return position;
                }
            }
        }
        panic!("the test does not end");
    }

    /// Goes on with the items offered, or finishes.
    pub async fn decide(&self, session: Uuid, person: Uuid, goes_on: bool) {
        let db = &self.office.db;
        let stored = session_of_person(db, session, person).await.expect("read").expect("session");
        answer_offer(&self.desk(), db, (stored, goes_on), self.office.clock.now_ms()).await.expect("decide");
    }

    /// Puts this item before the person instead of the one chosen.
    pub async fn put_before(&self, session: Uuid, item: &str) {
        let state: String = self.read("SELECT state FROM assess_session WHERE id = $1", session).await;
        let mut state: serde_json::Value = serde_json::from_str(&state).expect("state");
        state["c"]["i"] = item.into();
        let mut tx = self.office.db.begin().await.expect("begin");
        let update = q("UPDATE assess_session SET state = $2 WHERE id = $1");
        update.bind(session).bind(state.to_string()).exec(&mut tx).await.expect("update");
        tx.commit().await.expect("commit");
    }

    pub async fn current_item(&self, session: Uuid) -> Option<melek_assess::ItemId> {
        let state: String = self.read("SELECT state FROM assess_session WHERE id = $1", session).await;
        let state: serde_json::Value = serde_json::from_str(&state).expect("state");
        state["c"]["i"].as_str().map(melek_assess::ItemId::new)
    }

    pub async fn read<T>(&self, sql: &'static str, session: Uuid) -> T
    where
        (T,): melek_db::Record,
    {
        q(sql).bind(session).scalar(&self.office.db).await.expect("read")
    }

    pub async fn count_answers(&self, session: Uuid) -> i64 {
        self.read("SELECT COUNT(*) FROM assess_answer WHERE session_id = $1", session).await
    }

    /// A browser signed in as the person.
    pub async fn browser(&self, person: Uuid) -> Client {
        let login = person.to_string();
        let user = NewUser {
            login: &login,
            name: "Sari",
            password: "kata sandi uji coba",
            person: Some(person),
            roles: Vec::new(),
        };
        let account =
            create_user(&self.office.db, &self.office.clock, &Passwords::new(), &user).await.expect("account");
        let mut client = Client::new(self.router.clone());
        client.sign_in(&self.office, NewSession { account, name: "Sari", roles: &["civil_servant".to_owned()] }).await;
        client
    }
}
