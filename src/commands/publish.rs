//! `emprise publish`

mod archives;
mod beside;

use std::cmp::Reverse;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};

use crate::atlas::{Atlas, Layer, Rights, View};
use crate::commands::interrupt;
use crate::commands::output::print;
use crate::commands::publish::archives::Chosen;
use crate::layer::catalogue::{nearest, suggestion};
use crate::layer::definition::{LayerDefinition, Visibility};
use crate::snapshot::{Snapshot, open};
use crate::tiles::grid::Grid;
use crate::tiles::pyramid::Pyramid;
use crate::tiles::source::{labelled, labels_of};

/// Write the tiles of a snapshot to files, for any server or object storage: PMTiles, MBTiles, and what maps need beside them.
///
/// Each tile has the very bytes that `emprise serve` sends for its address. What was being written when the program was stopped is
/// gone on with by the same command; each finished archive is read back and checked.
#[derive(Debug, Args)]
#[command(after_help = "\
OUT gets tiles/LAYER.pmtiles, TileJSON beside them, styles/, sprites/, fonts/, and martin.yaml for a stock Martin 1.x:

  cd OUT && martin --config martin.yaml

Examples:
  emprise publish data published
  emprise publish data published --layers communes,business-zones --zooms 4-12 --format both
  emprise publish data published --bbox 1.5,46.4,2.5,47.2 --address https://maps.example.org
  emprise publish data published --verify")]
pub struct Arguments {
    /// The data folder, or the folder of one snapshot.
    #[arg(value_name = "DIR")]
    data: PathBuf,
    /// Folder to write; what is there is replaced file by file.
    #[arg(value_name = "OUT")]
    out: PathBuf,
    /// Ids of layers, or of their labels (`communes-labels`), with commas between them; without it, every public layer that is
    /// drawn and its labels.
    #[arg(long, value_name = "LAYER", value_delimiter = ',')]
    layers: Vec<String>,
    /// Zooms, such as 4-12; without it, those of each layer.
    #[arg(long, value_name = "FROM-TO")]
    zooms: Option<Zooms>,
    /// West, south, east and north in degrees: only tiles that touch this rectangle.
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    bbox: Option<Rectangle>,
    #[arg(long, value_enum, default_value = "pmtiles")]
    format: Format,
    /// All layers in one archive of this name instead of one each.
    #[arg(long, value_name = "NAME")]
    together: Option<String>,
    /// Address under which OUT will be served, for the addresses within styles and TileJSON.
    #[arg(long, value_name = "URL", default_value = "http://localhost:3000")]
    address: String,
    /// Publish restricted layers too, where --layers names them.
    #[arg(long)]
    restricted: bool,
    /// Write nothing: draw each tile of the archives in OUT again, and compare.
    #[arg(long)]
    verify: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Pmtiles,
    Mbtiles,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Zooms([u8; 2]);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Rectangle([f64; 4]);

/// The deepest zoom of an archive: deeper, a tile is less than a metre wide.
const DEEPEST: u8 = 24;

impl FromStr for Zooms {
    type Err = String;

    fn from_str(text: &str) -> Result<Zooms, String> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) if from <= to && to <= DEEPEST => Ok(Zooms([from, to])),
            _ => Err(format!("write two zooms from 0 to {DEEPEST}, such as 4-12")),
        }
    }
}

impl FromStr for Rectangle {
    type Err = String;

    fn from_str(text: &str) -> Result<Rectangle, String> {
        let sides: Vec<f64> = text.split(',').filter_map(|side| side.trim().parse().ok()).collect();
        match sides[..] {
            [west, south, east, north]
                if west < east && south < north && west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0 =>
            {
                Ok(Rectangle([west, south, east, north]))
            }
            _ => Err("write west, south, east and north in degrees, such as 1.5,46.4,2.5,47.2".to_owned()),
        }
    }
}

pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut snapshot = open(&arguments.data)?;
    let known: Vec<String> = snapshot.manifest.layers.iter().map(|entry| entry.definition.id.clone()).collect();
    let pyramid = Pyramid::default();
    let atlas = arguments.read(&mut snapshot, &pyramid)?;
    let view = atlas.view(&Rights::All);
    let layers = arguments.chosen(view, &known)?;
    if !arguments.address.starts_with("http://") && !arguments.address.starts_with("https://") {
        bail!("--address is a web address, such as https://maps.example.org, not `{}`", arguments.address);
    }
    let sets = archives::sets(&arguments, &layers)?;
    if arguments.verify {
        return archives::compare(&arguments, &sets, &pyramid);
    }
    let tiles = arguments.out.join("tiles");
    std::fs::create_dir_all(&tiles).with_context(|| format!("cannot make {}", tiles.display()))?;
    let stop = interrupt::flag()?;
    for set in &sets {
        if !archives::write(&arguments, set, (view.snapshot_id(), &pyramid), &stop)? {
            print("stopped; the same command goes on from here\n")?;
            return Ok(ExitCode::from(130));
        }
    }
    beside::write(&arguments, &sets, &pyramid)?;
    print(&format!("{}: {} archives, with styles, sprites, glyphs and martin.yaml\n", arguments.out.display(), sets.len()))?;
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    /// Reads what is published and nothing else, one layer after the other and the largest first, when most memory is free. What tiles
    /// are drawn of is made at once, and takes half of what it is made of, which goes.
    fn read(&self, snapshot: &mut Snapshot, pyramid: &Pyramid) -> anyhow::Result<Atlas> {
        let mut entries = std::mem::take(&mut snapshot.manifest.layers);
        entries.retain(|entry| self.names(&entry.definition));
        entries.sort_by_key(|entry| Reverse(entry.files.iter().map(|file| file.bytes).sum::<u64>()));
        let mut layers = Vec::new();
        for entry in entries {
            snapshot.manifest.layers = vec![entry];
            for layer in Atlas::open(snapshot)?.into_layers() {
                let is_named = |name: &String| self.layers.is_empty() || self.layers.contains(name);
                if is_named(&layer.definition().id) {
                    pyramid.world(&layer);
                }
                if labels_of(&layer).is_some_and(|labels| is_named(&labels)) {
                    pyramid.labels_on(&layer, Grid::WebMercatorQuad);
                }
                layers.push(layer.without_shapes());
            }
        }
        Ok(Atlas::from_layers(snapshot.id.clone(), layers))
    }

    /// Whether a layer, or its labels, may be asked for.
    fn names(&self, definition: &LayerDefinition) -> bool {
        let is_named = |name: &String| *name == definition.id || labelled(name) == Some(&definition.id);
        match self.layers.is_empty() {
            true => definition.tiles.is_some() && definition.visibility == Visibility::Public,
            false => self.layers.iter().any(is_named),
        }
    }

    /// The layers and labels that were named, or all that everyone may see.
    fn chosen<'a>(&self, view: View<'a>, known: &[String]) -> anyhow::Result<Vec<Chosen<'a>>> {
        let is_drawn = |layer: &&Layer| layer.definition().tiles.is_some();
        let is_public = |layer: &&Layer| layer.definition().visibility == Visibility::Public;
        if self.layers.is_empty() {
            let layers: Vec<Chosen> = view.layers().filter(is_drawn).filter(is_public).flat_map(with_labels).collect();
            return if layers.is_empty() { Err(anyhow!("this snapshot has no public layer that is drawn")) } else { Ok(layers) };
        }
        let named = |id: &String| {
            let base = labelled(id).and_then(|id| view.layer(id)).filter(|layer| labels_of(layer).is_some());
            let layer = view.layer(id).or(base).ok_or_else(|| {
                anyhow!("there is no layer `{id}` in this snapshot{}", suggestion(&nearest(id, known.iter().map(String::as_str))))
            })?;
            if !is_drawn(&layer) {
                bail!("layer `{id}` is never drawn: its definition has no [tiles]");
            }
            if !is_public(&layer) && !self.restricted {
                bail!("layer `{id}` is restricted: whoever gets the files sees all of it; add --restricted to publish it");
            }
            Ok(Chosen { layer, name: id.clone() })
        };
        self.layers.iter().map(named).collect()
    }
}

/// A layer and its labels, where it has any.
fn with_labels<'a>(layer: &'a Layer) -> impl Iterator<Item = Chosen<'a>> {
    let names = std::iter::once(layer.definition().id.clone()).chain(labels_of(layer));
    names.map(move |name| Chosen { layer, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooms_and_rectangles_are_read_strictly() {
        assert_eq!("4-12".parse(), Ok(Zooms([4, 12])));
        assert_eq!("7".parse(), Ok(Zooms([7, 7])));
        for wrong in ["", "-", "12-4", "4-25", "a-b", "4-5-6", "-4"] {
            assert!(wrong.parse::<Zooms>().is_err(), "{wrong}");
        }
        assert_eq!("-5.2, 41,9.6,51.1".parse(), Ok(Rectangle([-5.2, 41.0, 9.6, 51.1])));
        for wrong in ["", "1,2,3", "1,2,3,4,5", "3,2,1,4", "1,4,3,2", "nan,1,2,3", "-181,0,1,1", "0,0,1,91"] {
            assert!(wrong.parse::<Rectangle>().is_err(), "{wrong}");
        }
    }
}
