//! The demonstration is no picture: everything stored about a test follows from the answers stored beside it. Each
//! answer is scored again, each ability computed again with the engine alone, each end decided again.

use std::collections::BTreeSet;

use indicatif::ProgressBar;
use melek::demo::{Wish, build};
use melek_assess::{Answer, Bank, Desk, ItemId, ItemPool, Outcome, replay_sessions};
use melek_db::{Record, TestDatabase, q, test_database};
use melek_irt::ability;
use melek_irt::stopping::{Reason, Standing};
use melek_web::{Clock, Office, Settings, testing};
use serde_json::Value;

/// 24 November 2026, 15.00 WIB.
const NOW_MS: i64 = 1_795_507_200_000;
const PEOPLE: usize = 60;

#[derive(sqlx::FromRow)]
struct Session {
    id: String,
    seed: i64,
    version: i64,
    status: String,
    state: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    position: i64,
    item_id: String,
    answer: String,
    is_right: bool,
    used_ms: i64,
}

#[derive(sqlx::FromRow)]
struct ResultRow {
    reason: String,
    items: i64,
    ability: String,
}

struct Demonstration {
    office: Office,
    pool: ItemPool,
    _database: TestDatabase,
}

impl Demonstration {
    async fn new() -> Demonstration {
        let database = test_database().await;
        let migrations = [melek_people::MIGRATIONS, melek_assess::MIGRATIONS];
        let migrated = testing::office(database.handle(), &migrations).await;
        let desk = Desk::open(&migrated.db, Bank::load(None).expect("bank"), NOW_MS).await.expect("desk");
        let pool = ItemPool::of_bank(&desk.bank).expect("pool");
        let office = Office::new(migrated.db, Clock::manual(NOW_MS), Settings::default()).with(desk);
        build(&office, Wish { people: PEOPLE, seed: 11 }, &ProgressBar::hidden()).await.expect("built");
        Demonstration { office, pool, _database: database }
    }

    async fn all<T: Record>(&self, sql: &'static str) -> Vec<T> {
        q(sql).all(&self.office.db).await.expect("read")
    }

    async fn sessions(&self) -> Vec<Session> {
        self.all("SELECT id, seed, version, status, state FROM assess_session ORDER BY id").await
    }

    async fn answers(&self, session: &str) -> Vec<Row> {
        let sql = "SELECT position, item_id, answer, is_right, used_ms FROM assess_answer WHERE session_id = $1
            ORDER BY position";
        q(sql).bind(session).all(&self.office.db).await.expect("read")
    }

    async fn result(&self, session: &str) -> Option<ResultRow> {
        let sql = "SELECT reason, items, ability FROM assess_result WHERE session_id = $1";
        q(sql).bind(session).opt(&self.office.db).await.expect("read")
    }

    async fn count(&self, sql: &'static str) -> i64 {
        q(sql).scalar(&self.office.db).await.expect("count")
    }

    /// Dimension and whether it was right, with the item's parameters, of the first answers of a test.
    fn engine_answers(&self, rows: &[Row]) -> Vec<ability::Answer> {
        let answer = |row: &Row| {
            let position = self.pool.position(&ItemId::new(row.item_id.as_str())).expect("an item of the bank");
            let item = self.pool.engine.items()[position];
            ability::Answer { item: item.item, dimension: item.dimension, correct: row.is_right }
        };
        rows.iter().map(answer).collect()
    }
}

#[tokio::test]
async fn every_answer_is_scored_as_the_item_says() {
    let demonstration = Demonstration::new().await;
    let desk = demonstration.office.part::<Desk>();
    for session in demonstration.sessions().await {
        for (row, place) in demonstration.answers(&session.id).await.iter().zip(1..) {
            let item = desk.item(&ItemId::new(row.item_id.as_str())).expect("an item of the bank");
            let item = item.drawn(session.seed as u64);
            assert_eq!(Answer::stored(row.answer.as_str()).is_right(&item.task), row.is_right, "{}", row.item_id);
            assert_eq!(row.position, place);
        }
    }
}

