//! The archives themselves: written, read back, compared with what is drawn.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Context, bail};
use fast_mvt::MvtReaderRef;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::atlas::Layer;
use crate::commands::output::{grouped, print, size, tell};
use crate::commands::publish::{Arguments, Format};
use crate::http::opened::program;
use crate::http::tilejson::{escape, tiled};
use crate::tiles::Source;
use crate::tiles::archive::build::{Progress, Set, build};
use crate::tiles::archive::mbtiles::{MbTiles, convert};
use crate::tiles::archive::pmtiles::PmTiles;
use crate::tiles::archive::survey::Part;
use crate::tiles::archive::writer::About;
use crate::tiles::archive::{ArchiveError, hilbert, plain};
use crate::tiles::pyramid::Pyramid;
use crate::tiles::tilejson::{TiledLayer, tilejson};
use crate::tiles::verify::verify;

/// A layer, or the labels of one, under the name that tiles have it by.
#[derive(Clone)]
pub struct Chosen<'a> {
    pub layer: &'a Layer,
    pub name: String,
}

impl Chosen<'_> {
    fn source(&self) -> Source<'_> {
        if self.name == self.layer.definition().id { Source::of(self.layer) } else { Source::labels(self.layer, &self.name) }
    }
}

/// One archive to be.
pub struct Planned<'a> {
    pub name: String,
    pub layers: Vec<Chosen<'a>>,
    pub part: Part,
}

impl Planned<'_> {
    pub fn path(&self, arguments: &Arguments, extension: &str) -> PathBuf {
        arguments.out.join("tiles").join(format!("{}.{extension}", self.name))
    }

    fn set<'b>(&'b self, pyramid: &'b Pyramid) -> Set<'b> {
        Set { sources: self.layers.iter().map(Chosen::source).collect(), pyramid, part: self.part }
    }

    /// What a client is told of its layers, and at which zooms they are thinned, where a pyramid is given to find it.
    fn tiled(&self, pyramid: Option<&Pyramid>) -> Vec<TiledLayer<'_>> {
        let sources: Vec<Source> = self.layers.iter().map(Chosen::source).collect();
        match pyramid {
            Some(pyramid) => tiled(pyramid, &sources),
            None => sources.iter().map(Source::tiled).collect(),
        }
    }

    fn about(&self, pyramid: Option<&Pyramid>) -> About {
        let json = tilejson(&self.name, &self.tiled(pyramid), "");
        let metadata = json!({
            "name": self.name,
            "attribution": json["attribution"],
            "type": "overlay",
            "vector_layers": json["vector_layers"],
        });
        About { zooms: self.part.zooms, bounds: self.part.bounds, metadata }
    }
}

/// What a client is told of the tiles of several archives in one, where they are at `address`. Each was thinned alone.
pub fn described((name, sets): (&str, &[&Planned]), pyramid: &Pyramid, address: &str) -> Value {
    let tiled: Vec<TiledLayer> = sets.iter().flat_map(|set| set.tiled(Some(pyramid))).collect();
    let mut json = tilejson(name, &tiled, address);
    // Map clients put it into the page as HTML.
    json["attribution"] = escape(json["attribution"].as_str().unwrap_or_default()).into();
    let part = sets.iter().map(|set| set.part).reduce(|a, b| Part {
        zooms: [a.zooms[0].min(b.zooms[0]), a.zooms[1].max(b.zooms[1])],
        bounds: [0, 1, 2, 3]
            .map(|side| if side < 2 { a.bounds[side].min(b.bounds[side]) } else { a.bounds[side].max(b.bounds[side]) }),
    });
    let Part { zooms: [least, most], bounds } = part.unwrap_or(Part { zooms: [0, 0], bounds: [-180.0, -85.05, 180.0, 85.05] });
    (json["minzoom"], json["maxzoom"], json["bounds"]) = (least.into(), most.into(), json!(bounds));
    json
}

