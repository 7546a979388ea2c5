//! An answer as a GeoPackage: the listed sites in the table `sites`, longitude and latitude, best first. Its metadata holds the
//! specification, and the rest of the answer with its sources.

use rusqlite::{Connection, MAIN_DB};

use crate::atlas::View;
use crate::geometry::reference::Reference;
use crate::siting::answer::Answer;
use crate::siting::spec::Spec;
use crate::siting::writing::columns::{cells, columns, geometry, listed};
use crate::siting::writing::geojson::about;
use crate::writing::WriteError;
use crate::writing::geopackage::{About, GeoPackage};

/// The bytes of a file, made in memory. `spec` and `view` are those that the answer was made with; the same answer gives the same
/// bytes.
///
/// # Errors
/// What SQLite refuses: memory that is not there.
pub fn write(answer: &Answer, spec: &Spec, view: View<'_>) -> Result<Vec<u8>, WriteError> {
    let refused = |error: rusqlite::Error| WriteError::GeoPackage(error.to_string());
    let mut connection = Connection::open_in_memory().map_err(refused)?;
    let transaction = connection.transaction().map_err(refused)?;
    let columns = columns(answer);
    let mut file = GeoPackage::new(&transaction, "sites", Reference::Wgs84, &columns)?;
    for (site, verdict) in listed(answer) {
        file.add(geometry(site, view).as_ref(), &cells(&columns, site, verdict))?;
    }
    let changed = answer.sources.iter().map(|source| source.vintage.as_str()).max().unwrap_or_default();
    let documents =
        [("urn:emprise:specification:1", spec.normal().to_string()), ("urn:emprise:answer:1", about(answer).to_string())];
    file.finish(&About { title: answer.title.as_deref(), changed, documents: &documents })?;
    transaction.commit().map_err(refused)?;
    Ok(connection.serialize(MAIN_DB).map_err(refused)?.to_vec())
}
