//! Which uses a project may be, and what a zone's lists say of them. A use that stands in none of them is unknown, not allowed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layer::definition::Text;
use crate::layer::uses::{Listed, Lists};
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

/// What a zone's lists say of a use.
pub fn status(lists: &Lists<'_>, row: u32, code: &UseCode) -> Status {
    match lists.find(row, &code.code, code.group.as_deref()) {
        Some(Listed::Allowed) => Status::Allowed,
        Some(Listed::Conditional) => Status::Conditional,
        Some(Listed::Forbidden) => Status::Forbidden,
        None => Status::Unknown,
    }
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

    fn code(code: &str, group: Option<&str>, activities: &[&str], usual: bool) -> UseCode {
        let title = Text { fr: String::new(), en: String::new() };
        let activities = activities.iter().map(|&start| start.to_owned()).collect();
        UseCode { code: code.to_owned(), group: group.map(str::to_owned), title, activities, usual }
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
