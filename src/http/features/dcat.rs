//! The catalogue as DCAT-AP 3 in JSON-LD: what harvesters of open data read.

use serde_json::{Value, json};

use crate::atlas::Layer;
use crate::http::address::Address;
use crate::http::caller::Caller;
use crate::http::features::asked::encoded;
use crate::http::features::form::Form;
use crate::layer::definition::Text;

pub const MEDIA_TYPE: &str = "application/ld+json";

/// Where IANA names media types: DCAT-AP wants them by address (§ Distribution, dcat:mediaType).
const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types/";

/// The datasets that the caller sees, each with a distribution a form.
pub fn catalogue(caller: &Caller, address: &Address) -> Value {
    let datasets: Vec<Value> = caller.view().layers().map(|layer| dataset(layer, address)).collect();
    json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "locn": "http://www.w3.org/ns/locn#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            "geosparql": "http://www.opengis.net/ont/geosparql#",
        },
        "@id": format!("{}/provenance?f=dcat", address.0),
        "@type": "dcat:Catalog",
        "dct:title": [{ "@value": "Emprise", "@language": "en" }],
        "dct:description": [
            { "@value": "Les données d'un moteur spatial du foncier industriel", "@language": "fr" },
            { "@value": "The data of a spatial engine for industrial land", "@language": "en" },
        ],
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": "Emprise" },
        "foaf:homepage": { "@id": format!("{}/", address.0) },
        "dcat:dataset": datasets,
    })
}

fn dataset(layer: &Layer, address: &Address) -> Value {
    let (definition, source) = (layer.definition(), &layer.definition().source);
    let own = format!("{}/collections/{}", address.0, encoded(&definition.id));
    let mut json = json!({
        "@id": own,
        "@type": "dcat:Dataset",
        "dct:identifier": definition.id,
        "dct:title": words(&definition.title),
        "dct:description": words(definition.description.as_ref().unwrap_or(&definition.title)),
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": source.publisher },
        "dct:source": { "@id": source.address },
        "dcat:landingPage": { "@id": own },
        "dct:issued": typed_date(&source.vintage),
        "dct:provenance": { "@type": "dct:ProvenanceStatement", "dct:description": processing(layer) },
        "dcat:distribution": Form::ALL.iter().filter(|form| form.is_file()).map(|&form| distribution(layer, &own, form)).collect::<Vec<_>>(),
    });
    if let Some(frequency) = frequency(&source.refresh) {
        json["dct:accrualPeriodicity"] =
            json!({ "@id": format!("http://publications.europa.eu/resource/authority/frequency/{frequency}") });
    }
    if let Some([west, south, east, north]) = layer.extent_lonlat() {
        let ring = format!("POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))");
        json["dct:spatial"] = json!({
            "@type": "dct:Location",
            "dcat:bbox": { "@value": ring, "@type": "geosparql:wktLiteral" },
        });
    }
    json
}

fn distribution(layer: &Layer, own: &str, form: Form) -> Value {
    let source = &layer.definition().source;
    let licence = source.licence_url.as_ref().map_or(
        json!({ "@type": "dct:LicenseDocument", "dct:title": source.licence }),
        |url| json!({ "@id": url, "@type": "dct:LicenseDocument", "dct:title": source.licence }),
    );
    let file = format!("{own}/items?f={}", form.word());
    json!({
        "@id": file,
        "@type": "dcat:Distribution",
        "dct:title": form.word(),
        "dcat:accessURL": { "@id": format!("{own}/items") },
        "dcat:downloadURL": { "@id": file },
        "dcat:mediaType": { "@id": format!("{MEDIA_TYPES}{}", form.media_type().split(';').next().unwrap_or_default()) },
        "dct:license": licence,
    })
}

fn words(text: &Text) -> Value {
    json!([{ "@value": text.fr, "@language": "fr" }, { "@value": text.en, "@language": "en" }])
}

/// A year, a month or a day, each of its own type.
fn typed_date(vintage: &str) -> Value {
    let kind = match vintage.len() {
        4 => "xsd:gYear",
        7 => "xsd:gYearMonth",
        _ => "xsd:date",
    };
    json!({ "@value": vintage, "@type": kind })
}

/// What was done to the published rows, in one sentence.
pub fn processing(layer: &Layer) -> String {
    let counts = &layer.entry().counts;
    format!(
        "{} rows were read; {} were left out by definition, {} were rejected with their reason, {} geometries were repaired; \
         coordinates were projected to the territory's own system.",
        counts.read, counts.filtered, counts.rejected, counts.repaired
    )
}

/// The European vocabulary's word for a duration.
fn frequency(refresh: &str) -> Option<&'static str> {
    Some(match refresh {
        "P1D" => "DAILY",
        "P1W" | "P7D" => "WEEKLY",
        "P1M" => "MONTHLY",
        "P2M" => "BIMONTHLY",
        "P3M" => "QUARTERLY",
        "P6M" => "ANNUAL_2",
        "P1Y" => "ANNUAL",
        "P2Y" => "BIENNIAL",
        "P3Y" => "TRIENNIAL",
        "P5Y" => "QUINQUENNIAL",
        "never" => "NEVER",
        _ => return None,
    })
}
