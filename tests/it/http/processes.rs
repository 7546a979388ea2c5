//! OGC API Processes, held against the schemas of the standard, written here from its text (OGC 18-062r2).

use std::time::Instant;

use emprise::http::limits::Limits;
use emprise::http::state::Options;
use emprise::layer::shipped::shipped;
use serde_json::{Value, json};

use super::client::{Answer, ask, get};
use super::tiles::{counted, hasty};
use super::{Data, QUESTION, SHEDS, Server, grants_file, layer, options, public, squares, table, unhurried};
use crate::harness::{PATIENCE, eventually};

fn link_schema() -> Value {
    json!({ "type": "object", "required": ["href"], "properties": { "href": { "type": "string", "format": "uri" }, "rel": { "type": "string" }, "type": { "type": "string" } } })
}

/// `statusInfo.yaml`
fn status_schema() -> Value {
    let time = json!({ "type": "string", "format": "date-time" });
    json!({
        "type": "object",
        "required": ["jobID", "status", "type"],
        "properties": {
            "processID": { "type": "string" },
            "type": { "enum": ["process"] },
            "jobID": { "type": "string" },
            "status": { "enum": ["accepted", "running", "successful", "failed", "dismissed"] },
            "message": { "type": "string" },
            "created": time, "started": time, "finished": time, "updated": time,
            "progress": { "type": "integer", "minimum": 0, "maximum": 100 },
            "links": { "type": "array", "items": link_schema() },
        },
    })
}

/// `processSummary.yaml`
fn summary_schema() -> Value {
    json!({
        "type": "object",
        "required": ["id", "version"],
        "properties": {
            "id": { "type": "string" },
            "version": { "type": "string" },
            "title": { "type": "string" },
            "jobControlOptions": { "type": "array", "items": { "enum": ["sync-execute", "async-execute", "dismiss"] } },
            "outputTransmission": { "type": "array", "items": { "enum": ["value", "reference"] } },
            "links": { "type": "array", "items": link_schema() },
        },
    })
}

fn list_schema(name: &str, of: &Value) -> Value {
    json!({
        "type": "object",
        "required": [name, "links"],
        "properties": { name: { "type": "array", "items": of }, "links": { "type": "array", "items": link_schema() } },
    })
}

fn assert_valid(schema: &Value, value: &Value) {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let problems: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}: {value}");
}

fn execute(server: &Server, headers: &[(&str, &str)], body: &Value) -> Answer {
    let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/json")]).collect();
    ask(server.address, "POST", "/processes/siting/execution", &headers, body.to_string().as_bytes())
}

/// Asks after a job until it has ended.
fn ended(server: &Server, address: &str, headers: &[(&str, &str)]) -> Value {
    eventually("the end of a job", || {
        let status = get(server.address, address, headers).json();
        assert_valid(&status_schema(), &status);
        status.get("finished").is_some().then_some(status)
    })
}

/// The path of a job that was just started.
fn started(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("preference-applied")), (201, "respond-async"), "{}", answer.text());
    assert_valid(&status_schema(), &answer.json());
    answer.header("location").strip_prefix("http://test").unwrap().to_owned()
}

const LATER: (&str, &str) = ("prefer", "wait=5, respond-async");

#[test]
fn what_can_be_executed_is_described() {
    let data = public();
    let server = Server::over(data.path());
    assert_valid(&list_schema("processes", &summary_schema()), &server.get("/processes").json());
    let siting = server.get("/processes/siting").json();
    assert_valid(&summary_schema(), &siting);
    assert!(siting["inputs"]["specification"]["schema"].is_object() && siting["outputs"]["answer"]["schema"].is_object());
    let unknown = server.get("/processes/sittings").json();
    assert_eq!(unknown["type"], "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process");
    assert!(unknown["detail"].as_str().unwrap().contains("did you mean `siting`"));
    let classes = server.get("/conformance").json();
    assert!(
        classes["conformsTo"]
            .as_array()
            .unwrap()
            .iter()
            .all(|class| class.as_str().unwrap().starts_with("http://www.opengis.net/spec/"))
    );
    let landing = get(server.address, "/", &[("accept", "application/json")]);
    assert!(landing.header("vary").starts_with("Accept"));
    for link in landing.json()["links"].as_array().unwrap() {
        assert_valid(&link_schema(), link);
        let path = link["href"].as_str().unwrap().strip_prefix("http://test").unwrap();
        assert_eq!(server.get(path).status, 200, "{link}");
    }
    let page = get(server.address, "/", &[("accept", "text/html,application/json;q=0.9")]);
    assert!(!page.header("content-type").contains("json"), "a browser sees the map");
}

