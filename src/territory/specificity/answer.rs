//! A territory's classes beside those of its reference.

use serde::Serialize;

use super::activities::Classes;
use super::quotient::{Part, expected, quotient};
use super::reliability::{FEW, FEW_IN_ALL, Interval, interval, is_reliable, shrunk};
use super::staff::{Counted, Sums, Taken};
use super::{Fabric, Question, SpecificityError};
use crate::layer::definition::Text;
use crate::layer::table::Table;
use crate::layer::value::Value;
use crate::territory::{Level, Territory};

#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    pub territory: About,
    pub reference: About,
    pub classes: Classes,
    pub counted: Counted,
    /// Of all classes.
    pub total: f64,
    pub reference_total: f64,
    /// Numbers that the publisher keeps back: where one is, a share is not available.
    pub kept_back: u32,
    pub method: Method,
    /// The most specific first, by the shrunk quotient; without any, last.
    pub rows: Vec<Row>,
    pub source: Taken,
    /// Vintage of the communes that codes are those of.
    pub geography: String,
    pub notes: Vec<Text>,
}

#[derive(Debug, Clone, Serialize)]
pub struct About {
    pub level: Level,
    pub code: String,
    pub name: String,
    pub communes: usize,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Method {
    pub kappa: f64,
    pub few: f64,
    pub few_in_all: f64,
    pub confidence: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub code: String,
    pub name: Text,
    pub count: f64,
    /// `null` where there is nothing to be a share of, or a number is kept back.
    pub share: Option<f64>,
    pub reference_share: Option<f64>,
    pub against_whole: Option<Quotient>,
    pub against_rest: Option<Quotient>,
    pub shrunk: Option<f64>,
    /// Its place by the shrunk quotient.
    pub rank: Option<usize>,
    /// There are jobs enough: of this activity, and in all.
    pub reliable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quotient {
    pub quotient: f64,
    #[serde(flatten)]
    pub interval: Interval,
}

/// # Errors
/// `Kappa`.
pub fn answer(fabric: &Fabric, question: &Question) -> Result<Answer, SpecificityError> {
    let Question { territory, reference, classes, counted, kappa } = question;
    if !(*kappa > 0.0 && *kappa <= 1e6) {
        return Err(SpecificityError::Kappa(*kappa));
    }
    let grouping = fabric.staff.grouping(&fabric.activities, *classes);
    let sums = |communes: &mut dyn Iterator<Item = u32>, counted| fabric.staff.sums(communes, &grouping, counted);
    let own = sums(&mut territory.communes.iter().copied(), *counted);
    let whole = sums(&mut reference.communes.iter().copied(), *counted);
    // The rest is what of the reference is not the territory, whether the reference holds all of it or not.
    let rest = sums(&mut reference.communes.iter().copied().filter(|&commune| !territory.holds(commune)), *counted);
    let jobs = sums(&mut territory.communes.iter().copied(), Counted::Employees);
    let sides = Sides { own: &own, whole: &whole, rest: &rest, jobs: &jobs, kappa: *kappa };
    let named = grouping.codes.iter().enumerate();
    let mut rows: Vec<Row> =
        named.map(|(class, code)| sides.row(class, code.clone(), fabric.activities.name(*classes, code))).collect();
    rank(&mut rows);
    Ok(Answer {
        territory: About::of(territory),
        reference: About::of(reference),
        classes: *classes,
        counted: *counted,
        total: own.total,
        reference_total: whole.total,
        kept_back: own.kept_back_in_all,
        method: Method { kappa: *kappa, few: FEW, few_in_all: FEW_IN_ALL, confidence: 0.95 },
        rows,
        source: fabric.staff.taken.clone(),
        geography: fabric.geography.vintage.clone(),
        notes: notes(),
    })
}

impl About {
    pub fn of(territory: &Territory) -> About {
        let Territory { level, code, name, communes } = territory;
        About { level: *level, code: code.clone(), name: name.clone(), communes: communes.len() }
    }
}

/// What is compared.
struct Sides<'s> {
    own: &'s Sums,
    whole: &'s Sums,
    rest: &'s Sums,
    jobs: &'s Sums,
    kappa: f64,
}

impl Sides<'_> {
    fn row(&self, class: usize, code: String, name: Text) -> Row {
        let part = |sums: &Sums| Part { of_it: sums.by_class[class], of_all: sums.total };
        let (own, whole, rest) = (part(self.own), part(self.whole), part(self.rest));
        // A ratio with a part missing above or below bounds nothing.
        let complete = self.own.kept_back_in_all == 0;
        let jobs = self.jobs.by_class[class];
        let against = |there: Part| {
            let quotient = quotient(own, there).filter(|_| complete)?;
            Some(Quotient { quotient, interval: interval(quotient, own.of_it, expected(own, there)?) })
        };
        let against_whole = against(whole);
        Row {
            code,
            name,
            count: own.of_it,
            share: own.share().filter(|_| complete),
            reference_share: whole.share(),
            against_whole,
            against_rest: against(rest),
            shrunk: against_whole.and_then(|_| Some(shrunk(own.of_it, expected(own, whole)?, self.kappa))),
            rank: None,
            reliable: against_whole.is_some() && is_reliable(jobs, self.jobs.total),
        }
    }
}

