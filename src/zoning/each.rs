//! Many plots, each checked by itself: polygons in, findings out as CSV, in the order of the file.

use std::io::Write;

use rayon::prelude::*;

use crate::ingest::polygons::{Maker, Polygon, Polygons, PolygonsError};
use crate::ingest::read::Row;
use crate::zoning::{Plot, Rulebook, Terms, check_while, csv};

/// Rows that are read, checked and written together: memory grows with this, never with the file.
const BATCH: usize = 1024;

/// How many plots there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    pub plots: u64,
    /// Of them, those that could not be read; each has a row that says why.
    pub unread: u64,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Whole(Checked),
    /// By the wish to stop: rows are missing.
    Stopped(Checked),
}

#[derive(Debug, thiserror::Error)]
pub enum EachError {
    #[error(transparent)]
    Polygons(#[from] PolygonsError),
    #[error(transparent)]
    Csv(#[from] ::csv::Error),
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

/// Checks every polygon, and writes the findings of a batch as soon as it is done. `go_on` is asked within each check, and told
/// how many plots are done.
///
/// # Errors
/// The rest of the file cannot be read; `out` cannot be written to.
pub fn each(
    plots: &mut Polygons,
    rulebook: &Rulebook<'_>,
    terms: &Terms,
    out: &mut dyn Write,
    go_on: &(dyn Fn(u64) -> bool + Sync),
) -> Result<Ended, EachError> {
    out.write_all(&header()?)?;
    let mut checked = Checked::default();
    loop {
        let batch = batch(plots)?;
        if batch.is_empty() {
            return Ok(Ended::Whole(checked));
        }
        let job = Job { maker: plots.maker(), rulebook, terms, go_on: &|| go_on(checked.plots) };
        let texts: Vec<Option<Rows>> = batch.into_par_iter().map(|row| job.rows(row)).collect::<Result<_, _>>()?;
        let Some(texts) = texts.into_iter().collect::<Option<Vec<Rows>>>() else { return Ok(Ended::Stopped(checked)) };
        checked.plots += texts.len() as u64;
        checked.unread += texts.iter().filter(|rows| !rows.readable).count() as u64;
        for rows in texts {
            out.write_all(&rows.text)?;
        }
        if !go_on(checked.plots) {
            return Ok(Ended::Stopped(checked));
        }
    }
}

fn header() -> Result<Vec<u8>, EachError> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(csv::HEADER)?;
    Ok(writer.into_inner().map_err(::csv::IntoInnerError::into_error)?)
}

fn batch(plots: &mut Polygons) -> Result<Vec<Result<Row, Polygon>>, PolygonsError> {
    let mut batch = Vec::new();
    while batch.len() < BATCH
        && let Some(row) = plots.next_row()?
    {
        batch.push(row);
    }
    Ok(batch)
}

/// What every row is checked with.
struct Job<'a, 'v> {
    maker: Maker<'a>,
    rulebook: &'a Rulebook<'v>,
    terms: &'a Terms,
    go_on: &'a (dyn Fn() -> bool + Sync),
}

/// The lines of one plot.
struct Rows {
    text: Vec<u8>,
    readable: bool,
}

impl Job<'_, '_> {
    /// The lines of one plot; nothing after the wish to stop.
    fn rows(&self, row: Result<Row, Polygon>) -> Result<Option<Rows>, EachError> {
        let Polygon { label, drawn } = row.map_or_else(|unread| unread, |row| self.maker.polygon(row));
        let plot = drawn.and_then(|drawn| Plot::drawn(drawn, label.clone()).map_err(|error| error.to_string()));
        let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
        match &plot {
            Ok(plot) => {
                let Some(check) = check_while(plot, self.rulebook, self.terms, self.go_on) else { return Ok(None) };
                csv::write(&mut writer, &check)?;
            }
            Err(reason) => csv::write_unread(&mut writer, &label, reason)?,
        }
        let text = writer.into_inner().map_err(::csv::IntoInnerError::into_error)?;
        Ok(Some(Rows { text, readable: plot.is_ok() }))
    }
}
