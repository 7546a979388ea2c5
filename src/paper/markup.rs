//! Words in markup. Every text that comes from data or from a caller goes through [`escape`] before it is part of the page.

/// A text as character data or as the value of a quoted attribute.
///
/// Control characters and the marks that turn the direction of the text around them (Unicode's bidirectional controls) are left
/// out: nothing that a name holds may change how the page reads elsewhere.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(' '),
            letter if letter.is_control() || turns_direction(letter) => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name, isolated from the direction of the text around it.
pub fn name(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// A number as it is in the answer, shown as a person reads it.
pub fn data(exact: f64, shown: &str) -> String {
    format!("<data value=\"{exact}\">{shown}</data>")
}

/// A link to a page of the web; what is no such address stays text.
pub fn link(address: &str) -> String {
    let shown = escape(address);
    match address.starts_with("https://") || address.starts_with("http://") {
        true => format!("<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>"),
        false => shown,
    }
}

/// A heading cell for each title; one that starts with `#` heads a column of numbers, an empty one heads nothing.
pub fn headings(titles: &[&str]) -> String {
    let cell = |title: &&str| match title.strip_prefix('#') {
        Some(title) => format!("<th scope=\"col\" class=\"number\">{title}</th>"),
        None if title.is_empty() => "<td></td>".to_owned(),
        None => format!("<th scope=\"col\">{title}</th>"),
    };
    format!("<thead><tr>{}</tr></thead>", titles.iter().map(cell).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_are_words_and_nothing_else() {
        assert_eq!(escape("<script>alert('\"&')</script>"), "&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;");
        assert_eq!(escape("a\u{202e}b\u{2066}c\u{200f}d\0\u{7}e\nf"), "abcde f");
        assert_eq!(escape("L’Île-d’Yeu · ZA n° 3"), "L’Île-d’Yeu · ZA n° 3");
        assert_eq!(link("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(
            link("https://a.fr/?q=\"x"),
            "<a href=\"https://a.fr/?q=&quot;x\" rel=\"noreferrer\">https://a.fr/?q=&quot;x</a>"
        );
    }
}
