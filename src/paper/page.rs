//! One self-contained page: no script, no address that a browser would fetch, no `style` attribute.

use crate::layer::language::Language;

const STYLE: &str = include_str!("style.css");

/// What a browser may do with the page: show it. `'unsafe-inline'` is for its one style element, which no script and no request
/// could turn to harm; a server sends the same.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A page of a title and a body, both markup.
pub fn page(title: &str, program: &str, language: Language, body: &str) -> String {
    let tag = language.tag();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"Emprise {program}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// The sections of a page, as its main part.
pub fn main(sections: &str) -> String {
    format!("<main>\n{sections}</main>\n")
}
