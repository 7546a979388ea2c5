//! Where chargers are missing most.

use serde::{Deserialize, Serialize};

use super::chargers::{Chargers, Counted};
use super::corridor::{Corridor, Road, corridor};
use super::fleet::{Fleet, ToldBy};
use super::need::{Need, afir, energy};
use super::parameters::Parameters;
use super::sums::{Sums, sums};
use crate::atlas::View;
use crate::commuting::read::Taken;
use crate::commuting::words::Filter;
use crate::commuting::workers::Workers;
use crate::commuting::{Commuting, CommutingError};
use crate::layer::definition::Text;
use crate::layer::table::Table;
use crate::layer::value::Value;
use crate::territory::{Level, Territory};

/// Which need ranks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    #[default]
    Afir,
    Energy,
}

/// What is asked about.
#[derive(Debug, Clone)]
pub enum Where {
    /// The areas of a level; of those only that hold a commune of a territory, where one is given.
    Areas(Level, Option<Territory>),
    Along(Road),
}

#[derive(Debug, Clone)]
pub struct Question {
    pub place: Where,
    pub by: By,
    /// The word of the mode of transport that is the car.
    pub mode: String,
    pub given: Parameters,
}

/// What is made once of a snapshot.
#[derive(Debug)]
pub struct Supply {
    pub chargers: Chargers,
    pub fleet: Fleet,
}

#[derive(Debug, Serialize)]
pub struct Answer {
    pub level: Level,
    pub by: By,
    pub mode: String,
    pub parameters: Parameters,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corridor: Option<Corridor>,
    /// The greatest deficit first; where nothing is known of cars, last.
    pub rows: Vec<Row>,
    pub chargers: Counted,
    pub cars: ToldBy,
    pub commuters: Taken,
    pub geography: String,
    pub notes: Vec<Text>,
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub rank: Option<usize>,
    pub code: String,
    pub name: String,
    pub points: u32,
    pub kw: f64,
    /// `null` where nothing is known of the cars.
    pub battery_cars: Option<f64>,
    pub plug_in_cars: Option<f64>,
    /// Communes whose cars are not available, or kept secret: the numbers of cars are at least these.
    pub unknown_communes: u32,
    pub car_commuters: Workers,
    pub electric_commuters: f64,
    pub afir: Option<Need>,
    pub energy: Option<Need>,
}

/// # Errors
/// `Parameter`, `NoDetail`, `UnknownWord`, `NoLevel`, `NoRoads`, `UnknownRoad`.
pub fn charging(book: &Commuting, supply: &Supply, view: View<'_>, question: &Question) -> Result<Answer, CommutingError> {
    question.given.check()?;
    let filter = Filter { mode: Some(question.mode.clone()), occupation: None };
    let cars = book.filtered(&filter)?.ok_or(CommutingError::NoDetail)?;
    let Supply { chargers, fleet } = supply;
    let added = |slots: &[u32], areas| sums(slots, areas, chargers, fleet, &cars);
    let given = &question.given;
    let (level, along, mut rows) = match &question.place {
        Where::Areas(level, within) => {
            let areas = book.geography.areas(*level)?;
            let mut asked = vec![within.is_none(); areas.len()];
            let inside = within.iter().flat_map(|territory| &territory.communes);
            for commune in inside {
                if let Some(asked) = asked.get_mut(areas.of_commune()[*commune as usize] as usize) {
                    *asked = true;
                }
            }
            let sums = added(&book.places.slots(&book.geography, *level)?, areas.len());
            let named = (0..areas.len() as u32).zip(&sums).filter(|(area, _)| asked[*area as usize]);
            let rows = named.map(|(area, sums)| row(areas.code(area), areas.name(area), sums, given));
            (*level, None, rows.collect::<Vec<_>>())
        }
        Where::Along(road) => {
            let corridor = corridor(view, &book.geography, road, given)?;
            let mut slots = vec![u32::MAX; book.places.len()];
            corridor.communes.iter().for_each(|&commune| slots[commune as usize] = 0);
            let sums = added(&slots, 1);
            let rows = vec![row(&road.number, &road.number, &sums[0], given)];
            (Level::Custom, Some(corridor), rows)
        }
    };
    rank(&mut rows, question.by);
    Ok(Answer {
        level,
        by: question.by,
        mode: question.mode.clone(),
        parameters: *given,
        corridor: along,
        rows,
        chargers: chargers.counted.clone(),
        cars: fleet.told_by.clone(),
        commuters: book.source(&filter)?.clone(),
        geography: book.geography.vintage.clone(),
        notes: notes(),
    })
}

