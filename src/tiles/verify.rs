//! Is this a tile as the format demands it? Stricter than any client: what one reader forgives, another does not.
//!
//! Mapbox Vector Tile 2.1, all that a reader can see of it; where the specification lets a decoder choose, this one refuses.

/// Why bytes are no tile; the layer is named where it is known.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("it ends in the middle of a value")]
    Cut,
    #[error("{0} has a field that the format does not know, or that is written as another kind")]
    Field(&'static str),
    #[error("a layer has no name")]
    Nameless,
    #[error("two layers are named `{0}`")]
    Twice(String),
    #[error("layer `{0}` does not say that it is of version 1 or 2")]
    Version(String),
    #[error("layer `{0}` has no units along its side")]
    Extent(String),
    #[error("a value of layer `{0}` is not one value")]
    Value(String),
    #[error("a feature of layer `{0}` has tags that are not pairs of a key and a value of the layer")]
    Tags(String),
    #[error("a feature of layer `{0}` does not say once which kind of geometry it has, and where")]
    Geometry(String),
    #[error("a feature of layer `{0}` is not drawn as its kind is")]
    Commands(String),
}

/// Reads a whole tile, not compressed.
///
/// # Errors
/// The first fault met.
pub fn verify(tile: &[u8]) -> Result<(), Fault> {
    let mut names: Vec<&[u8]> = Vec::new();
    for field in fields(tile)? {
        match field {
            (3, Content::Bytes(layer)) => {
                let name = verify_layer(layer)?;
                if names.contains(&name) {
                    return Err(Fault::Twice(String::from_utf8_lossy(name).into_owned()));
                }
                names.push(name);
            }
            (16.., _) => {}
            _ => return Err(Fault::Field("a tile")),
        }
    }
    Ok(())
}

/// §4.1. Its name.
fn verify_layer(layer: &[u8]) -> Result<&[u8], Fault> {
    let (mut name, mut version, mut extent) = (None, None, 4096);
    let (mut keys, mut values, mut features) = (0, Vec::new(), Vec::new());
    for field in fields(layer)? {
        match field {
            (1, Content::Bytes(bytes)) => name = Some(bytes),
            (2, Content::Bytes(feature)) => features.push(feature),
            (3, Content::Bytes(key)) if std::str::from_utf8(key).is_ok() => keys += 1,
            (4, Content::Bytes(value)) => values.push(value),
            (5, Content::Number(number)) => extent = number,
            (15, Content::Number(number)) => version = Some(number),
            (16.., _) => {}
            _ => return Err(Fault::Field("a layer")),
        }
    }
    let name = name.filter(|name| std::str::from_utf8(name).is_ok()).ok_or(Fault::Nameless)?;
    let told = || String::from_utf8_lossy(name).into_owned();
    if !matches!(version, Some(1 | 2)) {
        return Err(Fault::Version(told()));
    }
    if extent == 0 || extent > u64::from(u32::MAX) {
        return Err(Fault::Extent(told()));
    }
    if !values.iter().all(|value| is_value(value)) {
        return Err(Fault::Value(told()));
    }
    features.iter().try_for_each(|feature| verify_feature(feature, [keys, values.len() as u64], &told))?;
    Ok(name)
}

/// §4.4: exactly one value of a known kind.
fn is_value(value: &[u8]) -> bool {
    let Ok(fields) = fields(value) else { return false };
    match fields[..] {
        [(1, Content::Bytes(text))] => std::str::from_utf8(text).is_ok(),
        [(2, Content::Four) | (3, Content::Eight) | (4..=7, Content::Number(_))] => true,
        _ => false,
    }
}

/// §4.2, with the number of keys and of values that its tags may name.
fn verify_feature(feature: &[u8], known: [u64; 2], layer: &dyn Fn() -> String) -> Result<(), Fault> {
    let (mut tags, mut kinds, mut geometries) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields(feature)? {
        match field {
            (1, Content::Number(_)) => {}
            (2, Content::Bytes(packed)) => tags.extend(numbers(packed)?),
            (3, Content::Number(kind)) => kinds.push(kind),
            (4, Content::Bytes(packed)) => geometries.push(numbers(packed)?),
            _ => return Err(Fault::Field("a feature")),
        }
    }
    let is_known = |pair: &[u64]| pair.len() == 2 && (0..2).all(|place| pair[place] < known[place]);
    if !tags.chunks(2).all(is_known) {
        return Err(Fault::Tags(layer()));
    }
    let ([kind], [commands]) = (&kinds[..], &geometries[..]) else { return Err(Fault::Geometry(layer())) };
    match kind {
        0 => Ok(()),
        1..=3 if is_drawn(*kind, commands).is_some() => Ok(()),
        1..=3 => Err(Fault::Commands(layer())),
        _ => Err(Fault::Geometry(layer())),
    }
}

