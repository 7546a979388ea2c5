//! What a snapshot says about itself: `manifest.json`.

use serde::{Deserialize, Serialize};

use crate::layer::definition::LayerDefinition;

/// Version of the folder's layout. A program reads its own version and no other.
pub const FORMAT: u32 = 1;

/// The content of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    /// Name and version of the program that wrote it.
    pub program: String,
    /// When it was written, RFC 3339. Not part of the identity: equal input gives an equal id.
    pub created: String,
    /// In the order of their ids.
    pub layers: Vec<LayerEntry>,
    /// BLAKE3 of the manifest's own bytes with this field empty: a flipped byte of the manifest shows here.
    pub check: String,
}

/// One layer of the snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerEntry {
    pub definition: LayerDefinition,
    pub files: Vec<DataFile>,
    pub counts: Counts,
    pub problems: Vec<Problem>,
    pub sources: Vec<SourceEntry>,
    /// West, south, east, north in degrees; `None` without any geometry.
    pub extent_lonlat: Option<[f64; 4]>,
}

/// One FlatGeobuf of a layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataFile {
    /// From the snapshot's folder: `layers/<layer>[.<territory>].fgb`.
    pub path: String,
    /// Key of the territory whose CRS the coordinates are in; `None` for rows without geometry.
    pub territory: Option<String>,
    pub bytes: u64,
    /// Lowercase hexadecimal.
    pub blake3: String,
    pub features: u64,
    pub extent_lonlat: Option<[f64; 4]>,
}

/// Where every row of the sources went: `read = kept + repaired + rejected + filtered`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub read: u64,
    /// Kept with its geometry as it was.
    pub kept: u64,
    /// Kept with a repaired geometry.
    pub repaired: u64,
    /// In `rejects/`, with a reason.
    pub rejected: u64,
    /// Not asked for by the layer's `only`.
    pub filtered: u64,
}

impl Counts {
    /// The rows that became features.
    pub fn features(&self) -> u64 {
        self.kept + self.repaired
    }

    pub fn balanced(&self) -> bool {
        self.read == self.kept + self.repaired + self.rejected + self.filtered
    }
}

/// A source file as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceEntry {
    pub name: String,
    pub bytes: u64,
    /// Of the file on disk: of the archive where the source is a member of one. Lowercase hexadecimal.
    pub blake3: String,
    /// `EPSG:2154`, or the name of the file's own description.
    pub crs: String,
    pub encoding: String,
}

/// One kind of fault in a layer, counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    pub kind: ProblemKind,
    pub count: u64,
    pub column: Option<String>,
    /// The first one met, in words.
    pub example: Option<String>,
}

/// What can be wrong with a row or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    // The row is rejected.
    UnreadableRow,
    DuplicateKey,
    WrongGeometryType,
    NotFinite,
    TooFewPoints,
    InvalidGeometry,
    RepairTooLarge,
    OutsideEveryTerritory,
    AxisSwapped,
    Unprojectable,
    // The row is kept.
    MissingColumn,
    UnreadableCell,
    UnlistedWord,
    Secret,
    PaddedCode,
    RecodedText,
    MissingKey,
    KeptDuplicate,
    MissingGeometry,
    ImplausiblePosition,
    ContradictedPosition,
    Repaired,
    ClosedRing,
    RepeatedPoint,
    DroppedZ,
    ExplodedCollection,
    DroppedMember,
    ReplacedByPoint,
}

impl ProblemKind {
    /// Whether a row with this problem is in `rejects/` and not in the layer.
    pub fn rejects(self) -> bool {
        use ProblemKind as P;
        matches!(
            self,
            P::UnreadableRow
                | P::DuplicateKey
                | P::WrongGeometryType
                | P::NotFinite
                | P::TooFewPoints
                | P::InvalidGeometry
                | P::RepairTooLarge
                | P::OutsideEveryTerritory
                | P::AxisSwapped
                | P::Unprojectable
        )
    }