#[test]
fn an_execution_is_the_answer_of_the_same_question() {
    let data = public();
    let server = Server::over(data.path());
    let answer = server.site("application/yaml", QUESTION);
    let object = answer.json()["asked"].clone();
    let as_text = json!({ "inputs": { "specification": QUESTION } });
    let as_object = json!({ "inputs": { "specification": object } });
    let qualified = json!({ "inputs": { "specification": { "value": object } }, "outputs": { "answer": {} }, "response": "raw" });
    for body in [&as_text, &as_object, &qualified] {
        let executed = execute(&server, &[], body);
        assert_eq!((executed.status, executed.header("content-type")), (200, "application/json"), "{}", executed.text());
        assert_eq!(executed.body, answer.body, "{body}");
    }
    let with = |member: &str, value: Value| {
        let mut body = as_text.clone();
        body[member] = value;
        body
    };
    let features =
        with("outputs", json!({ "answer": { "format": { "mediaType": "application/geo+json" }, "transmissionMode": "value" } }));
    let features = execute(&server, &[], &features);
    assert_eq!(
        (features.header("content-type"), &features.json()["type"]),
        ("application/geo+json", &json!("FeatureCollection"))
    );
    let document = execute(&server, &[], &with("response", json!("document"))).json();
    assert_eq!(document, json!({ "answer": { "value": answer.json(), "mediaType": "application/json" } }));

    let wrong = [
        (400, json!({})),
        (400, json!([])),
        (400, with("input", json!(1))),
        (400, json!({ "inputs": { "specification": 3 } })),
        (400, json!({ "inputs": { "specification": { "href": "http://127.0.0.1/x" } } })),
        (400, json!({ "inputs": { "specification": QUESTION, "limit": 3 } })),
        (400, with("outputs", json!({ "sites": {} }))),
        (400, with("outputs", json!({ "answer": { "transmissionMode": "reference" } }))),
        (400, with("outputs", json!({ "answer": { "format": { "mediaType": "image/png" } } }))),
        (422, json!({ "inputs": { "specification": "emprise: 2" } })),
        (422, json!({ "inputs": { "specification": QUESTION.replace("sheds", "shed") } })),
    ];
    for (status, body) in wrong {
        let answer = execute(&server, &[], &body);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, "application/problem+json"),
            "{body}: {}",
            answer.text()
        );
    }
    assert_eq!(ask(server.address, "POST", "/processes/nosuch/execution", &[], b"{}").status, 404);
    let yaml = ask(server.address, "POST", "/processes/siting/execution", &[("content-type", "application/yaml")], b"{}");
    assert_eq!(yaml.status, 415);
}

#[test]
fn the_check_of_a_plot_is_a_process_too() {
    let data = public();
    let server = Server::over(data.path());
    let description = server.get("/processes/zoning").json();
    assert_valid(&summary_schema(), &description);
    let (json, plot) = (("content-type", "application/json"), json!("sheds/b"));
    let checked = ask(server.address, "POST", "/zoning", &[json], json!({ "plot": plot }).to_string().as_bytes());
    assert_eq!(checked.status, 200, "{}", checked.text());
    let execute = |headers: &[(&str, &str)], body: Value| {
        let headers: Vec<_> = headers.iter().copied().chain([json]).collect();
        ask(server.address, "POST", "/processes/zoning/execution", &headers, body.to_string().as_bytes())
    };
    let at_once = execute(&[], json!({ "inputs": { "plot": plot, "project": { "value": {} } } }));
    assert_eq!((at_once.status, &at_once.body), (200, &checked.body), "{}", at_once.text());
    let job = started(&execute(&[LATER], json!({ "inputs": { "plot": plot } })));
    assert_eq!(ended(&server, &job, &[])["status"], "successful");
    assert_eq!(server.get(&format!("{job}/results")).body, checked.body);
    let features =
        json!({ "inputs": { "plot": plot }, "outputs": { "answer": { "format": { "mediaType": "application/geo+json" } } } });
    assert_eq!(execute(&[], features).json()["type"], "FeatureCollection");
    assert_eq!(execute(&[], json!({ "inputs": { "plot": "shed/b" } })).status, 422);
    assert_eq!(execute(&[], json!({ "inputs": { "project": {} } })).status, 400);
    assert_eq!(execute(&[], json!({ "inputs": { "plot": plot, "radius": 3 } })).status, 400);
}