/// An archive a layer, or one of all.
pub fn sets<'a>(arguments: &Arguments, layers: &[Chosen<'a>]) -> anyhow::Result<Vec<Planned<'a>>> {
    let groups: Vec<(String, Vec<Chosen<'a>>)> = match &arguments.together {
        Some(name) if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) => {
            bail!("--together is a name of letters, digits and hyphens, not `{name}`")
        }
        Some(name) => vec![(name.clone(), layers.to_vec())],
        None => layers.iter().map(|one| (one.name.clone(), vec![one.clone()])).collect(),
    };
    groups.into_iter().map(|(name, layers)| Ok(Planned { part: part(arguments, &layers)?, name, layers })).collect()
}

/// The zooms and the extent of layers, within what was asked for.
fn part(arguments: &Arguments, layers: &[Chosen]) -> anyhow::Result<Part> {
    let zooms = || layers.iter().filter_map(|one| one.layer.definition().tiles.as_ref());
    let own = [zooms().map(|tiles| tiles.min_zoom).min().unwrap_or(0), zooms().map(|tiles| tiles.max_zoom).max().unwrap_or(0)];
    let extent = layers
        .iter()
        .filter_map(|one| one.layer.extent_lonlat())
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    let mut bounds = extent.unwrap_or([-180.0, -85.05, 180.0, 85.05]);
    if let Some(rectangle) = arguments.bbox {
        let [west, south, east, north] = rectangle.0;
        bounds = [bounds[0].max(west), bounds[1].max(south), bounds[2].min(east), bounds[3].min(north)];
        if bounds[0] > bounds[2] || bounds[1] > bounds[3] {
            bounds = rectangle.0;
        }
    }
    Ok(Part { zooms: arguments.zooms.map_or(own, |zooms| zooms.0), bounds })
}

/// Writes one archive in the formats asked for, and checks it; `false` when stopped. What is there already is left.
pub fn write(
    arguments: &Arguments,
    planned: &Planned,
    (snapshot, pyramid): (&str, &Pyramid),
    stop: &AtomicBool,
) -> anyhow::Result<bool> {
    let (path, copy) = (planned.path(arguments, "pmtiles"), planned.path(arguments, "mbtiles"));
    let (began, identity) = (Instant::now(), identity(planned, snapshot));
    let is_copied = arguments.format == Format::Pmtiles || is_copied(&copy, &identity);
    if is_copied && arguments.format == Format::Mbtiles {
        tell(&format!("{}: is there", planned.name));
        return Ok(true);
    }
    if !is_done(&path, &identity) && !draw(planned, pyramid, (&path, &identity), stop)? {
        return Ok(false);
    }
    let archive = PmTiles::open(&path).with_context(|| path.display().to_string())?;
    check(&archive).with_context(|| format!("{} was not written as it should be", path.display()))?;
    let stopped = || stop.load(Ordering::Relaxed);
    if !is_copied && !convert(&archive, &copy, &stopped).with_context(|| format!("cannot write {}", copy.display()))? {
        return Ok(false);
    }
    let [tiles, _, different] = archive.header().counts;
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    if arguments.format == Format::Mbtiles {
        std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    let counts = format!("{} tiles, {} different, {}", grouped(tiles), grouped(different), size(bytes));
    tell(&format!("{}: {counts}, {:.1} s", planned.name, began.elapsed().as_secs_f64()));
    Ok(true)
}

/// Draws an archive, from where it was left; `false` when stopped.
fn draw(planned: &Planned, pyramid: &Pyramid, (path, identity): (&Path, &[u8; 32]), stop: &AtomicBool) -> anyhow::Result<bool> {
    let mut shown = Shown::new(&planned.name);
    let about = planned.marked(identity, pyramid);
    let built = build(&planned.set(pyramid), (path, identity, &about), stop, &mut |progress| shown.show(progress));
    shown.end();
    Ok(built.with_context(|| format!("cannot write {}", path.display()))?.is_some())
}

/// A hash of all that the tiles depend on.
fn identity(planned: &Planned, snapshot: &str) -> [u8; 32] {
    let mut hash = blake3::Hasher::new();
    hash.update(program().as_bytes());
    hash.update(snapshot.as_bytes());
    hash.update(format!("{:?} {}", planned.part, planned.about(None).metadata).as_bytes());
    *hash.finalize().as_bytes()
}

impl Planned<'_> {
    /// The metadata with the identity, by which the same command knows what it has done.
    fn marked(&self, identity: &[u8; 32], pyramid: &Pyramid) -> About {
        let mut about = self.about(Some(pyramid));
        about.metadata["emprise:identity"] = blake3::Hash::from_bytes(*identity).to_hex().as_str().into();
        about
    }
}

