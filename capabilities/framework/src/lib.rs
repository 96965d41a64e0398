//! The vocabulary everyone shares: the five areas, 21 competences, four levels, 362 competence statements and 523 learning outcomes of
//! DigComp 3.0, the level a job family needs by default, and the cut scores on the ability scale.
//!
//! All of it is content (files in `content/`, read once); nothing here is stored in the database.
//! What a given post needs is decided by `people`; how a person is measured by `assess`.

mod cuts;
mod identifiers;
mod requirements;
mod show_framework;
mod text;
mod vocabulary;

pub use cuts::{AreaCut, AreaRequirement, Cuts, CutsError, cuts};
pub use identifiers::{AreaId, CompetenceId, Level, UnknownIdentifier};
pub use requirements::{JobFamily, PostKind, RequirementDefaults, requirement_defaults};
pub use show_framework::{FOOTER, ROUTES, routes};
pub use text::Text;
pub use vocabulary::{Area, Attention, Competence, Framework, LevelText, Outcome, OutcomeKind, Statement, framework};
