//! `emprise tile`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use fast_mvt::{MvtGeometry, MvtReaderRef};
use serde::Serialize;

use crate::atlas::{Atlas, Rights, View};
use crate::commands::output::{Paint, grouped, print, print_json, size, table};
use crate::layer::catalogue::{nearest, suggestion};
use crate::snapshot::open;
use crate::tiles::address::Address;
use crate::tiles::compress::{Encoding, compress};
use crate::tiles::draw::Drawing;
use crate::tiles::pyramid::Pyramid;
use crate::tiles::source::{labelled, labels_of};
use crate::tiles::{Source, tile};

/// Draw one vector tile of a snapshot, and say what is in it.
#[derive(Debug, Args)]
#[command(after_help = "\
The summary is read back from the bytes of the tile by an independent decoder.
Every layer of the snapshot can be drawn here, restricted ones included: the data folder is yours.

Examples:
  emprise tile data communes 6/32/22
  emprise tile data zones,brownfields 11/1037/704 --out tile.mvt
  emprise tile data communes,communes-labels 6/32/22
  emprise tile data communes 6/32/22 --json")]
pub struct Arguments {
    /// The data folder, or the folder of one snapshot.
    #[arg(value_name = "DIR")]
    data: PathBuf,
    /// Ids of layers, with commas between them.
    #[arg(value_name = "LAYER", value_delimiter = ',', required = true)]
    layers: Vec<String>,
    /// Zoom, column and row of the WebMercatorQuad grid, row 0 in the north.
    #[arg(value_name = "Z/X/Y")]
    address: Address,
    /// Write the tile to a file (Mapbox Vector Tile 2.1, not compressed).
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON: `snapshot`, `address`, `bytes`, `gzip_bytes`, `layers`.
    #[arg(long)]
    json: bool,
}

/// What is in a tile.
#[derive(Debug, Serialize)]
struct Summary {
    snapshot: String,
    address: String,
    bytes: usize,
    gzip_bytes: usize,
    layers: Vec<LayerSummary>,
}

#[derive(Debug, Default, Serialize)]
struct LayerSummary {
    name: String,
    extent: u32,
    features: usize,
    points: usize,
    lines: usize,
    polygons: usize,
    vertices: usize,
    keys: Vec<String>,
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let atlas = Atlas::open(&open(&arguments.data)?)?;
    let view = atlas.view(&Rights::All);
    let sources = arguments.layers.iter().map(|id| source(view, id)).collect::<anyhow::Result<Vec<_>>>()?;
    let bytes = tile(&sources, arguments.address, &Drawing::default(), &Pyramid::default());
    if let Some(path) = &arguments.out {
        std::fs::write(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let layers = summaries(&bytes).context("the tile could not be read back")?;
    let (snapshot, address) = (view.snapshot_id().to_owned(), arguments.address.to_string());
    let summary = Summary { snapshot, address, bytes: bytes.len(), gzip_bytes: compress(bytes, Encoding::Gzip).len(), layers };
    if arguments.json {
        print_json(&summary)?
    } else {
        print(&text(&summary))?
    }
    Ok(ExitCode::SUCCESS)
}

fn source<'a>(view: View<'a>, id: &'a str) -> anyhow::Result<Source<'a>> {
    let base = labelled(id).filter(|_| view.layer(id).is_none()).and_then(|id| view.layer(id));
    if let Some(layer) = base.filter(|layer| labels_of(layer).is_some()) {
        return Ok(Source::labels(layer, id));
    }
    let Some(layer) = view.layer(id) else {
        let known = view.layers().map(|layer| layer.definition().id.as_str());
        return Err(anyhow!("there is no layer `{id}` in this snapshot{}", suggestion(&nearest(id, known))));
    };
    if layer.definition().tiles.is_none() {
        bail!("layer `{id}` is never drawn: its definition has no [tiles]");
    }
    Ok(Source::of(layer))
}

fn summaries(bytes: &[u8]) -> anyhow::Result<Vec<LayerSummary>> {
    let reader = MvtReaderRef::new(bytes)?;
    let mut summaries = Vec::new();
    for layer in reader.layers() {
        let keys = layer.keys().iter().map(|key| (*key).to_owned()).collect();
        let mut summary = LayerSummary { name: layer.name().to_owned(), extent: layer.extent(), keys, ..LayerSummary::default() };
        for feature in layer.features() {
            summary.count(&feature.geometry()?);
        }
        summaries.push(summary);
    }
    Ok(summaries)
}

impl LayerSummary {
    fn count(&mut self, geometry: &MvtGeometry) {
        use geo::CoordsIter;
        self.features += 1;
        self.vertices += geometry.coords_count();
        match geometry {
            MvtGeometry::Point(_) | MvtGeometry::MultiPoint(_) => self.points += 1,
            MvtGeometry::Line(_) | MvtGeometry::LineString(_) | MvtGeometry::MultiLineString(_) => self.lines += 1,
            _ => self.polygons += 1,
        }
    }
}

fn text(summary: &Summary) -> String {
    let heading = ["layer", "features", "points", "lines", "polygons", "vertices", "attributes"].map(str::to_owned).to_vec();
    let rows = summary.layers.iter().map(|layer| {
        let counts = [layer.features, layer.points, layer.lines, layer.polygons, layer.vertices];
        let counts = counts.map(|count| grouped(count as u64));
        std::iter::once(layer.name.clone()).chain(counts).chain([layer.keys.join(", ")]).collect()
    });
    let lines = match summary.layers.is_empty() {
        true => "nothing to show here\n".to_owned(),
        false => table(&std::iter::once(heading).chain(rows).collect::<Vec<_>>(), Paint::of_stdout()),
    };
    let (bytes, gzip) = (size(summary.bytes as u64), size(summary.gzip_bytes as u64));
    format!("{lines}tile {}: {bytes}, {gzip} compressed, snapshot {}\n", summary.address, summary.snapshot)
}