    /// In words, for reports and rejects.
    pub fn words(self) -> &'static str {
        use ProblemKind as P;
        match self {
            P::UnreadableRow => "unreadable row",
            P::DuplicateKey => "key already taken",
            P::WrongGeometryType => "geometry of another type than the layer's",
            P::NotFinite => "coordinate that is no number",
            P::TooFewPoints => "too few different points",
            P::InvalidGeometry => "invalid geometry",
            P::RepairTooLarge => "repair would change the area too much",
            P::OutsideEveryTerritory => "outside every territory",
            P::AxisSwapped => "axis swapped? latitude before longitude",
            P::Unprojectable => "position without a place in the territory's CRS",
            P::MissingColumn => "column absent from the file",
            P::UnreadableCell => "cell that does not read as its type",
            P::UnlistedWord => "word outside the layer's vocabulary",
            P::Secret => "value kept secret by the publisher, taken as unknown",
            P::PaddedCode => "code without its leading zeros",
            P::RecodedText => "text in another encoding than the file's",
            P::MissingKey => "no value for the key: numbered instead",
            P::KeptDuplicate => "key already taken, kept",
            P::MissingGeometry => "no geometry",
            P::ImplausiblePosition => "position where no land is, taken as unknown",
            P::ContradictedPosition => "position in another territory than the commune's code says",
            P::Repaired => "invalid geometry, repaired",
            P::ClosedRing => "open ring, closed",
            P::RepeatedPoint => "repeated points, dropped",
            P::DroppedZ => "heights or measures, dropped",
            P::ExplodedCollection => "geometry collection, exploded",
            P::DroppedMember => "parts without extent or of another type, dropped",
            P::ReplacedByPoint => "line or surface, replaced by a point on it",
        }
    }
}

impl Manifest {
    pub fn new(created: String, mut layers: Vec<LayerEntry>) -> Manifest {
        layers.sort_by(|a, b| a.definition.id.cmp(&b.definition.id));
        let program = concat!("emprise ", env!("CARGO_PKG_VERSION")).to_owned();
        let mut manifest = Manifest { format: FORMAT, program, created, layers, check: String::new() };
        manifest.check = manifest.own_hash();
        manifest
    }

    /// The bytes of `manifest.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Maps have text keys and numbers are finite or null: nothing here that JSON cannot hold.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// What [`Manifest::check`] must be.
    pub fn own_hash(&self) -> String {
        let unsigned = Manifest { check: String::new(), ..self.clone() };
        blake3::hash(&unsigned.to_bytes()).to_hex().to_string()
    }

    /// The snapshot's name: 16 hexadecimal digits of the content, whenever it was written.
    pub fn id(&self) -> String {
        let timeless = Manifest { check: String::new(), created: String::new(), ..self.clone() };
        blake3::hash(&timeless.to_bytes()).to_hex()[..16].to_owned()
    }

    /// Every file of the snapshot but the manifest.
    pub fn files(&self) -> impl Iterator<Item = &DataFile> {
        self.layers.iter().flat_map(|layer| &layer.files)
    }

    pub fn layer(&self, id: &str) -> Option<&LayerEntry> {
        self.layers.iter().find(|layer| layer.definition.id == id)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::layer::catalogue;

    pub fn sample(created: &str) -> Manifest {
        let definition = catalogue::parse(
            r#"
            id = "sheds"
            title = { fr = "Hangars", en = "Sheds" }
            role = "infrastructure"
            visibility = "public"
            geometry = "point"
            precision_m = 10.0
            files = ["sheds*.csv"]
            source = { publisher = "P", licence = "L", address = "https://example.org", vintage = "2024", refresh = "P1Y" }
            columns.height = { from = ["H"], type = "number", unit = "m" }
            "#,
            "sheds",
        );
        let entry = LayerEntry {
            definition: definition.unwrap(),
            files: Vec::new(),
            counts: Counts { read: 3, kept: 1, repaired: 1, rejected: 1, filtered: 0 },
            problems: vec![Problem { kind: ProblemKind::NotFinite, count: 1, column: None, example: Some("row 2".into()) }],
            sources: Vec::new(),
            extent_lonlat: Some([0.1, 45.0, 0.30000000000000004, 46.0]),
        };
        Manifest::new(created.to_owned(), vec![entry])
    }

    #[test]
    fn the_identity_is_the_content_without_its_date() {
        let (morning, evening) = (sample("2026-01-01T08:00:00Z"), sample("2026-01-01T20:00:00Z"));
        assert_eq!(morning.id(), evening.id());
        assert_ne!(morning.check, evening.check);
        assert_eq!(morning.check, morning.own_hash());
    }

    #[test]
    fn a_manifest_reads_back_byte_for_byte() {
        let mut manifest = sample("2026-01-01T08:00:00Z");
        // Each of these is off by one bit where numbers are read in haste.
        manifest.layers[0].extent_lonlat = Some([1.0715086071862673e-16, -20.879999999999992, 9.007199254740993e15, 0.1 + 0.2]);
        let back: Manifest = serde_json::from_slice(&manifest.to_bytes()).unwrap();
        assert_eq!(back, manifest);
        assert_eq!(back.to_bytes(), manifest.to_bytes());
    }
}