#[test]
fn a_job_is_asked_after_and_has_the_same_results() {
    let data = public();
    let server = Server::over(data.path());
    let body = json!({ "inputs": { "specification": QUESTION } });
    let job = started(&execute(&server, &[LATER], &body));
    let status = ended(&server, &job, &[]);
    assert_eq!(
        (&status["status"], &status["progress"], &status["processID"]),
        (&json!("successful"), &json!(100), &json!("siting"))
    );
    let results = server.get(&format!("{job}/results"));
    assert_eq!((results.status, results.header("cache-control")), (200, "private, no-store"));
    assert_eq!(results.body, server.site("application/yaml", QUESTION).body);
    let id = results.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&format!("/siting/{id}")).body, results.body, "its answer has an address too");

    let failing = json!({ "inputs": { "specification": QUESTION.replace("sheds", "shed") } });
    let failed = started(&execute(&server, &[LATER], &failing));
    let status = ended(&server, &failed, &[]);
    assert!(status["message"].as_str().unwrap().contains("did you mean `sheds`"), "{status}");
    assert_eq!((status["status"].as_str(), server.get(&format!("{failed}/results")).status), (Some("failed"), 422));

    let forgotten = ask(server.address, "DELETE", &job, &[], b"");
    assert_eq!((forgotten.status, &forgotten.json()["status"]), (200, &json!("dismissed")));
    assert_valid(&status_schema(), &forgotten.json());
    for path in [job.clone(), format!("{job}/results")] {
        let gone = server.get(&path);
        let no_such_job = json!("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job");
        assert_eq!((gone.status, &gone.json()["type"]), (404, &no_such_job));
    }
    assert_eq!(server.get("/jobs").json()["jobs"], json!([]), "without a token, nobody's");
}

/// Data on which a question takes a while: thousands of sheds, the distances among which are asked for.
pub fn many() -> Data {
    let codes: Vec<String> = (0..20_000).map(|n| format!("s{n}")).collect();
    let place = |n: usize| (2.0 + (n % 100) as f64 * 0.002, 46.0 + (n / 100) as f64 * 0.0015);
    let features: Vec<_> = codes.iter().enumerate().map(|(n, code)| (&**code, "Shed", 1.0, place(n).0, place(n).1)).collect();
    let files = [("sheds.geojson", squares(&features)), ("figures.csv", "n\n1\n".to_owned())];
    Data::of(&files, &[layer("sheds", "public"), table()])
}

/// Sums over circles that hold some of the sheds and cut many: minutes of work, so that no machine is done with it before it is
/// asked what it does. `n` makes it another measure.
pub fn long(n: usize) -> String {
    let criterion = |place: usize| {
        let radius_m = 5_000 + 50 * place + n;
        format!("  c{place}: {{ kind: sum, of: sheds, field: size, radius: {radius_m} m, value: {{ 0 m2: 0, 9 m2: 1 }} }}\n")
    };
    let criteria: String = (0..60).map(criterion).collect();
    format!("emprise: 1\ncandidates: {{ layers: [sheds] }}\ncriteria:\n{criteria}")
}

#[test]
fn a_running_job_is_dismissed_and_one_that_waits_never_begins() {
    let data = many();
    let limits = Limits { jobs_at_once: 1, jobs: 2, ..unhurried() };
    let server = Server::with(Options { limits, ..options(data.path()) });
    let start = |n| started(&execute(&server, &[LATER], &json!({ "inputs": { "specification": long(n) } })));
    let status = |job: &str| server.get(job).json()["status"].as_str().unwrap().to_owned();
    let running = start(1);
    eventually("a job that runs", || (status(&running) != "accepted").then_some(()));
    // Only now: of two that begin at once, either may be the first.
    let waiting = start(2);
    assert_eq!((&*status(&running), &*status(&waiting)), ("running", "accepted"));
    let early = server.get(&format!("{running}/results"));
    let not_ready = json!("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready");
    assert_eq!((early.status, &early.json()["type"]), (404, &not_ready));
    assert_eq!(
        execute(&server, &[LATER], &json!({ "inputs": { "specification": QUESTION } })).status,
        429,
        "no room for a third"
    );
    for job in [&waiting, &running] {
        assert_eq!(ask(server.address, "DELETE", job, &[], b"").json()["status"], "dismissed");
        assert_eq!((status(job), server.get(&format!("{job}/results")).status), ("dismissed".to_owned(), 404));
    }
    let next = started(&execute(&server, &[LATER], &json!({ "inputs": { "specification": QUESTION } })));
    let began = Instant::now();
    assert_eq!(ended(&server, &next, &[])["status"], "successful");
    assert!(began.elapsed() < PATIENCE / 2, "what was dismissed makes room at once: {:?}", began.elapsed());
}

