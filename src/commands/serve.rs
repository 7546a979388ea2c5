//! `emprise serve`

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::commands::output::{print, tell};
use crate::http::cors::Cors;
use crate::http::limits::Limits;
use crate::http::state::{EmptyTile, Options};
use crate::http::{self, bind};

/// Serve a snapshot: the map, tiles, styles, siting answers.
///
/// Prints the address once everything can be answered. A snapshot that is published later is swapped in within a second, with
/// no request lost; one that does not open leaves the old one served. Ctrl-C or SIGTERM ends it when the requests in hand are
/// answered.
#[derive(Debug, Args)]
#[command(after_help = "\
Restricted layers are shown to those who send `Authorization: Bearer TOKEN` with a token of the grants file:

  [[grant]]
  holder = \"Development agency\"
  token = \"...\"              # printf %s TOKEN | b3sum
  layers = [\"prospects\"]

Example:
  emprise serve data --port 9000")]
pub struct Arguments {
    /// Data folder that `emprise ingest` wrote, or one snapshot's own folder.
    #[arg(value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    listen: Listen,
}

/// Where to listen, and what to show to whom.
#[derive(Debug, Args)]
pub struct Listen {
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address to listen on; 0.0.0.0 for every network of this machine.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    host: IpAddr,
    /// Who may see restricted layers: a TOML file.
    #[arg(long, value_name = "FILE")]
    grants: Option<PathBuf>,
    /// Folder of rule files that replace or add to those of the program.
    #[arg(long, value_name = "FOLDER")]
    rules: Option<PathBuf>,
    /// Specifications to offer beside the shipped ones: a folder of NAME.yaml, or NAME.fr.yaml and NAME.en.yaml.
    #[arg(long, value_name = "DIR")]
    specifications: Option<PathBuf>,
    /// PMTiles or MBTiles to serve as a layer of the file's name; may be given several times.
    #[arg(long = "archive", value_name = "FILE")]
    archives: Vec<PathBuf>,
    /// Measure what the offered specifications ask, and sum the numbers of territories, as soon as the server is ready, so that the
    /// first to ask waits for nothing.
    #[arg(long)]
    warm: bool,
    /// Status of a tile without features: 204, or 404 for clients that ask for it.
    #[arg(long, default_value = "204", value_name = "STATUS", value_parser = ["204", "404"])]
    empty_tiles: String,
    /// A site whose pages may read what its users may see, such as https://maps.example.org; again for each. Without it, any
    /// site's pages read what everybody may see.
    #[arg(long, value_name = "ORIGIN")]
    cors: Vec<String>,
    /// Answer /ready and /metrics on this port of the loopback address. A stop is then told there first, and the server goes on
    /// answering for as long as --drain says.
    #[arg(long, value_name = "PORT")]
    operation_port: Option<u16>,
    /// Seconds between the first word of a stop and the closing of the door; only with --operation-port.
    #[arg(long, default_value_t = 3, value_name = "SECONDS")]
    drain: u64,
    /// Connections that one address may hold open. Raise it behind a proxy, all of whose clients come from one.
    #[arg(long, default_value_t = 512, value_name = "COUNT")]
    connections_per_address: u32,
    /// Megabytes of encoded tiles kept in memory beside the snapshot; the longest unused leave first.
    #[arg(long, default_value_t = 256, value_name = "MB")]
    tile_cache: u32,
}

pub fn run(Arguments { data, listen }: Arguments) -> anyhow::Result<ExitCode> {
    let listener = listen.bind()?;
    listen.serve(listener, &data)
}

impl Listen {
    /// Takes the port.
    ///
    /// # Errors
    /// It is taken already.
    pub fn bind(&self) -> anyhow::Result<TcpListener> {
        Ok(bind(self.host, self.port)?)
    }

    /// Serves until asked to stop.
    ///
    /// # Errors
    /// A snapshot or a grants file that does not open.
    pub fn serve(self, listener: TcpListener, data: &Path) -> anyhow::Result<ExitCode> {
        let address = listener.local_addr()?;
        let options = Options {
            grants: self.grants,
            rules: self.rules,
            specifications: self.specifications,
            archives: self.archives,
            warm: self.warm,
            empty_tile: if self.empty_tiles == "404" { EmptyTile::NotFound } else { EmptyTile::NoContent },
            cors: if self.cors.is_empty() { Cors::Any } else { Cors::Origins(self.cors) },
            operation_port: self.operation_port,
            limits: Limits {
                drain: Duration::from_secs(self.drain),
                connections_per_address: self.connections_per_address,
                tile_cache_bytes: self.tile_cache as usize * 1_000_000,
                ..Limits::default()
            },
            say: tell,
            ..Options::of(data.to_owned())
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(http::serve(listener, options, || announce(address), stop()))?;
        // Work that nobody waits for any more is not waited for either.
        runtime.shutdown_background();
        Ok(ExitCode::SUCCESS)
    }
}

/// The one line that a person or a script waits for. Whoever does not read it is served all the same.
fn announce(address: SocketAddr) {
    let _ = print(&format!("Emprise: http://{address}/\n"));
}

/// Resolves on Ctrl-C or SIGTERM.
async fn stop() {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
