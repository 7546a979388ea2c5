//! OGC API Features: Part 1 (OGC 17-069r4), Part 2 (18-058r1), Part 3 with CQL2 (19-079r2, 21-065r2), Part 5 (schemas).
//!
//! A page of items is found by the position of its first row among those that were selected, which its `next` and `prev` links
//! carry together with the edition of the data: a page takes as long wherever it stands, and no row is shown twice or never.
//!
//! In reading order: [`collections`], [`queryables`], [`asked`] (the parameters), [`select`] (which rows), [`items`],
//! [`form`], [`write`]; for people [`pages`]; for catalogues [`dcat`].

pub mod asked;
pub mod collections;
pub mod dcat;
pub mod form;
pub mod items;
pub mod pages;
pub mod queryables;
pub mod select;
pub mod write;

/// The standards' classes that are met; named when all of a class is.
pub const CONFORMS_TO: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
];
