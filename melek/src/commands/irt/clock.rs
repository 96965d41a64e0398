//! Time a piece of work takes: on the wall and on all processors of this program together.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use super::fit_file::Timing;

pub struct Stopwatch {
    wall: Instant,
    cpu: Duration,
}

impl Stopwatch {
    pub fn start() -> Self {
        Self { wall: Instant::now(), cpu: cpu() }
    }

    pub fn read(&self) -> Timing {
        let cpu = cpu().saturating_sub(self.cpu);
        Timing { cpu_s: cpu.as_secs_f64(), wall_s: self.wall.elapsed().as_secs_f64() }
    }
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}