#[tokio::test]
async fn every_state_holds_the_answers_the_time_and_the_version_that_follow_from_its_rows() {
    let demonstration = Demonstration::new().await;
    for session in demonstration.sessions().await {
        let rows = demonstration.answers(&session.id).await;
        let state: Value = serde_json::from_str(&session.state).expect("JSON");
        let expected: Vec<Value> = rows.iter().map(|row| serde_json::json!([row.item_id, row.is_right])).collect();
        assert_eq!(state["a"], Value::Array(expected));
        let closed = demonstration.result(&session.id).await.is_some_and(|result| result.reason == "closed");
        let used_ms: i64 = rows.iter().map(|row| row.used_ms).sum();
        if !closed {
            assert_eq!(state["u"].as_i64(), Some(used_ms));
        }
        let chose = state["o"]["y"] == true || (!state["o"].is_null() && session.status != "open" && !closed);
        assert_eq!(session.version, 1 + rows.len() as i64 + i64::from(closed) + i64::from(chose));
        let items: BTreeSet<&str> = rows.iter().map(|row| row.item_id.as_str()).collect();
        assert_eq!(items.len(), rows.len(), "no item twice");
        match session.status.as_str() {
            "open" if state["c"].is_null() => assert!(!state["o"].is_null(), "neither an item nor an offer"),
            "open" => assert!(!items.contains(state["c"]["i"].as_str().expect("an item"))),
            _ => assert!(state["c"].is_null()),
        }
    }
}

#[tokio::test]
async fn every_ability_follows_from_the_answers_to_twelve_digits() {
    let demonstration = Demonstration::new().await;
    let desk = demonstration.office.part::<Desk>();
    let mut results = 0;
    for session in demonstration.sessions().await {
        let Some(result) = demonstration.result(&session.id).await else { continue };
        let rows = demonstration.answers(&session.id).await;
        assert_eq!(result.items, rows.len() as i64);
        let answers = demonstration.engine_answers(&rows);
        let posterior = ability::posterior(&desk.blueprint.prior, &answers).expect("posterior");
        let overall = posterior.composite(&desk.blueprint.weights);
        let stored: Value = serde_json::from_str(&result.ability).expect("JSON");
        let same = |stored: &Value, computed: f64| {
            let stored = stored.as_f64().expect("a number");
            assert!((stored - computed).abs() <= 1e-12, "{stored} and {computed}");
        };
        for (row, mean) in posterior.mean.iter().enumerate() {
            same(&stored["mean"][row], *mean);
            for (column, covariance) in posterior.covariance[row].iter().enumerate() {
                same(&stored["covariance"][row][column], *covariance);
            }
        }
        same(&stored["overall"]["logit"], overall.mean);
        same(&stored["overall"]["standard_error"], overall.standard_error);
        results += 1;
    }
    assert!(results >= PEOPLE * 4 / 5);
}

#[tokio::test]
async fn every_test_ended_when_the_rule_says_and_not_before() {
    let demonstration = Demonstration::new().await;
    let desk = demonstration.office.part::<Desk>();
    let rule = desk.blueprint.stop.rule();
    for session in demonstration.sessions().await {
        let answers = demonstration.engine_answers(&demonstration.answers(&session.id).await);
        let decided = |count: usize| {
            let posterior = ability::posterior(&desk.blueprint.prior, &answers[..count]).expect("posterior");
            let in_area = |area| answers[..count].iter().filter(|answer| answer.dimension == area).count();
            let (weights, answers) = (&desk.blueprint.weights, [0, 1, 2, 3, 4].map(in_area));
            rule.decide(&Standing { posterior: &posterior, weights, answers, cuts: &[None; 5] }, || 1.0)
        };
        let state: Value = serde_json::from_str(&session.state).expect("JSON");
        let offered = state["o"]["n"].as_u64().map(|answers| answers as usize);
        for count in 0..offered.unwrap_or(answers.len()) {
            assert_eq!(decided(count), None, "{} went on after {count}", session.id);
        }
        let reason = demonstration.result(&session.id).await.map(|result| result.reason);
        let reason = reason.as_deref();
        match (decided(offered.unwrap_or(answers.len())), offered.is_some()) {
            (Some(Reason::Precision), true) => assert!(matches!(reason, None | Some("precision" | "decision"))),
            (Some(Reason::Precision), false) => assert_eq!(reason, Some("precision")),
            (Some(Reason::Maximum), false) => assert_eq!(reason, Some("maximum")),
            (None, false) => assert!(matches!(reason, None | Some("closed" | "exhausted" | "time"))),
            other => panic!("{}: {other:?}", session.id),
        }
    }
}

