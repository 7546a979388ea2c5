//! The coordinate reference systems that files state, in their several spellings.

use serde_json::Value;

use super::error::Cause;
use super::table::SourceCrs;

/// OGC:CRS84 is WGS 84 in longitude and latitude order, which is the order that is used for 4326 here throughout.
const WGS84: u32 = 4326;

/// `EPSG:2154`, `urn:ogc:def:crs:EPSG::2154`, `urn:ogc:def:crs:OGC:1.3:CRS84`, `http://www.opengis.net/def/crs/EPSG/0/2154`.
pub(super) fn named(name: &str) -> Result<SourceCrs, Cause> {
    let parts: Vec<&str> = name.trim().split([':', '/', '#']).filter(|part| !part.is_empty()).collect();
    let is = |word: &str| parts.iter().any(|part| part.eq_ignore_ascii_case(word));
    let code = parts.last().and_then(|code| code.trim_start_matches("epsg.xml").parse().ok());
    match code {
        Some(code) if is("EPSG") => Ok(SourceCrs::Epsg(code)),
        _ if is("CRS84") => Ok(SourceCrs::Epsg(WGS84)),
        _ => Err(Cause::Crs(name.to_owned())),
    }
}

/// The `crs` member of GeoJSON 2008, still written by most programs.
pub(super) fn of_geojson(member: &Value) -> Result<SourceCrs, Cause> {
    let properties = &member["properties"];
    match (&properties["name"], &properties["code"]) {
        (Value::String(name), _) => named(name),
        (_, Value::Number(code)) => named(&format!("EPSG:{code}")),
        _ if member.is_null() => Ok(SourceCrs::Unstated),
        _ => Err(Cause::Crs(member.to_string())),
    }
}

/// WKT of any dialect: the authority's code of the whole where it has one, else the text.
pub(super) fn of_wkt(wkt: &str) -> SourceCrs {
    let wkt = wkt.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    match (wkt, code_of_wkt(wkt)) {
        ("", _) => SourceCrs::Unstated,
        (_, Some(code)) => SourceCrs::Epsg(code),
        (wkt, None) => named(wkt).unwrap_or_else(|_| SourceCrs::Wkt(wkt.to_owned())),
    }
}

/// `AUTHORITY["EPSG","2154"]` or `ID["EPSG",2154]` directly inside the outermost brackets: deeper ones speak of parts.
fn code_of_wkt(wkt: &str) -> Option<u32> {
    let (mut depth, mut quoted) = (0, false);
    for (index, character) in wkt.char_indices() {
        match character {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' | '(' => {
                depth += 1;
                let word = wkt[..index].trim_end().rsplit(|c: char| !c.is_ascii_alphabetic()).next()?;
                if depth == 2 && ["AUTHORITY", "ID"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
                    let inside = wkt[index + 1..].split([']', ')']).next()?;
                    let mut parts = inside.split(',').map(|part| part.trim().trim_matches('"'));
                    let epsg = parts.next()?.eq_ignore_ascii_case("EPSG");
                    return parts.next()?.parse().ok().filter(|_| epsg);
                }
            }
            ']' | ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// PROJJSON, as GeoParquet has it; `null` says that nothing is known.
pub(super) fn of_projjson(crs: &Value) -> Result<SourceCrs, Cause> {
    let authority = crs["id"]["authority"].as_str().unwrap_or_default();
    let code = match &crs["id"]["code"] {
        Value::String(code) => code.clone(),
        code => code.to_string(),
    };
    match crs {
        Value::Null => Ok(SourceCrs::Unstated),
        Value::Object(_) if authority == "EPSG" || authority == "OGC" => named(&format!("{authority}:{code}")),
        Value::Object(_) => Ok(SourceCrs::Wkt(crs.to_string())),
        Value::String(text) => Ok(of_wkt(text)),
        _ => Err(Cause::Crs(crs.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crs_has_many_spellings() {
        let names = [
            ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326),
            ("OGC:CRS84", 4326),
            ("urn:ogc:def:crs:EPSG::2154", 2154),
            ("urn:ogc:def:crs:EPSG:6.9:2154", 2154),
            ("epsg:2154", 2154),
            ("http://www.opengis.net/def/crs/EPSG/0/2975", 2975),
        ];
        for (name, code) in names {
            assert_eq!(named(name).unwrap(), SourceCrs::Epsg(code), "{name}");
        }
        assert!(named("urn:ogc:def:crs:IGNF::LAMB93").unwrap_err().to_string().contains("LAMB93"));
    }

    #[test]
    fn the_code_of_the_whole_is_not_that_of_a_part() {
        let geographic = r#"GEOGCS["RGF93",DATUM["D",AUTHORITY["EPSG","6171"]],AUTHORITY["EPSG","4171"]]"#;
        let without = format!(r#"PROJCS["[x]",{geographic},UNIT["m",1,AUTHORITY["EPSG","9001"]]]"#);
        assert_eq!(of_wkt(&without), SourceCrs::Wkt(without.clone()));
        let with = format!("{},AUTHORITY[\"EPSG\",\"2154\"]]", &without[..without.len() - 1]);
        assert_eq!(of_wkt(&with), SourceCrs::Epsg(2154));
        assert_eq!(of_wkt(r#"PROJCRS["x",BASEGEOGCRS["y",ID["EPSG",4171]],ID["EPSG",2154]]"#), SourceCrs::Epsg(2154));
        assert_eq!(of_wkt(" \0"), SourceCrs::Unstated);
        let json = serde_json::json!({"id": {"authority": "EPSG", "code": 2154}});
        assert_eq!(of_projjson(&json).unwrap(), SourceCrs::Epsg(2154));
    }
}
