//! Where the levels begin, and how surely people are sorted into them: cut scores by item mapping, bookmark and modified
//! Angoff with their standard errors, classification accuracy and consistency. Abilities in logits, scores in points.

mod angoff;
mod bookmark;
mod characteristic_curve;
mod classification;
mod cut_score_errors;
mod cut_scores;
mod intraclass;
mod isotonic;
mod lee;
mod location;
mod panel;
mod rudner;
pub(crate) mod score_distribution;

pub use angoff::{Angoff, AngoffError, AngoffItem, AngoffRater, angoff};
pub use bookmark::{Booklet, BookmarkError, Page};
pub use characteristic_curve::{CharacteristicCurve, CurveError};
pub use classification::{Classification, ClassificationError, Conditional, CutAgreement};
pub use cut_score_errors::{CutError, cut_score_errors};
pub use cut_scores::{Cut, CutScoreError, LevelItem, RESPONSE_PROBABILITY, cut_scores};
pub use intraclass::{Intraclass, intraclass};
pub use lee::lee;
pub use location::location;
pub use panel::{Panel, PanelError};
pub use rudner::{rudner, rudner_expected};
