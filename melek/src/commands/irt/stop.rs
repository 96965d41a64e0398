//! Ctrl-C during a calibration: the first keeps the best so far, the second ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::output::note;

/// Exit code of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens from now on; until then Ctrl-C ends the program as usual.
    pub fn on_ctrl_c() -> Self {
        let stop = Self::default();
        let asked = stop.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                asked.0.store(true, Ordering::Relaxed);
                note("stopping after this iteration; the best so far is kept (Ctrl-C again ends at once)");
            }
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(INTERRUPTED);
            }
        });
        stop
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
