//! A small site with one route per promise.

#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use melek_db::{TestDatabase, test_database};
use melek_web::chart::{Bar, Bars, IntervalRow, IntervalRows, Scale, Spoken, Table};
use melek_web::test_client::Client;
use melek_web::{
    Choice, FieldErrors, Fields, Form, MultipartForm, NavEntry, NewSession, Office, Page, Problem, Settings, Visitor,
    page, router, testing,
};
use uuid::Uuid;

pub const SIGNED_IN_NAME: &str = "Siti Rahmawati";
pub const ACCOUNT: Uuid = Uuid::from_u128(7);

pub struct Site {
    pub office: Office,
    pub router: Router,
    counter: Arc<AtomicUsize>,
    roles: Vec<String>,
    _database: TestDatabase,
}

impl Site {
    pub async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Self {
        let database = test_database().await;
        let mut office = testing::office(database.handle(), &[]).await;
        office.settings = settings.into();
        let counter = Arc::new(AtomicUsize::new(0));
        let members = NavEntry { path: "/members", label: |_| "Anggota".to_owned(), role: "member" };
        let about = NavEntry { path: "/chart", label: |_| "Tentang situs ini".to_owned(), role: NavEntry::EVERYONE };
        let office = office.with_navigation(vec![members]).with_footer(vec![about]).with(Counter(counter.clone()));
        let router = router(office.clone(), routes());
        Self { office, router, counter, roles: vec!["member".to_owned()], _database: database }
    }

    pub fn guest(&self) -> Client {
        Client::new(self.router.clone())
    }

    pub async fn signed_in(&self) -> Client {
        let mut client = self.guest();
        client.sign_in(&self.office, self.person()).await;
        client
    }

    pub fn person(&self) -> NewSession<'_> {
        NewSession { account: ACCOUNT, name: SIGNED_IN_NAME, roles: &self.roles }
    }

    /// How often the handler behind /count ran.
    pub fn count(&self) -> usize {
        self.counter.load(Ordering::SeqCst)
    }
}

pub fn assets_of(page: &str) -> Vec<String> {
    let after = page.split("\"/assets/").skip(1);
    after.filter_map(|rest| rest.split('"').next()).map(|name| format!("/assets/{name}")).collect()
}

struct Counter(Arc<AtomicUsize>);

fn routes() -> Router<Office> {
    Router::new()
        .route("/", get(home))
        .route("/form", get(form).post(wrong_form))
        .route("/chart", get(chart))
        .route("/count", post(count))
        .route("/upload", post(upload))
        .route("/members", get(members))
        .route("/named/{name}", get(async |Path(_): Path<String>| "named"))
        .route("/numbered/{number}", get(async |Path(_): Path<u32>| "numbered"))
        .route("/forbidden", get(async || Problem::forbidden()))
        .route("/conflict", get(async || Problem::conflict("Sudah dijawab.")))
        .route("/invalid", get(async || Problem::invalid("Tanpa arti.")))
        .route("/too-many", get(async || Problem::too_many(30)))
        .route("/busy", get(async || Problem::unavailable(7)))
        .route("/broken", get(async || Problem::internal(std::io::Error::other("secret cause"))))
        .route("/panic", get(panic_handler))
}

#[derive(Template)]
#[template(source = "<p>Selamat datang.</p>", ext = "html")]
struct Home;

async fn home(State(office): State<Office>, visitor: Visitor) -> Response {
    Page::new(&office, &visitor, "Beranda").at("/home").show(Home)
}

async fn members(State(office): State<Office>, visitor: Visitor) -> Result<Response, Problem> {
    visitor.account().ok_or_else(Problem::sign_in_required)?;
    Ok(page(&office, &visitor, "Anggota", Home))
}

async fn count(State(office): State<Office>, _: Form<Fields>) -> Redirect {
    office.part::<Counter>().0.fetch_add(1, Ordering::SeqCst);
    Redirect::to("/")
}

