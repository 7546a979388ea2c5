//! A server under way: new snapshots, slow clients, large heads, a stop.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use emprise::http::limits::Limits;
use emprise::http::state::Options;

use super::client::{exchange, get, parse};
use super::{SHEDS, Server, layer, public, squares, table, tile_at};

#[test]
fn a_new_snapshot_is_swapped_in_and_no_request_is_lost() {
    let data = public();
    let server = Server::over(data.path());
    let edition = || server.get("/health").json()["snapshot"].as_str().unwrap().to_owned();
    let old = edition();
    let path = format!("/tiles/sheds/{}.mvt", tile_at(8, 3.0, 46.5));
    let asking = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = Vec::new();
                    while asking.load(std::sync::atomic::Ordering::Relaxed) {
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
        let patience = Instant::now();
        while edition() == old {
            assert!(patience.elapsed() < Duration::from_secs(10), "never swapped in");
            std::thread::sleep(Duration::from_millis(50));
        }
        asking.store(false, std::sync::atomic::Ordering::Relaxed);
        for (tag, body) in clients.into_iter().flat_map(|client| client.join().unwrap()) {
            let is_new = body.windows(7).any(|window| window == b"Renamed");
            assert_eq!(tag.contains(&old), !is_new, "an answer comes from one snapshot, which its tag names");
        }
    });
}

#[test]
fn a_snapshot_that_does_not_open_leaves_the_old_one() {
    let data = public();
    let server = Server::over(data.path());
    let before = server.get("/provenance");
    let (new, link) = (data.path().join("snapshots/damaged"), data.path().join("next"));
    std::fs::create_dir(&new).unwrap();
    std::fs::write(new.join("manifest.json"), "{").unwrap();
    std::os::unix::fs::symlink("snapshots/damaged", &link).unwrap();
    std::fs::rename(&link, data.path().join("current")).unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(server.get("/provenance").body, before.body);
    assert_eq!(server.get("/health").status, 200);
}

/// Limits short enough to wait for.
fn hasty(data: &super::Data) -> Server {
    let limits = Limits {
        connections: 8,
        header: Duration::from_millis(300),
        body: Duration::from_millis(300),
        stop: Duration::from_secs(2),
        ..Limits::default()
    };
    Server::with(Options { limits, ..Options::of(data.path().to_owned()) })
}

#[test]
fn clients_that_say_nothing_are_let_go() {
    let data = public();
    let server = hasty(&data);
    for opening in ["", "GET / HTTP/1.1\r\nhost: x\r\n", "GET /health HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let began = Instant::now();
        let answer = exchange(server.address, opening.as_bytes());
        assert!(began.elapsed() < Duration::from_secs(5), "{opening:?} was kept open");
        let complete = opening.ends_with("\r\n\r\n");
        assert_eq!(answer.starts_with(b"HTTP/1.1 200"), complete, "{opening:?}");
    }
    let slow = b"POST /siting HTTP/1.1\r\nhost: x\r\ncontent-type: application/yaml\r\ncontent-length: 100\r\n\r\nemprise";
    assert_eq!(parse(&exchange(server.address, slow)).status, 408);
}

#[test]
fn silent_clients_do_not_keep_out_the_others_for_long() {
    let data = public();
    let server = hasty(&data);
    let silent: Vec<TcpStream> = (0..64).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    let began = Instant::now();
    assert_eq!(server.get("/health").status, 200);
    assert!(began.elapsed() < Duration::from_secs(8));
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
    let mut server = Server::over(data.path());
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(b"GET /provenance HTTP/1.1\r\nhost: x\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(100));
    server.stop.take().unwrap().send(()).unwrap();
    std::thread::sleep(Duration::from_millis(100));
    assert!(TcpStream::connect(server.address).is_err(), "nobody new is let in");
    stream.write_all(b"\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(parse(&answer).status, 200);
}