#[test]
fn a_running_check_is_dismissed() {
    let codes: Vec<String> = (0..3_000).map(|n| format!("FR{n}")).collect();
    let site = |n: usize| (&*codes[n], "Marais", 0.0, 3.0 + (n % 60) as f64 * 0.01, 46.0 + (n / 60) as f64 * 0.008);
    let text = squares(&(0..3_000).map(site).collect::<Vec<_>>());
    let text = text.replace("\"code\"", "\"sitecode\"").replace("\"name\"", "\"sitename\"");
    let layer = shipped().unwrap().into_iter().find(|layer| layer.id == "natura2000-habitats").unwrap();
    let data = Data::of(&[("sic.geojson", text)], &[layer]);
    let limits = Limits { jobs_at_once: 1, ..unhurried() };
    let server = Server::with(Options { limits, ..options(data.path()) });
    // A comb of 15,000 teeth over all of them: seconds of work, in pieces that even a busy machine soon ends.
    let east = |n: u32| f64::from(300_000 + n) / 100_000.0;
    let tooth = |n: u32| [[east(4 * n), 46.4], [east(4 * n + 2), 46.01]];
    let mut ring: Vec<[f64; 2]> = (0..15_000).flat_map(tooth).collect();
    ring.extend([[3.7, 46.0], [2.99, 46.0], [3.0, 46.4]]);
    let plot = json!({ "type": "Polygon", "coordinates": [ring] });
    let json = ("content-type", "application/json");
    let body = json!({ "inputs": { "plot": { "value": plot } } }).to_string();
    let answer = ask(server.address, "POST", "/processes/zoning/execution", &[LATER, json], body.as_bytes());
    let job = started(&answer);
    let status = || server.get(&job).json()["status"].as_str().unwrap().to_owned();
    assert_eq!(eventually("a check that runs", || Some(status()).filter(|status| status != "accepted")), "running");
    assert_eq!(ask(server.address, "DELETE", &job, &[], b"").json()["status"], "dismissed");
    let next = started(&ask(
        server.address,
        "POST",
        "/processes/zoning/execution",
        &[LATER, json],
        br#"{"inputs": {"plot": "natura2000-habitats/FR7"}}"#,
    ));
    let began = Instant::now();
    assert_eq!(ended(&server, &next, &[])["status"], "successful");
    assert!(began.elapsed() < PATIENCE, "what was dismissed makes room: {:?}", began.elapsed());
}

#[test]
fn a_client_that_leaves_makes_room() {
    let data = many();
    let limits = Limits { analyses_at_once: 1, queue_wait: PATIENCE / 2, ..hasty() };
    let (server, operator) = Server::operated(Options { limits, ..options(data.path()) });
    let question = long(3);
    let request = format!(
        "POST /siting HTTP/1.1\r\nhost: x\r\ncontent-type: application/yaml\r\ncontent-length: {}\r\n\r\n{question}",
        question.len()
    );
    let mut leaving = std::net::TcpStream::connect(server.address).unwrap();
    std::io::Write::write_all(&mut leaving, request.as_bytes()).unwrap();
    eventually("an analysis that runs", || (counted(operator, "analyses_running") == 1).then_some(()));
    drop(leaving);
    assert_eq!(server.site("application/yaml", QUESTION).status, 200, "the one place is free again, before the wait for it ends");
}

#[test]
fn a_job_is_its_starter_s() {
    let secrets = [("s1", "Secret", 1.0, 3.004, 46.504)];
    let files = [("sheds.geojson", squares(SHEDS)), ("secrets.geojson", squares(&secrets))];
    let data = Data::of(&files, &[layer("sheds", "public"), layer("secrets", "restricted")]);
    let grants = grants_file(data.path(), "A", "t", "\"secrets\"");
    let server = Server::with(Options { grants: Some(grants), ..options(data.path()) });
    let bearer = ("authorization", "Bearer t");
    let job = started(&execute(
        &server,
        &[LATER, bearer],
        &json!({ "inputs": { "specification": QUESTION.replace("sheds", "secrets") } }),
    ));
    assert_eq!(ended(&server, &job, &[bearer])["status"], "successful");
    let listed = get(server.address, "/jobs", &[bearer]).json();
    assert_valid(&list_schema("jobs", &status_schema()), &listed);
    assert!(job.ends_with(listed["jobs"][0]["jobID"].as_str().unwrap()));
    for (method, path) in [("GET", job.clone()), ("GET", format!("{job}/results")), ("DELETE", job.clone())] {
        assert_eq!(ask(server.address, method, &path, &[], b"").status, 404, "{method} {path}");
    }
    assert_eq!(server.get("/jobs").json()["jobs"], json!([]));
    assert_eq!(get(server.address, &format!("{job}/results"), &[bearer]).status, 200);
}
