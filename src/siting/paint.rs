//! An answer as columns beside its candidate layers, so that tiles of the layer carry rank, score and verdict.

use crate::layer::definition::FieldType;
use crate::layer::value::{Value, Values, ValuesBuilder};
use crate::siting::Study;
use crate::siting::candidates::Place;
use crate::siting::ranking::Span;
use crate::siting::sieve::LEFT;
use crate::siting::standing::Standing;

/// One candidate layer with what the answer says of each of its rows.
#[derive(Debug)]
pub struct Painted {
    pub layer: String,
    /// By row: whether it is a candidate.
    pub is_candidate: Vec<bool>,
    /// Each as long as the layer, unknown for rows that are no candidates.
    pub columns: Vec<(&'static str, Values)>,
}

/// The columns, in their order: `pass`, `unknown` or `fail`; the rank among those of the same verdict; the score; for a failing
/// site the requirement that removed it (the first by the order of evaluation).
pub const COLUMNS: [&str; 4] = ["verdict", "rank", "score", "reason"];

/// What an answer says of one row.
#[derive(Debug, Clone, Copy)]
enum Said<'s> {
    Nothing,
    Listed { verdict: &'static str, rank: usize, score: Span },
    Removed { by: &'s str },
}

impl Study<'_> {
    /// Each candidate layer, painted.
    pub fn paint(&self) -> Vec<Painted> {
        let mut said: Vec<Vec<Said<'_>>> =
            self.resolved.choice.layers.iter().map(|(layer, _)| vec![Said::Nothing; layer.len()]).collect();
        let mut say = |place: Place, what| said[usize::from(place.layer)][place.row as usize] = what;
        let candidates = self.sifted.candidates.places.iter().zip(&self.sifted.removed_by);
        for (&place, &by) in candidates.filter(|(_, by)| **by != LEFT) {
            say(place, Said::Removed { by: &self.resolved.requirements[usize::from(by)].name });
        }
        for (verdict, standing) in [("pass", &self.standings.passing), ("unknown", &self.standings.undecided)] {
            for (rank, site) in (1..).zip(standing.best(&self.resolved, standing.len())) {
                let Standing { places, scores } = standing;
                say(places[site], Said::Listed { verdict, rank, score: scores[site] });
            }
        }
        let layers = self.resolved.choice.layers.iter().zip(&said);
        layers.map(|((layer, _), said)| painted(layer.definition().id.clone(), said)).collect()
    }
}

fn painted(layer: String, said: &[Said<'_>]) -> Painted {
    let column = |kind: FieldType, cell: &dyn Fn(&Said<'_>) -> Value| {
        let mut values = ValuesBuilder::new(kind);
        said.iter().for_each(|said| values.push(cell(said)));
        values.finish()
    };
    let verdict = column(FieldType::Text, &|said| match said {
        Said::Nothing => Value::Unknown,
        Said::Listed { verdict, .. } => Value::Text((*verdict).to_owned()),
        Said::Removed { .. } => Value::Text("fail".to_owned()),
    });
    let rank = column(FieldType::Integer, &|said| match said {
        Said::Listed { rank, .. } => Value::Integer(*rank as i64),
        _ => Value::Unknown,
    });
    let score = column(FieldType::Number, &|said| match said {
        Said::Listed { score, .. } => Value::Number(score.low.to_f64()),
        _ => Value::Unknown,
    });
    let reason = column(FieldType::Text, &|said| match said {
        Said::Removed { by } => Value::Text((*by).to_owned()),
        _ => Value::Unknown,
    });
    let [a, b, c, d] = COLUMNS;
    Painted {
        layer,
        is_candidate: said.iter().map(|said| !matches!(said, Said::Nothing)).collect(),
        columns: vec![(a, verdict), (b, rank), (c, score), (d, reason)],
    }
}
