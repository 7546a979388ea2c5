//! What is made of a snapshot for profiles, once.

use std::sync::Arc;

use super::ProfileError;
use super::flows::Flows;
use crate::atlas::View;
use crate::commuting::{Commuting, CommutingError};
use crate::layer::filter::{self, Filter};
use crate::territory::custom::Cut;
use crate::territory::specificity::{Fabric, SpecificityError};
use crate::territory::{Geography, Indicators, Level, Territory, TerritoryError};

/// Numbers of territories, flows between them, and what is made in them, as far as the snapshot tells.
#[derive(Debug)]
pub struct Book {
    pub geography: Arc<Geography>,
    pub indicators: Arc<Indicators>,
    pub flows: Option<Flows>,
    pub fabric: Option<Arc<Fabric>>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub territory: Territory,
    /// Of a drawn polygon, the communes that it touches.
    pub cuts: Vec<Cut>,
    /// Of the programmes' projects and sheets, only those that this keeps.
    pub projects: Option<Filter>,
}

impl Question {
    pub fn of(territory: Territory) -> Question {
        Question { territory, cuts: Vec::new(), projects: None }
    }

    /// The same, of the projects alone that a filter keeps, in CQL2 text.
    ///
    /// # Errors
    /// `Filter`.
    pub fn with_projects(self, filter: Option<&str>) -> Result<Question, ProfileError> {
        Ok(Question { projects: filter.map(filter::parse).transpose()?, ..self })
    }
}

impl Book {
    /// # Errors
    /// `Territory`: no communes, or an indicator that cannot be made.
    pub fn of(view: View<'_>) -> Result<Book, ProfileError> {
        let flows = match Commuting::of(view) {
            Ok(commuting) => Some(Arc::new(commuting)),
            Err(CommutingError::NoFlows) => None,
            Err(error) => return Err(error.into()),
        };
        let fabric = match Fabric::of(view) {
            Ok(fabric) => Some(Arc::new(fabric)),
            Err(SpecificityError::NoTable) => None,
            Err(error) => return Err(error.into()),
        };
        let indicators = Indicators::of(view, Arc::new(Geography::of(view)?))?;
        Ok(Book::with(Arc::new(indicators), flows, fabric))
    }

    /// Of what is there already.
    pub fn with(indicators: Arc<Indicators>, flows: Option<Arc<Commuting>>, fabric: Option<Arc<Fabric>>) -> Book {
        Book { geography: Arc::clone(&indicators.geography), indicators, flows: flows.map(Flows::of), fabric }
    }

    /// A territory as it is written: `level/code`.
    ///
    /// # Errors
    /// `Unreadable`, `Territory`.
    pub fn territory(&self, written: &str) -> Result<Territory, ProfileError> {
        let unreadable = || ProfileError::Unreadable(written.to_owned());
        let (level, code) = written.trim().split_once('/').ok_or_else(unreadable)?;
        Ok(self.geography.territory(level.parse()?, code)?)
    }

    /// What surrounds a territory: the région where one holds all of its communes, else the country; nothing surrounds that.
    pub fn surroundings(&self, territory: &Territory) -> Option<Territory> {
        if territory.level == Level::Country {
            return None;
        }
        let region = || -> Result<Option<Territory>, TerritoryError> {
            let regions = self.geography.areas(Level::Region)?;
            let mut of = territory.communes.iter().map(|&commune| regions.of_commune()[commune as usize]);
            let first = of.next().filter(|&region| region != crate::territory::geography::OUTSIDE && of.all(|own| own == region));
            first.map(|region| self.geography.territory(Level::Region, regions.code(region))).transpose()
        };
        let region = if territory.level == Level::Region { None } else { region().ok().flatten() };
        region.or_else(|| self.geography.territory(Level::Country, "FR").ok())
    }
}
