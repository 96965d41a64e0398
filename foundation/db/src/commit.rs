//! Group commit: the changes of many people, handed in at the same moment, share one durable transaction.
//!
//! Waiting for the disk is what a commit costs, so it is paid once for a batch. The batch is whatever has
//! queued up while the one before was written; nobody waits for company. A reply is sent after the commit
//! is durable. When a batch fails, each of its changes is done again alone, so that one bad change costs
//! its sender an error and everybody else only time; a panic inside counts as such a failure.
//! `apply` is therefore run more than once for the same change and must then change nothing twice
//! (`ON CONFLICT … DO NOTHING`, `WHERE version = $n`).

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::database::Db;
use crate::error::Error;
use crate::transaction::Work;

/// Batches that may wait; a sender beyond them waits with its change in hand (back-pressure).
const QUEUED_BATCHES: usize = 4;
/// How often a change is done again alone when others change the same rows at the same moment, or
/// when its connection was lost (there are at most 16 to lose).
const ATTEMPTS_ALONE: usize = 20;
/// Sizes that [`fixed_sizes`] cuts into, largest first: few enough that all texts of a statement stay prepared, close enough that
/// most batches are one or two statements, because each is a way to the database and back.
const SIZES: [usize; 22] = [128, 96, 64, 48, 32, 24, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];

/// Why a change was not kept. It was tried alone, so this is about this change and no other.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommitError {
    #[error(transparent)]
    Database(#[from] Error),
    #[error("the program is stopping and takes no more changes; send it again in a moment")]
    Stopped,
    #[error("the change made the program fail; it was not kept")]
    Panicked,
    #[error("{changes} changes were applied and {replies} replies came back; nothing was kept")]
    Replies { changes: usize, replies: usize },
}

/// The queue to the one task that writes. Cloning it is cheap; all clones feed the same task.
#[derive(Debug)]
pub struct Committer<C, R> {
    queue: mpsc::Sender<Waiting<C, R>>,
    stop: Arc<Notify>,
    finished: watch::Receiver<()>,
}

#[derive(Debug)]
struct Waiting<C, R> {
    change: C,
    reply: oneshot::Sender<Result<R, CommitError>>,
}

impl<C, R> Clone for Committer<C, R> {
    fn clone(&self) -> Self {
        Committer { queue: self.queue.clone(), stop: self.stop.clone(), finished: self.finished.clone() }
    }
}

impl<C, R> Committer<C, R>
where
    C: Send + Sync + 'static,
    R: Send + 'static,
{
    /// Starts the writing task. `batch_max` is the most changes of one transaction (128 is a good
    /// number). `apply` is an `async fn(&mut Tx, &[C]) -> Result<Vec<R>, Error>`: one reply for each
    /// change, in the same order; best with multi-row statements cut by [`fixed_sizes`].
    pub fn start<F>(db: Db, batch_max: usize, apply: F) -> Committer<C, R>
    where
        F: for<'a> Work<'a, [C], Vec<R>, Error> + 'static,
    {
        let batch_max = batch_max.max(1);
        let (queue, waiting) = mpsc::channel(batch_max * QUEUED_BATCHES);
        let (finishing, finished) = watch::channel(());
        let stop = Arc::new(Notify::new());
        let writer = Writer { db, apply };
        let stopped = stop.clone();
        tokio::spawn(async move {
            write_until_stopped(&writer, waiting, batch_max, &stopped).await;
            drop(finishing);
        });
        Committer { queue, stop, finished }
    }

    /// Hands a change in and waits until it is durable. When the caller goes away, the change is
    /// written all the same.
    pub async fn commit(&self, change: C) -> Result<R, CommitError> {
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { change, reply };
        let sent = self.queue.send(waiting).await;
        sent.map_err(|_| CommitError::Stopped)?;
        answer.await.unwrap_or(Err(CommitError::Stopped))
    }

    /// Takes no more changes, writes those already handed in, and returns when all have their reply.
    pub async fn shut_down(&self) {
        self.stop.notify_one();
        let mut finished = self.finished.clone();
        // The sender never sends: this ends when the task has ended.
        while finished.changed().await.is_ok() {}
    }
}

