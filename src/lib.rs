//! Emprise: a spatial engine for industrial land.
//!
//! *Emprise*: in French, the footprint of a plot of land; in old English, a bold undertaking.
//!
//! # In one breath
//! Official files go in through [`ingest`], which writes a [`snapshot`]: a folder that never changes. An [`atlas`] opens it in
//! memory: typed columns, exact geometry, an R-tree a layer. [`siting`] turns a specification into a ranking with its reasons,
//! [`zoning`] says what bears on a plot, [`tiles`] turns layers into vector tiles. [`http`] and [`commands`] are two thin doors to the same functions.
//!
//! # The house
//! Imports point down, siblings do not know each other; a test names the offending line.
//!
//! | floor | module | what |
//! |---|---|---|
//! | 8 | [`commands`] | `run ingest inspect verify site check commuting territory tile publish serve schema`: arguments and one function each |
//! | 7 | [`http`] | `router.rs` is the API at a glance; one file per resource |
//! | 6 | [`profile`] | a territory in numbers, each with its rank, its surroundings and its source; several side by side |
//! | 5 | [`siting`] | specification → candidates → measures → rules → ranking → explanation |
//! | 5 | [`commuting`] | flows between home and work → sums at any level → a territory's answer, flow tiles |
//! | 5 | [`choropleth`] | a number of territories → classes and a legend → columns beside their geometry |
//! | 4 | [`territory`] | communes → EPCI, Territoire d'industrie, labour zone, département, région; what a code stands for; numbers of all of them |
//! | 4 | [`zoning`] | a plot → every constraint inside or near → the rules that speak of it → effects, sources, what is unknown |
//! | 4 | [`writing`] | rows → CSV, GeoJSON, FlatGeobuf, GeoPackage, GeoParquet, in a reference system |
//! | 4 | [`tiles`] | simplify → query → clip → quantise → encode → compress; a cache around it |
//! | 3 | [`atlas`] | one opened snapshot in memory, seen through a caller's rights |
//! | 3 | [`ingest`] | match → read → normalise → check → reproject → write, with a report |
//! | 2 | [`snapshot`] | the folder on disk and nothing else |
//! | 2 | [`paper`] | a page to print: its frame, words, numbers and maps |
//! | 1 | [`layer`] | the vocabulary: definitions, columns, values, filters |
//! | 0 | [`geometry`] | units, territories, projections, distances, overlaps, areas |
//!
//! # What never happens
//! - No coordinate without a known CRS. In memory all are metres on one plane that the territories share
//!   ([`geometry::territory`]); degrees are a type of their own; Web Mercator exists in [`tiles`] only and is never measured in.
//! - No reported metre that is a map's metre: lengths and areas are those of the GRS80 ellipsoid ([`geometry::scale`]), unless a
//!   specification says `metric: plane` to be compared with tools that measure there.
//! - No distance from a centroid, unless a criterion says so by name.
//! - No unknown that counts as a pass, or as zero.
//! - No answer that says "allowed": what the data does not forbid is to be checked, or not available ([`zoning::effect`]).
//! - No explanation beside the score: the score is the fold of its explanation, made once, shown everywhere.
//! - No layer without its caller's rights: the atlas gives layers out through a [`atlas::View`] only.
//! - No I/O above floor 3 once an atlas is open, but in files of tiles ([`tiles::archive`]); no failure after a specification is resolved.
//! - No source file read by a server, no snapshot changed in place: a new one is written beside and published by one rename.
//! - No dataset in the code: official names, units and words live in `layers/*.toml`, distances and legal references in `rules/*.toml`.
//!
//! # Two walks through it
//! **A tile**, `GET /tiles/business-plots/12/2080/1445.mvt`: `http` reads the address and the caller's rights, and asks the cache
//! with the snapshot's id, the rights and the encoding. On a miss [`tiles::draw`] finds the rows that meet the tile in the layer's R-tree,
//! drops the vertices that do not matter at this zoom (their importance was computed once, per shared arc, so that neighbours
//! never gape), clips, rounds to the tile's grid, encodes and compresses. A zoom whose heaviest tile would exceed the layer's budget is
//! thinned as a whole ([`tiles::draw`]). The body is kept as it was sent; who asks meanwhile waits for it, and who leaves stops it.
//!
//! **A siting question**, `emprise site specs/logistics-platform.yaml`: the text becomes a specification, in which unknown
//! keys are errors; resolving it against the view turns names into layers and quantities into metres, or fails with the nearest name.
//! The cheapest and most selective requirement runs first, the next only over its survivors. Each measure is a column with a
//! witness (which feature, between which points); a rule turns it into pass, fail or unknown, and a value between 0 and 1. Contributions
//! in fixed point sum to the score, exactly. What was measured stays in a memo, a column a measure and layer, so that another
//! threshold, weight or value function is a scan, and "what should give?" or "why not this one?" reads what is there. The same answer becomes a table, JSON, a map, a file for a GIS or a dossier to print.
//!
//! # Decisions that might surprise
//! - **One plane for six territories.** Each territory keeps its own CRS and is shifted east by a whole number of frames. One
//!   R-tree a layer serves all, and no distance can cross an ocean ([`geometry::territory`]).
//! - **Our own R-tree** ([`geometry::packed`]) rather than `rstar`: a snapshot's features are already sorted along a Hilbert curve, so the
//!   tree is built by taking boxes sixteen at a time (150,000 in 10 ms; `rstar` 0.14 takes 385 ms a million), needs 34 bytes a feature instead of 91, and each
//!   subtree is one range of rows, which a count within a radius takes whole. The same tree indexes the edges inside a
//!   large feature ([`geometry::footprint`]): nearest, holds and overlap look at a few runs of edges out of 150,000 vertices.
//! - **Closed forms beside PROJ** ([`geometry::projection`]): ingest projects with PROJ, once; drawing and answering use formulas that the
//!   tests hold to PROJ within a micrometre, because a PROJ context is slow to make and bound to its thread.
//! - **Our own tile encoder** ([`tiles::encode`]): both available writers make invalid polygons in known cases; they serve as readers in the tests.
//! - **Parquet by rows, without Arrow**: files that are read once do not pay for building a column engine.
//!
//! # Glossary
//! Code speaks the domain's English; the official French stays in `layers/*.toml`.
//!
//! | here | en français |
//! |---|---|
//! | specification | cahier des charges |
//! | business zone, business plot | zone d'activité économique (ZAE), terrain économique |
//! | brownfield | friche |
//! | parcel | parcelle cadastrale |
//! | plot | parcelle, terrain |
//! | stage (of sale) | stade de commercialisation |
//! | servicing | viabilisation |
//! | zoning plan | plan local d'urbanisme (PLU), zonage |
//! | risk plan | plan de prévention des risques (PPR) |
//! | easement | servitude d'utilité publique (SUP) |
//! | protected site | site classé ou inscrit (AC2) |
//! | Natura 2000 habitats, birds | zones spéciales de conservation (SIC/ZSC), zones de protection spéciale (ZPS) |
//! | motorway junction | échangeur autoroutier |
//! | rail siding | installation terminale embranchée (ITE) |
//! | substation | poste de transformation |
//! | charging point, charging station | point de charge (PDC), station de recharge (IRVE) |
//! | carpool place | lieu de covoiturage (BNLC) |
//! | commuting flow | flux domicile-travail |
//! | self-containment | stabilité, part des actifs restant sur place |
//! | residents at work | actifs occupés au lieu de résidence |
//! | level | maille (commune, EPCI, ...) |
//! | jobs | emplois au lieu de travail |
//! | labour zone | zone d'emploi |
//! | profile (of a territory) | portrait de territoire |
//! | at least | au moins : une partie est secrète ou inconnue |
//! | funded project, action sheet | projet financé, fiche action |
//! | establishment | établissement |
//! | industry territory | Territoire d'industrie |
//! | intermunicipality (EPCI) | établissement public de coopération intercommunale |
//! | effect: forbidden, subject to assessment, case by case, action required, to be checked, not available, not concerned | effet : interdit, soumis à évaluation, cas par cas, action requise, à vérifier, non disponible, non concerné |
//! | use (of a zone) | destination |
//! | regime | régime, règlement d'une zone |
//! | classified installation | installation classée (ICPE) |
//! | finding | contrainte relevée |
//! | inventory (of a zone), land unit | inventaire (L318-8-2), unité foncière |
//! | vacancy, infill | vacance, densification (dents creuses) |
//! | buildable ground | terrain constructible net |
//! | setback | recul |
//! | catchment | bassin de main-d'œuvre |
//! | charging need, deficit | besoin de recharge, déficit |
//! | class (of activities) | poste de la nomenclature (NA17, NA38, NA88, NAF 732) |
//! | break (of a map) | borne de classe (discrétisation) |
//! | location quotient | indice de spécificité |
//! | near miss | site écarté de peu |
//! | effort (of a relaxation) | part dont un seuil se déplace |
//! | witness | l'objet qui explique une mesure |
//! | snapshot | millésime publié du dossier de données |
//! | rejects | lignes écartées |

pub mod geometry;

pub mod layer;

pub mod paper;
pub mod snapshot;

pub mod atlas;
pub mod ingest;

pub mod territory;
pub mod tiles;
pub mod writing;
pub mod zoning;

pub mod choropleth;
pub mod commuting;
pub mod siting;

pub mod profile;

pub mod http;

pub mod commands;
