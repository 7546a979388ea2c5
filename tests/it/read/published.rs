//! The published files of `../shared/data`: counts as their README states them, accents as their publishers meant them.
