//! Text encodings: what a file says, else UTF-8 where all of it is valid, else Windows-1252.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Decoder, Encoding, UTF_8, WINDOWS_1252};

use super::error::Cause;

/// By the names that people, `.cpg` files and standards use: `UTF-8`, `1252`, `ANSI 1252`, `ISO-8859-1`, `88591`, `65001`.
pub(super) fn named(name: &str) -> Result<&'static Encoding, Cause> {
    let plain = name.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    let number = plain.strip_prefix("ansi").or(plain.strip_prefix("cp")).unwrap_or(&plain).trim_start_matches([' ', '_', '-']);
    let label = match number {
        "65001" => "utf-8".to_owned(),
        "1250" | "1251" | "1252" | "1253" | "1254" | "1257" => format!("windows-{number}"),
        "88591" | "8859_1" => "windows-1252".to_owned(),
        "885915" | "8859_15" => "iso-8859-15".to_owned(),
        _ => plain.clone(),
    };
    Encoding::for_label(label.as_bytes()).ok_or_else(|| Cause::Encoding(name.trim().to_owned()))
}

/// The encoding of a text file, by reading it through: byte-order mark, then `declared`, then what its bytes allow.
pub(super) fn of_file(path: &Path, declared: Option<&str>) -> Result<&'static Encoding, Cause> {
    let mut file = File::open(path)?;
    let mut mark = Vec::new();
    (&mut file).take(3).read_to_end(&mut mark)?;
    match (Encoding::for_bom(&mark), declared) {
        (Some((encoding, _)), _) => Ok(encoding),
        (None, Some(name)) => named(name),
        (None, None) => Ok(guess(io::Cursor::new(mark).chain(file))?),
    }
}

/// UTF-8 where every byte of it is valid, else Windows-1252.
pub(super) fn guess(mut from: impl Read) -> io::Result<&'static Encoding> {
    let mut buffer = vec![0; 256 << 10];
    let mut held = 0;
    loop {
        let count = from.read(&mut buffer[held..])?;
        let filled = held + count;
        match std::str::from_utf8(&buffer[..filled]) {
            Ok(_) => held = 0,
            // A character may be cut by the end of the buffer, but not by the end of the file.
            Err(error) if error.error_len().is_none() && count > 0 => {
                buffer.copy_within(error.valid_up_to()..filled, 0);
                held = filled - error.valid_up_to();
            }
            Err(_) => return Ok(WINDOWS_1252),
        }
        if count == 0 {
            return Ok(UTF_8);
        }
    }
}

/// The text of `bytes`; Windows-1252 where they are not what they are said to be (the flag says so).
///
/// A UTF-8 character cut by the end of a fixed-width field is dropped.
pub(super) fn decode(bytes: &[u8], encoding: &'static Encoding) -> (String, bool) {
    if encoding != UTF_8 {
        return (encoding.decode_without_bom_handling(bytes).0.into_owned(), false);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(error) if error.error_len().is_none() => (String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned(), false),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), true),
    }
}

/// A reader of UTF-8 over a reader of another encoding, byte-order mark removed. UTF-8 passes through unchanged.
pub(super) struct Utf8<R> {
    from: R,
    decoder: Decoder,
    passing: bool,
    raw: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(mut from: R, encoding: &'static Encoding) -> io::Result<Utf8<R>> {
        let mut ready = Vec::new();
        let passing = encoding == UTF_8;
        if passing {
            (&mut from).take(3).read_to_end(&mut ready)?;
            if ready == b"\xEF\xBB\xBF" {
                ready.clear();
            }
        }
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Utf8 { from, decoder, passing, raw: vec![0; 64 << 10], ready, given: 0, ended: false })
    }

    fn refill(&mut self) -> io::Result<()> {
        let count = self.from.read(&mut self.raw)?;
        self.ended = count == 0;
        let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(4 * count + 16);
        self.ready.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..count], &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if self.passing {
                return self.from.read(into);
            }
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = into.len().min(self.ready.len() - self.given);
        into[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_go_by_many_names() {
        for name in ["1252", "ANSI 1252", "cp1252", "ISO-8859-1", "88591", "windows-1252", " 1252\n"] {
            assert_eq!(named(name).unwrap(), WINDOWS_1252, "{name}");
        }
        assert_eq!(named("UTF8").unwrap(), UTF_8);
        assert_eq!(named("\u{feff}UTF-8").unwrap(), UTF_8);
        assert_eq!(
            named("klingon").unwrap_err().to_string().split(';').next().unwrap(),
            "the text encoding `klingon` is not known"
        );
    }

    #[test]
    fn a_character_across_two_reads_is_one() {
        struct Drip<'b>(&'b [u8]);
        impl Read for Drip<'_> {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let count = self.0.len().min(1);
                into[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        assert_eq!(guess(Drip("été 🏭".as_bytes())).unwrap(), UTF_8);
        assert_eq!(guess(Drip(b"caf\xE9 au lait")).unwrap(), WINDOWS_1252);
        assert_eq!(guess(Drip(b"caf\xC3")).unwrap(), WINDOWS_1252, "cut by the end of the file");
        let mut text = String::new();
        Utf8::new(Drip(b"caf\xE9 \x80"), WINDOWS_1252).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "café €");
        let mut text = String::new();
        Utf8::new(Drip(b"\xFF\xFEa\0\xE9\0"), encoding_rs::UTF_16LE).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "aé");
    }

    #[test]
    fn text_that_breaks_its_promise_is_still_read() {
        assert_eq!(decode(b"Rh\xF4ne", UTF_8), ("Rhône".to_owned(), true));
        assert_eq!(decode(b"Rh\xC3\xB4ne \xC3", UTF_8), ("Rhône ".to_owned(), false));
    }
}
