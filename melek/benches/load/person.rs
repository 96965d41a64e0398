//! A simulated person with a browser that runs scripts: opens the test of a campaign, answers item after item by chance
//! until it ends. What was sent and not acknowledged is sent again as it was, as the page's script does.

use std::io;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use crate::connection::{Answer, Connection, FRAGMENT};
use crate::form::{ItemForm, csrf};

/// Longest time that a device may say.
const LONGEST_ELAPSED_MS: i64 = 86_400_000;

/// Somebody who is signed in, and how far they have come.
#[derive(Debug)]
pub struct Person {
    campaign: Uuid,
    /// The line with the cookie.
    cookie: String,
    rng: ChaCha8Rng,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not looked at the test yet, or not since the server went away.
    Elsewhere,
    /// With an item on the screen and an answer drawn.
    Answering(Sending),
}

#[derive(Debug)]
struct Sending {
    to: String,
    form: String,
    record: Acknowledged,
}

/// An answer whose reply came. The time that the device says it took is drawn at random, so that it tells this answer from
/// any other to the same item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acknowledged {
    pub session: Uuid,
    pub position: i64,
    pub elapsed_ms: i64,
}

/// What became of a step.
#[derive(Debug)]
pub enum Step {
    /// An item is on the screen.
    Opened,
    Answered {
        what: Acknowledged,
        is_last: bool,
    },
    /// The test had ended before.
    AtEnd,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    #[error("the server went away: {0}")]
    Gone(#[from] io::Error),
    #[error("{what}: status {status}")]
    Refused { what: &'static str, status: u16 },
    #[error("the page after the answer to item {after} is not that of the next one")]
    WrongPage { after: i64 },
}

impl Person {
    pub fn new(campaign: Uuid, cookie: &str, seed: u64) -> Self {
        let cookie = format!("cookie: {cookie}\r\n");
        Self { campaign, cookie, rng: ChaCha8Rng::seed_from_u64(seed), state: State::Elsewhere }
    }

    /// Opens the test or sends the answer; after an error the same step is taken again.
    pub async fn step(&mut self, connection: &mut Connection) -> Result<Step, StepError> {
        match &self.state {
            State::Elsewhere => self.open(connection).await,
            State::Answering(_) => self.answer(connection).await,
        }
    }

    async fn open(&mut self, connection: &mut Connection) -> Result<Step, StepError> {
        let (_, answer) = open_test(connection, self.campaign, &self.cookie).await?;
        match ItemForm::find(&page_of(&answer, "opening the test")?) {
            Some(form) => {
                self.show(&form);
                Ok(Step::Opened)
            }
            None => Ok(Step::AtEnd),
        }
    }

    async fn answer(&mut self, connection: &mut Connection) -> Result<Step, StepError> {
        let State::Answering(sending) = &self.state else { return Ok(Step::AtEnd) };
        let headers = format!("{}{FRAGMENT}", self.cookie);
        let answer = connection.post(&sending.to, &headers, &sending.form).await?;
        let what = sending.record;
        let page = page_of(&answer, "answering")?;
        match ItemForm::find(&page) {
            Some(form) if form.position() == Some(what.position + 1) => self.show(&form),
            None if page.contains(&format!("/results/{}", what.session)) => {
                self.state = State::Elsewhere;
                return Ok(Step::Answered { what, is_last: true });
            }
            None if page.contains(&format!("/sessions/{}/offer", what.session)) => {
                self.finish(connection, &page, what.session).await?;
                self.state = State::Elsewhere;
                return Ok(Step::Answered { what, is_last: true });
            }
            _ => return Err(StepError::WrongPage { after: what.position }),
        }
        Ok(Step::Answered { what, is_last: false })
    }

    /// Goes on with none of the items offered.
    async fn finish(&self, connection: &mut Connection, page: &str, session: Uuid) -> Result<(), StepError> {
        let form = format!("csrf={}&choice=enough", csrf(page).unwrap_or_default());
        match connection.post(&format!("/sessions/{session}/offer"), &self.cookie, &form).await?.status {
            303 => Ok(()),
            status => Err(StepError::Refused { what: "finishing at an offer", status }),
        }
    }

    fn show(&mut self, form: &ItemForm) {
        let elapsed_ms = self.rng.random_range(0..LONGEST_ELAPSED_MS);
        let session = form.action.split('/').nth(2).and_then(|id| id.parse().ok()).unwrap_or_default();
        let record = Acknowledged { session, position: form.position().unwrap_or_default(), elapsed_ms };
        let body = form.answer(elapsed_ms, &mut self.rng);
        self.state = State::Answering(Sending { to: form.action.clone(), form: body, record });
    }
}

/// Reads what the test is for, starts it unless it was started before, and looks at the item: the address of the session and
/// its page.
pub async fn open_test(
    connection: &mut Connection,
    campaign: Uuid,
    cookie: &str,
) -> Result<(String, Answer), StepError> {
    let test = format!("/campaigns/{campaign}/test");
    let mut answer = connection.get(&test, cookie).await?;
    if answer.status == 200 {
        let page = answer.text()?;
        let form = format!("csrf={}", csrf(&page).unwrap_or_default());
        answer = connection.post(&test, cookie, &form).await?;
    }
    let session = match (answer.status, answer.header("location")) {
        (303, Some(location)) => location.to_owned(),
        (status, _) => return Err(StepError::Refused { what: "starting the test", status }),
    };
    let page = connection.get(&session, cookie).await?;
    Ok((session, page))
}

fn page_of(answer: &Answer, what: &'static str) -> Result<String, StepError> {
    match answer.status {
        200 => Ok(answer.text()?),
        status => Err(StepError::Refused { what, status }),
    }
}
