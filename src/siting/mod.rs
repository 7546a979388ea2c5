//! Floor 5: from a specification to a ranking with its reasons.
