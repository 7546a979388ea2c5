//! What the lists of a zone say of a use: codes separated by dashes, in a list of the allowed, one of those under conditions,
//! one of the forbidden. A use that stands in none of them is unknown, not allowed: most lists are empty.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layer::definition::Text;
use crate::layer::value::Values;
use crate::zoning::project::Project;
use crate::zoning::rules::{UseCode, Uses};

/// What the lists say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Allowed,
    Conditional,
    Forbidden,
    Unknown,
}

/// A use and what one zone says of it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct UseStatus<'v> {
    pub code: &'v str,
    pub title: &'v Text,
    pub status: Status,
}

/// The three columns of a layer, as far as it has them.
#[derive(Debug)]
pub struct Lists<'v> {
    pub allowed: Option<&'v Values>,
    pub conditional: Option<&'v Values>,
    pub forbidden: Option<&'v Values>,
}

impl Lists<'_> {
    /// The code itself goes before its group, and where lists contradict each other the stricter one counts.
    pub fn status(&self, row: u32, code: &UseCode) -> Status {
        let lists =
            [(Status::Forbidden, self.forbidden), (Status::Conditional, self.conditional), (Status::Allowed, self.allowed)];
        let listed = |wanted: &str| {
            let holds =
                |values: Option<&Values>| values.and_then(|values| values.text(row)).is_some_and(|list| lists_code(list, wanted));
            lists.iter().find(|(_, values)| holds(*values)).map(|(status, _)| *status)
        };
        listed(&code.code).or_else(|| listed(code.group.as_deref()?)).unwrap_or(Status::Unknown)
    }
}

fn lists_code(list: &str, wanted: &str) -> bool {
    list.split(|c: char| !c.is_alphanumeric()).any(|code| code == wanted)
}

/// The uses that a project may be: the one it names, the one of its activity, else the usual ones.
pub fn uses_of<'v>(project: &Project, uses: &'v Uses) -> Vec<&'v UseCode> {
    if let Some(named) = &project.use_code {
        return uses.codes.iter().filter(|code| code.code == *named).collect();
    }
    let by_activity = |activity: String| {
        let longest =
            |code: &&UseCode| code.activities.iter().filter(|start| activity.starts_with(*start)).map(String::len).max();
        uses.codes.iter().filter(|code| longest(code).is_some()).max_by_key(longest)
    };
    match project.activity_code().and_then(by_activity) {
        Some(code) => vec![code],
        None => uses.codes.iter().filter(|code| code.usual).collect(),
    }
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

    fn code(code: &str, group: Option<&str>, activities: &[&str], usual: bool) -> UseCode {
        let title = Text { fr: String::new(), en: String::new() };
        let activities = activities.iter().map(|&start| start.to_owned()).collect();
        UseCode { code: code.to_owned(), group: group.map(str::to_owned), title, activities, usual }
    }

    #[test]
    fn lists_are_read_code_by_code() {
        let status = |allowed: &str, conditional: &str, forbidden: &str| {
            let columns = [allowed, conditional, forbidden].map(column);
            let lists = Lists { allowed: Some(&columns[0]), conditional: Some(&columns[1]), forbidden: Some(&columns[2]) };
            lists.status(0, &code("51", Some("50"), &[], true))
        };
        assert_eq!(status("", "", ""), Status::Unknown, "an empty list is unknown, not allowed");
        assert_eq!(status("52-53", "", "10-20"), Status::Unknown);
        assert_eq!(status("51", "", ""), Status::Allowed);
        assert_eq!(status("10-50-99", "", ""), Status::Allowed, "its group");
        assert_eq!(status("51", "", "50"), Status::Allowed, "the code before its group");
        assert_eq!(status("51", "51", "51"), Status::Forbidden, "the stricter of two");
        assert_eq!(status("151-510", "", ""), Status::Unknown, "a part of another code is none");
        let none = Lists { allowed: None, conditional: None, forbidden: None };
        assert_eq!(none.status(0, &code("51", None, &[], true)), Status::Unknown);
    }

    #[test]
    fn a_project_has_the_use_of_its_activity() {
        let title = || String::new();
        let uses = Uses {
            allowed: title(),
            conditional: title(),
            forbidden: title(),
            codes: vec![
                code("51", None, &["10", "52"], true),
                code("52", None, &["521"], true),
                code("53", None, &["62"], false),
            ],
        };
        let found = |project: &Project| uses_of(project, &uses).iter().map(|code| code.code.clone()).collect::<Vec<_>>();
        let activity = |activity: &str| Project { activity: Some(activity.into()), ..Project::default() };
        assert_eq!(found(&activity("52.10B")), ["52"], "the longest beginning");
        assert_eq!(found(&activity("10.11Z")), ["51"]);
        assert_eq!(found(&activity("99.00Z")), ["51", "52"], "an activity that no code claims");
        assert_eq!(found(&Project::default()), ["51", "52"]);
        assert_eq!(found(&Project { use_code: Some("53".into()), ..activity("10.11Z") }), ["53"]);
    }
}
