//! Sets what a post needs: POST /posts/{id} writes the level of each competence, or takes those of a job family.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use melek_db::{Error, Tx, q};
use melek_framework::{CompetenceId, JobFamily, Level, requirement_defaults};
use melek_web::{Fields, Form, Office, Problem};
use uuid::Uuid;

use crate::show_posts::read_post;
use crate::signed_in::AgencyOfficer;
use crate::words;

pub(crate) const WRITE_FAMILY: &str = "UPDATE people_post SET job_family = $3 WHERE id = $1 AND agency_id = $2";
pub(crate) const WRITE_LEVEL: &str = "INSERT INTO people_requirement (post_id, competence, level) VALUES ($1, $2, $3)
    ON CONFLICT (post_id, competence) DO UPDATE SET level = excluded.level";

#[derive(Debug, thiserror::Error)]
pub enum SetRequirementsError {
    #[error("there is no such post in the agency")]
    NoPost,
    #[error(transparent)]
    Database(#[from] Error),
}

/// What a post shall need.
#[derive(Debug, Clone)]
pub struct Requirements<'a> {
    pub family: &'a JobFamily,
    /// Competences that are not named keep their level.
    pub levels: Vec<(CompetenceId, Level)>,
}

/// Writes the job family and the levels of a post.
pub(crate) async fn set_requirements(
    tx: &mut Tx,
    (agency, post): (Uuid, Uuid),
    needs: &Requirements<'_>,
) -> Result<(), SetRequirementsError> {
    let found = q(WRITE_FAMILY).bind(post).bind(agency).bind(needs.family.id.as_str()).exec(&mut *tx).await?;
    if found == 0 {
        return Err(SetRequirementsError::NoPost);
    }
    for (competence, level) in &needs.levels {
        q(WRITE_LEVEL).bind(post).bind(competence.to_string()).bind(level.number()).exec(&mut *tx).await?;
    }
    Ok(())
}

pub(crate) async fn submit(
    State(office): State<Office>,
    who: AgencyOfficer,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let post = read_post(&office.db, who.agency, id).await?.ok_or_else(Problem::not_found)?;
    let family = fields.get("family").unwrap_or(&post.family);
    let family = requirement_defaults().family(family);
    let family = family.ok_or_else(|| Problem::invalid(words(who.visitor.locale).text("post-no-family")))?;
    let levels = match fields.get("action") {
        Some("defaults") => family.levels.iter().map(|(competence, level)| (*competence, *level)).collect(),
        _ => stated_levels(&fields),
    };
    let mut tx = office.db.begin().await?;
    set_requirements(&mut tx, (who.agency, id), &Requirements { family, levels }).await?;
    tx.commit().await?;
    tracing::info!(post = %id, by = %who.account, "requirements set");
    Ok(Redirect::to(&format!("/posts/{id}?saved=yes")).into_response())
}

fn stated_levels(fields: &Fields) -> Vec<(CompetenceId, Level)> {
    let stated = |competence: CompetenceId| {
        let level = fields.get(&format!("level-{competence}"))?.parse().ok().and_then(Level::from_number)?;
        Some((competence, level))
    };
    CompetenceId::all().filter_map(stated).collect()
}

impl From<SetRequirementsError> for Problem {
    fn from(error: SetRequirementsError) -> Self {
        match error {
            SetRequirementsError::NoPost => Problem::not_found(),
            SetRequirementsError::Database(error) => error.into(),
        }
    }
}
