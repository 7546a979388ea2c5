//! The layer definitions that come with the program: `layers/*.toml`, in the binary.

use super::catalogue::{CatalogueError, parse};
use super::definition::LayerDefinition;

const TEXTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/layers.rs"));

/// The shipped layers, in the order of their ids.
///
/// # Errors
/// A shipped file is wrong; a test sees to it that none is.
pub fn shipped() -> Result<Vec<LayerDefinition>, CatalogueError> {
    let read = |(stem, text): &(&str, &str)| {
        let path = || format!("layers/{stem}.toml").into();
        parse(text, stem).map_err(|problem| CatalogueError::Layer { path: path(), problem })
    };
    TEXTS.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_shipped_layer_reads() {
        if let Err(error) = super::shipped() {
            panic!("{error}");
        }
    }
}
