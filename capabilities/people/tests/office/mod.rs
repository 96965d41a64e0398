//! An office with one agency, its staff and accounts, and browsers to walk through its pages.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail by panicking")]
#![allow(dead_code, reason = "every test file uses a part of it")]

use axum::Router;
use axum::routing::get;
use melek_db::{Db, TestDatabase, q, test_database};
use melek_people::{
    MIGRATIONS, NewUser, Role, Scope, SignInDesk, StaffUpload, create_agency, create_user, load_staff, routes,
};
use melek_web::test_client::Client;
use melek_web::{Office, Visitor, page, router, testing};
use uuid::Uuid;

use crate::sheet::{Person, xlsx};

pub const AGENCY: &str = "Kabupaten Lembah Arum";
pub const PASSWORD: &str = "kopi pagi hari";

pub struct TestOffice {
    pub office: Office,
    pub router: Router,
    pub agency: Uuid,
    _database: TestDatabase,
}

impl TestOffice {
    /// An agency without staff.
    pub async fn empty() -> Self {
        let database = test_database().await;
        let office = testing::office(database.handle(), &[MIGRATIONS]).await;
        let office = office.clone().with(SignInDesk::new(office.clock.clone()));
        let agency = create_agency(&office.db, &office.clock, AGENCY).await.unwrap();
        let home = get(async |axum::extract::State(office): axum::extract::State<Office>, visitor: Visitor| {
            page(&office, &visitor, "Melek", Body)
        });
        let router = router(office.clone(), routes().route("/", home));
        Self { office, router, agency, _database: database }
    }

    /// With so many people of `Person::number`.
    pub async fn with_staff(count: u32) -> Self {
        let here = Self::empty().await;
        here.load(&(0..count).map(Person::number).collect::<Vec<_>>()).await;
        here
    }

    pub async fn load(&self, people: &[Person]) -> melek_people::ReadStaff {
        self.load_for(AGENCY, people).await
    }

    pub async fn load_for(&self, agency: &str, people: &[Person]) -> melek_people::ReadStaff {
        load_staff(&self.office.db, &self.office.clock, agency, &upload(&xlsx(0, people))).await.unwrap()
    }

    pub fn guest(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// Creates an account with roles and signs it in through the page.
    pub async fn user(&self, login: &str, roles: Vec<(Role, Option<Scope>)>) -> Client {
        let desk = melek_people::Passwords::new();
        let user = NewUser { login, name: "Sari Dewi", password: PASSWORD, person: None, roles };
        create_user(&self.office.db, &self.office.clock, &desk, &user).await.unwrap();
        let mut client = self.guest();
        let answer = sign_in(&mut client, login, PASSWORD).await;
        assert_eq!(answer.location(), Some("/"), "{}", answer.text());
        client
    }

    /// An officer of the whole agency.
    pub async fn officer(&self) -> Client {
        self.user("petugas", vec![(Role::Officer, Some(Scope::whole_agency(self.agency)))]).await
    }

    /// An officer of the unit with this name and what lies below.
    pub async fn officer_of(&self, unit: &str) -> Client {
        let path: String = q("SELECT path FROM people_v_unit WHERE name = $1 ORDER BY path")
            .bind(unit)
            .scalar(self.db())
            .await
            .unwrap();
        let scope = Scope { agency: self.agency, unit_path: Some(path) };
        self.user("petugas.unit", vec![(Role::Officer, Some(scope))]).await
    }

    pub fn db(&self) -> &Db {
        &self.office.db
    }

    /// The id of the stored person with this NIP.
    pub async fn person(&self, nip: &str) -> String {
        q("SELECT id FROM people_person WHERE nip = $1").bind(nip).scalar(self.db()).await.unwrap()
    }
}

#[derive(askama::Template)]
#[template(source = "<p>home</p>", ext = "html")]
struct Body;

pub fn upload(bytes: &[u8]) -> StaffUpload {
    StaffUpload { file_name: "pegawai.xlsx".to_owned(), bytes: bytes.into(), utc_offset_minutes: 420 }
}

pub async fn sign_in(client: &mut Client, login: &str, secret: &str) -> melek_web::test_client::Answer {
    client.get("/sign-in").await;
    client.post_form("/sign-in", &[("login", login), ("password", secret)]).await
}
