//! A server under way: new snapshots, slow clients, large heads, a stop.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use emprise::http::limits::Limits;
use emprise::http::state::Options;

use super::client::{exchange, get, parse, try_get};
use super::{QUESTION, SHEDS, Server, layer, options, public, squares, table, tile_at, unhurried};
use crate::harness::{PATIENCE, eventually};

#[test]
fn a_new_snapshot_is_swapped_in_and_no_request_is_lost() {
    let data = public();
    let server = Server::over(data.path());
    let edition = || server.get("/health").json()["snapshot"].as_str().unwrap().to_owned();
    let old = edition();
    let path = format!("/tiles/sheds/{}.mvt", tile_at(8, 3.0, 46.5));
    let asking = AtomicBool::new(true);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = Vec::new();
                    while asking.load(Ordering::Relaxed) {
                        let answer = get(server.address, &path, &[]);
                        assert_eq!(answer.status, 200);
                        seen.push((answer.header("etag").to_owned(), answer.body));
                    }
                    seen
                })
            })
            .collect();
        let renamed: Vec<_> = SHEDS.iter().map(|&(code, _, size, x, y)| (code, "Renamed", size, x, y)).collect();
        let files = [("sheds.geojson", squares(&renamed)), ("figures.csv", "n\n1\n".to_owned())];
        data.ingest(&files, &[layer("sheds", "public"), table()]);
        let began = Instant::now();
        while edition() == old && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(50));
        }
        // Whatever came of it: the clients would never end.
        asking.store(false, Ordering::Relaxed);
        assert_ne!(edition(), old, "never swapped in");
        for (tag, body) in clients.into_iter().flat_map(|client| client.join().unwrap()) {
            let is_new = body.windows(7).any(|window| window == b"Renamed");
            assert_eq!(tag.contains(&old), !is_new, "an answer comes from one snapshot, which its tag names");
        }
    });
}

/// Sentences that a server tells its operator.
static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[test]
fn a_snapshot_that_does_not_open_leaves_the_old_one() {
    let data = public();
    let say = |line: &str| SAID.lock().unwrap().push(line.to_owned());
    let server = Server::with(Options { say, ..options(data.path()) });
    let before = server.get("/provenance");
    let (new, link) = (data.path().join("snapshots/damaged"), data.path().join("next"));
    std::fs::create_dir(&new).unwrap();
    std::fs::write(new.join("manifest.json"), "{").unwrap();
    std::os::unix::fs::symlink("snapshots/damaged", &link).unwrap();
    std::fs::rename(&link, data.path().join("current")).unwrap();
    let told = |line: &String| line.starts_with("the new snapshot cannot be served");
    eventually("the operator to be told", || SAID.lock().unwrap().iter().any(told).then_some(()));
    assert_eq!(server.get("/provenance").body, before.body);
    assert_eq!(server.get("/health").status, 200);
}

/// Limits short enough to wait for.
fn hasty(data: &super::Data) -> Server {
    let short = Duration::from_millis(500);
    let limits = Limits { connections: 8, header: short, body: short, ..unhurried() };
    Server::with(Options { limits, ..options(data.path()) })
}

/// What is answered to bytes that are all sent at once. A client that the machine stops between the opening and the sending has
/// missed the short time that there is, and comes again.
fn answered(server: &Server, bytes: &[u8]) -> Vec<u8> {
    eventually("an answer", || Some(exchange(server.address, bytes)).filter(|answer| !answer.is_empty()))
}

#[test]
fn clients_that_say_nothing_are_let_go() {
    let data = public();
    let server = hasty(&data);
    let began = Instant::now();
    for opening in ["", "GET / HTTP/1.1\r\nhost: x\r\n"] {
        assert!(exchange(server.address, opening.as_bytes()).is_empty(), "{opening:?}");
    }
    // This one would be kept for its next request.
    assert!(answered(&server, b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").starts_with(b"HTTP/1.1 200"));
    assert!(began.elapsed() < PATIENCE / 2, "somebody was kept open");
    let slow = b"POST /siting HTTP/1.1\r\nhost: x\r\ncontent-type: application/yaml\r\ncontent-length: 100\r\n\r\nemprise";
    assert_eq!(parse(&answered(&server, slow)).status, 408);
}

#[test]
fn silent_clients_do_not_keep_out_the_others_for_long() {
    let data = public();
    let server = hasty(&data);
    let silent: Vec<TcpStream> = (0..64).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    let began = Instant::now();
    let answer = eventually("a place", || try_get(server.address, "/health"));
    assert_eq!(answer.status, 200);
    assert!(began.elapsed() < PATIENCE / 2);
    drop(silent);
}

#[test]
fn large_heads_and_bodies_are_refused() {
    let data = public();
    let server = Server::over(data.path());
    let many: String = (0..101).map(|n| format!("x-{n}: 1\r\n")).collect();
    let long = format!("x: {}\r\n", "a".repeat(17 << 10));
    for headers in [many, long] {
        let answer = exchange(server.address, format!("GET / HTTP/1.1\r\nhost: x\r\n{headers}\r\n").as_bytes());
        assert_eq!(parse(&answer).status, 431);
    }
    let announced = b"POST /siting HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n";
    assert_eq!(parse(&exchange(server.address, announced)).status, 413, "not a byte of it is waited for");
    let mut chunked = b"POST /siting HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..20 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&[b'#'; 0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    assert_eq!(parse(&exchange(server.address, &chunked)).status, 413);
}

#[test]
fn a_stop_lets_the_request_in_hand_end() {
    let data = public();
    let limits = Limits { stop: PATIENCE, ..unhurried() };
    let mut server = Server::with(Options { limits, ..options(data.path()) });
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = "POST /siting HTTP/1.1\r\nhost: x\r\ncontent-type: application/yaml\r\nexpect: 100-continue";
    write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n", QUESTION.len()).unwrap();
    // Asked for the body: the request is in hand, whatever else the machine does.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.stop.take().unwrap().send(()).unwrap();
    eventually("nobody new to be let in", || TcpStream::connect(server.address).is_err().then_some(()));
    stream.write_all(QUESTION.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = parse(&answer);
    assert_eq!((answer.status, &answer.json()["passing"]), (200, &3.into()));
}
