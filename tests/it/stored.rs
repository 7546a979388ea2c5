//! Measures as bytes: what is read back answers like what was measured, and what does not check is refused.

use emprise::atlas::{Atlas, Rights};
use emprise::siting::land::Land;
use emprise::siting::memo::Memo;
use emprise::siting::spec::Spec;
use emprise::siting::spec::read::read;
use emprise::siting::stored::{Origin, StoredError, load, save};
use emprise::siting::study;
use emprise::siting::work::Work;

use crate::harness::Dice;
use crate::siting::{atlas_of, valley};

fn answer(spec: &Spec, atlas: &Atlas, memo: &Memo) -> (String, (u64, u64)) {
    let (rights, work) = (Rights::All, Work::default());
    let answer =
        study(&Land::prepare(spec, atlas.view(&rights), memo, &work).unwrap(), memo, &work).unwrap().answer(&work).unwrap();
    (serde_json::to_string(&answer).unwrap(), work.progress())
}

fn origin() -> Origin<'static> {
    Origin { program: blake3::hash(b"this program"), snapshot: "drawn" }
}

fn valley_atlas() -> Atlas {
    Atlas::from_layers("drawn".into(), valley())
}

const VALLEY: &str = "
emprise: 1
candidates: { layers: [plots] }
criteria:
  area: { kind: area, required: '>= 2 ha', value: { 0 ha: 0, 4 ha: 1 } }
  junction: { kind: proximity, to: junctions, value: { 0 m: 1, 500 m: 0 }, weight: 3 }
  stage: { kind: attribute, column: stage, value: { on sale: 1 } }
";

#[test]
fn a_restart_measures_nothing_twice_and_answers_the_same() {
    let (rights, mut dice) = (Rights::All, Dice(31));
    let questions: Vec<Spec> = (0..12).map(|_| read(&crate::decision::question(&mut dice)).unwrap()).collect();
    let (before, memo) = (atlas_of(31), Memo::default());
    let cold: Vec<String> = questions.iter().map(|spec| answer(spec, &before, &memo).0).collect();
    let origin = Origin { snapshot: before.view(&rights).snapshot_id(), ..origin() };
    let bytes = save(&memo, before.view(&rights), origin);
    assert_eq!(bytes, save(&memo, before.view(&rights), origin), "the same bytes each time");

    let (after, restored) = (atlas_of(31), Memo::default());
    let began = std::time::Instant::now();
    let columns = load(&bytes, &restored, after.view(&rights), origin).unwrap();
    eprintln!("{columns} columns, {} bytes read in {:?}", bytes.len(), began.elapsed());
    assert!(columns >= 3 && restored.bytes() > 0);
    for (spec, cold) in questions.iter().zip(&cold) {
        let (warm, progress) = answer(spec, &after, &restored);
        assert_eq!((&warm, progress), (cold, (0, 0)));
    }
    assert_eq!(save(&restored, after.view(&rights), origin), bytes);
}

#[test]
fn every_cut_and_every_flipped_bit_is_refused() {
    let (atlas, memo, rights) = (valley_atlas(), Memo::default(), Rights::All);
    answer(&read(VALLEY).unwrap(), &atlas, &memo);
    let view = atlas.view(&rights);
    let bytes = save(&memo, view, origin());
    assert!(load(&bytes, &Memo::default(), view, origin()).unwrap() > 0);
    let refused = |bytes: &[u8]| {
        let memo = Memo::default();
        let refused = load(bytes, &memo, view, origin());
        assert_eq!(memo.bytes(), 0, "nothing of it is taken");
        refused.unwrap_err()
    };
    for length in 0..bytes.len() {
        assert_eq!(refused(&bytes[..length]), StoredError::Damaged, "{length}");
    }
    for bit in 0..8 * bytes.len() {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(refused(&flipped), StoredError::Damaged, "{bit}");
    }
}

#[test]
fn a_hostile_file_whose_hash_is_right_is_refused_or_read_and_never_a_panic() {
    let (atlas, memo, rights) = (valley_atlas(), Memo::default(), Rights::All);
    answer(&read(VALLEY).unwrap(), &atlas, &memo);
    let view = atlas.view(&rights);
    let bytes = save(&memo, view, origin());
    let content = &bytes[..bytes.len() - 32];
    let signed = |content: &[u8]| [content, blake3::hash(content).as_bytes()].concat();
    for length in 0..content.len() {
        assert!(load(&signed(&content[..length]), &Memo::default(), view, origin()).is_err(), "{length}");
    }
    assert!(load(&signed(&[content, b"more"].concat()), &Memo::default(), view, origin()).is_err());
    let mut dice = Dice(5);
    for place in 0..content.len() {
        let mut wrong = content.to_vec();
        wrong[place] = (256.0 * dice.roll()) as u8;
        let _ = load(&signed(&wrong), &Memo::default(), view, origin());
        wrong[place] = 0xff;
        let _ = load(&signed(&wrong), &Memo::default(), view, origin());
    }
}

#[test]
fn measures_of_another_program_or_snapshot_are_refused() {
    let (atlas, memo, rights) = (valley_atlas(), Memo::default(), Rights::All);
    answer(&read(VALLEY).unwrap(), &atlas, &memo);
    let view = atlas.view(&rights);
    let bytes = save(&memo, view, origin());
    let load = |origin| load(&bytes, &Memo::default(), view, origin).unwrap_err();
    assert_eq!(load(Origin { program: blake3::hash(b"another"), ..origin() }), StoredError::Program);
    assert_eq!(load(Origin { snapshot: "other", ..origin() }), StoredError::Snapshot);
}
