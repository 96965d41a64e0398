//! The answers of all finished sessions for calibration: `person,item,score,milliseconds`. A person is a number drawn for this export, the
//! same for all sessions of one person in it; nothing leads from it to a name without the database.

use std::collections::HashMap;

use melek_db::{Db, Error, q};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

pub(crate) const PEOPLE: &str =
    "SELECT DISTINCT person_id FROM assess_session WHERE status = 'finished' ORDER BY person_id";
pub(crate) const ANSWERS: &str = "SELECT s.person_id, a.item_id, a.is_right, a.used_ms FROM assess_answer a \
     JOIN assess_session s ON s.id = a.session_id WHERE s.status = 'finished' AND a.session_id > $1 \
     AND a.session_id IN (SELECT id FROM assess_session WHERE status = 'finished' AND id > $1 ORDER BY id LIMIT 500) \
     ORDER BY a.session_id, a.position";
pub(crate) const LAST_OF_PART: &str = "SELECT MAX(id) FROM (SELECT id FROM assess_session \
     WHERE status = 'finished' AND id > $1 ORDER BY id LIMIT 500) AS part";

/// One answer as it is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedAnswer {
    /// From 1, in an order drawn from the seed.
    pub person: usize,
    pub item: String,
    pub score: u8,
    pub milliseconds: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    person_id: String,
    item_id: String,
    is_right: bool,
    used_ms: i64,
}

/// Hands out every answer, sessions in parts so that memory stays small; `seed` should be fresh for every export.
pub async fn export_answers(db: &Db, seed: u64, mut hand_out: impl FnMut(ExportedAnswer)) -> Result<usize, Error> {
    let mut people: Vec<String> = q(PEOPLE).scalars(db).await?;
    people.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let numbers: HashMap<String, usize> = people.into_iter().zip(1..).collect();
    let (mut after, mut count) = (String::new(), 0);
    while let Some(last) = q(LAST_OF_PART).bind(after.as_str()).scalar::<Option<String>>(db).await? {
        let rows: Vec<Row> = q(ANSWERS).bind(after.as_str()).all(db).await?;
        count += rows.len();
        for row in rows {
            let person = numbers.get(&row.person_id).copied().unwrap_or_default();
            hand_out(ExportedAnswer {
                person,
                item: row.item_id,
                score: u8::from(row.is_right),
                milliseconds: row.used_ms,
            });
        }
        after = last;
    }
    Ok(count)
}
