//! One layer, from its files to its entry in the manifest.
//!
//! Rows come in batches; each batch is taken through [`process`] in parallel and then, in order, through what needs the rows
//! before it: ids, duplicates, counts, files. So memory holds one batch and the layer's keys, and equal input gives equal
//! output whatever the number of threads.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use geo::CoordsIter;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::ingest::IngestError;
use crate::ingest::assign::Assignment;
use crate::ingest::columns::{Plan, plan};
use crate::ingest::ids::{Id, Ids};
use crate::ingest::read::{self, Fault, ReadError, Row, RowError, SourceFile, Table};
use crate::ingest::rejects::Rejects;
use crate::ingest::report::{FileReport, LayerReport};
use crate::ingest::reproject::Crs;
use crate::ingest::row::{Context, Fate, Note, process};
use crate::ingest::tally::Tally;
use crate::ingest::write::LayerWriter;
use crate::layer::definition::{GeometryType, LayerDefinition};
use crate::snapshot::durable::hash_file;
use crate::snapshot::manifest::{Counts, DataFile, LayerEntry, ProblemKind, SourceEntry};
use crate::snapshot::staging::Staging;

/// A batch is full at either.
const BATCH_ROWS: usize = 4096;
const BATCH_VERTICES: usize = 400_000;

/// What a layer is made with.
pub struct Bench<'b> {
    pub staging: &'b Staging,
    /// Set to stop at the next batch.
    pub stop: &'b AtomicBool,
    /// Told rows read so far and rows in the file, where that is known.
    pub progress: &'b mut dyn FnMut(u64, Option<u64>),
}

/// Makes a layer.
///
/// # Errors
/// A file that cannot be read as what it should be, a disk that refuses, a request to stop.
pub fn ingest_layer(assignment: &Assignment, bench: &mut Bench) -> Result<(LayerEntry, LayerReport), IngestError> {
    let start = Instant::now();
    let definition = &assignment.definition;
    let rejects_path = bench.staging.rejects_file(&definition.id);
    let mut making = Making {
        definition,
        ids: Ids::new(definition),
        writer: LayerWriter::new(definition, bench.staging),
        rejects: Rejects::new(&rejects_path),
        tally: Tally::default(),
        counts: Counts::default(),
    };
    let (mut sources, mut files) = (Vec::new(), Vec::new());
    for file in &assignment.files {
        let before = making.counts.read;
        let (crs, encoding) = making.take_file(file, bench)?;
        files.push(FileReport {
            name: file.to_string(),
            rows: making.counts.read - before,
            crs: crs.clone(),
            encoding: encoding.to_owned(),
        });
        sources.extend(describe_source(file, &crs, encoding)?);
    }
    let set_aside = assignment.set_aside.iter().map(SourceFile::to_string).collect();
    let entry = making.finish(sources, &rejects_path)?;
    let report = LayerReport::new(&entry, files, set_aside, start.elapsed().as_secs_f64());
    Ok((entry, report))
}

struct Making<'m> {
    definition: &'m LayerDefinition,
    ids: Ids,
    writer: LayerWriter<'m>,
    rejects: Rejects<'m>,
    tally: Tally,
    counts: Counts,
}

