//! An analysis on behalf of a client: in its pool, within its time, and ended when nobody waits for it any more.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::http::caching::Caching;
use crate::http::error::HttpError;
use crate::http::state::App;
use crate::siting::work::Work;

/// Runs on a thread of the analyses' pool. A client that leaves, and the end of the time there is, stop the work.
///
/// # Errors
/// Those of `run` and of the pool; `TooLong`.
pub async fn analyse<T: Send + 'static>(
    app: &App,
    run: impl FnOnce(&Work) -> Result<T, HttpError> + Send + 'static,
) -> Result<T, HttpError> {
    let work = Arc::new(Work::default());
    let _waiting = Waiting(Arc::clone(&work));
    app.metrics().analysed();
    let job = app.pools().analyses.run(move || run(&work));
    within(app, async { job.await? }).await
}

/// The answer to a question that the snapshot alone decides: whoever has it already is told so before any work.
///
/// # Errors
/// As [`analyse`].
pub async fn answer<T: IntoResponse + Send + 'static>(
    app: &App,
    (caching, headers): (&Caching, &HeaderMap),
    run: impl FnOnce() -> Result<T, HttpError> + Send + 'static,
) -> Result<Response, HttpError> {
    if let Some(known) = caching.not_modified(headers) {
        return Ok(known);
    }
    Ok(caching.mark(analyse(app, |_| run()).await?.into_response()))
}

/// The time that an analysis has, waiting included.
///
/// # Errors
/// `TooLong`, or that of `what`.
pub async fn within<T>(app: &App, what: impl Future<Output = Result<T, HttpError>>) -> Result<T, HttpError> {
    let limit = app.limits().siting;
    let too_long = |_| HttpError::TooLong { seconds: limit.as_secs() };
    tokio::time::timeout(limit, what).await.map_err(too_long)?
}

/// Dropped with the request, whether it was answered or left.
struct Waiting(Arc<Work>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::response::IntoResponse;

    use super::*;
    use crate::http::limits::Limits;
    use crate::http::state::Options;

    /// An application, and an analysis that only ends by being stopped and then says so.
    fn endless(siting: Duration) -> (App, impl FnOnce(&Work) -> Result<(), HttpError>, std::sync::mpsc::Receiver<()>) {
        let limits = Limits { siting, ..Limits::default() };
        let app = App::new(Options { limits, ..Options::of("nowhere".into()) }).unwrap();
        let (say, said) = std::sync::mpsc::channel();
        let run = move |work: &Work| {
            while work.go_on().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            say.send(()).map_err(|_| HttpError::Panicked)
        };
        (app, run, said)
    }

    #[tokio::test]
    async fn who_leaves_stops_the_work() {
        let (app, run, said) = endless(Duration::from_secs(60));
        let asked = tokio::spawn(async move { analyse(&app, run).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
        said.recv_timeout(Duration::from_secs(60)).unwrap();
    }

    #[tokio::test]
    async fn what_takes_too_long_is_stopped_and_said() {
        let (app, run, said) = endless(Duration::from_millis(50));
        let error = analyse(&app, run).await.unwrap_err();
        assert!(error.to_string().contains("respond-async"), "{error}");
        assert_eq!(error.into_response().status(), 503);
        said.recv_timeout(Duration::from_secs(60)).unwrap();
    }
}