fn is_done(path: &Path, identity: &[u8; 32]) -> bool {
    let hex = blake3::Hash::from_bytes(*identity).to_hex();
    PmTiles::open(path).is_ok_and(|archive| archive.identity.as_deref() == Some(hex.as_str()))
}

fn is_copied(path: &Path, identity: &[u8; 32]) -> bool {
    let hex = blake3::Hash::from_bytes(*identity).to_hex();
    MbTiles::open(path).is_ok_and(|copy| copy.identity.as_deref() == Some(hex.as_str()))
}

/// Reads every different tile back: each unpacks, is as the format demands, and is a vector tile to a decoder that is not ours.
fn check(archive: &PmTiles) -> anyhow::Result<()> {
    let mut seen = std::collections::HashSet::new();
    let mut tiles = 0;
    for entry in archive.entries()? {
        tiles += u64::from(entry.run);
        if seen.insert(entry.offset) {
            let at = || hilbert::address(entry.id).map(|address| address.to_string()).unwrap_or_default();
            let tile = plain(archive.bytes(entry)?).with_context(at)?;
            verify(&tile).with_context(at)?;
            MvtReaderRef::new(&tile).with_context(at)?;
        }
    }
    if [tiles, seen.len() as u64] != [archive.header().counts[0], archive.header().counts[2]] {
        return Err(ArchiveError::Place.into());
    }
    Ok(())
}

/// Draws each tile of the archives again; exit status 3 where one differs.
pub fn compare(arguments: &Arguments, sets: &[Planned], pyramid: &Pyramid) -> anyhow::Result<ExitCode> {
    let mut different = 0;
    for planned in sets {
        let path = planned.path(arguments, "pmtiles");
        let archive = PmTiles::open(&path).with_context(|| path.display().to_string())?;
        check(&archive).with_context(|| path.display().to_string())?;
        let set = planned.set(pyramid);
        let entries = archive.entries()?;
        let ids = entries.iter().flat_map(|entry| entry.id..entry.id + u64::from(entry.run));
        let mut count = 0;
        for address in ids.filter_map(hilbert::address) {
            count += 1;
            if archive.tile(address)?.as_deref() != Some(&set.body(address)[..]) {
                different += 1;
                tell(&format!("{} {address}: not the tile that this snapshot gives", planned.name));
            }
        }
        print(&format!("{}: {} tiles compared\n", planned.name, grouped(count)))?;
    }
    Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// A bar a zoom on a terminal; elsewhere a line a zoom.
struct Shown {
    name: String,
    bar: Option<ProgressBar>,
    zoom: Option<u8>,
}

impl Shown {
    fn new(name: &str) -> Shown {
        let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos} of {human_len} places, {eta} left").ok();
        let bar = style.filter(|_| std::io::stderr().is_terminal()).map(|style| ProgressBar::new(0).with_style(style));
        Shown { name: name.to_owned(), bar, zoom: None }
    }

    fn show(&mut self, Progress { zoom, done, of, bytes }: Progress) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} zoom {zoom}, {}", self.name, size(bytes)));
            bar.set_length(of as u64);
            bar.set_position(done as u64);
        } else if self.zoom != Some(zoom) {
            tell(&format!("{} zoom {zoom}: {} places ...", self.name, grouped(of as u64)));
        }
        self.zoom = Some(zoom);
    }

    fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
