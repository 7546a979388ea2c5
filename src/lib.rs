//! Emprise: a spatial engine for industrial land.

pub mod geometry;

pub mod layer;

pub mod snapshot;

pub mod atlas;
pub mod ingest;

pub mod tiles;

pub mod siting;

pub mod http;

pub mod commands;
