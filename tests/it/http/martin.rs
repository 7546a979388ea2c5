//! What `emprise publish` writes, served by a stock Martin behind a stock nginx with the configuration that it writes beside: the same
//! addresses, the same bytes.

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::{Answer, get};
use super::publish::{around, layers_of, publish};

use super::{Data, SHEDS, Server, free_port, layer, squares};

/// A program of others, stopped by its own id when dropped.
struct Peer(Child);

impl Peer {
    /// Started in a folder; gives it back once it takes connections.
    fn start(command: &mut Command, folder: &Path, port: u16) -> Peer {
        let mut peer = Peer(command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(peer.0.try_wait().unwrap().is_none(), "{command:?} ended at once");
            assert!(began.elapsed() < Duration::from_secs(60), "{command:?} did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        peer
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_here(program: &str, flag: &str) -> bool {
    Command::new(program).arg(flag).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Changes a port in a published file.
fn moved(file: &Path, from: &str, to: String) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(file, text.replace(from, &to)).unwrap();
}

#[test]
fn a_stock_martin_serves_what_is_published() {
    let martin = std::env::var("EMPRISE_MARTIN").unwrap_or_else(|_| "martin".to_owned());
    if !is_here(&martin, "--version") {
        return eprintln!("skipped: Martin is not here; say where in EMPRISE_MARTIN");
    }
    let files = [("sheds.geojson", squares(SHEDS)), ("land.geojson", squares(&SHEDS[1..]))];
    let data = Data::of(&files, &[layer("sheds", "public"), layer("land", "public")]);
    let (out, port, front) = (tempfile::tempdir().unwrap(), free_port(), free_port());
    let root = format!("http://127.0.0.1:{front}");
    assert!(publish(data.path(), out.path(), &["--address", &root]).status.success());
    moved(&out.path().join("martin.yaml"), "127.0.0.1:3001", format!("127.0.0.1:{port}"));
    let _martin = Peer::start(Command::new(&martin).args(["--config", "martin.yaml"]), out.path(), port);
    let server = Server::over(data.path());
    let [own, other] = [server.address, ([127, 0, 0, 1], port).into()];
    let ask = |at: SocketAddr, path: &str| get(at, path, &[("accept-encoding", "gzip")]);

    let (mut same, mut empty) = (0, 0);
    for address in [5, 8, 9, 11, 13].into_iter().flat_map(around) {
        for list in ["sheds", "land"] {
            let path = format!("/tiles/{list}/{address}");
            let [ours, theirs] = [own, other].map(|at| ask(at, &path));
            assert_eq!((ours.status, &ours.body), (theirs.status, &theirs.body), "{path}");
            if ours.status == 204 {
                empty += 1;
                continue;
            }
            for header in ["content-encoding", "content-type"] {
                let of = |answer: &Answer| {
                    answer.header(header).replace("application/vnd.mapbox-vector-tile", "application/x-protobuf")
                };
                assert_eq!(of(&ours), of(&theirs), "{path}");
            }
            same += 1;
        }
        let path = format!("/tiles/sheds,land/{address}");
        let [ours, theirs] = [own, other].map(|at| get(at, &path, &[]));
        assert_eq!(ours.status, theirs.status, "{path}");
        assert_eq!(layers_of(&ours.body), layers_of(&theirs.body), "{path}");
    }
    eprintln!("{same} tiles of the same bytes, {empty} empty ones");
    assert!(same > 20 && empty > 20);

    if !is_here("nginx", "-v") {
        return eprintln!("skipped: nginx is not here to serve styles, sprites and glyphs");
    }
    behind_nginx(out.path(), (port, front), &server);
}

/// All that a style names is reached through nginx, at the addresses that the style has.
fn behind_nginx(out: &Path, (port, front): (u16, u16), server: &Server) {
    let [config, at] = [out.join("nginx.conf"), out.to_owned()];
    moved(&config, "listen 3000", format!("listen 127.0.0.1:{front}"));
    moved(&config, "127.0.0.1:3001", format!("127.0.0.1:{port}"));
    let at = at.display();
    let whole = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log; events {{}} http {{ access_log off;
         client_body_temp_path {at}/b; proxy_temp_path {at}/p; fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
         include {at}/nginx.conf; }}"
    );
    std::fs::write(out.join("whole.conf"), whole).unwrap();
    let file = out.join("whole.conf");
    let _nginx = Peer::start(Command::new("nginx").arg("-c").arg(&file).arg("-e").arg(out.join("start.log")), out, front);
    let root = format!("http://127.0.0.1:{front}");
    let reached = |address: &str| {
        let path = address.strip_prefix(&root).unwrap_or_else(|| panic!("{address}")).replace(' ', "%20");
        let answer = get(([127, 0, 0, 1], front).into(), &path, &[]);
        assert_eq!(answer.status, 200, "{address}");
        answer
    };
    let style = reached(&format!("{root}/styles/basemap.json")).json();
    for ending in [".json", ".png", "@2x.json", "@2x.png"] {
        reached(&format!("{}{ending}", style["sprite"].as_str().unwrap()));
    }
    let glyphs = style["glyphs"].as_str().unwrap().replace("{fontstack}", "Noto Sans Regular").replace("{range}", "0-255");
    assert_eq!(reached(&glyphs).body, server.get("/fonts/Noto%20Sans%20Regular/0-255.pbf").body);
    let json = reached(&format!("{root}/tiles/sheds.json")).json();
    let template = json["tiles"][0].as_str().unwrap();
    let address = super::tile_at(9, 3.0, 46.5);
    let tile = reached(&template.replace("{z}/{x}/{y}", &address));
    assert_eq!(layers_of(&tile.body), layers_of(&server.get(&format!("/tiles/sheds/{address}")).body));
    let own = server.get("/tiles/sheds.json").json();
    for key in ["vector_layers", "bounds", "minzoom", "maxzoom", "attribution"] {
        assert_eq!(json[key], own[key], "{key}");
    }
}