impl Making<'_> {
    fn take_file(&mut self, file: &SourceFile, bench: &mut Bench) -> Result<(String, &'static str), IngestError> {
        let definition = self.definition;
        let mut table = read::open(file, &definition.read)?;
        let of_file = |reason: String| IngestError::File { file: file.to_string(), layer: definition.id.clone(), reason };
        let plan = plan(definition, &table.columns).map_err(|error| of_file(error.to_string()))?;
        let crs = Crs::resolve(&table.crs, definition.read.crs).map_err(|error| of_file(error.to_string()))?;
        self.note_missing_columns(&plan, &file.name);
        let context = Context { definition, plan: &plan, crs: &crs };
        let mut rows_here = 0;
        loop {
            if bench.stop.load(Ordering::Relaxed) {
                return Err(IngestError::Stopped);
            }
            let batch = next_batch(&mut table).map_err(|cause| ReadError::new(file, cause))?;
            if batch.is_empty() {
                let placed = definition.geometry != GeometryType::None;
                return Ok((if placed { crs.name() } else { "none".to_owned() }, table.encoding));
            }
            rows_here += batch.len() as u64;
            self.take_batch(batch, &context, &file.name)?;
            (bench.progress)(rows_here, table.total);
        }
    }

    fn note_missing_columns(&mut self, plan: &Plan, file: &str) {
        for planned in plan.columns.iter().filter(|planned| planned.place.is_none()) {
            let note = Note { column: Some(planned.name.to_owned()), ..Note::new(ProblemKind::MissingColumn) };
            self.tally.add_file(file, &note);
        }
    }

    fn take_batch(&mut self, batch: Vec<Result<Row, RowError>>, context: &Context, file: &str) -> Result<(), IngestError> {
        let judge = |item: Result<Row, RowError>| match item {
            Ok(row) => (row.number, process(row, context)),
            Err(error) => (error.number, (Fate::Rejected, vec![unreadable(error)])),
        };
        let judged: Vec<_> = batch.into_par_iter().map(judge).collect();
        for (number, (fate, notes)) in judged {
            self.take_row(file, number, fate, notes)?;
        }
        Ok(())
    }

    fn take_row(&mut self, file: &str, number: u64, fate: Fate, mut notes: Vec<Note>) -> Result<(), IngestError> {
        self.counts.read += 1;
        match fate {
            Fate::Filtered => self.counts.filtered += 1,
            Fate::Rejected => self.counts.rejected += 1,
            Fate::Kept(feature) => match self.ids.give(self.counts.read, &feature.values) {
                Id::Taken(key) => {
                    self.counts.rejected += 1;
                    notes.clear();
                    notes.push(Note { value: key, ..Note::new(ProblemKind::DuplicateKey) });
                }
                id => {
                    let id = match id {
                        Id::Given(id, kind) => {
                            notes.push(Note { value: id.clone(), ..Note::new(kind) });
                            id
                        }
                        Id::Own(id) | Id::Taken(id) => id,
                    };
                    *(if feature.repaired { &mut self.counts.repaired } else { &mut self.counts.kept }) += 1;
                    self.writer.write(&id, feature)?;
                }
            },
        }
        for note in &notes {
            self.tally.add(file, number, note);
            self.rejects.write(file, number, note).map_err(|error| self.rejects_failed(error))?;
        }
        Ok(())
    }

    fn rejects_failed(&self, error: io::Error) -> IngestError {
        IngestError::Rejects { layer: self.definition.id.clone(), error }
    }

    fn finish(self, sources: Vec<SourceEntry>, rejects: &std::path::Path) -> Result<LayerEntry, IngestError> {
        let Making { definition, writer, tally, counts, .. } = self;
        let failed = |error| IngestError::Rejects { layer: rejects.display().to_string(), error };
        self.rejects.finish().map_err(failed)?;
        let files = writer.finish()?;
        let written: u64 = files.iter().map(|file| file.features).sum();
        if !counts.balanced() || counts.rejected != tally.rejected() || written != counts.features() {
            return Err(IngestError::Unbalanced { layer: definition.id.clone(), counts, written });
        }
        let extent_lonlat = union(&files);
        Ok(LayerEntry { definition: definition.clone(), files, counts, problems: tally.finish(), sources, extent_lonlat })
    }
}

fn unreadable(error: RowError) -> Note {
    Note { kind: ProblemKind::UnreadableRow, column: error.column, value: error.value, words: error.reason }
}

/// The next rows, none at the end.
fn next_batch(table: &mut Table) -> Result<Vec<Result<Row, RowError>>, read::Cause> {
    let mut batch = Vec::new();
    let mut vertices = 0;
    while batch.len() < BATCH_ROWS && vertices < BATCH_VERTICES {
        match table.rows.next() {
            None => break,
            Some(Ok(row)) => {
                vertices += row.geometry.as_ref().map_or(0, CoordsIter::coords_count);
                batch.push(Ok(row));
            }
            Some(Err(Fault::Row(error))) => batch.push(Err(error)),
            Some(Err(Fault::File(cause))) => return Err(cause),
        }
    }
    Ok(batch)
}

fn describe_source(file: &SourceFile, crs: &str, encoding: &str) -> Result<Vec<SourceEntry>, IngestError> {
    let entries = file.parts().into_iter().map(|path| {
        let unreadable = |error| ReadError::new(file, read::Cause::Io(error));
        let (blake3, bytes) = hash_file(&path).map_err(unreadable)?;
        let base = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = file.member.as_ref().map_or_else(|| base.clone(), |member| format!("{member} in {base}"));
        Ok(SourceEntry { name, bytes, blake3, crs: crs.to_owned(), encoding: encoding.to_owned() })
    });
    entries.collect()
}

fn union(files: &[DataFile]) -> Option<[f64; 4]> {
    files
        .iter()
        .filter_map(|file| file.extent_lonlat)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}
