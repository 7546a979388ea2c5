//! An answer as FlatGeobuf: the listed sites, longitude and latitude, one typed column a property.
//!
//! Without a spatial index: the sites stand best first. The header's metadata holds the specification and the rest of the answer.

use serde_json::json;

use crate::atlas::View;
use crate::geometry::reference::Reference;
use crate::siting::answer::Answer;
use crate::siting::spec::Spec;
use crate::siting::writing::columns::{cells, columns, geometry, listed};
use crate::siting::writing::geojson::about;
use crate::writing::WriteError;
use crate::writing::flatgeobuf::{FlatGeobuf, Head};

/// The bytes of a file. `spec` and `view` are those that the answer was made with.
///
/// # Errors
/// A temporary folder that is full or not there: features are put together on the disk.
pub fn write(answer: &Answer, spec: &Spec, view: View<'_>) -> Result<Vec<u8>, WriteError> {
    let columns = columns(answer);
    let metadata = json!({ "specification": spec.normal(), "answer": about(answer) }).to_string();
    let head =
        Head { name: "sites", title: answer.title.as_deref(), metadata: Some(&metadata), system: Reference::Wgs84, index: false };
    let mut file = FlatGeobuf::new(&head, &columns)?;
    for (site, verdict) in listed(answer) {
        file.add(geometry(site, view), &cells(&columns, site, verdict))?;
    }
    let mut bytes = Vec::new();
    file.finish(&mut bytes)?;
    Ok(bytes)
}
