//! The same work on several pieces, on several threads where the feature `threads` allows them; results in the order of
//! the pieces, so that they are the same for any number of threads.

/// `work` of every piece.
#[cfg(feature = "threads")]
pub(crate) fn map<P: Sync, R: Send>(threads: usize, pieces: &[P], work: impl Fn(&P) -> R + Sync) -> Vec<R> {
    let mut results = Vec::with_capacity(pieces.len());
    each(threads, pieces, work, &mut |result| results.push(result));
    results
}

/// Calls `take` with the result of every piece, in their order; at most as many results wait as other threads are ahead.
#[cfg(feature = "threads")]
pub(crate) fn each<P: Sync, R: Send>(
    threads: usize,
    pieces: &[P],
    work: impl Fn(&P) -> R + Sync,
    take: &mut (dyn FnMut(R) + Send),
) {
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    if threads <= 1 || pieces.len() <= 1 {
        return pieces.iter().map(work).for_each(take);
    }
    let next = AtomicUsize::new(0);
    let waiting = Mutex::new((0, BTreeMap::new(), take));
    let run = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(number) else { break };
            let result = work(piece);
            // Poisoned only by a panic of another thread, which ends the scope with the same panic.
            let Ok(mut waiting) = waiting.lock() else { break };
            let (taken, results, take) = &mut *waiting;
            results.insert(number, result);
            while let Some(result) = results.remove(taken) {
                take(result);
                *taken += 1;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(pieces.len()) {
            scope.spawn(run);
        }
        run();
    });
}

/// `work` of every piece.
#[cfg(not(feature = "threads"))]
pub(crate) fn map<P, R>(_threads: usize, pieces: &[P], work: impl Fn(&P) -> R) -> Vec<R> {
    pieces.iter().map(work).collect()
}

/// Calls `take` with the result of every piece, in their order.
#[cfg(not(feature = "threads"))]
pub(crate) fn each<P, R>(_threads: usize, pieces: &[P], work: impl Fn(&P) -> R, take: &mut dyn FnMut(R)) {
    pieces.iter().map(work).for_each(take);
}