async fn upload(form: MultipartForm) -> Result<String, Problem> {
    let file = form.file("file").ok_or_else(Problem::not_found)?;
    let unit = form.fields.get("unit").unwrap_or_default();
    Ok(format!("unit={unit} {} {}", file.file_name, file.bytes.len()))
}

async fn panic_handler() -> Response {
    panic!("secret cause")
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "form.html" as form %}
{{ form::error_summary(errors) }}
<form method="post" action="/form">
{{ form::csrf(visitor) }}
{{ form::text_input(errors, "who", "Siapa", value=who, hint="Nama lengkap") }}
{{ form::password_input(errors, "password", "Kata sandi") }}
{{ form::textarea(errors, "note", "Catatan") }}
{{ form::select(errors, "unit", "Unit", choices, chosen="b") }}
{{ form::radios(errors, "kind", "Jenis", choices, chosen="a") }}
{{ form::checkboxes(errors, "tools", "Alat", choices, chosen) }}
{{ form::checkbox(errors, "agree", "Setuju", checked=true) }}
{{ form::file(errors, "file", "Berkas", accept=".csv") }}
{{ form::submit("Kirim", name="go", value="now", secondary=true) }}
</form>"#
)]
struct FormBody<'a> {
    visitor: &'a Visitor,
    errors: FieldErrors,
    who: String,
    choices: Vec<Choice>,
    chosen: Vec<String>,
}

fn form_page(office: &Office, visitor: &Visitor, errors: FieldErrors, who: &str) -> Response {
    let body = FormBody {
        visitor,
        errors: errors.clone(),
        who: who.to_owned(),
        choices: vec![Choice::new("a", "A"), Choice::new("b", "B").hint("kedua")],
        chosen: vec!["a".to_owned()],
    };
    Page::new(office, visitor, "Formulir").errors(&errors).back("/", "Kembali").show(body)
}

async fn form(State(office): State<Office>, visitor: Visitor) -> Response {
    form_page(&office, &visitor, FieldErrors::default(), "")
}

async fn wrong_form(State(office): State<Office>, visitor: Visitor, Form(fields): Form<Fields>) -> Response {
    let mut errors = FieldErrors::new(visitor.locale);
    errors.add("who", "Tulis nama.");
    form_page(&office, &visitor, errors, fields.get("who").unwrap_or_default())
}

#[derive(Template)]
#[template(source = "{{ rows }}{{ bars }}", ext = "html")]
struct ChartBody {
    rows: IntervalRows,
    bars: Bars,
}

async fn chart(State(office): State<Office>, visitor: Visitor) -> Response {
    let table = Table {
        columns: vec!["Area".to_owned(), "Nilai".to_owned()],
        rows: vec![vec!["Keamanan".to_owned(), "0,1".to_owned()]],
    };
    let text = |value| visitor.decimal(value, 1);
    let row = IntervalRow {
        label: "Keamanan <1>".to_owned(),
        note: "belum pasti".to_owned(),
        low: -0.4,
        estimate: 0.1,
        high: 0.6,
        target: Some(0.3),
        spoken: Spoken { low: text(-0.4), estimate: text(0.1), high: text(0.6), target: text(0.3) },
    };
    let rows = IntervalRows {
        locale: visitor.locale,
        title: "Profil".to_owned(),
        description: "Lima area.".to_owned(),
        scale: Scale { from: -3.0, to: 3.0 },
        ticks: vec![(0.0, "tengah".to_owned())],
        rows: vec![row],
        table: table.clone(),
        legend: Default::default(),
    };
    let bars = Bars {
        locale: visitor.locale,
        title: "Sebaran".to_owned(),
        description: "Per tingkat.".to_owned(),
        largest: 10.0,
        legend: Vec::new(),
        rows: vec![Bar::plain("Dasar", 4.0, "4 orang")],
        table,
    };
    page(&office, &visitor, "Bagan", ChartBody { rows, bars }).into_response()
}
