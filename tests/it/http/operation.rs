//! What an operator relies on: readiness, counts, limits by address, the sites that may read, and a proxy in front.

use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use emprise::http::cors::Cors;
use emprise::http::limits::Limits;
use emprise::http::state::Options;

use super::client::{ask, get};
use super::tiles::free_port;
use super::{Server, grants_file, public, tile_at};

#[test]
fn readiness_goes_first_at_a_stop() {
    let data = public();
    let port = free_port();
    let limits = Limits { drain: Duration::from_millis(600), ..Limits::default() };
    let mut server = Server::with(Options { operation_port: Some(port), limits, ..Options::of(data.path().to_owned()) });
    let operation = |path: &str| get(([127, 0, 0, 1], port).into(), path, &[]);
    assert_eq!((operation("/ready").status, operation("/health").status), (200, 404));
    assert_eq!(server.get("/ready").status, 404, "nothing of it on the public port");
    let text = operation("/metrics").text();
    assert!(text.contains("\nemprise_ready 1\n") && text.contains("emprise_answers_total{status=\"4xx\"} 1"), "{text}");
    server.stop.take().unwrap().send(()).unwrap();
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(operation("/ready").status, 503);
    assert_eq!(server.get("/health").status, 200, "who is still sent here is answered");
    std::thread::sleep(Duration::from_millis(800));
    assert!(TcpStream::connect(server.address).is_err());
}

#[test]
fn one_address_does_not_take_every_connection() {
    let data = public();
    let limits = Limits { connections_per_address: 4, ..Limits::default() };
    let server = Server::with(Options { limits, ..Options::of(data.path().to_owned()) });
    let held: Vec<TcpStream> = (0..4).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(100));
    let refused = super::client::exchange(server.address, b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(refused.is_empty(), "closed without a word");
    drop(held);
    let patience = Instant::now();
    while super::client::exchange(server.address, b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").is_empty() {
        assert!(patience.elapsed() < Duration::from_secs(5), "a place that is left is free again");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn tokens_are_not_guessed_at_leisure() {
    let data = public();
    let grants = grants_file(data.path(), "A", "right", "");
    let limits = Limits { wrong_tokens: 3, ..Limits::default() };
    let server = Server::with(Options { grants: Some(grants), limits, ..Options::of(data.path().to_owned()) });
    let with = |token: &str| get(server.address, "/health", &[("authorization", &format!("Bearer {token}"))]);
    let statuses: Vec<u16> = ["right", "1", "2", "right", "3", "4", "5"].map(|token| with(token).status).to_vec();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 429]);
    assert_eq!((with("right").status, with("6").header("retry-after")), (429, "60"), "a right guess tells nothing either");
    assert_eq!(server.get("/health").status, 200, "who sends no token is not concerned");
}

#[test]
fn only_named_sites_read_where_sites_are_named() {
    let data = public();
    let named = "https://maps.example.org";
    let server = Server::with(Options { cors: Cors::Origins(vec![named.to_owned()]), ..Options::of(data.path().to_owned()) });
    let path = format!("/tiles/sheds/{}.mvt", tile_at(9, 3.0, 46.5));
    for (origin, allowed) in [(named, named), ("https://other.example", ""), ("https://maps.example.org.evil.example", "")] {
        let answer = get(server.address, &path, &[("origin", origin)]);
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
        assert!(answer.header("vary").contains("Origin"));
        let asks = [("origin", origin), ("access-control-request-method", "GET")];
        let preflight = ask(server.address, "OPTIONS", &path, &asks, b"");
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, allowed));
    }
    assert_eq!(ask(server.address, "OPTIONS", &path, &[], b"").status, 405, "any other OPTIONS is none of ours");
}

/// Behind nginx, under a path of its own: what the server says of its addresses leads back through the proxy.
#[test]
fn a_proxy_in_front() {
    if Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_err() {
        return eprintln!("skipped: there is no nginx here");
    }
    let data = public();
    let server = Server::over(data.path());
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let at = folder.path().display();
    let config = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log; worker_processes 1; events {{}}
         http {{ access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p; fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u;
         scgi_temp_path {at}/s; server {{ listen 127.0.0.1:{port}; location /land/ {{ proxy_pass http://{}/; proxy_http_version 1.1;
         proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;
         proxy_set_header X-Forwarded-Prefix /land; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }} }}",
        server.address
    );
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, config).unwrap();
    let mut nginx = Command::new("nginx").arg("-c").arg(&file).arg("-e").arg(folder.path().join("start.log")).spawn().unwrap();
    let proxy = ([127, 0, 0, 1], port).into();
    let patience = Instant::now();
    while TcpStream::connect(proxy).is_err() {
        assert!(patience.elapsed() < Duration::from_secs(10), "nginx did not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    let host = format!("127.0.0.1:{port}");
    let through = |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: application/json\r\nconnection: close\r\n\r\n");
        super::client::parse(&super::client::exchange(proxy, request.as_bytes()))
    };
    let json = through("/land/tiles/sheds.json").json();
    let template = json["tiles"][0].as_str().unwrap();
    let path = template.strip_prefix(&format!("http://{host}")).unwrap_or_else(|| panic!("{template}"));
    let tile = through(&path.replace("{z}/{x}/{y}", &tile_at(9, 3.0, 46.5)));
    assert_eq!((tile.status, tile.header("cache-control")), (200, "public, max-age=31536000, immutable"));
    let landing = through("/land/").json();
    for link in landing["links"].as_array().unwrap() {
        assert!(link["href"].as_str().unwrap().starts_with(&format!("http://{host}/land")), "{link}");
    }
    let set = through("/land/collections/sheds/tiles/WebMercatorQuad").json();
    assert!(set["links"][0]["href"].as_str().unwrap().starts_with(&format!("http://{host}/land/collections/sheds")));
    let style = through("/land/styles/land-availability.json").text();
    assert!(!style.contains(&server.address.to_string()), "the inner address is nowhere");
    // Its own id: nobody else's nginx.
    nginx.kill().unwrap();
    nginx.wait().unwrap();
}
