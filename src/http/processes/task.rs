//! One execution of a process: what is asked of which data, done at once or by a job.

use axum::body::Bytes;
use serde_json::{Map, Value};

use crate::http::analysis::analyse;
use crate::http::caller::Caller;
use crate::http::error::HttpError;
use crate::http::siting::form::{self, Form, written};
use crate::http::siting::question::Question;
use crate::http::siting::specification;
use crate::http::state::App;
use crate::http::zoning;
use crate::siting::work::Work;

pub enum Task {
    Siting(Question),
    /// The body of `POST /zoning`.
    Zoning {
        question: zoning::Sent,
        caller: Caller,
    },
}

impl Task {
    /// # Errors
    /// An input that is no specification.
    pub fn siting(inputs: &mut Map<String, Value>, caller: Caller) -> Result<Task, HttpError> {
        let text = match inputs.remove("specification") {
            Some(Value::String(text)) => text,
            Some(object @ Value::Object(_)) => object.to_string(),
            _ => {
                return Err(HttpError::Execution("the input `specification` is an object, or a text in YAML or JSON".to_owned()));
            }
        };
        Ok(Task::Siting(Question::new(specification(text.as_bytes())?, caller)))
    }

    pub fn zoning(inputs: Map<String, Value>, caller: Caller) -> Task {
        Task::Zoning { question: zoning::Sent::Json(Value::Object(inputs).to_string().into()), caller }
    }

    /// Its answer, within the time that a request has.
    ///
    /// # Errors
    /// What does not fit the snapshot; too much work.
    pub async fn now(self, app: &App, form: Form) -> Result<Bytes, HttpError> {
        match &self {
            Task::Siting(question) => {
                let bytes = written(app, question, form).await?;
                question.keep(app).await?;
                Ok(bytes)
            }
            Task::Zoning { .. } => {
                let own = app.clone();
                analyse(app, move |work| self.run(&own, form, work)).await
            }
        }
    }

    /// Does it on this thread.
    ///
    /// # Errors
    /// What does not fit the snapshot; a stop.
    pub fn run(&self, app: &App, form: Form, work: &Work) -> Result<Bytes, HttpError> {
        match self {
            Task::Siting(question) => form::write(question, form, work),
            Task::Zoning { question, caller } => {
                let form = if form == Form::GeoJson { zoning::Form::GeoJson } else { zoning::Form::Json };
                zoning::answer(app, caller, question, form, work).map(Bytes::from)
            }
        }
    }
}
