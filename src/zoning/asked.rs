//! What a plot can be given as, and reading that out of JSON or of a word on the command line.

use serde_json::{Map, Value};

use crate::geometry::drawn::Crs;
use crate::geometry::territory::LonLat;
use crate::layer::catalogue::{nearest, suggestion};
use crate::zoning::plot::PlotError;
use crate::zoning::rules::rule::Metres;

/// The layer in which an id without a layer is looked for.
pub const PARCELS: &str = "parcels";

/// A plot, as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// A geometry, a feature, or a collection whose polygons count as one.
    GeoJson(Map<String, Value>),
    Wkt {
        text: String,
        crs: Crs,
    },
    /// `layer/id`, or the id of a parcel; several count as one.
    Sites(Vec<String>),
    /// What lies within a distance of a point.
    Disc {
        centre: LonLat,
        radius_m: f64,
    },
}

const FORMS: &str = "a GeoJSON geometry, feature or collection; well-known text; {\"wkt\": ..., \"crs\": ...}; \
                     {\"site\": \"layer/id\"}; {\"parcels\": [...]}; {\"point\": [longitude, latitude], \"radius\": \"500 m\"}";

impl Asked {
    /// # Errors
    /// JSON of another form, which the message lists.
    pub fn from_json(value: &Value) -> Result<Asked, PlotError> {
        match value {
            Value::String(text) => Asked::from_text(text, Crs::LonLat, None),
            Value::Array(ids) => Ok(Asked::Sites(texts(ids)?)),
            Value::Object(members) if members.contains_key("type") => Ok(Asked::GeoJson(members.clone())),
            Value::Object(members) => Asked::from_members(members),
            _ => Err(form()),
        }
    }

    fn from_members(members: &Map<String, Value>) -> Result<Asked, PlotError> {
        const KEYS: [&str; 6] = ["wkt", "crs", "site", "parcels", "point", "radius"];
        if let Some(wrong) = members.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(PlotError::Key { key: wrong.clone(), suggestion: suggestion(&nearest(wrong, KEYS)) });
        }
        let get = |key: &str| members.get(key);
        let crs = get("crs").map(|crs| Crs::named(crs.as_str().unwrap_or_default())).transpose()?;
        match (get("wkt"), get("site"), get("parcels"), get("point"), get("radius")) {
            (Some(Value::String(text)), None, None, None, None) => {
                Ok(Asked::Wkt { text: text.clone(), crs: crs.unwrap_or_default() })
            }
            (None, Some(Value::String(site)), None, None, None) if crs.is_none() => Ok(Asked::Sites(vec![site.clone()])),
            (None, None, Some(Value::Array(ids)), None, None) if crs.is_none() => Ok(Asked::Sites(texts(ids)?)),
            (None, None, None, Some(point), Some(Value::String(radius))) if crs.is_none() => {
                let [lon, lat]: [f64; 2] = serde_json::from_value(point.clone()).map_err(|_| form())?;
                let radius = Metres::parse(radius).map_err(PlotError::Radius)?;
                Ok(Asked::Disc { centre: LonLat { lon, lat }, radius_m: radius.0 })
            }
            _ => Err(form()),
        }
    }

    /// One word: `layer/id`, a parcel's id, well-known text, GeoJSON, or `longitude,latitude` where there is a radius.
    ///
    /// # Errors
    /// GeoJSON that is not JSON, a point that is none.
    pub fn from_text(text: &str, crs: Crs, radius_m: Option<f64>) -> Result<Asked, PlotError> {
        let text = text.trim();
        if text.starts_with('{') {
            let value: Value = serde_json::from_str(text).map_err(|error| PlotError::Json(error.to_string()))?;
            return Asked::from_json(&value);
        }
        if let Some(radius_m) = radius_m {
            let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
            let point = numbers.and_then(|numbers| <[f64; 2]>::try_from(numbers).ok());
            let [lon, lat] = point.ok_or_else(|| PlotError::Point(text.to_owned()))?;
            return Ok(Asked::Disc { centre: LonLat { lon, lat }, radius_m });
        }
        Ok(match text.contains('(') {
            true => Asked::Wkt { text: text.to_owned(), crs },
            false => Asked::Sites(vec![text.to_owned()]),
        })
    }
}

fn form() -> PlotError {
    PlotError::Form(FORMS)
}

fn texts(ids: &[Value]) -> Result<Vec<String>, PlotError> {
    ids.iter().map(|id| id.as_str().map(str::to_owned).ok_or_else(form)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_reads() {
        let read = |value: Value| Asked::from_json(&value).unwrap();
        assert_eq!(read(json!("parcels/9")), Asked::Sites(vec!["parcels/9".into()]));
        assert_eq!(read(json!(["1", "2"])), read(json!({"parcels": ["1", "2"]})));
        assert!(matches!(read(json!({"type": "Point"})), Asked::GeoJson(_)), "what it is, is said later");
        assert_eq!(read(json!("POLYGON((0 0))")), Asked::Wkt { text: "POLYGON((0 0))".into(), crs: Crs::LonLat });
        assert!(matches!(read(json!({"wkt": "P", "crs": "EPSG:2154"})), Asked::Wkt { crs: Crs::Of(_), .. }));
        let disc = Asked::Disc { centre: LonLat { lon: 3.0, lat: 46.0 }, radius_m: 500.0 };
        assert_eq!(read(json!({"point": [3, 46], "radius": "0.5 km"})), disc);
        assert_eq!(Asked::from_text("3, 46", Crs::LonLat, Some(500.0)).unwrap(), disc);
    }

    #[test]
    fn what_is_none_is_told() {
        let said = |value: Value| Asked::from_json(&value).unwrap_err().to_string();
        assert!(said(json!({"sites": "a/b"})).contains("`sites`; did you mean `site`?"));
        for wrong in [json!(3), json!({"site": 3}), json!({"point": [3, 46]}), json!({"wkt": "P", "site": "a/b"}), json!([1])] {
            assert!(said(wrong).contains("layer/id"));
        }
        assert!(said(json!({"point": [3, 46], "radius": "5 ha"})).contains("2 km"));
        assert!(said(json!("{\"type\": ")).contains("is not read"));
        assert!(Asked::from_text("3;46", Crs::LonLat, Some(1.0)).unwrap_err().to_string().contains("longitude,latitude"));
    }
}
