//! Rows that are not as they should be, and tiles of one occupation.

use emprise::commuting::drawn::tile;
use emprise::commuting::workers::Workers;
use emprise::commuting::{CommutingError, Filter};
use emprise::territory::Level;
use emprise::tiles::draw::Drawing;

use super::{ROWS, ask, made, shown, table};

#[test]
fn a_flow_that_is_there_twice_is_one_flow() {
    let once = made(&["01001 01002 450.5", "01002 01001 100"], Vec::new());
    let twice = made(&["01001 01002 200.25", "01002 01001 100", "01001 01002 250.25"], Vec::new());
    assert_eq!((once.flows.len(), twice.flows.len()), (2, 2), "the pair is there once");
    assert_eq!(twice.taken.rows, 3);
    for level in [Level::Commune, Level::Departement] {
        let codes = if level == Level::Commune { "01001" } else { "01" };
        let [one, two] = [&once, &twice].map(|book| ask(book, level, codes, Level::Commune, 400));
        assert_eq!(one.totals, two.totals);
        assert_eq!(shown(&one.outgoing), shown(&two.outgoing), "the threshold is held against the sum");
    }
}

#[test]
fn rows_that_cannot_be_taken_are_counted_and_change_no_sum() {
    let good = ["01001 01002 399.5", "01002 01001 0.25"];
    let bad = ["01001 01002 -0.5", "- 01002 80", "01001 - 80", "01001 02001 -", "01001 03001 1e300", "01001 03001 nan"];
    let book = made(&[&good[..], &bad[..4]].concat(), Vec::new());
    assert_eq!((book.taken.rows, book.taken.negative, book.taken.incomplete), (2, 1, 3));
    assert_eq!(book.flows.total(), made(&good, Vec::new()).flows.total());
    assert_eq!(book.flows.total(), Workers::of(399.75).unwrap(), "fractions are kept to the sum");
    let absurd = made(&[good[0], bad[4]], Vec::new());
    assert_eq!((absurd.taken.rows, absurd.taken.negative), (1, 1), "more than any country's is no count");
}

#[test]
fn who_works_abroad_or_nowhere_known_is_in_the_sums_under_its_name() {
    let book = made(&["01001 99132 500", "01001 BE001 20", "01001 96999 70", "96998 01001 300"], Vec::new());
    let (abroad, unknown) = (book.taken.abroad_workers.count(), book.taken.not_mapped_workers.count());
    assert_eq!((book.taken.abroad, abroad, book.taken.not_mapped, unknown), (2, 520.0, 2, 370.0));
    let portrait = ask(&book, Level::Commune, "01001", Level::Commune, 50);
    assert_eq!(shown(&portrait.outgoing), [("abroad", 520.0), ("commune not known here", 70.0)]);
    assert_eq!(shown(&portrait.incoming), [("commune not known here", 300.0)]);
    assert_eq!((portrait.totals.residents_at_work.count(), portrait.totals.jobs_taken.count()), (590.0, 300.0));
}

#[test]
fn a_tile_of_one_occupation_holds_its_flows_alone() {
    let rows = [
        "01001 02001 car managers 620",
        "01001 02001 car clerks 90",
        "02001 01001 bus clerks 700",
        "01002 02002 car managers 30",
    ];
    let book = made(&ROWS, vec![table("commuting-by-mode", &["home", "workplace", "mode", "occupation"], &["workers"], &rows)]);
    let of = |occupation: &str| Filter { mode: None, occupation: Some(occupation.to_owned()) };
    let flows = |filter: &Filter| -> Vec<(f64, bool)> {
        let baked = book.baked(Level::Commune, filter).unwrap();
        let address = super::tiles::tile_at(10, [615_000.0, 6_605_000.0]);
        let bytes = tile::tile(&baked, address, &Drawing::default());
        assert!(!bytes.is_empty());
        baked.flows.iter().map(|flow| (flow.workers.count(), true)).collect()
    };
    let mut clerks = flows(&of("clerks"));
    clerks.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(clerks, [(90.0, true), (700.0, true)]);
    assert_eq!(flows(&of("managers")), [(620.0, true)], "30 is under the floor");
    let wrong = book.baked(Level::Commune, &of("clerk")).unwrap_err();
    assert!(matches!(&wrong, CommutingError::UnknownWord { nearest: Some(near), .. } if near == "clerks"), "{wrong}");
}