fn row(code: &str, name: &str, sums: &Sums, given: &Parameters) -> Row {
    Row {
        rank: None,
        code: code.to_owned(),
        name: name.to_owned(),
        points: sums.points,
        kw: sums.kw,
        battery_cars: (sums.known_battery > 0).then_some(sums.battery),
        plug_in_cars: (sums.known_plug_in > 0).then_some(sums.plug_in),
        unknown_communes: sums.unknown_cars,
        car_commuters: sums.car_commuters,
        electric_commuters: sums.electric_commuters,
        afir: afir(sums, given),
        energy: energy(sums, given),
    }
}

fn rank(rows: &mut [Row], by: By) {
    let deficit = |row: &Row| {
        let need = if by == By::Afir { row.afir } else { row.energy };
        need.map(|need| need.deficit_kw)
    };
    rows.sort_by(|a, b| {
        deficit(b).partial_cmp(&deficit(a)).unwrap_or(std::cmp::Ordering::Equal).then_with(|| a.code.cmp(&b.code))
    });
    for (rank, row) in (1..).zip(rows.iter_mut()) {
        row.rank = deficit(row).map(|_| rank);
    }
}

fn notes() -> Vec<Text> {
    vec![
        Text {
            fr: "Deux calculs qui ne disent pas la même chose : le plancher réglementaire (AFIR, kW par véhicule du parc) et le besoin en énergie (ce qui se recharge en public, résidents et navetteurs). L'écart peut être du simple au triple.".to_owned(),
            en: "Two computations that do not say the same: the regulatory floor (AFIR, kW a vehicle of the fleet) and the need by energy (what is charged in public, by residents and commuters). They may differ threefold.".to_owned(),
        },
        Text {
            fr: "Un point de charge compte dans la commune où il se trouve. Les navetteurs en véhicule rechargeable sont estimés par la part de leur commune de résidence.".to_owned(),
            en: "A charging point counts in the commune it stands in. Commuters in rechargeable cars are estimated by the share of their home commune.".to_owned(),
        },
        Text {
            fr: "Le long d'un axe : les points et les communes (par leur point) à la distance demandée au plus ; bretelles et ronds-points ne comptent pas ; une chaussée unique sert deux sens.".to_owned(),
            en: "Along a road: points and communes (by their point) no farther than asked; slip roads and roundabouts are left out; a single carriageway serves two directions.".to_owned(),
        },
    ]
}

impl Answer {
    /// A row an area.
    pub fn table(&self) -> Table {
        let plain = [
            "rank",
            "code",
            "name",
            "points",
            "kw",
            "battery_cars",
            "plug_in_cars",
            "unknown_communes",
            "car_commuters",
            "electric_commuters",
        ];
        let needs = ["afir", "energy"].into_iter().flat_map(|need| {
            ["need_kw", "deficit_kw", "need_points", "deficit_points", "at_least"].map(|name| format!("{need}_{name}"))
        });
        let names = plain.into_iter().map(str::to_owned).chain(needs).collect();
        Table { names, rows: self.rows.iter().map(Row::cells).collect() }
    }
}

impl Row {
    fn cells(&self) -> Vec<Value> {
        let number = |number: Option<f64>| number.map_or(Value::Unknown, Value::Number);
        let mut cells = vec![
            self.rank.map_or(Value::Unknown, |rank| Value::Integer(rank as i64)),
            Value::Text(self.code.clone()),
            Value::Text(self.name.clone()),
            Value::Integer(i64::from(self.points)),
            Value::Number(self.kw),
            number(self.battery_cars),
            number(self.plug_in_cars),
            Value::Integer(i64::from(self.unknown_communes)),
            Value::Number(self.car_commuters.count()),
            Value::Number(self.electric_commuters),
        ];
        for need in [self.afir, self.energy] {
            cells.extend([
                number(need.map(|need| need.need_kw)),
                number(need.map(|need| need.deficit_kw)),
                number(need.map(|need| need.need_points)),
                number(need.map(|need| need.deficit_points)),
                need.map_or(Value::Unknown, |need| Value::Boolean(need.at_least)),
            ]);
        }
        cells
    }
}
