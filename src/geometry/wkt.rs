//! What stands around the coordinates in well-known text: an SRID before it, brackets in brackets.

/// Brackets that may nest: readers of collections recurse.
pub const DEEPEST: usize = 32;

/// The SRID of `SRID=2154;POINT(...)`, where there is one, and the text after it.
///
/// # Errors
/// Something else stands before a semicolon.
pub fn split_srid(text: &str) -> Result<(Option<u32>, &str), String> {
    let Some((prefix, rest)) = text.split_once(';') else { return Ok((None, text)) };
    let digits = prefix.trim().to_ascii_uppercase();
    let srid = digits.strip_prefix("SRID=").and_then(|digits| digits.trim().parse().ok());
    srid.map(|srid| (Some(srid), rest.trim_start())).ok_or_else(|| "it does not start like WKT".to_owned())
}

/// # Errors
/// Brackets nest deeper than [`DEEPEST`].
pub fn check_depth(text: &str) -> Result<(), String> {
    let mut depth = 0usize;
    for byte in text.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("its brackets nest deeper than {DEEPEST}"));
        }
    }
    Ok(())
}
