//! Specificity over HTTP, of the drawn territory.

use super::Server;
use super::fixtures::{Served, served};

fn server() -> Served {
    served(&["territories", "employment"])
}

#[test]
fn classes_are_ranked_with_both_quotients() {
    let (_data, server) = server();
    let answer = server.get("/territories/departement/96/specificity?classes=38");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.text());
    let json = answer.json();
    let rows = json["rows"].as_array().unwrap();
    assert_eq!((rows.len(), json["classes"].as_u64()), (38, Some(38)));
    let first = &rows[0];
    let number = |pointer: &str| first.pointer(pointer).unwrap().as_f64().unwrap();
    assert_eq!(first["rank"], 1);
    assert!((number("/against_whole/quotient") - number("/share") / number("/reference_share")).abs() < 1e-12);
    assert!(number("/against_whole/low") < number("/against_whole/quotient"));
    assert!(number("/against_rest/quotient") > number("/against_whole/quotient"), "it is taken out of what it is compared with");
    let listed = server.get("/territories/departement/96/specificity?classes=38&f=csv");
    assert!(listed.header("content-type").starts_with("text/csv"));
    assert_eq!(listed.text().lines().count(), 39);
    assert_eq!(
        server.get("/territories/departement/96/specificity?reference=departement/96").json()["rows"][0]["against_whole"]["quotient"],
        1.0
    );
    let wrong = [
        ("/territories/departement/96/specificity?classes=12", 400, "write 17, 38, 88 or 732"),
        ("/territories/departement/96/specificity?measure=employes", 400, "did you mean `employees`?"),
        ("/territories/departement/96/specificity?reference=96", 400, "write a level and a code"),
        ("/territories/departement/96/specificity?kappa=-1", 400, "above 0"),
        ("/territories/departement/97/specificity", 404, "did you mean `96`?"),
        ("/territories/town/97/specificity", 404, "is no level"),
    ];
    for (path, status, words) in wrong {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains(words), "{path}: {}", answer.text());
    }
    let bare = super::public();
    let answer = Server::over(bare.path()).get("/territories/commune/00001/specificity");
    assert_eq!((answer.status, &answer.json()["type"]), (404, &"urn:emprise:problem:no-establishments".into()));
}
