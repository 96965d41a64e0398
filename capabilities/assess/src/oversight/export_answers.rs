//! The answers of all finished sessions for calibration: `person,item,score,milliseconds,rapid`. A person is a number drawn for this
//! export, the same for all sessions of one person in it; nothing leads from it to a name without the database.

use std::collections::HashMap;

use melek_db::{Db, Error, q};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::answer::Answer;
use crate::bank::Bank;
use crate::effort::{Pace, is_rapid, usual_s};
use crate::item::ItemId;

pub(crate) const PEOPLE: &str =
    "SELECT DISTINCT person_id FROM assess_session WHERE status = 'finished' ORDER BY person_id";
pub(crate) const ANSWERS: &str = "SELECT s.person_id, a.item_id, a.answer, a.is_right, a.shown_ms, a.used_ms, \
     COALESCE(b.answered_ms, s.started_ms) AS came_ms FROM assess_answer a JOIN assess_session s ON s.id = a.session_id \
     LEFT JOIN assess_answer b ON b.session_id = a.session_id AND b.position = a.position - 1 WHERE s.status = 'finished' AND a.session_id > $1 \
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
    /// With the item on the screen; after a pause only since then, and 0 when answered in a pause.
    pub milliseconds: i64,
    /// It came so fast that the question can hardly have been read.
    pub is_rapid: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    person_id: String,
    item_id: String,
    answer: String,
    is_right: bool,
    shown_ms: i64,
    used_ms: i64,
    came_ms: i64,
}

/// Hands out every answer by person; `seed` should be fresh for every export. People come in the drawn order, so that the order
/// of lines does not tell when somebody took the test. The bank tells the usual time of an item.
pub async fn export_answers(
    db: &Db,
    bank: &Bank,
    seed: u64,
    mut hand_out: impl FnMut(ExportedAnswer),
) -> Result<usize, Error> {
    let mut people: Vec<String> = q(PEOPLE).scalars(db).await?;
    people.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    let numbers: HashMap<String, usize> = people.into_iter().zip(1..).collect();
    let (mut after, mut answers) = (String::new(), Vec::new());
    while let Some(last) = q(LAST_OF_PART).bind(after.as_str()).scalar::<Option<String>>(db).await? {
        let rows: Vec<Row> = q(ANSWERS).bind(after.as_str()).all(db).await?;
        answers.extend(rows.into_iter().filter_map(|row| {
            let person = *numbers.get(&row.person_id)?;
            Some(row.exported(person, bank))
        }));
        after = last;
    }
    answers.sort_by_key(|answer| answer.person);
    let count = answers.len();
    answers.into_iter().for_each(&mut hand_out);
    Ok(count)
}

impl Row {
    fn exported(self, person: usize, bank: &Bank) -> ExportedAnswer {
        let Row { came_ms, shown_ms, used_ms, .. } = self;
        let (item, answer) = (ItemId::new(self.item_id), Answer::stored(self.answer));
        let is_rapid = is_rapid(&answer, Pace { came_ms, shown_ms, used_ms }, bank.item(&item).map(usual_s));
        ExportedAnswer {
            person,
            item: item.as_str().to_owned(),
            score: u8::from(self.is_right),
            milliseconds: used_ms,
            is_rapid,
        }
    }
}
