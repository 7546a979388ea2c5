//! What an operator relies on: readiness, counts, limits by address, the sites that may read, and a proxy in front.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use emprise::http::cors::Cors;
use emprise::http::limits::Limits;
use emprise::http::state::Options;

use super::client::{ask, get, try_get};
use super::{Server, free_port, grants_file, options, public, tile_at, unhurried};
use crate::harness::eventually;

#[test]
fn readiness_goes_first_at_a_stop() {
    // A machine that is too busy to ask within one time to drain has a longer one.
    let drains = [1, 8, 60].map(Duration::from_secs);
    assert!(drains.into_iter().any(stops_in_order), "readiness never went before the door was shut");
}

/// Whether both sides could be asked while the server drained; what they say is looked at in any case.
fn stops_in_order(drain: Duration) -> bool {
    let data = public();
    let limits = Limits { drain, ..unhurried() };
    let (mut server, operator) = Server::operated(Options { limits, ..options(data.path()) });
    assert_eq!((get(operator, "/ready", &[]).status, get(operator, "/health", &[]).status), (200, 404));
    assert_eq!(server.get("/ready").status, 404, "nothing of it on the public port");
    let text = get(operator, "/metrics", &[]).text();
    assert!(text.contains("\nemprise_ready 1\n") && text.contains("emprise_answers_total{status=\"4xx\"} 1"), "{text}");
    let told = Instant::now();
    server.stop.take().unwrap().send(()).unwrap();
    let unready = eventually("readiness to go", || match try_get(operator, "/ready").map(|answer| answer.status) {
        Some(200) => None,
        said => Some(said),
    });
    let still_answered = try_get(server.address, "/health").map(|answer| answer.status);
    eventually("the door to be shut", || TcpStream::connect(server.address).is_err().then_some(()));
    assert!(told.elapsed() >= drain, "the door was shut after {:?}", told.elapsed());
    let wrong = |said: Option<u16>, right: u16| said.is_some_and(|status| status != right);
    assert!(!wrong(unready, 503) && !wrong(still_answered, 200), "{unready:?}, and who is still sent here: {still_answered:?}");
    unready.is_some() && still_answered.is_some()
}

#[test]
fn one_address_does_not_take_every_connection() {
    let data = public();
    let limits = Limits { connections_per_address: 4, ..unhurried() };
    let server = Server::with(Options { limits, ..options(data.path()) });
    // They are taken in the order in which they came: these four before the next.
    let held: Vec<TcpStream> = (0..4).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    assert!(try_get(server.address, "/health").is_none(), "closed without a word");
    drop(held);
    let answer = eventually("a place that is left to be free again", || try_get(server.address, "/health"));
    assert_eq!(answer.status, 200);
}

#[test]
fn tokens_are_not_guessed_at_leisure() {
    let data = public();
    let grants = grants_file(data.path(), "A", "right", "");
    let limits = Limits { wrong_tokens: 3, ..unhurried() };
    let server = Server::with(Options { grants: Some(grants), limits, ..options(data.path()) });
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
    let server = Server::with(Options { cors: Cors::Origins(vec![named.to_owned()]), ..options(data.path()) });
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
    let folder = tempfile::tempdir().unwrap();
    let nginx = Nginx::before(&server, folder.path());
    let (proxy, host) = (nginx.address, nginx.address.to_string());
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
}

/// A proxy of this test's own; dropped, it ends.
struct Nginx {
    child: Child,
    address: SocketAddr,
}

impl Nginx {
    /// Once it hands on what is asked. Where somebody took its port meanwhile it ends, and gets another.
    fn before(server: &Server, folder: &Path) -> Nginx {
        let (at, file) = (folder.display(), folder.join("nginx.conf"));
        eventually("nginx to listen", || {
            let port = free_port();
            let config = format!(
                "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log; worker_processes 1; events {{}}
                 http {{ access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p; fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u;
                 scgi_temp_path {at}/s; server {{ listen 127.0.0.1:{port}; location /land/ {{ proxy_pass http://{}/; proxy_http_version 1.1;
                 proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;
                 proxy_set_header X-Forwarded-Prefix /land; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }} }}",
                server.address
            );
            std::fs::write(&file, config).unwrap();
            let child = Command::new("nginx").arg("-c").arg(&file).arg("-e").arg(folder.join("start.log")).spawn().unwrap();
            let mut nginx = Nginx { child, address: (Ipv4Addr::LOCALHOST, port).into() };
            let is_there = eventually("nginx to answer or to end", || match nginx.child.try_wait().unwrap() {
                Some(_) => Some(false),
                None => try_get(nginx.address, "/land/health").is_some_and(|answer| answer.status == 200).then_some(true),
            });
            is_there.then_some(nginx)
        })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its own id: nobody else's nginx.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
