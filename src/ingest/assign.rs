//! Which files make which layer.

use globset::{GlobBuilder, GlobMatcher};

use crate::ingest::read::SourceFile;
use crate::layer::definition::LayerDefinition;

/// A layer and the files it is made of.
#[derive(Debug)]
pub struct Assignment {
    /// The publication that the files are: see [`LayerDefinition::publications`].
    pub definition: LayerDefinition,
    pub files: Vec<SourceFile>,
    /// Files that fit a less preferred pattern of the layer.
    pub set_aside: Vec<SourceFile>,
}

/// Every source file in its place.
#[derive(Debug, Default)]
pub struct Assigned {
    pub layers: Vec<Assignment>,
    /// Files that no layer wants.
    pub unmatched: Vec<SourceFile>,
}

/// Gives each layer the files of its most preferred pattern that any file fits. A file may serve several layers.
///
/// # Errors
/// A pattern that is none, two files where a layer is made of one, no file for any layer.
pub fn assign(files: &[SourceFile], layers: &[LayerDefinition]) -> Result<Assigned, AssignError> {
    let mut assigned = Assigned::default();
    let mut wanted = vec![false; files.len()];
    for layer in layers {
        let found = find(files, layer)?;
        for place in found.taken.iter().chain(&found.set_aside) {
            wanted[*place] = true;
        }
        let Some(definition) = found.publication else { continue };
        let pick = |places: &[usize]| places.iter().map(|&place| files[place].clone()).collect();
        let (files, set_aside) = (pick(&found.taken), pick(&found.set_aside));
        assigned.layers.push(Assignment { definition, files, set_aside });
    }
    if assigned.layers.is_empty() {
        return Err(AssignError::Nothing { files: files.len(), expected: expected(layers) });
    }
    assigned.unmatched = files.iter().zip(wanted).filter(|(_, wanted)| !wanted).map(|(file, _)| file.clone()).collect();
    Ok(assigned)
}

#[derive(Default)]
struct Found {
    publication: Option<LayerDefinition>,
    taken: Vec<usize>,
    set_aside: Vec<usize>,
}

fn find(files: &[SourceFile], layer: &LayerDefinition) -> Result<Found, AssignError> {
    let mut found = Found::default();
    for publication in layer.publications() {
        let fresh = found.publication.is_none();
        for pattern in &publication.files {
            let glob = compile(&layer.id, pattern)?;
            let known = |place: &usize| found.taken.contains(place) || found.set_aside.contains(place);
            let fitting: Vec<usize> =
                (0..files.len()).filter(|place| glob.is_match(&files[*place].name) && !known(place)).collect();
            if found.taken.is_empty() || fresh && layer.many_files {
                alone(layer, pattern, files, &fitting)?;
                found.taken.extend(fitting);
            } else {
                found.set_aside.extend(fitting);
            }
        }
        if fresh && !found.taken.is_empty() {
            found.publication = Some(publication);
        }
    }
    found.taken.sort_unstable();
    Ok(found)
}

fn compile(layer: &str, pattern: &str) -> Result<GlobMatcher, AssignError> {
    let glob = GlobBuilder::new(pattern).case_insensitive(true).build();
    let glob = glob.map_err(|error| AssignError::Pattern { layer: layer.to_owned(), reason: error.to_string() })?;
    Ok(glob.compile_matcher())
}

fn alone(layer: &LayerDefinition, pattern: &str, files: &[SourceFile], fitting: &[usize]) -> Result<(), AssignError> {
    match fitting {
        [first, second, ..] if !layer.many_files => Err(AssignError::Two {
            layer: layer.id.clone(),
            pattern: pattern.to_owned(),
            first: files[*first].to_string(),
            second: files[*second].to_string(),
        }),
        _ => Ok(()),
    }
}

fn expected(layers: &[LayerDefinition]) -> String {
    let patterns =
        |layer: &LayerDefinition| layer.publications().flat_map(|publication| publication.files).collect::<Vec<_>>().join(", ");
    layers.iter().map(|layer| format!("  {}: {}", layer.id, patterns(layer))).collect::<Vec<_>>().join("\n")
}

#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    #[error("layer `{layer}`: {reason}")]
    Pattern { layer: String, reason: String },
    #[error("layer `{layer}` is made of one file, and two fit its pattern `{pattern}`: {first} and {second}; leave one out")]
    Two { layer: String, pattern: String, first: String, second: String },
    #[error("none of the {files} files found fits a layer; expected names, by layer:\n{expected}")]
    Nothing { files: usize, expected: String },
}
