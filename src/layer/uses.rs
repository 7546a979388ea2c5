//! Lists of uses, as zones of zoning plans have them: codes separated by dashes, in a list of the allowed, one of those under
//! conditions, one of the forbidden. A use that stands in none of them is not thereby allowed: most lists are empty.

use super::value::Values;

/// In which list a use stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    Allowed,
    Conditional,
    Forbidden,
}

/// The three columns of a layer, as far as it has them.
#[derive(Debug, Clone, Copy)]
pub struct Lists<'v> {
    pub allowed: Option<&'v Values>,
    pub conditional: Option<&'v Values>,
    pub forbidden: Option<&'v Values>,
}

impl Lists<'_> {
    /// `None` where the use stands in no list. The code itself goes before its group, and of several lists the strictest counts.
    pub fn find(&self, row: u32, code: &str, group: Option<&str>) -> Option<Listed> {
        let lists =
            [(Listed::Forbidden, self.forbidden), (Listed::Conditional, self.conditional), (Listed::Allowed, self.allowed)];
        let find = |wanted: &str| lists.iter().find(|(_, values)| names(text(*values, row), wanted)).map(|(listed, _)| *listed);
        find(code).or_else(|| find(group?))
    }

    /// Whether all three are empty.
    pub fn is_silent(&self, row: u32) -> bool {
        [self.allowed, self.conditional, self.forbidden].iter().all(|values| text(*values, row).is_empty())
    }
}

fn text(values: Option<&Values>, row: u32) -> &str {
    values.and_then(|values| values.text(row)).unwrap_or_default()
}

fn names(list: &str, wanted: &str) -> bool {
    list.split(|c: char| !c.is_alphanumeric()).any(|code| code == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::definition::FieldType;
    use crate::layer::value::{Value, ValuesBuilder};

    fn column(list: &str) -> Values {
        let mut builder = ValuesBuilder::new(FieldType::Text);
        builder.push(if list.is_empty() { Value::Unknown } else { Value::Text(list.to_owned()) });
        builder.finish()
    }

    #[test]
    fn lists_are_read_code_by_code() {
        let find = |allowed: &str, conditional: &str, forbidden: &str| {
            let columns = [allowed, conditional, forbidden].map(column);
            let lists = Lists { allowed: Some(&columns[0]), conditional: Some(&columns[1]), forbidden: Some(&columns[2]) };
            assert_eq!(lists.is_silent(0), [allowed, conditional, forbidden].iter().all(|list| list.is_empty()));
            lists.find(0, "51", Some("50"))
        };
        assert_eq!(find("", "", ""), None, "an empty list allows nothing");
        assert_eq!(find("52-53", "", "10-20"), None);
        assert_eq!(find("51", "", ""), Some(Listed::Allowed));
        assert_eq!(find("10-50-99", "", ""), Some(Listed::Allowed), "its group");
        assert_eq!(find("51", "", "50"), Some(Listed::Allowed), "the code before its group");
        assert_eq!(find("51", "51", "51"), Some(Listed::Forbidden), "the strictest of several");
        assert_eq!(find("151-510", "", ""), None, "a part of another code is none");
        let none = Lists { allowed: None, conditional: None, forbidden: None };
        assert_eq!((none.find(0, "51", None), none.is_silent(0)), (None, true));
    }
}
