//! An agency with staff in a small tree of units, officers, and people whose results are written as if they had been tested.

use std::sync::Arc;

use axum::Router;
use melek_assess::{Bank, Desk, NewCampaign, Starting, open_campaign, start_session};
use melek_db::{TestDatabase, q, test_database};
use melek_people::{
    NewUser, Passwords, Role, Scope, SignInDesk, StaffUpload, create_agency, create_user, find_agency, load_staff,
};
use melek_web::test_client::Client;
use melek_web::{NewSession, Office, testing};
use uuid::Uuid;

pub const AGENCY: &str = "Kabupaten Uji";
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Unit, unit above it, post, kind of post, how many people.
type Group = (&'static str, &'static str, &'static str, &'static str, usize);

/// 30 in Bidang Data of Dinas Kominfo, 12 in Dinas Kominfo itself, 25 in Dinas Sosial, 4 in Kelurahan Laut of Kecamatan Timur.
pub const STAFF: [Group; 4] = [
    ("Bidang Data", "Dinas Kominfo", "Pranata Komputer Ahli Muda", "Fungsional", 30),
    ("Dinas Kominfo", "", "Pengadministrasi Umum", "Pelaksana", 12),
    ("Dinas Sosial", "", "Pengadministrasi Umum", "Pelaksana", 25),
    ("Kelurahan Laut", "Kecamatan Timur", "Pengadministrasi Umum", "Pelaksana", 4),
];

pub struct TestOffice {
    pub office: Office,
    pub router: Router,
    pub agency: Uuid,
    _database: TestDatabase,
}

impl TestOffice {
    pub async fn new() -> TestOffice {
        TestOffice::with_bank(Bank::load(None).unwrap()).await
    }

    pub async fn with_bank(bank: Bank) -> TestOffice {
        let database = test_database().await;
        let office = testing::office(database.handle(), &[melek_people::MIGRATIONS, melek_assess::MIGRATIONS]).await;
        let upload =
            StaffUpload { file_name: "staf.csv".into(), bytes: Arc::from(staff_file()), utc_offset_minutes: 420 };
        let read = load_staff(&office.db, &office.clock, AGENCY, &upload).await.unwrap();
        assert!(!read.has_faults(), "{:?}", read.file.faults);
        let agency = find_agency(&office.db, AGENCY).await.unwrap().unwrap();
        let desk = Desk::open(&office.db, bank, office.clock.now_ms()).await.unwrap();
        let office = office.clone().with(desk).with(SignInDesk::new(office.clock.clone()));
        let router = melek_web::router(office.clone(), melek_assess::routes());
        TestOffice { office, router, agency, _database: database }
    }

    pub fn desk(&self) -> Arc<Desk> {
        self.office.part()
    }

    /// Ids of the people of a unit (not of those below), by name.
    pub async fn people_of(&self, unit: &str) -> Vec<Uuid> {
        let sql = "SELECT p.person_id FROM people_v_person p JOIN people_v_unit u ON u.unit_id = p.unit_id \
                   WHERE u.name = $1 ORDER BY p.name";
        let ids: Vec<String> = q(sql).bind(unit).scalars(&self.office.db).await.unwrap();
        ids.into_iter().map(|id| id.parse().unwrap()).collect()
    }

    pub async fn name_of(&self, person: Uuid) -> String {
        q("SELECT name FROM people_v_person WHERE person_id = $1").bind(person).scalar(&self.office.db).await.unwrap()
    }

    pub async fn path_of(&self, unit: &str) -> String {
        q("SELECT path FROM people_v_unit WHERE name = $1").bind(unit).scalar(&self.office.db).await.unwrap()
    }

    /// A campaign open from now on for a week; of a unit, or of the whole agency.
    pub async fn campaign(&self, unit: Option<&str>) -> Uuid {
        let unit_path = match unit {
            Some(unit) => self.path_of(unit).await,
            None => String::new(),
        };
        let now_ms = self.office.clock.now_ms();
        let new = NewCampaign {
            agency: self.agency,
            unit: unit_path.rsplit('/').next().and_then(|id| id.parse().ok()),
            unit_path,
            title: format!("Penilaian {}", unit.unwrap_or("semua")),
            purpose: "Menyusun pelatihan.".to_owned(),
            opens_ms: now_ms,
            closes_ms: now_ms + 7 * DAY_MS,
            created_by: "uji".to_owned(),
        };
        open_campaign(&self.office, new).await.unwrap()
    }

    /// A session that is under way.
    pub async fn start(&self, campaign: Uuid, person: Uuid) -> Uuid {
        let starting = Starting { campaign, person, seed: 7, now_ms: self.office.clock.now_ms() };
        start_session(&self.desk(), &self.office.db, starting).await.unwrap()
    }

