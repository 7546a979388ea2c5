//! Flows over HTTP, of the drawn territory: answers, tiles, what a wrong address is told.

use super::Server;
use super::client::get;
use super::fixtures::{Served, served};

fn server() -> Served {
    served(&["territories", "commuting"])
}

#[test]
fn flows_are_answered_and_drawn() {
    let (_data, server) = server();
    let answer = server.get("/commuting/departement/96?by=commune&min=50");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.text());
    let json = answer.json();
    let number = |pointer: &str| json.pointer(pointer).unwrap().as_f64().unwrap();
    assert!(number("/totals/internal") > 1_000.0 && number("/threshold/caution_below") == 200.0);
    let shown: f64 =
        json["outgoing"]["shown"].as_array().unwrap().iter().map(|partner| partner["workers"].as_f64().unwrap()).sum();
    assert!((shown + number("/outgoing/hidden/workers") - number("/outgoing/total")).abs() < 1e-6);
    assert!(json["source"]["not_mapped"].as_u64().unwrap() > 0, "a place that is in no file of communes");
    assert!(json["modes"]["residents"][0]["mode"].is_string());

    let described = server.get("/tiles/commuting.json?mode=car").json();
    let address = described["tiles"][0].as_str().unwrap();
    assert!(
        address.starts_with("http://test/tiles/commuting/{z}/{x}/{y}.mvt?edition=") && address.ends_with("&mode=car"),
        "{address}"
    );
    let path = address.trim_start_matches("http://test").replace("{z}/{x}/{y}", &super::tile_at(9, 3.6, 46.6));
    let tile = get(server.address, &path, &[("accept-encoding", "gzip")]);
    assert_eq!((tile.status, tile.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    assert!(tile.header("cache-control").contains("immutable"), "{:?}", tile.headers);
    assert_eq!(get(server.address, &path, &[("if-none-match", tile.header("etag"))]).status, 304);
    let whole = server.get(&format!("/tiles/commuting/{}.mvt", super::tile_at(9, 3.6, 46.6)));
    assert!(whole.body.len() > tile.gunzipped().len(), "all go by more than the car");
    let managers = "occupation=managers%20and%20professionals";
    let described = server.get(&format!("/tiles/commuting.json?{managers}")).json();
    assert!(described["tiles"][0].as_str().unwrap().ends_with(&format!("&{managers}")), "{}", described["tiles"]);
    let few = server.get(&format!("/tiles/commuting/{}.mvt?{managers}", super::tile_at(9, 3.6, 46.6)));
    assert!(few.status == 204 || few.status == 200 && few.body.len() < whole.body.len(), "managers are some of all");
    let near = super::tile_at(9, 3.6, 46.6);
    assert_eq!(server.get(&format!("/tiles/commuting/{near}.mvt?occupation=managers")).status, 400);
    assert_eq!(server.get("/tiles/commuting/9/0/0.mvt").status, 204);
    let near = super::tile_at(10, 3.6, 46.6);
    let all = server.get(&format!("/tiles/commuting/{near}.mvt"));
    let one = server.get(&format!("/tiles/commuting/{near}.mvt?territory=commune/00001&direction=in"));
    assert_eq!(all.status, 200);
    assert!([200, 204].contains(&one.status) && one.body.len() < all.body.len());
    assert_eq!(server.get("/tiles/communes.json").status, 200, "layers are where they were");
}

#[test]
fn a_wrong_question_is_told_why() {
    let (_data, server) = server();
    let cases = [
        ("/commuting/departments/96", 404, "did you mean `departement`?"),
        ("/commuting/departement/69", 404, "there is no department `69`; did you mean `96`?"),
        ("/commuting/commune/00001?min=10", 400, "flows under 50 workers are not shown"),
        ("/commuting/commune/00001?mode=boat", 400, "there is no mode `boat`"),
        ("/commuting/commune/00001?form=x", 400, "unknown field"),
        ("/commuting/custom/00001,75056", 404, "there is no commune `75056`"),
        ("/tiles/commuting/9/0/0.mvt?territory=00001", 400, "write its level and its code"),
        ("/tiles/commuting/9/0/0.mvt?territory=commune/00001&direction=up", 400, "write in, out or both"),
        ("/tiles/commuting/9/0/9999.mvt", 404, "out of range"),
        ("/tiles/commuting.json?mode=boat", 400, "there is no mode `boat`"),
    ];
    for (path, status, words) in cases {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains(words), "{path}: {}", answer.text());
    }
    let bare = super::public();
    let answer = Server::over(bare.path()).get("/commuting/commune/00001");
    assert_eq!((answer.status, &answer.json()["type"]), (404, &"urn:emprise:problem:no-commuting".into()));
}
