//! What an item tells about a person of a test of one dimension: one rule a file.

pub mod kullback_leibler;
pub mod maximum_expected_information;
pub mod maximum_information;
pub mod minimum_expected_variance;
pub mod posterior_weighted_information;
pub mod progressive;
pub mod stratified;