const MOVE: u64 = 1;
const LINE: u64 = 2;
const CLOSE: u64 = 7;

/// §4.3.4: the commands of a geometry are those of its kind, with all their parameters. `None` where they are not.
fn is_drawn(kind: u64, mut commands: &[u64]) -> Option<()> {
    let (mut at, mut any, mut outer) = ([0i64; 2], false, None);
    while !commands.is_empty() {
        let points = take(MOVE, &mut commands, &mut at)?;
        if kind == 1 {
            return commands.is_empty().then_some(());
        }
        let [start] = points[..] else { return None };
        let mut line = vec![start];
        line.extend(take(LINE, &mut commands, &mut at)?);
        if line.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        if kind == 3 {
            commands = commands.strip_prefix(&[CLOSE | 1 << 3])?;
            let area = twice_area(&line);
            // The first ring with an area is an exterior; what has none is no ring.
            outer = outer.or(Some(area > 0));
            if line.len() < 3 || area == 0 || outer != Some(true) {
                return None;
            }
        }
        any = true;
    }
    any.then_some(())
}

/// A command of a kind at the beginning, and where its parameters lead.
fn take(command: u64, commands: &mut &[u64], at: &mut [i64; 2]) -> Option<Vec<[i64; 2]>> {
    let (&first, rest) = commands.split_first()?;
    let count = usize::try_from(first >> 3).ok().filter(|count| *count > 0 && first & 7 == command)?;
    let (parameters, rest) = rest.split_at_checked(count.checked_mul(2)?)?;
    *commands = rest;
    let step = |raw: u64| (raw >> 1) as i64 ^ -((raw & 1) as i64);
    let mut points = Vec::with_capacity(count);
    for pair in parameters.chunks_exact(2) {
        *at = [at[0] + step(pair[0]), at[1] + step(pair[1])];
        points.push(*at);
    }
    Some(points)
}

/// By the surveyor's formula, which no coordinates of 32 bits overflow in 128.
fn twice_area(ring: &[[i64; 2]]) -> i128 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| i128::from(a[0]) * i128::from(b[1]) - i128::from(b[0]) * i128::from(a[1])).sum()
}

/// What a protobuf field holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Four,
    Eight,
}

pub(super) fn fields(mut bytes: &[u8]) -> Result<Vec<(u64, Content<'_>)>, Fault> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        fields.push(field(&mut bytes)?);
    }
    Ok(fields)
}

/// The first field of a message, which is taken off it: its number and what it holds.
pub(super) fn field<'a>(bytes: &mut &'a [u8]) -> Result<(u64, Content<'a>), Fault> {
    let key = number(bytes)?;
    let content = match key & 7 {
        0 => Content::Number(number(bytes)?),
        1 => split(bytes, 8).map(|_| Content::Eight)?,
        2 => {
            let length = number(bytes)?;
            Content::Bytes(split(bytes, length)?)
        }
        5 => split(bytes, 4).map(|_| Content::Four)?,
        _ => return Err(Fault::Field("a message")),
    };
    Ok((key >> 3, content))
}

/// Packed numbers of 32 bits.
fn numbers(mut packed: &[u8]) -> Result<Vec<u64>, Fault> {
    let mut numbers = Vec::new();
    while !packed.is_empty() {
        numbers.push(number(&mut packed)? & u64::from(u32::MAX));
    }
    Ok(numbers)
}

fn number(bytes: &mut &[u8]) -> Result<u64, Fault> {
    let mut value = 0;
    for place in 0..10 {
        let (&byte, rest) = bytes.split_first().ok_or(Fault::Cut)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Fault::Cut)
}

fn split<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], Fault> {
    let length = usize::try_from(length).map_err(|_| Fault::Cut)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(Fault::Cut)?;
    *bytes = rest;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_bytes_harm_it() {
        let mut dice = 7u64;
        for length in 0..4000 {
            let bytes: Vec<u8> = (0..length % 40)
                .map(|_| {
                    dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (dice >> 33) as u8
                })
                .collect();
            let _ = verify(&bytes);
        }
        assert_eq!(verify(&[]), Ok(()));
        assert_eq!(verify(&[0x1a, 0x05, 0x01]), Err(Fault::Cut));
    }

    #[test]
    fn polygons_begin_with_an_exterior() {
        let square = [9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15];
        let turned = [9, 0, 0, 26, 0, 20, 20, 0, 0, 19, 15];
        assert_eq!((is_drawn(3, &square), is_drawn(3, &turned)), (Some(()), None));
        let flat = [9, 0, 0, 18, 20, 0, 20, 0, 15];
        assert_eq!((is_drawn(3, &flat), is_drawn(3, &[]), is_drawn(2, &[9, 0, 0])), (None, None, None));
    }
}
