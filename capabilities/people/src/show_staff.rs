//! The staff an officer answers for: GET /staff, by unit and by words of the name or a whole NIP, fifty at a time; GET
//! /staff/{id}, one person and how that person signs in. NIPs are shown masked.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use melek_db::{Db, Error, q};
use melek_web::{Choice, FieldErrors, Office, Page, Problem, Visitor, Words};
use serde::Deserialize;
use uuid::Uuid;

use crate::known_staff::post_kind;
use crate::nip::Nip;
use crate::role::Scope;
use crate::scope_units::{chosen_path, scope_units, unit_choices};
use crate::signed_in::Officer;
use crate::words;

pub(crate) const LIST: &str = "SELECT v.person_id, v.name, v.nip_masked, u.name AS unit, o.name AS post, p.active,
    a.password_hash IS NOT NULL AS has_password, a.code_expires_ms
    FROM people_person p
    JOIN people_v_person v ON v.person_id = p.id
    JOIN people_unit u ON u.id = p.unit_id
    JOIN people_post o ON o.id = p.post_id
    LEFT JOIN people_account a ON a.person_id = p.id
    WHERE p.agency_id = $1 AND SUBSTR(u.path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT)
    AND SUBSTR(u.path, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT) AND p.active = $4
    AND ((p.search_name LIKE $5 ESCAPE '!' AND p.search_name LIKE $6 ESCAPE '!' AND p.search_name LIKE $7 ESCAPE '!')
        OR p.nip = $8)
    ORDER BY p.search_name, p.id LIMIT $9 OFFSET $10";
pub(crate) const COUNT: &str = "SELECT COUNT(*),
    CAST(COALESCE(SUM(CASE WHEN a.password_hash IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT)
    FROM people_person p
    JOIN people_unit u ON u.id = p.unit_id
    LEFT JOIN people_account a ON a.person_id = p.id
    WHERE p.agency_id = $1 AND SUBSTR(u.path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT)
    AND SUBSTR(u.path, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT) AND p.active = $4
    AND ((p.search_name LIKE $5 ESCAPE '!' AND p.search_name LIKE $6 ESCAPE '!' AND p.search_name LIKE $7 ESCAPE '!')
        OR p.nip = $8)";
pub(crate) const READ_PERSON: &str = "SELECT v.name, v.nip_masked, p.kind, p.standing, p.email, p.active, u.name AS unit,
    o.name AS post, o.id AS post_id, o.kind AS post_kind, a.password_hash IS NOT NULL AS has_password, a.code_expires_ms,
    EXISTS (SELECT 1 FROM people_role r WHERE r.account_id = a.id) AS has_role
    FROM people_person p
    JOIN people_v_person v ON v.person_id = p.id
    JOIN people_unit u ON u.id = p.unit_id
    JOIN people_post o ON o.id = p.post_id
    LEFT JOIN people_account a ON a.person_id = p.id
    WHERE p.agency_id = $1 AND SUBSTR(u.path, 1, LENGTH(CAST($2 AS TEXT))) = CAST($2 AS TEXT) AND p.id = $3";

const PAGE: i64 = 50;
/// Words of a search that count.
const MOST_WORDS: usize = 3;

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    left: String,
    #[serde(default)]
    page: String,
}

#[derive(sqlx::FromRow)]
struct StaffRow {
    person_id: String,
    name: String,
    nip_masked: String,
    unit: String,
    post: String,
    active: bool,
    has_password: bool,
    code_expires_ms: Option<i64>,
}

#[derive(sqlx::FromRow)]
pub(crate) struct PersonRow {
    pub name: String,
    pub nip_masked: String,
    pub kind: String,
    pub standing: String,
    pub email: String,
    pub active: bool,
    pub unit: String,
    pub post: String,
    pub post_id: String,
    pub post_kind: String,
    pub has_password: bool,
    pub code_expires_ms: Option<i64>,
    pub has_role: bool,
}

#[derive(Template)]
#[template(path = "staff.html")]
struct StaffPage {
    t: Words,
    errors: FieldErrors,
    search: Search,
    units: Vec<Choice>,
    is_whole_agency: bool,
    count: String,
    lines: Vec<StaffLine>,
    /// Addresses of the pages before and after.
    before: Option<String>,
    after: Option<String>,
    position: String,
}

struct StaffLine {
    id: String,
    name: String,
    nip: String,
    unit: String,
    post: String,
    access: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage<'a> {
    t: Words,
    visitor: &'a Visitor,
    id: Uuid,
    facts: Vec<(String, String)>,
    post_id: String,
    access: String,
    may_reset: bool,
}

pub(crate) async fn show(
    State(office): State<Office>,
    who: Officer,
    Query(search): Query<Search>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let units = scope_units(&office.db, &who.scope).await?;
    let path = chosen_path(&units, &search.unit).ok_or_else(Problem::not_found)?;
    let filter = Filter::new(&who.scope, path, &search);
    let (count, without) = q_count(&office.db, &filter).await?;
    let pages = (count + PAGE - 1) / PAGE;
    let page: i64 = search.page.parse().unwrap_or(1).clamp(1, pages.max(1));
    let rows = q_list(&office.db, &filter, (page - 1) * PAGE).await?;
    let now_ms = office.clock.now_ms();
    let numbers = [("count", count.into()), ("without", without.into())];
    let body = StaffPage {
        t,
        errors: FieldErrors::new(who.visitor.locale),
        units: unit_choices(&units, t.text("staff-all-units")),
        is_whole_agency: who.scope.is_whole_agency(),
        count: t.with("staff-count", &numbers),
        lines: rows.into_iter().map(|row| line(t, row, now_ms)).collect(),
        before: (page > 1).then(|| search.address(page - 1)),
        after: (page < pages).then(|| search.address(page + 1)),
        position: t.with("staff-position", &[("page", page.into()), ("pages", pages.max(1).into())]),
        search,
    };
    Ok(Page::new(&office, &who.visitor, &t.text("staff-title")).wide().show(body))
}

fn line(t: Words, row: StaffRow, now_ms: i64) -> StaffLine {
    let access = access_key(row.active, row.has_password, row.code_expires_ms.is_some_and(|ms| ms > now_ms));
    StaffLine {
        id: row.person_id,
        name: row.name,
        nip: row.nip_masked,
        unit: row.unit,
        post: row.post,
        access: t.text(access),
    }
}

fn access_key(active: bool, has_password: bool, has_code: bool) -> &'static str {
    match (active, has_password, has_code) {
        (false, _, _) => "access-left",
        (_, true, _) => "access-password",
        (_, _, true) => "access-code",
        _ => "access-none",
    }
}

