//! Work that takes the processor, off the network threads: tiles and analyses in separate pools, so that a map never waits
//! for somebody's analysis. Beyond the pool and its queue the answer is 429 with `Retry-After`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::http::error::HttpError;
use crate::http::limits::Limits;

pub struct Pools {
    pub tiles: Pool,
    pub analyses: Pool,
    /// Executions that nobody waits for: they leave room for those that somebody does, and wait as long as it takes.
    pub jobs: Pool,
    /// Bodies that are written while they are read, each as fast as its client reads.
    pub downloads: Pool,
}

impl Pools {
    pub fn new(limits: &Limits) -> Pools {
        let pool = |at_once| Pool::new(at_once, limits.queue, limits.queue_wait);
        let jobs = Pool::new(limits.jobs_at_once, limits.jobs, Duration::MAX);
        let downloads = pool(limits.downloads_at_once);
        Pools { jobs, downloads, tiles: pool(limits.tiles_at_once), analyses: pool(limits.analyses_at_once) }
    }
}

/// As good as for ever.
const A_DAY: Duration = Duration::from_secs(86_400);

pub struct Pool {
    places: usize,
    running: Arc<Semaphore>,
    /// Running and waiting together.
    admitted: Semaphore,
    wait: Duration,
}

impl Pool {
    fn new(at_once: usize, queue: usize, wait: Duration) -> Pool {
        Pool { places: at_once, running: Arc::new(Semaphore::new(at_once)), admitted: Semaphore::new(at_once + queue), wait }
    }

    /// Places that are taken now.
    pub fn running(&self) -> usize {
        self.places.saturating_sub(self.running.available_permits())
    }

    /// Runs `work` on a thread of its own once there is a place. A client that leaves while waiting frees its place in the queue.
    ///
    /// # Errors
    /// `Overloaded` beyond the queue or after waiting too long; `Panicked` when the work did.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HttpError> {
        let _admitted = self.admitted.try_acquire().map_err(|_| HttpError::Overloaded)?;
        let place = tokio::time::timeout(self.wait.min(A_DAY), Arc::clone(&self.running).acquire_owned());
        let Ok(Ok(place)) = place.await else {
            return Err(HttpError::Overloaded);
        };
        let job = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a client that leaves does not make room for more than the pool allows.
            let _place = place;
            work()
        });
        job.await.map_err(|_| HttpError::Panicked)
    }

    /// Starts `work` on a thread of its own once there is a place, and does not wait for its end.
    ///
    /// # Errors
    /// `Overloaded`, as [`Pool::run`].
    pub async fn start(&self, work: impl FnOnce() + Send + 'static) -> Result<(), HttpError> {
        let _admitted = self.admitted.try_acquire().map_err(|_| HttpError::Overloaded)?;
        let place = tokio::time::timeout(self.wait.min(A_DAY), Arc::clone(&self.running).acquire_owned());
        let Ok(Ok(place)) = place.await else {
            return Err(HttpError::Overloaded);
        };
        tokio::task::spawn_blocking(move || {
            let _place = place;
            work();
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beyond_the_pool_and_its_queue_there_is_no_place() {
        let pool = Arc::new(Pool::new(1, 1, Duration::from_millis(50)));
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let first = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.run(move || wait.recv().is_ok()).await }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let second = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.run(|| ()).await }
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(matches!(pool.run(|| ()).await, Err(HttpError::Overloaded)), "the queue is full");
        assert!(matches!(second.await.unwrap(), Err(HttpError::Overloaded)), "waited too long");
        go.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        assert!(pool.run(|| ()).await.is_ok(), "free again");
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let pool = Pool::new(1, 0, Duration::from_millis(50));
        assert!(matches!(pool.run(|| assert_eq!(1, 2)).await, Err(HttpError::Panicked)));
        assert_eq!(pool.run(|| 3).await.unwrap(), 3);
    }
}