    /// A finished session with an ability in logits, the same in all areas, known to .3.
    pub async fn measure(&self, campaign: Uuid, person: Uuid, (logit, reason): (f64, &str)) -> Uuid {
        let session = self.start(campaign, person).await;
        let row = |at: usize| (0..5).map(|column| if at == column { 0.09 } else { 0.0 }).collect::<Vec<f64>>();
        let covariance: Vec<_> = (0..5).map(row).collect();
        let mean = [logit; 5];
        let overall = serde_json::json!({"logit": logit, "standard_error": 0.3});
        let ability = serde_json::json!({"mean": mean, "covariance": covariance, "overall": overall});
        let bank = &self.desk().bank.version.clone();
        let mut tx = self.office.db.begin().await.unwrap();
        let now_ms = self.office.clock.now_ms();
        q("UPDATE assess_session SET status = 'finished', finished_ms = $2 WHERE id = $1")
            .bind(session)
            .bind(now_ms)
            .exec(&mut tx)
            .await
            .unwrap();
        q("INSERT INTO assess_result (session_id, version, bank_version, reason, items, ability, computed_ms) \
           VALUES ($1, 1, $2, $3, $4, $5, $6)")
        .bind(session)
        .bind(bank)
        .bind(reason)
        .bind(if reason == "closed" { 3_i64 } else { 14 })
        .bind(ability.to_string())
        .bind(now_ms)
        .exec(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        session
    }

    /// Fourteen right answers of a finished session to as many items of the bank, the first `fast` of them after a second, the others
    /// after a minute.
    pub async fn answers(&self, session: Uuid, fast: i64) {
        let desk = self.desk();
        let items = desk.bank.items.iter().filter(|item| item.measures.is_some()).take(14);
        let mut tx = self.office.db.begin().await.unwrap();
        let mut came_ms: i64 =
            q("SELECT started_ms FROM assess_session WHERE id = $1").bind(session).scalar(&mut tx).await.unwrap();
        for (item, position) in items.zip(1_i64..) {
            let used_ms = if position <= fast { 1_000 } else { 60_000 };
            q("INSERT INTO assess_answer (session_id, position, item_id, answer, is_right, locale, shown_ms, answered_ms, used_ms) \
               VALUES ($1, $2, $3, 'a', TRUE, 'id', $4, $5, $6)")
            .bind(session)
            .bind(position)
            .bind(item.id.as_str())
            .bind(came_ms)
            .bind(came_ms + used_ms)
            .bind(used_ms)
            .exec(&mut tx)
            .await
            .unwrap();
            came_ms += used_ms;
        }
        tx.commit().await.unwrap();
    }

    /// Everybody of a unit finishes: `low` of them far below every need, the others far above.
    pub async fn measure_unit(&self, campaign: Uuid, unit: &str, low: usize) {
        for (at, person) in self.people_of(unit).await.into_iter().enumerate() {
            self.measure(campaign, person, (if at < low { -3.0 } else { 3.0 }, "precision")).await;
        }
    }

    /// A browser signed in with a role, and as a person if one is given.
    pub async fn user(&self, login: &str, role: (Role, Option<Scope>), person: Option<Uuid>) -> Client {
        let passwords = Passwords::new();
        let id = role.0.id().to_owned();
        let user = NewUser { login, name: "Rina Puspita", password: "kopi pagi hari", person, roles: vec![role] };
        let account = create_user(&self.office.db, &self.office.clock, &passwords, &user).await.unwrap();
        let mut client = Client::new(self.router.clone());
        client.sign_in(&self.office, NewSession { account, name: "Rina Puspita", roles: &[id] }).await;
        client
    }

    /// An officer of the whole agency.
    pub async fn officer(&self) -> Client {
        self.user("pengelola", (Role::Officer, Some(Scope::whole_agency(self.agency))), None).await
    }

    /// An officer of a unit and what lies below.
    pub async fn officer_of(&self, unit: &str) -> Client {
        let scope = Scope { agency: self.agency, unit_path: Some(self.path_of(unit).await) };
        self.user("pengelola.unit", (Role::Officer, Some(scope)), None).await
    }

    /// An officer of another agency.
    pub async fn stranger(&self) -> Client {
        let other = create_agency(&self.office.db, &self.office.clock, "Kabupaten Lain").await.unwrap();
        self.user("pengelola.lain", (Role::Officer, Some(Scope::whole_agency(other))), None).await
    }

    pub async fn item_writer(&self) -> Client {
        self.user("penulis", (Role::ItemWriter, None), None).await
    }

    /// A civil servant.
    pub async fn person(&self, person: Uuid) -> Client {
        let login = format!("p-{}", &person.simple().to_string()[20..]);
        let passwords = Passwords::new();
        let user = NewUser {
            login: &login,
            name: "Pegawai",
            password: "kopi pagi hari",
            person: Some(person),
            roles: Vec::new(),
        };
        let account = create_user(&self.office.db, &self.office.clock, &passwords, &user).await.unwrap();
        let mut client = Client::new(self.router.clone());
        let roles = ["civil_servant".to_owned()];
        client.sign_in(&self.office, NewSession { account, name: "Pegawai", roles: &roles }).await;
        client
    }
}

fn staff_file() -> Vec<u8> {
    let mut file =
        "NIP;Nama;Jenis pegawai;Jenis jabatan;Jabatan;Unit organisasi;Unit induk;Instansi kerja\n".to_owned();
    let mut number = 0;
    for (unit, above, post, kind, count) in STAFF {
        for _ in 0..count {
            number += 1;
            let name = format!("Pegawai {}", letters(number));
            file += &format!("198609262015051{number:03};{name};PNS;{kind};{post};{unit};{above};{AGENCY}\n");
        }
    }
    file.into_bytes()
}

/// A name for a number: names hold no digits.
fn letters(number: usize) -> String {
    let letter = |at: usize| char::from(b'a' + (at % 26) as u8);
    format!("{}{}", letter(number / 26).to_uppercase(), letter(number))
}

/// The texts of the cells after the row heading with this text, in the first table that has it.
pub fn cells(html: &str, heading: &str) -> Vec<String> {
    let row = html.split("<tr").find(|row| row.contains(&format!(">{heading}</th>"))).unwrap_or_else(|| {
        panic!("no row {heading} in {html}");
    });
    let cells = row.split("<td").skip(1).map(|cell| cell.split_once('>').unwrap().1);
    cells.map(|cell| cell.split("</td>").next().unwrap().trim().to_owned()).collect()
}
