//! Assumptions as they are written: names and values, each in place of what is assumed where nobody says.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::CommutingError;
use crate::layer::catalogue::nearest;

/// # Errors
/// `UnknownParameter`, `Unwritten`.
pub fn given<P: Serialize + DeserializeOwned + Default>(written: &[(String, String)]) -> Result<P, CommutingError> {
    // A struct of numbers and texts is always an object, and reads back.
    let Ok(Value::Object(mut members)) = serde_json::to_value(P::default()) else { return Ok(P::default()) };
    for (name, text) in written {
        let known = nearest(name, members.keys());
        let Some(member) = members.get_mut(name) else {
            return Err(CommutingError::UnknownParameter { name: name.clone(), nearest: known });
        };
        let value = match member {
            Value::Number(_) => serde_json::from_str(text).ok().filter(Value::is_number),
            _ => Some(Value::String(text.clone())),
        };
        *member = value.ok_or_else(|| CommutingError::Unwritten { name: name.clone(), text: text.clone() })?;
    }
    serde_json::from_value(Value::Object(members)).map_err(|_| {
        let (name, text) = written.last().cloned().unwrap_or_default();
        CommutingError::Unwritten { name, text }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commuting::carpool::Parameters as Carpool;
    use crate::commuting::charging::parameters::Parameters as Charging;

    fn pairs(written: &[(&str, &str)]) -> Vec<(String, String)> {
        written.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn what_is_written_takes_the_place_of_what_is_assumed() {
        let charging: Charging = given(&pairs(&[("utilisation", "0.2"), ("power_kw", "50")])).unwrap();
        assert_eq!(charging, Charging { utilisation: 0.2, power_kw: 50.0, ..Charging::default() });
        let carpool: Carpool = given(&pairs(&[("min", "80"), ("mode", "bus")])).unwrap();
        assert_eq!(carpool, Carpool { min: 80, mode: "bus".to_owned(), ..Carpool::default() });
    }

    #[test]
    fn a_slip_is_told() {
        let error = |written| given::<Charging>(&pairs(&[written])).unwrap_err().to_string();
        assert!(error(("utilization", "0.2")).contains("did you mean `utilisation`?"));
        assert!(error(("power_kw", "much")).contains("`much`"));
        assert!(given::<Carpool>(&pairs(&[("min", "80.5")])).is_err());
        assert!(given::<Charging>(&pairs(&[("power_kw", "0")])).unwrap().check().is_err());
        assert!(given::<Charging>(&pairs(&[("power_kw", "1e999")])).is_err());
    }
}
