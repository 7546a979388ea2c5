//! Profiles and comparisons over HTTP, of the drawn territory.

use emprise::http::state::Options;
use serde_json::{Value, json};

use super::client::{ask, get};
use super::fixtures::{fixtures, served};
use super::{Server, grants_file, options};

const TOKEN: &str = "a-token-of-the-programme";

fn number<'p>(profile: &'p Value, id: &str) -> &'p Value {
    let sections = profile["sections"].as_array().unwrap();
    let mut all = sections.iter().flat_map(|section| section["numbers"].as_array().unwrap());
    all.find(|number| number["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn a_profile_says_each_number_with_its_unit_vintage_source_rank_and_surroundings() {
    let (_data, server) = served(&[]);
    let answer = server.get("/territories/epci/000960011");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.text());
    let profile = answer.json();
    let themes: Vec<&str> =
        profile["sections"].as_array().unwrap().iter().map(|section| section["theme"].as_str().unwrap()).collect();
    let expected = ["people", "accessibility", "land", "labour", "mobility", "charging", "projects"];
    assert!(expected.iter().all(|theme| themes.contains(theme)), "{themes:?}");
    for section in profile["sections"].as_array().unwrap() {
        for number in section["numbers"].as_array().unwrap() {
            let id = &number["id"];
            assert!(number["source"]["vintage"].as_str().is_some_and(|vintage| !vintage.is_empty()), "{id}");
            assert!(number["source"]["publisher"].as_str().is_some(), "{id}");
            assert!(number.get("unit").is_some() && number.get("rank").is_some(), "{id}");
            assert!(number["surroundings"].is_object() && number["of"].as_u64() > Some(0), "{id}");
            let whole = number["known"] == number["of"] && number["value"].is_number();
            assert!(!(whole && number["at_least"] == true), "{id}");
            assert!(number["rank"].is_null() || whole, "{id}: what is not known has no place");
        }
    }
    assert_eq!(profile["surroundings"]["level"], "region");
    let from = profile["around"]["from"]["code"].as_str().unwrap();
    let (pool, catchment) =
        (&profile["around"]["labour_pool"], server.get(&format!("/catchment?site=communes/{from}&within=20")).json());
    assert!(pool["residents_at_work"].as_f64() > Some(1_000.0), "{pool}");
    for name in ["residents_at_work", "commuters_arriving"] {
        assert_eq!(pool[name], catchment[name], "the catchment of the same place");
    }
    assert_eq!(pool["communes"], catchment["communes"].as_array().unwrap().len());
    let page = server.get("/territories/epci/000960011?f=html&lang=fr").text();
    assert!(page.contains("actifs occupés résident à moins de 20 km"), "the labour pool is on paper too");
    let jobs = number(&profile, "jobs");
    assert_eq!((&jobs["unit"], &jobs["rank"]), (&json!("jobs"), &json!({ "rank": 1, "among": 5 })));
    let flows = number(&profile, "commuting-jobs")["value"].as_f64().unwrap();
    assert!((jobs["value"].as_f64().unwrap() / flows - 1.0).abs() < 1e-9, "the census and the flows tell of the same jobs");
    let cars = number(&profile, "electric-cars-share");
    assert_eq!((&cars["at_least"], &cars["rank"]), (&json!(true), &Value::Null), "two communes are secret");
    assert_eq!(number(&profile, "recruitments")["value"], Value::Null, "a part of a département");
    assert!(profile["around"]["nearest"].as_array().unwrap().len() >= 5);
    assert!(profile["commuting"]["incoming"]["shown"].is_array() && profile["specificity"].as_array().unwrap().len() == 8);
    let again = get(server.address, "/territories/epci/000960011", &[("if-none-match", answer.header("etag"))]);
    assert_eq!(again.status, 304);
}

