//! `/jobs`, `/jobs/{job}`, `/jobs/{job}/results`; `DELETE /jobs/{job}` dismisses.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::http::address::Address;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::processes::execute::{Wanted, results};
use crate::http::processes::task::Task;
use crate::http::processes::{Process, link};
use crate::http::siting::form;
use crate::http::state::App;
use crate::siting::work::Work;

/// An execution that nobody waits for.
pub struct Job {
    id: String,
    process: Process,
    wanted: Wanted,
    /// The token that it was started with.
    holder: Option<blake3::Hash>,
    /// The restricted layers that its starter saw.
    seen: BTreeSet<String>,
    work: Arc<Work>,
    created: Timestamp,
    state: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    stage: Stage,
    /// Percent; it never goes back, though more to do may come to light.
    percent: u64,
    started: Option<Timestamp>,
    finished: Option<(Timestamp, Instant)>,
}

#[derive(Default)]
enum Stage {
    #[default]
    Accepted,
    Running,
    Successful(Bytes),
    Failed(HttpError),
    Dismissed,
}

/// All jobs; bounded, and forgotten a while after their end.
pub struct Jobs {
    most: usize,
    kept: Duration,
    secret: [u8; 32],
    count: AtomicU64,
    all: Mutex<HashMap<String, Arc<Job>>>,
}

impl Jobs {
    /// # Errors
    /// The system has no random numbers.
    pub fn new(most: usize, kept: Duration) -> std::io::Result<Jobs> {
        let mut secret = [0; 32];
        std::fs::File::open("/dev/urandom")?.read_exact(&mut secret)?;
        Ok(Jobs { most, kept, secret, count: AtomicU64::new(0), all: Mutex::default() })
    }

    /// 32 hexadecimal digits that nobody can guess.
    fn fresh_id(&self) -> String {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        blake3::keyed_hash(&self.secret, &number.to_le_bytes()).to_hex()[..32].to_owned()
    }

    fn enter(&self, job: Arc<Job>) -> Result<(), HttpError> {
        let mut all = self.lock();
        if all.len() >= self.most {
            let ended = |job: &Job| job.lock().finished.map(|(_, instant)| instant);
            let oldest = all.iter().filter_map(|(id, job)| Some((ended(job)?, id.clone()))).min();
            let (_, oldest) = oldest.ok_or(HttpError::Overloaded)?;
            all.remove(&oldest);
        }
        all.insert(job.id.clone(), job);
        Ok(())
    }

    /// A job for one who may see all that its starter saw.
    fn find(&self, id: &str, caller: &Caller) -> Result<Arc<Job>, HttpError> {
        let job = self.lock().get(id).cloned();
        job.filter(|job| caller.may_see(&job.seen)).ok_or_else(|| HttpError::UnknownJob(id.to_owned()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Job>>> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let is_old = |job: &Job| job.lock().finished.is_some_and(|(_, instant)| instant.elapsed() > self.kept);
        all.retain(|_, job| !is_old(job));
        all
    }

    /// Ends what runs: nobody will ask for it any more.
    pub fn stop(&self) {
        self.lock().values().for_each(|job| job.work.stop());
    }
}

impl Job {
    /// Starts an execution, or has it wait for a place.
    ///
    /// # Errors
    /// `Overloaded`: too many jobs that have not ended.
    pub fn start(app: &App, process: Process, starter: &Caller, task: Task, wanted: Wanted) -> Result<Arc<Job>, HttpError> {
        let job = Arc::new(Job {
            id: app.jobs().fresh_id(),
            process,
            wanted,
            holder: starter.holder,
            seen: starter.restricted(),
            work: Arc::default(),
            created: Timestamp::now(),
            state: Mutex::default(),
        });
        app.jobs().enter(Arc::clone(&job))?;
        tokio::spawn(run(app.clone(), Arc::clone(&job), task));
        Ok(job)
    }

    pub fn address(&self, address: &Address) -> String {
        format!("{}/jobs/{}", address.0, self.id)
    }

    /// The status (§7.12).
    pub fn status(&self, address: &Address) -> Value {
        let mut state = self.lock();
        let own = self.address(address);
        let mut links = vec![link(own.clone(), "self", "application/json")];
        let (status, message) = match &state.stage {
            Stage::Accepted => ("accepted", "waiting for a place".to_owned()),
            Stage::Running => ("running", "under way".to_owned()),
            Stage::Successful(_) => ("successful", "the results are there".to_owned()),
            Stage::Failed(error) => ("failed", error.to_string()),
            Stage::Dismissed => ("dismissed", "ended before its end, as asked".to_owned()),
        };
        if matches!(state.stage, Stage::Successful(_)) {
            let results = "http://www.opengis.net/def/rel/ogc/1.0/results";
            links.push(link(format!("{own}/results"), results, self.wanted.form.media_type()));
        }
        let (done, total) = self.work.progress();
        state.percent = match &state.stage {
            Stage::Successful(_) => 100,
            Stage::Running => state.percent.max((100 * done / total.max(1)).min(99)),
            _ => state.percent,
        };
        let finished = state.finished.map(|(at, _)| at);
        json!({
            "jobID": self.id,
            "processID": self.process.id(),
            "type": "process",
            "status": status,
            "message": message,
            "progress": state.percent,
            "created": self.created.to_string(),
            "started": state.started.map(|at| at.to_string()),
            "finished": finished.map(|at| at.to_string()),
            "updated": finished.or(state.started).unwrap_or(self.created).to_string(),
            "links": links,
        })
        .as_object()
        .map(|members| {
            members.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.clone(), value.clone())).collect()
        })
        .unwrap_or_default()
    }

