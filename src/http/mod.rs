//! Floor 7: the server. Parses a request, calls one function of a lower floor, writes the answer.
//!
//! What comes in: a socket, a data folder, who was granted what. What goes out: the answers of [`router`], and problems.
//! - Layers are reached through a [`caller::Caller`]: what its rights do not cover does not exist for it, in no route, count,
//!   bound, tag or message.
//! - One request sees one snapshot, whatever is published meanwhile; a snapshot that does not open leaves the old one served.
//! - Work that takes the processor runs in bounded pools off the network threads; every wait has an end.
//!
//! In reading order: [`router`] (the API), [`state`], [`caller`], the resources ([`assets`], [`health`], [`limits`], [`provenance`],
//! [`features`], [`search`], [`tiles`], [`tilejson`], [`tilesets`], [`tile_matrix_sets`], [`archived`], [`mix`], [`commuting`], [`catchment`], [`specificity`], [`territories`],
//! [`charging`], [`carpool`], [`choropleth`],
//! [`styles`], [`sprites`], [`fonts`], [`siting`],
//! [`zoning`], [`processes`], [`landing`], [`api`]), [`error`]; beneath them [`analysis`], [`shelf`], [`body`], [`list`], [`made`], [`caching`], [`negotiate`],
//! [`page`], [`address`], [`tile_address`], [`tile_query`], [`tile_body`], [`grants`], [`attempts`], [`cors`], [`gates`], [`pools`]; around
//! them [`opened`], [`accept`], [`idle`], [`follow`], [`warm`], [`operation`], [`metrics`].

pub mod accept;
pub mod address;
pub mod analysis;
pub mod api;
pub mod archived;
pub mod assets;
pub mod attempts;
pub mod body;
pub mod caching;
pub mod caller;
pub mod carpool;
pub mod catchment;
pub mod charging;
pub mod choropleth;
pub mod commuting;
pub mod cors;
pub mod error;
pub mod features;
pub mod follow;
pub mod fonts;
pub mod gates;
pub mod grants;
pub mod health;
pub mod idle;
pub mod landing;
pub mod limits;
pub mod list;
pub mod made;
pub mod metrics;
pub mod mix;
pub mod negotiate;
pub mod opened;
pub mod operation;
pub mod page;
pub mod pools;
pub mod processes;
pub mod provenance;
pub mod router;
pub mod search;
pub mod shelf;
pub mod siting;
pub mod specificity;
pub mod sprites;
pub mod state;
pub mod stream;
pub mod styles;
pub mod territories;
pub mod tile_address;
pub mod tile_body;
pub mod tile_matrix_sets;
pub mod tile_query;
pub mod tilejson;
pub mod tiles;
pub mod tilesets;
pub mod warm;
pub mod zoning;

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use crate::http::follow::{Seen, follow};
use crate::http::state::{App, Options, StateError};

/// Takes the port, so that nothing else is done where it is taken.
///
/// # Errors
/// A port that is taken or not allowed: one sentence with the remedy.
pub fn bind(host: IpAddr, port: u16) -> Result<TcpListener, ServeError> {
    let address = SocketAddr::new(host, port);
    let bound = TcpListener::bind(address).and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    bound.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::PortTaken { port },
        _ => ServeError::Bind { address, error },
    })
}

/// Serves until `stop` resolves: `/health` at once, the rest when the snapshot is open, which `ready` is told.
///
/// # Errors
/// A first snapshot or a grants file that does not open.
pub async fn serve(
    listener: TcpListener,
    options: Options,
    ready: impl FnOnce(),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let app = App::new(options)?;
    let seen = Seen::now(&app);
    let opening = async {
        let open = tokio::task::spawn_blocking({
            let app = app.clone();
            move || app.open()
        });
        open.await.map_err(|_| ServeError::Opening)??;
        ready();
        if app.options().warm {
            warm::warm(&app);
        }
        follow(app.clone(), seen).await;
        Ok(())
    };
    let operation = match app.options().operation_port {
        Some(port) => Some(tokio::net::TcpListener::from_std(bind(IpAddr::V4(Ipv4Addr::LOCALHOST), port)?)?),
        None => None,
    };
    let drains = operation.is_some();
    // Whoever sends requests here learns first that no more should come, and then the door is shut.
    let stop = async {
        stop.await;
        app.begin_to_stop();
        if drains {
            tokio::time::sleep(app.limits().drain).await;
        }
    };
    let around = (app.limits(), &**app.metrics());
    let operating = async {
        match operation {
            Some(listener) => accept::accept(listener, operation::router(app.clone()), around, std::future::pending()).await,
            None => std::future::pending().await,
        }
    };
    let served = tokio::select! {
        () = accept::accept(listener, router::router(app.clone()), around, stop) => Ok(()),
        () = operating => Ok(()),
        failed = opening => failed,
    };
    // What is measured may be long to write; the network threads have nothing else to do now.
    app.stop();
    served
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("port {port} is already taken; stop the program that listens there, or choose another port with --port")]
    PortTaken { port: u16 },
    #[error("cannot listen on {address}: {error}")]
    Bind { address: SocketAddr, error: io::Error },
    #[error(transparent)]
    Listen(#[from] io::Error),
    #[error(transparent)]
    Open(#[from] StateError),
    #[error("opening the snapshot failed on a fault of this program")]
    Opening,
}