/// Cuts changes into pieces of a few fixed sizes (128, 96, 64, 48, 32, 24, 16, 15 … 1), so that the texts of multi-row
/// statements repeat and stay prepared.
pub fn fixed_sizes<C>(changes: &[C]) -> impl Iterator<Item = &[C]> {
    let mut rest = changes;
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (piece, after) = rest.split_at(size);
        rest = after;
        Some(piece)
    })
}

async fn write_until_stopped<C, R, F>(
    writer: &Writer<F>,
    mut waiting: mpsc::Receiver<Waiting<C, R>>,
    batch_max: usize,
    stop: &Notify,
) where
    C: Send + Sync,
    F: for<'a> Work<'a, [C], Vec<R>, Error>,
{
    let mut batch = Vec::with_capacity(batch_max);
    loop {
        tokio::select! {
            biased;
            () = stop.notified() => waiting.close(),
            received = waiting.recv_many(&mut batch, batch_max) => {
                if received == 0 {
                    return;
                }
                let (changes, replies) = batch.drain(..).map(|one| (one.change, one.reply)).unzip();
                writer.write(changes, replies).await;
            }
        }
    }
}

struct Writer<F> {
    db: Db,
    apply: F,
}

impl<F> Writer<F> {
    async fn write<C, R>(&self, changes: Vec<C>, replies: Vec<oneshot::Sender<Result<R, CommitError>>>)
    where
        C: Send + Sync,
        F: for<'a> Work<'a, [C], Vec<R>, Error>,
    {
        match self.write_together(&changes).await {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // A caller that went away needs no reply.
                    let _ = reply.send(Ok(answer));
                }
            }
            Err(error) => {
                tracing::debug!(%error, changes = changes.len(), "a batch failed; each change is done alone");
                self.write_each_alone(&changes, replies).await;
            }
        }
    }

    async fn write_each_alone<C, R>(&self, changes: &[C], replies: Vec<oneshot::Sender<Result<R, CommitError>>>)
    where
        C: Send + Sync,
        F: for<'a> Work<'a, [C], Vec<R>, Error>,
    {
        let mut unreachable = None;
        for (change, reply) in changes.iter().zip(replies) {
            let answer = match &unreachable {
                Some(error) => Err(CommitError::Database(Error::clone(error))),
                None => self.write_alone(change).await,
            };
            if let Err(CommitError::Database(error @ (Error::Busy | Error::Connection { .. }))) = &answer {
                // The others would wait in vain, one after the other.
                unreachable = Some(error.clone());
            }
            let _ = reply.send(answer);
        }
    }

    async fn write_alone<C, R>(&self, change: &C) -> Result<R, CommitError>
    where
        C: Send + Sync,
        F: for<'a> Work<'a, [C], Vec<R>, Error>,
    {
        let change = std::slice::from_ref(change);
        let mut attempt = 1;
        loop {
            match self.write_together(change).await {
                Err(CommitError::Database(Error::Conflict | Error::Connection { .. })) if attempt < ATTEMPTS_ALONE => {
                    attempt += 1;
                }
                Ok(mut answers) => {
                    return answers.pop().ok_or(CommitError::Replies { changes: 1, replies: 0 });
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn write_together<C, R>(&self, changes: &[C]) -> Result<Vec<R>, CommitError>
    where
        C: Send + Sync,
        F: for<'a> Work<'a, [C], Vec<R>, Error>,
    {
        let work = async {
            let mut tx = self.db.begin().await?;
            let replies = self.apply.run(&mut tx, changes).await?;
            if replies.len() != changes.len() {
                tx.rollback().await?;
                return Err(CommitError::Replies { changes: changes.len(), replies: replies.len() });
            }
            tx.commit().await?;
            Ok(replies)
        };
        let caught = AssertUnwindSafe(work).catch_unwind().await;
        caught.unwrap_or(Err(CommitError::Panicked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_changes_is_cut_into_a_few_sizes_and_none_is_lost() {
        let changes: Vec<usize> = (0..300).collect();
        for count in 0..changes.len() {
            let pieces: Vec<&[usize]> = fixed_sizes(&changes[..count]).collect();
            assert_eq!(pieces.concat(), changes[..count]);
            assert!(pieces.iter().all(|piece| SIZES.contains(&piece.len())));
        }
    }
}
