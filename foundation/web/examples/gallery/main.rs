//! Every part of the look on a few pages, to see with one's own eyes: `cargo run -p melek-web --example gallery`, then open
//! http://127.0.0.1:8099/. Nothing here is part of the program.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Router, response::Redirect};
use melek_db::test_database;
use melek_web::chart::{Bar, Bars, IntervalRow, IntervalRows, Part, Scale, Spoken, Table, Tone};
use melek_web::{
    Choice, FieldErrors, Locale, NavEntry, Office, Page, Settings, Visitor, format, page, serve, stop_signal,
};

#[derive(Template)]
#[template(path = "form_page.html")]
struct FormPage<'a> {
    visitor: &'a Visitor,
    errors: FieldErrors,
    units: Vec<Choice>,
    kinds: Vec<Choice>,
    chosen: Vec<String>,
}

#[derive(Template)]
#[template(path = "item_page.html")]
struct ItemPage<'a> {
    visitor: &'a Visitor,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "result_page.html")]
struct ResultPage {
    profile: IntervalRows,
    units: Bars,
}

type Row = (&'static str, i64, i64, (&'static str, &'static str));

#[derive(Template)]
#[template(path = "table_page.html")]
struct TablePage {
    rows: Vec<Row>,
}

#[tokio::main]
async fn main() {
    let database = test_database().await;
    let mut office = melek_web::testing::office(database.handle(), &[]).await;
    office.settings =
        Settings { synthetic: true, installation: "Kabupaten Contoh".to_owned(), ..Settings::default() }.into();
    let entry = |path, label| NavEntry { path, label, role: NavEntry::EVERYONE };
    let office = office.with_navigation(vec![
        entry("/form", |_| "Formulir".to_owned()),
        entry("/item", |_| "Butir".to_owned()),
        entry("/result", |_| "Hasil".to_owned()),
        entry("/table", |_| "Cakupan".to_owned()),
    ]);
    let routes = Router::new()
        .route("/", get(async || Redirect::to("/item")))
        .route("/form", get(form).post(wrong_form))
        .route("/item", get(item).post(item))
        .route("/result", get(result))
        .route("/table", get(table));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await.expect("port 8099 is free");
    serve(listener, melek_web::router(office, routes), stop_signal()).await;
}

async fn form(State(office): State<Office>, visitor: Visitor) -> Response {
    form_page(&office, &visitor, FieldErrors::new(visitor.locale))
}

async fn wrong_form(State(office): State<Office>, visitor: Visitor) -> Response {
    let mut errors = FieldErrors::new(visitor.locale);
    errors.add("nip", "NIP harus 18 angka; yang tertulis 8 angka. Periksa kartu pegawai Anda.");
    errors.add("kind", "Pilih jenis pegawai.");
    form_page(&office, &visitor, errors)
}

fn form_page(office: &Office, visitor: &Visitor, errors: FieldErrors) -> Response {
    let body = FormPage {
        visitor,
        errors: errors.clone(),
        units: vec![Choice::new("a", "Dinas Kesehatan"), Choice::new("b", "Dinas Pendidikan")],
        kinds: vec![Choice::new("pns", "PNS"), Choice::new("pppk", "PPPK").hint("dengan perjanjian kerja")],
        chosen: vec!["pppk".to_owned()],
    };
    Page::new(office, visitor, "Data unit organisasi").errors(&errors).back("/table", "Kembali ke cakupan").show(body)
}

async fn item(State(office): State<Office>, visitor: Visitor) -> Response {
    let choices = vec![
        Choice::new("a", "Mengirim notula apa adanya karena grup hanya berisi rekan kerja"),
        Choice::new("b", "Menghapus nomor telepon warga dari notula, lalu membagikannya"),
        Choice::new("c", "Mengirim notula sebagai gambar agar tidak mudah disalin"),
        Choice::new("d", "Meminta peserta berjanji tidak menyebarkan notula"),
    ];
    let body = ItemPage { visitor: &visitor, choices };
    page(&office, &visitor, "Membagikan notula rapat", body)
}

async fn result(State(office): State<Office>, visitor: Visitor) -> Response {
    let body = ResultPage { profile: profile(), units: units() };
    page(&office, &visitor, "Hasil penilaian Anda", body)
}

fn profile() -> IntervalRows {
    let areas = [
        ("Pencarian, evaluasi, dan pengelolaan informasi", "mungkin sudah terpenuhi", 0.6, 0.2, Some(0.0)),
        ("Komunikasi dan kolaborasi", "belum pasti", 0.1, 0.5, Some(0.3)),
        ("Pembuatan konten", "mungkin belum terpenuhi", -0.9, 0.45, Some(0.4)),
        ("Keamanan", "belum pasti", -2.6, 0.6, Some(0.2)),
        ("Pemecahan masalah", "tidak disyaratkan", 1.4, 0.5, None),
    ];
    let number = |value: f64| format::decimal(Locale::Id, value, 1);
    let row = |&(label, note, estimate, error, target): &(&str, &str, f64, f64, Option<f64>)| IntervalRow {
        label: label.to_owned(),
        note: note.to_owned(),
        low: estimate - 2.0 * error,
        estimate,
        high: estimate + 2.0 * error,
        target,
        spoken: Spoken {
            low: number(estimate - 2.0 * error),
            estimate: number(estimate),
            high: number(estimate + 2.0 * error),
            target: target.map(number).unwrap_or_default(),
        },
    };
    let rows: Vec<IntervalRow> = areas.iter().map(row).collect();
    let cells = |row: &IntervalRow| {
        vec![row.label.clone(), row.spoken.estimate.clone(), format!("{} … {}", row.spoken.low, row.spoken.high)]
    };
    let table = Table {
        columns: ["Area", "Perkiraan", "Rentang"].map(str::to_owned).to_vec(),
        rows: rows.iter().map(cells).collect(),
    };
    IntervalRows {
        locale: Locale::Id,
        title: "Profil lima area".to_owned(),
        description: "Makin ke kanan makin tinggi; garis menunjukkan seberapa pasti perkiraan itu.".to_owned(),
        scale: Scale { from: -3.0, to: 3.0 },
        ticks: vec![(-3.0, "dasar".to_owned()), (0.0, "menengah".to_owned()), (3.0, "sangat mahir".to_owned())],
        rows,
        table,
        legend: Default::default(),
    }
}

fn units() -> Bars {
    let parts = |met, unsure, unmet| {
        vec![
            Part { tone: Tone::Met, value: met },
            Part { tone: Tone::Unsure, value: unsure },
            Part { tone: Tone::Unmet, value: unmet },
        ]
    };
    let row = |label: &str, met: f64, unsure: f64, unmet: f64| Bar {
        label: label.to_owned(),
        text: format!("{met} sudah, {unsure} belum pasti, {unmet} belum"),
        parts: parts(met, unsure, unmet),
    };
    Bars {
        locale: Locale::Id,
        title: "Kebutuhan jabatan per unit".to_owned(),
        description: "Banyaknya pegawai menurut terpenuhi tidaknya kebutuhan jabatan.".to_owned(),
        largest: 60.0,
        legend: vec![
            (Tone::Met, "mungkin sudah".to_owned()),
            (Tone::Unsure, "belum pasti".to_owned()),
            (Tone::Unmet, "mungkin belum".to_owned()),
        ],
        rows: vec![row("Dinas Kesehatan", 31.0, 14.0, 15.0), row("Dinas Pendidikan", 12.0, 20.0, 18.0)],
        table: Table {
            columns: ["Unit", "Sudah", "Belum pasti", "Belum"].map(str::to_owned).to_vec(),
            rows: vec![["Dinas Kesehatan", "31", "14", "15"].map(str::to_owned).to_vec()],
        },
    }
}

async fn table(State(office): State<Office>, visitor: Visitor) -> Response {
    let rows = vec![
        ("Dinas Kesehatan", 210, 201, ("met", "hampir selesai")),
        ("Dinas Pekerjaan Umum dan Penataan Ruang", 96, 40, ("unsure", "perlu diingatkan")),
        ("Sekretariat Daerah", 64, 3, ("unmet", "baru mulai")),
    ];
    Page::new(&office, &visitor, "Cakupan kegiatan penilaian").wide().show(TablePage { rows })
}
