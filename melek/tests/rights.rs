//! Every route of the program, asked without a right: a guest is sent to sign in, the wrong role is refused, and no route is left out
//! of the lists the capabilities give.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use melek::wiring::Program;
use melek_people::{NewUser, Passwords, Role, Scope, create_agency, create_user};
use melek_web::test_client::Client;
use melek_web::{Clock, NewSession, Settings};

/// What opens a route, over all capabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Account,
    CivilServant,
    Officer,
    ItemWriter,
}

/// Routes that need no right, by decision: the sign-in page, the language switch, what everybody may read, and the operator's two.
const OPEN: [&str; 10] = [
    "GET /",
    "GET /about",
    "GET /assets/{name}",
    "GET /framework",
    "GET /framework/{competence}",
    "GET /healthz",
    "GET /metrics",
    "GET /sign-in",
    "POST /sign-in",
    "POST /language",
];
/// Ends a sign-in; harmless for a guest.
const SIGN_OUT: &str = "POST /sign-out";

fn routes() -> Vec<(String, Needs)> {
    let people = melek_people::ROUTES.iter().map(|route| {
        let needs = match format!("{:?}", route.needs).as_str() {
            "Nothing" => Needs::Nothing,
            "Account" => Needs::Account,
            _ => Needs::Officer,
        };
        (format!("{} {}", route.method, route.path), needs)
    });
    let assess = melek_assess::ROUTES.iter().map(|route| {
        let needs = match route.needs {
            melek_assess::Needs::Nothing => Needs::Nothing,
            melek_assess::Needs::CivilServant => Needs::CivilServant,
            melek_assess::Needs::Officer => Needs::Officer,
            melek_assess::Needs::ItemWriter => Needs::ItemWriter,
        };
        (format!("{} {}", route.method, route.path), needs)
    });
    people.chain(assess).collect()
}

/// A path with something in place of each parameter.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{number}" | "{position}" => "1",
        part if part.starts_with('{') => "01935e40-0000-7000-8000-000000000000",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(browser: &mut Client, route: &str) -> melek_web::test_client::Answer {
    let (method, path) = route.split_once(' ').expect("method and path");
    let path = filled(path);
    if method == "GET" {
        return browser.get(&path).await;
    }
    browser.get("/about").await;
    browser.post_form(&path, &[]).await
}

struct Site {
    program: Program,
    _folder: tempfile::TempDir,
    agency: uuid::Uuid,
}

async fn site() -> Site {
    let folder = tempfile::tempdir().expect("folder");
    let program =
        Program::open(folder.path(), Clock::manual(1_796_086_800_000), Settings::default()).await.expect("program");
    let agency = create_agency(&program.office.db, &program.office.clock, "Kabupaten Uji").await.expect("agency");
    Site { program, _folder: folder, agency }
}

impl Site {
    fn guest(&self) -> Client {
        Client::new(self.program.service())
    }

    /// Somebody signed in with one role and no person.
    async fn signed_in(&self, role: Role) -> Client {
        let office = &self.program.office;
        let login = role.id().replace('_', "-");
        let scope = (role == Role::Officer).then(|| Scope::whole_agency(self.agency));
        let user = NewUser {
            login: &login,
            name: "Uji",
            password: "kata sandi uji coba",
            person: None,
            roles: vec![(role, scope)],
        };
        let account = create_user(&office.db, &office.clock, &Passwords::new(), &user).await.expect("account");
        let mut browser = self.guest();
        browser.sign_in(office, NewSession { account, name: "Uji", roles: &[role.id().to_owned()] }).await;
        browser
    }
}

#[tokio::test]
async fn a_guest_is_sent_to_sign_in_from_every_route_that_needs_a_right() {
    let site = site().await;
    for (route, needs) in routes() {
        let mut guest = site.guest();
        let answer = ask(&mut guest, &route).await;
        if needs == Needs::Nothing {
            assert!(answer.status().as_u16() < 500, "{route}: {}", answer.status());
            continue;
        }
        let location = answer.location().unwrap_or_default();
        assert!(location.starts_with("/sign-in"), "{route}: {} {location}", answer.status());
    }
}

#[tokio::test]
async fn a_guest_finds_the_framework_and_what_happens_with_data_at_the_foot_of_a_page() {
    let site = site().await;
    let page = site.guest().get("/sign-in").await.text();
    let foot = page.split_once("<footer").map(|(_, foot)| foot).unwrap_or_default();
    for link in ["<a href=\"/framework\">Kerangka kompetensi</a>", "<a href=\"/about\">Tentang Melek dan data Anda</a>"]
    {
        assert!(foot.contains(link), "{foot}");
    }
}

#[tokio::test]
async fn a_program_without_a_right_gets_401_in_json() {
    let site = site().await;
    for (route, needs) in routes() {
        if needs != Needs::Nothing && route.starts_with("GET") {
            let mut guest = site.guest().with_header("accept", "application/json");
            let answer = ask(&mut guest, &route).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{route}");
        }
    }
}

#[tokio::test]
async fn the_wrong_role_is_refused_on_every_route() {
    let site = site().await;
    for (role, holds) in
        [(Role::Officer, Needs::Officer), (Role::ItemWriter, Needs::ItemWriter), (Role::Administrator, Needs::Account)]
    {
        let mut browser = site.signed_in(role).await;
        for (route, needs) in routes() {
            if needs != holds && !matches!(needs, Needs::Nothing | Needs::Account) {
                let answer = ask(&mut browser, &route).await;
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{} asks {route}", role.id());
            }
        }
    }
}

#[test]
fn every_route_written_in_the_source_stands_in_a_list() {
    let mut listed: BTreeSet<String> = routes().into_iter().map(|(route, _)| route).collect();
    listed.extend(OPEN.map(str::to_owned));
    listed.insert(SIGN_OUT.to_owned());
    let mut written = BTreeSet::new();
    for folder in ["../foundation/web/src", "../capabilities", "src"] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut written);
    }
    assert!(written.len() > 30, "{written:?}");
    let missing: Vec<_> = written.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&written).collect();
    assert!(missing.is_empty() && gone.is_empty(), "not in a list: {missing:?}; in a list only: {gone:?}");
}

/// `METHOD path` of every `.route("…", get(…).post(…))` below a folder, tests and the preview of items left out.
fn collect(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" && name != "examples" {
            collect(&path, found);
        } else if name.ends_with(".rs") && name != "preview_item.rs" {
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            for call in source.split(".route(").skip(1) {
                let Some(path) = call.trim_start().strip_prefix('"').and_then(|call| call.split('"').next()) else {
                    continue;
                };
                let methods = call.split(".route(").next().unwrap_or_default();
                let methods = methods.split("\n        .").next().unwrap_or_default();
                for (word, method) in [("get(", "GET"), ("post(", "POST")] {
                    if methods.contains(word) {
                        found.insert(format!("{method} {path}"));
                    }
                }
            }
        }
    }
}