    /// Whether the job goes on.
    fn begin(&self) -> bool {
        let mut state = self.lock();
        let goes_on = matches!(state.stage, Stage::Accepted);
        if goes_on {
            (state.stage, state.started) = (Stage::Running, Some(Timestamp::now()));
        }
        goes_on
    }

    /// The first end counts.
    fn end(&self, stage: Stage) {
        let mut state = self.lock();
        if state.finished.is_none() {
            (state.stage, state.finished) = (stage, Some((Timestamp::now(), Instant::now())));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn run(app: App, job: Arc<Job>, task: Task) {
    let question = match &task {
        Task::Siting(question) => Some(question.clone()),
        Task::Zoning { .. } => None,
    };
    let made = work(&app, &job, task);
    let outcome = match question {
        // An answer that is there already is not made again, and one that is made is there for others.
        Some(question) => {
            let key = form::key(&question, job.wanted.form);
            let made = question.caller.opened().answers.get_or_make(&key, Bytes::len, made).await;
            match made {
                Ok(bytes) => question.keep(&app).await.map(|()| bytes),
                Err(error) => Err(error),
            }
        }
        None => made.await,
    };
    job.begin();
    job.end(outcome.map_or_else(Stage::Failed, Stage::Successful));
}

/// Does the task once there is a place for it, unless the job is dismissed by then.
async fn work(app: &App, job: &Arc<Job>, task: Task) -> Result<Bytes, HttpError> {
    let (own, job) = (app.clone(), Arc::clone(job));
    let run = move || match job.begin() {
        true => task.run(&own, job.wanted.form, &job.work),
        false => Err(HttpError::Stopped),
    };
    app.pools().jobs.run(run).await?
}

/// `GET /jobs`: those started with the token that is sent.
pub async fn list(State(app): State<App>, caller: Caller, address: Address) -> Response {
    let mut own: Vec<Arc<Job>> = app.jobs().lock().values().cloned().collect();
    own.retain(|job| job.holder.is_some() && job.holder == caller.holder && caller.may_see(&job.seen));
    own.sort_by(|a, b| a.created.cmp(&b.created).then_with(|| a.id.cmp(&b.id)));
    let jobs: Vec<Value> = own.iter().map(|job| job.status(&address)).collect();
    let links = [link(format!("{}/jobs", address.0), "self", "application/json")];
    send(json!({ "jobs": jobs, "links": links }))
}

/// `GET /jobs/{job}`
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    Ok(send(app.jobs().find(&id, &caller)?.status(&address)))
}

/// `GET /jobs/{job}/results`
pub async fn outcome(
    State(app): State<App>,
    caller: Caller,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let job = app.jobs().find(&id, &caller)?;
    let bytes = match &job.lock().stage {
        Stage::Accepted | Stage::Running => return Err(HttpError::NoResult { id, why: "has not ended yet" }),
        Stage::Dismissed => return Err(HttpError::NoResult { id, why: "was dismissed" }),
        Stage::Failed(error) => return Err(HttpError::JobFailed { status: error.status(), problem: error.to_string() }),
        Stage::Successful(bytes) => bytes.clone(),
    };
    results(bytes, job.wanted)
}

/// `DELETE /jobs/{job}`: a job that has not ended is ended, one that has is forgotten.
pub async fn dismiss(
    State(app): State<App>,
    caller: Caller,
    address: Address,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, HttpError> {
    let Path(id) = path?;
    let job = app.jobs().find(&id, &caller)?;
    if job.lock().finished.is_some() {
        app.jobs().lock().remove(&id);
        job.lock().stage = Stage::Dismissed;
    }
    job.work.stop();
    job.end(Stage::Dismissed);
    Ok(send(job.status(&address)))
}

fn send(json: Value) -> Response {
    ([(CACHE_CONTROL, "private, no-store"), (VARY, "Authorization")], Json(json)).into_response()
}
