//! What is wrong with a filter for a layer.

use crate::atlas::filter::GEOMETRY;
use crate::layer::catalogue::suggestion;
use crate::layer::definition::FieldType;
use crate::layer::filter::{Literal, Name};

/// A filter that does not fit a layer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BindError {
    #[error("at character {position}, `{name}` is not a column of the layer{}", suggestion(nearest))]
    Column { name: String, position: usize, nearest: Option<String> },
    #[error("at character {position}, column `{name}` holds {holds} and cannot be compared with {constant}; write {example}")]
    Type { name: String, position: usize, holds: &'static str, constant: String, example: &'static str },
    #[error("at character {position}, column `{name}` holds TRUE or FALSE, which have no order; write = or <>")]
    Ordered { name: String, position: usize },
    #[error("at character {position}, `{name}` is not a geometry; the features' own is called `{GEOMETRY}`")]
    Geometry { name: String, position: usize },
    #[error("at character {position}, this filter cannot ask about geometry")]
    Placeless { position: usize },
}

impl BindError {
    pub(super) fn mismatch(name: &Name, kind: FieldType, constant: &Literal) -> BindError {
        let (holds, example) = match kind {
            FieldType::Text => ("text", "a text between quotes, such as 'ZI'"),
            FieldType::Number | FieldType::Integer => ("numbers", "a number, such as 12.5"),
            FieldType::Boolean => ("TRUE or FALSE", "TRUE or FALSE"),
            FieldType::Date => ("dates", "a date, such as DATE('2024-01-31')"),
        };
        BindError::Type { name: name.text.clone(), position: name.position, holds, constant: constant.to_string(), example }
    }
}
