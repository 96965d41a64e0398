//! The arithmetic below the statistics: normal distribution, symmetric matrices, portable random draws. Not public.

pub(crate) mod cholesky;
pub(crate) mod normal;
pub(crate) mod parallel;
pub(crate) mod random;
pub(crate) mod symmetric;