fn rank(rows: &mut [Row]) {
    rows.sort_by(|a, b| b.shrunk.partial_cmp(&a.shrunk).unwrap_or(std::cmp::Ordering::Equal).then(a.code.cmp(&b.code)));
    for (rank, row) in (1..).zip(rows.iter_mut()) {
        row.rank = row.shrunk.map(|_| rank);
    }
}

fn notes() -> Vec<Text> {
    vec![
        Text {
            fr: "L'indice est un rapport de parts : 10 % ici pour 5 % dans la référence font 2,0 ; 10 % pour 20 % font 0,5."
                .to_owned(),
            en: "The index is a ratio of shares: 10 % here for 5 % in the reference is 2.0; 10 % for 20 % is 0.5.".to_owned(),
        },
        Text {
            fr: "« whole » : contre toute la référence ; « rest » : contre la référence sans le territoire.".to_owned(),
            en: "“whole”: against all of the reference; “rest”: against the reference without the territory.".to_owned(),
        },
        Text {
            fr: format!(
                "Au-dessous de {FEW} emplois dans l'activité ou de {FEW_IN_ALL} en tout, l'indice est à lire avec prudence."
            ),
            en: format!("Under {FEW} jobs in the activity, or {FEW_IN_ALL} in all, the index is to be read with care."),
        },
    ]
}

impl Answer {
    /// A row a class.
    pub fn table(&self) -> Table {
        let names = [
            "rank",
            "code",
            "name_fr",
            "name_en",
            "count",
            "share",
            "reference_share",
            "whole",
            "whole_low",
            "whole_high",
            "rest",
            "rest_low",
            "rest_high",
            "shrunk",
            "reliable",
        ];
        Table { names: names.map(str::to_owned).into(), rows: self.rows.iter().map(Row::cells).collect() }
    }
}

impl Row {
    fn cells(&self) -> Vec<Value> {
        let number = |number: Option<f64>| number.map_or(Value::Unknown, Value::Number);
        let three = |of: Option<Quotient>| {
            [of.map(|of| of.quotient), of.map(|of| of.interval.low), of.map(|of| of.interval.high)].map(number)
        };
        let mut cells = vec![
            self.rank.map_or(Value::Unknown, |rank| Value::Integer(rank as i64)),
            Value::Text(self.code.clone()),
            Value::Text(self.name.fr.clone()),
            Value::Text(self.name.en.clone()),
            Value::Number(self.count),
            number(self.share),
            number(self.reference_share),
        ];
        cells.extend(three(self.against_whole));
        cells.extend(three(self.against_rest));
        cells.extend([number(self.shrunk), Value::Boolean(self.reliable)]);
        cells
    }
}