impl Search {
    fn address(&self, page: i64) -> String {
        let encoded = |text: &str| {
            text.bytes().fold(String::new(), |sum, byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => sum + &char::from(byte).to_string(),
                _ => format!("{sum}%{byte:02X}"),
            })
        };
        let (q, unit, left) = (encoded(&self.q), encoded(&self.unit), encoded(&self.left));
        format!("/staff?q={q}&unit={unit}&left={left}&page={page}")
    }
}

/// What the list is narrowed by, beside the scope.
struct Filter<'a> {
    scope: &'a Scope,
    path: &'a str,
    active: bool,
    patterns: [String; MOST_WORDS],
    nip: String,
}

impl<'a> Filter<'a> {
    fn new(scope: &'a Scope, path: &'a str, search: &Search) -> Self {
        let text = search.q.replace('\0', " ").to_lowercase();
        let mut words = text.split_whitespace();
        let patterns = std::array::from_fn(|_| format!("%{}%", literal(words.next().unwrap_or_default())));
        let nip = Nip::typed(&search.q).map(String::from).unwrap_or_default();
        Self { scope, path, active: search.left != "yes", patterns, nip }
    }

    fn bind(&self, query: melek_db::Query) -> melek_db::Query {
        let query = self.scope.bind(query).bind(self.path).bind(self.active);
        query.bind_all(self.patterns.iter().map(String::as_str)).bind(self.nip.as_str())
    }
}

/// A word as `LIKE` takes it literally.
pub(crate) fn literal(word: &str) -> String {
    word.chars().take(100).fold(String::new(), |mut sum, c| {
        if matches!(c, '%' | '_' | '!') {
            sum.push('!');
        }
        sum.push(c);
        sum
    })
}

async fn q_count(db: &Db, filter: &Filter<'_>) -> Result<(i64, i64), Error> {
    filter.bind(q(COUNT)).one(db).await
}

async fn q_list(db: &Db, filter: &Filter<'_>, skipped: i64) -> Result<Vec<StaffRow>, Error> {
    filter.bind(q(LIST)).bind(PAGE).bind(skipped).all(db).await
}

pub(crate) async fn show_person(
    State(office): State<Office>,
    who: Officer,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let t = words(who.visitor.locale);
    let row = person_in_scope(&office.db, &who.scope, id).await?.ok_or_else(Problem::not_found)?;
    let has_code = row.code_expires_ms.filter(|ms| *ms > office.clock.now_ms());
    let access = match (row.has_password, has_code) {
        (false, Some(ms)) => t.with("access-code-until", &[("date", who.visitor.date(ms).into())]),
        _ => t.text(access_key(row.active, row.has_password, false)),
    };
    let (title, back) = (row.name.clone(), t.text("staff-title"));
    let body = PersonPage {
        t,
        visitor: &who.visitor,
        id,
        post_id: row.post_id.clone(),
        access,
        may_reset: row.active && !row.has_role,
        facts: facts(t, row),
    };
    Ok(Page::new(&office, &who.visitor, &title).back("/staff", &back).show(body))
}

/// A person, if the officer answers for that person.
pub(crate) async fn person_in_scope(db: &Db, scope: &Scope, id: Uuid) -> Result<Option<PersonRow>, Error> {
    scope.bind(q(READ_PERSON)).bind(id).opt(db).await
}

fn facts(t: Words, row: PersonRow) -> Vec<(String, String)> {
    let post_kind =
        post_kind(&row.post_kind).map(|kind| t.text(&format!("post-kind-{}", kind.id()))).unwrap_or_default();
    let known = [
        ("field-nip", row.nip_masked),
        ("field-kind", row.kind.to_uppercase()),
        ("field-standing", row.standing),
        ("field-unit", row.unit),
        ("field-post", row.post),
        ("field-post-kind", post_kind),
        ("field-email", row.email),
    ];
    known.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (t.text(key), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_search_are_taken_literally() {
        assert_eq!(literal("100%_!"), "100!%!_!!");
    }

    #[test]
    fn the_address_of_another_page_keeps_the_search() {
        let search = Search { q: "budi & ani".into(), unit: "u-1".into(), left: String::new(), page: String::new() };
        assert_eq!(search.address(2), "/staff?q=budi%20%26%20ani&unit=u-1&left=&page=2");
    }
}
