//! The same work on several pieces, on several threads where the feature `threads` allows them; results in the order of
//! the pieces.

/// `work` of every piece.
#[cfg(feature = "threads")]
pub(crate) fn map<P: Sync, R: Send>(threads: usize, pieces: &[P], work: impl Fn(&P) -> R + Sync) -> Vec<R> {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    if threads <= 1 || pieces.len() <= 1 {
        return pieces.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = pieces.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(pieces.len()) {
            scope.spawn(|| {
                loop {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    let Some(input) = pieces.get(piece) else { break };
                    let result = work(input);
                    if let Ok(mut place) = results[piece].lock() {
                        *place = Some(result);
                    }
                }
            });
        }
    });
    results.into_iter().filter_map(|place| place.into_inner().ok().flatten()).collect()
}

/// `work` of every piece.
#[cfg(not(feature = "threads"))]
pub(crate) fn map<P, R>(_threads: usize, pieces: &[P], work: impl Fn(&P) -> R) -> Vec<R> {
    pieces.iter().map(work).collect()
}
