//! What a person reads: tables, numbers, colours.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

/// Writes a text to standard output. A reader who has seen enough (`| head`) is no error.
pub fn print(text: &str) -> anyhow::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes a line to standard error, if there is one.
pub fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

pub fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// Colours where they are welcome.
#[derive(Debug, Clone, Copy)]
pub struct Paint(bool);

impl Paint {
    pub fn of_stdout() -> Paint {
        Paint(io::stdout().is_terminal() && welcome())
    }

    pub fn of_stderr() -> Paint {
        Paint(io::stderr().is_terminal() && welcome())
    }

    pub fn red(self, text: &str) -> String {
        self.paint("31;1", text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.paint("33", text)
    }

    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn welcome() -> bool {
    let unset = |name: &str| std::env::var_os(name).is_none_or(|value| value.is_empty());
    unset("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Lines of equal columns; the first row is the heading. Columns that hold only numbers stand to the right.
pub fn table(rows: &[Vec<String>], paint: Paint) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let numeric =
        |column: usize| rows.iter().skip(1).all(|row| row[column].bytes().all(|b| b.is_ascii_digit() || b",.-".contains(&b)));
    let shapes: Vec<(usize, bool)> = (0..columns).map(|column| (width(column), numeric(column))).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&shapes).map(
            |(cell, &(width, right))| {
                if right { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            },
        );
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = rows.iter().map(line);
    let heading = lines.next().map(|line| paint.bold(&line) + "\n").unwrap_or_default();
    heading + &lines.map(|line| line + "\n").collect::<String>()
}

/// `34,875`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12.3 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_numbers() {
        let rows = [["layer", "rows"], ["communes", "34,875"], ["épci", "7"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows, Paint(false)), "layer       rows\ncommunes  34,875\népci           7\n");
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