#[test]
fn sums_of_a_level_are_those_of_the_country_and_of_a_merged_commune_too() {
    let (_data, server) = served(&[]);
    let of = |path: &str| server.get(path).json();
    let total = number(&of("/territories/country/FR"), "jobs")["value"].as_f64().unwrap();
    for level in ["commune", "epci", "labour-zone", "departement", "region"] {
        let areas = of(&format!("/territories/{level}?indicator=jobs"));
        let sum: f64 = areas["areas"].as_array().unwrap().iter().map(|area| area["value"].as_f64().unwrap()).sum();
        assert!((sum / total - 1.0).abs() < 1e-12, "{level}: {sum} is not {total}");
    }
    let jobs = of("/territories/commune?indicator=jobs");
    assert_eq!(jobs["indicator"]["source"]["by_merged_commune"], 1);
    let flows = number(&of("/territories/commune/00001"), "commuting-jobs")["value"].as_f64().unwrap();
    let first = jobs["areas"][0]["value"].as_f64().unwrap();
    assert!((first / flows - 1.0).abs() < 1e-6, "both rows of the merged commune: {first} is not {flows}");
    let cars = of("/territories/region?indicator=electric-cars");
    assert_eq!(cars["indicator"]["source"]["not_mapped"], 1);
    let csv = server.get("/territories/region?indicator=electric-cars&f=csv").text();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "code,name,value,at-least,known,of");
    assert!(lines[1].starts_with("98,") && lines[1].ends_with(",true,31,33") && lines.len() == 3, "{csv}");
}

#[test]
fn projects_are_counted_by_theme_and_period_and_contacts_are_for_those_who_may_see_them() {
    let data = fixtures(&[]);
    let grants = Some(grants_file(data.path(), "A", TOKEN, "\"programme-contacts\""));
    let server = Server::with(Options { grants, ..options(data.path()) });
    let all = server.get("/territories/departement/96").json();
    let filter = "?projects=theme%3D'skills'%20AND%20start%20%3E%3D%20DATE('2022-01-01')";
    let some = server.get(&format!("/territories/departement/96{filter}")).json();
    let count = |profile: &Value| number(profile, "funded-projects")["value"].as_f64().unwrap() as usize;
    let listed = |profile: &Value| {
        let layers = profile["projects"].as_array().unwrap();
        layers.iter().find(|layer| layer["layer"] == "funded-projects").unwrap().clone()
    };
    assert!(count(&some) < count(&all) && count(&all) > 10, "{} of {}", count(&some), count(&all));
    for profile in [&all, &some] {
        assert_eq!(listed(profile)["count"], count(profile), "what is counted is what is listed");
    }
    let kept = listed(&some);
    let kept = kept["listed"].as_array().unwrap();
    let fits =
        |project: &Value| project["columns"]["theme"] == "skills" && project["columns"]["start"].as_str() >= Some("2022-01-01");
    assert!(!kept.is_empty() && kept.iter().all(fits), "{kept:?}");
    let narrowed = server.get("/territories/departement?indicator=funded-projects&where=theme%3D'skills'").json();
    let unfiltered = server.get("/territories/departement?indicator=funded-projects").json();
    let of = |answer: &Value| answer["areas"].as_array().unwrap().iter().map(|area| area["value"].as_f64().unwrap()).sum::<f64>();
    assert!(of(&narrowed) < of(&unfiltered) && of(&unfiltered) == 36.0);
    // Two grants are confidential: what is granted is at least the rest.
    assert_eq!(number(&server.get("/territories/country/FR").json(), "project-grants")["at_least"], true);

    for path in ["/territories/departement/96", "/territories/departement/96?f=html", "/collections/funded-projects/items?f=csv"]
    {
        assert!(!server.get(path).text().contains("exemple.invalid"), "{path}");
    }
    assert_eq!(server.get("/collections/programme-contacts/items").status, 404);
    let bearer = format!("Bearer {TOKEN}");
    let granted = get(server.address, "/territories/departement/96", &[("authorization", &bearer)]);
    let contact = &listed(&granted.json())["listed"][0]["contact"];
    assert!(contact["mail"].as_str().unwrap().ends_with("@exemple.invalid"), "{contact}");
    assert!(granted.header("cache-control").contains("private"), "{}", granted.header("cache-control"));
}