#[tokio::test]
async fn every_session_played_again_shows_the_same_items_and_scores() {
    let demonstration = Demonstration::new().await;
    let desk = demonstration.office.part::<Desk>();
    let replays = replay_sessions(&desk, &demonstration.office.db, None, None).await.expect("replay");
    assert_eq!(replays.len(), demonstration.sessions().await.len());
    for replay in replays {
        assert_eq!(replay.outcome, Outcome::Identical, "{}", replay.session);
    }
}

#[tokio::test]
async fn every_showing_is_counted_once_and_no_item_is_shown_to_more_than_the_ceiling() {
    let demonstration = Demonstration::new().await;
    let desk = demonstration.office.part::<Desk>();
    let answers = demonstration.count("SELECT COUNT(*) FROM assess_answer").await;
    let open = demonstration
        .count("SELECT COUNT(*) FROM assess_session WHERE status = 'open' AND state LIKE '%\"c\":{%'")
        .await;
    let closed = demonstration.count("SELECT COUNT(*) FROM assess_result WHERE reason = 'closed'").await;
    let shown = demonstration.count("SELECT CAST(SUM(shown) AS BIGINT) FROM assess_bank_item").await;
    assert_eq!(shown, answers + open + closed);
    let started = demonstration.count("SELECT started FROM assess_bank").await;
    let most = demonstration.count("SELECT MAX(shown) FROM assess_bank_item").await;
    let ceiling = desk.blueprint.exposure.ceiling;
    assert!(ceiling.permits(most as u64 - 2, started as u64), "{most} of {started}");
}

#[tokio::test]
async fn four_of_five_have_a_result_or_stand_before_it_some_disagree_and_some_report_an_item() {
    let demonstration = Demonstration::new().await;
    let measured =
        "SELECT COUNT(DISTINCT s.person_id) FROM assess_session s JOIN assess_result r ON r.session_id = s.id
        WHERE r.reason <> 'closed'";
    let at_offer = r#"SELECT COUNT(*) FROM assess_session WHERE status = 'open' AND state LIKE '%"c":null%'"#;
    let at_offer = demonstration.count(at_offer).await;
    // Somebody at an offer may have a result of the pilot already.
    let first_at_offer = r#"SELECT COUNT(*) FROM assess_session WHERE status = 'open' AND state LIKE '%"c":null%'
        AND person_id NOT IN (SELECT s.person_id FROM assess_session s JOIN assess_result r ON r.session_id = s.id
        WHERE r.reason <> 'closed')"#;
    let first_at_offer = demonstration.count(first_at_offer).await;
    assert_eq!(demonstration.count(measured).await + first_at_offer, PEOPLE as i64 * 4 / 5);
    assert_eq!(demonstration.count("SELECT COUNT(*) FROM assess_campaign").await, 3);
    assert_eq!(demonstration.count("SELECT COUNT(*) FROM assess_dispute").await, 4);
    assert_eq!(demonstration.count("SELECT COUNT(*) FROM assess_flag").await, 9);
    assert_eq!(demonstration.count("SELECT COUNT(*) FROM people_account").await, 3 + at_offer.min(1));
}
