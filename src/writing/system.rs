//! How files name a reference system: well-known text of 2001 (OGC 01-009), as the EPSG registry has it.

use crate::geometry::reference::Reference;
use crate::geometry::territory::Projection;

const GRS80: &str = r#"SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]]"#;
const WGS84: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]"#;
const METRES: &str = r#"UNIT["metre",1,AUTHORITY["EPSG","9001"]]"#;
const EAST_NORTH: &str = r#"AXIS["Easting",EAST],AXIS["Northing",NORTH]"#;

/// The definition of a system. Files hold easting (longitude) before northing (latitude), whatever the axes say here.
pub fn wkt(system: Reference) -> String {
    let (name, code) = (system.name(), system.code());
    match system {
        Reference::Crs84 | Reference::Wgs84 => WGS84.to_owned(),
        Reference::Mercator => projected(
            WGS84,
            (name, code),
            r#"PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0]"#,
            r#"AXIS["Easting",EAST],AXIS["Northing",NORTH],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"]"#,
        ),
        Reference::Europe => projected(
            &geographic("ETRS89", "European_Terrestrial_Reference_System_1989", 6258, 4258),
            (name, code),
            r#"PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["latitude_of_center",52],PARAMETER["longitude_of_center",10],PARAMETER["false_easting",4321000],PARAMETER["false_northing",3210000]"#,
            r#"AXIS["Northing",NORTH],AXIS["Easting",EAST]"#,
        ),
        Reference::Of(frame) => {
            let datum = datum(code);
            let projection = match frame.territory().projection {
                Projection::Lambert93 => r#"PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["latitude_of_origin",46.5],PARAMETER["central_meridian",3],PARAMETER["standard_parallel_1",49],PARAMETER["standard_parallel_2",44],PARAMETER["false_easting",700000],PARAMETER["false_northing",6600000]"#.to_owned(),
                Projection::Utm { zone, south } => format!(
                    r#"PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{}],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",{}]"#,
                    i32::from(zone) * 6 - 183,
                    if south { 10_000_000 } else { 0 }
                ),
            };
            projected(&datum, (name, code), &projection, EAST_NORTH)
        }
    }
}

fn projected(base: &str, (name, code): (&str, u32), projection: &str, axes: &str) -> String {
    format!(r#"PROJCS["{name}",{base},{projection},{METRES},{axes},AUTHORITY["EPSG","{code}"]]"#)
}

fn geographic(name: &str, datum: &str, datum_code: u32, code: u32) -> String {
    format!(
        r#"GEOGCS["{name}",DATUM["{datum}",{GRS80},AUTHORITY["EPSG","{datum_code}"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","{code}"]]"#
    )
}

/// The geographic system beneath a territory's.
fn datum(code: u32) -> String {
    match code {
        5490 => geographic("RGAF09", "Reseau_Geodesique_des_Antilles_Francaises_2009", 1073, 5489),
        2972 => geographic("RGFG95", "Reseau_Geodesique_Francais_Guyane_1995", 6624, 4624),
        2975 => geographic("RGR92", "Reseau_Geodesique_de_la_Reunion_1992", 6627, 4627),
        4471 => geographic("RGM04", "Reseau_Geodesique_de_Mayotte_2004", 1036, 4470),
        4467 => geographic("RGSPM06", "Reseau_Geodesique_de_Saint_Pierre_et_Miquelon_2006", 1038, 4463),
        _ => geographic("RGF93 v1", "Reseau_Geodesique_Francais_1993_v1", 6171, 4171),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proj::Proj;

    #[test]
    fn proj_reads_each_definition_as_the_system_itself() {
        for system in Reference::all() {
            let (lon, lat) = match system {
                Reference::Of(frame) => {
                    let [west, south, east, north] = frame.territory().area_of_use;
                    (0.3 * west + 0.7 * east, 0.6 * south + 0.4 * north)
                }
                _ => (4.0, 46.0),
            };
            let projected = |to: &str| Proj::new_known_crs("EPSG:4326", to, None).unwrap().convert((lon, lat)).unwrap();
            let (by_text, by_code): ((f64, f64), (f64, f64)) =
                (projected(&wkt(system)), projected(&format!("EPSG:{}", system.code())));
            assert!(
                (by_text.0 - by_code.0).abs() < 1e-6 && (by_text.1 - by_code.1).abs() < 1e-6,
                "{system:?} {by_text:?} {by_code:?}"
            );
        }
    }
}