#[test]
fn a_polygon_stands_for_the_communes_that_it_holds_half_of() {
    let (_data, server) = served(&[]);
    let circle = |radius: &str| json!({ "point": [3.72, 46.58], "radius": radius }).to_string();
    let post = |body: &str, form: &str| {
        ask(server.address, "POST", &format!("/territories{form}"), &[("content-type", "application/json")], body.as_bytes())
    };
    let answer = post(&circle("9 km"), "");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let profile = answer.json();
    let drawn = profile["drawn"].as_array().unwrap();
    let taken: Vec<&str> = drawn.iter().filter(|cut| cut["taken"] == true).map(|cut| cut["code"].as_str().unwrap()).collect();
    assert!(taken.len() >= 2 && taken.len() < drawn.len(), "some are cut: {drawn:?}");
    for cut in drawn {
        let share = cut["share"].as_f64().unwrap();
        assert!(share > 0.0 && share <= 1.0 && cut["taken"] == (share >= 0.5), "{cut}");
    }
    let mut codes = taken.clone();
    codes.sort_unstable();
    let listed = server.get(&format!("/territories/custom/{}", codes.join(","))).json();
    assert_eq!(listed["sections"], profile["sections"], "the same communes by their codes");
    assert!(post(&circle("9 km"), "?f=html&lang=fr").text().contains("Portrait de territoire"));
    let small = post(&circle("200 m"), "");
    assert_eq!((small.status, &small.json()["type"]), (422, &"urn:emprise:problem:polygon".into()), "{}", small.text());
    assert!(small.json()["detail"].as_str().unwrap().contains("it holds"), "{}", small.text());
}

#[test]
fn territories_stand_side_by_side() {
    let (_data, server) = served(&[]);
    let path = "/territories/compare?territories=epci/000960011;departement/00;country/FR";
    let compared = server.get(path).json();
    assert_eq!(compared["territories"].as_array().unwrap().len(), 3);
    let row = |id: &str| -> Value {
        let sections = compared["sections"].as_array().unwrap();
        let mut rows = sections.iter().flat_map(|section| section["rows"].as_array().unwrap());
        rows.find(|row| row["id"] == id).unwrap().clone()
    };
    for (place, own) in ["epci/000960011", "departement/00", "country/FR"].iter().enumerate() {
        let profile = server.get(&format!("/territories/{own}")).json();
        for id in ["population", "unemployment-rate", "junction-distance", "self-containment-jobs", "charging-power"] {
            assert_eq!(row(id)["figures"][place]["value"], number(&profile, id)["value"], "{own} {id}");
        }
    }
    let page = server.get(&format!("{path}&f=html&lang=fr"));
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text().contains("<svg class=\"bar\"") && page.text().contains("Territoires côte à côte"));
    for wrong in ["", "commune/00001", "a/1;b/2", "commune/00001;commune/00001x", "1;2;3;4;5;6"] {
        let answer = server.get(&format!("/territories/compare?territories={wrong}"));
        assert!(matches!(answer.status, 400 | 404), "{wrong}: {}", answer.text());
    }
}

#[test]
fn a_dossier_is_one_page_in_each_language() {
    let (_data, server) = served(&[]);
    for (lang, words) in
        [("fr", ["Marché du travail", "Rang", "non disponible"]), ("en", ["Labour market", "Rank", "not available"])]
    {
        let page = server.get(&format!("/territories/epci/000000018?f=html&lang={lang}"));
        let text = page.text();
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        assert!(words.iter().all(|word| text.contains(word)), "{lang}");
        assert!(!text.contains("<script") && !text.contains(" style=") && text.contains("<svg class=\"map\""), "{lang}");
    }
    for (path, status, kind) in [
        ("/territories/epci/1", 404, "unknown-territory"),
        ("/territories/town/1", 404, "unknown-territory"),
        ("/territories/epci/000960011?projects=nosuch%3D1", 400, "parameter"),
        ("/territories/epci?indicator=popluation", 404, "unknown-indicator"),
        ("/territories/epci?where=a%3D1", 400, "parameter"),
        ("/territories/custom/", 404, "unknown-address"),
        ("/territories/custom/xx", 404, "unknown-territory"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, &answer.json()["type"]), (status, &format!("urn:emprise:problem:{kind}").into()), "{path}");
    }
}
