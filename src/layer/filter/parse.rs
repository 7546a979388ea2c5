//! Words to a filter, by recursive descent; nothing is guessed.

use super::error::FilterError;
use super::lex::{Placed, Token, lex};
use super::spatial::{Relation, geometry};
use super::{Filter, Literal, Name};

/// Longest text, deepest nesting and most conditions of a filter.
pub(super) const MAX_CHARACTERS: usize = 16_384;
pub(super) const MAX_DEPTH: usize = 16;
pub(super) const MAX_NODES: usize = 256;

/// Reads a filter.
///
/// # Errors
/// One sentence with the place (in characters from 1), what stands there and what was expected or the nearest operator.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    let characters = text.chars().count();
    if characters > MAX_CHARACTERS {
        return Err(FilterError::Long(characters));
    }
    let tokens = lex(text)?;
    let mut reader = Reader { tokens: &tokens, next: 0, end: characters + 1, nodes: 0 };
    let filter = reader.any(0)?;
    match reader.peek() {
        None => Ok(filter),
        Some(_) => Err(reader.unexpected("AND, OR or the end")),
    }
}

struct Reader<'t> {
    tokens: &'t [Placed],
    next: usize,
    end: usize,
    nodes: usize,
}

impl Reader<'_> {
    /// any := all (OR all)*
    fn any(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut members = vec![self.all(depth)?];
        while self.takes("OR") {
            members.push(self.all(depth)?);
        }
        Ok(alone_or(members, Filter::Or))
    }

    /// all := one (AND one)*
    fn all(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let mut members = vec![self.one(depth)?];
        while self.takes("AND") {
            members.push(self.one(depth)?);
        }
        Ok(alone_or(members, Filter::And))
    }

    /// one := NOT one | ( any ) | condition
    fn one(&mut self, depth: usize) -> Result<Filter, FilterError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(FilterError::Large);
        }
        if depth > MAX_DEPTH {
            return Err(FilterError::Deep { position: self.position() });
        }
        if self.takes("NOT") {
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take(&Token::Open) {
            let inner = self.any(depth + 1)?;
            self.expect(&Token::Close, "`)`, AND or OR")?;
            return Ok(inner);
        }
        self.condition()
    }

    fn condition(&mut self) -> Result<Filter, FilterError> {
        if !matches!(self.peek(), Some(Token::Word(_) | Token::Quoted(_))) || self.stands_time() {
            return self.flipped();
        }
        for (word, constant) in [("TRUE", true), ("FALSE", false)] {
            if self.takes(word) {
                return Ok(Filter::Constant(constant));
            }
        }
        if let (Some(Token::Word(word)), true) = (self.peek(), self.opens_after())
            && let Some(relation) = Relation::named(word)
        {
            return self.spatial(relation);
        }
        let column = self.column()?;
        if let Some(Token::Operator(operator)) = self.peek().cloned() {
            self.next += 1;
            return Ok(Filter::Compare { column, operator, value: self.literal()? });
        }
        if self.takes("IS") {
            let not = self.takes("NOT");
            return if self.takes("NULL") { Ok(negated(not, Filter::Null { column })) } else { Err(self.unexpected("NULL")) };
        }
        let not = self.takes("NOT");
        let filter = self.listed(column)?;
        Ok(negated(not, filter))
    }

    /// spatial := S_... ( column , geometry ) | S_... ( geometry , column )
    fn spatial(&mut self, relation: Relation) -> Result<Filter, FilterError> {
        self.next += 1;
        self.expect(&Token::Open, "`(`")?;
        let expected = "`,` or `)` between a column and a geometry";
        if self.opens_after() || self.stands("EMPTY") {
            let geometry = Box::new(self.geometry()?);
            self.expect(&Token::Comma, expected)?;
            let column = self.column()?;
            self.expect(&Token::Close, expected)?;
            return Ok(Filter::Spatial { relation: relation.mirrored(), column, geometry });
        }
        let column = self.column()?;
        self.expect(&Token::Comma, expected)?;
        let geometry = Box::new(self.geometry()?);
        self.expect(&Token::Close, expected)?;
        Ok(Filter::Spatial { relation, column, geometry })
    }

    /// Well-known text: the words up to the bracket that closes what the first one opens.
    fn geometry(&mut self) -> Result<geo_types::Geometry<f64>, FilterError> {
        let position = self.position();
        let (mut text, mut depth) = (String::new(), 0usize);
        loop {
            match self.peek() {
                Some(Token::Word(word)) if depth == 0 || word.eq_ignore_ascii_case("EMPTY") => text.push_str(word),
                Some(Token::Number(number)) if depth > 0 => text += &format!(" {number} "),
                Some(Token::Comma) if depth > 0 => text.push(','),
                Some(Token::Open) => {
                    depth += 1;
                    text.push('(');
                }
                Some(Token::Close) if depth > 0 => {
                    depth -= 1;
                    text.push(')');
                }
                _ => return Err(self.unexpected("a geometry, such as POINT(2.35 48.85) or BBOX(2, 48, 3, 49)")),
            }
            self.next += 1;
            if depth == 0 && text.ends_with(')') {
                return geometry(&text).map_err(|reason| FilterError::Geometry { reason, position });
            }
        }
    }

    /// in, between, like: what may follow NOT.
    fn listed(&mut self, column: Name) -> Result<Filter, FilterError> {
        if self.takes("IN") {
            return Ok(Filter::In { column, values: self.list()? });
        }
        if self.takes("BETWEEN") {
            let low = self.literal()?;
            if !self.takes("AND") {
                return Err(self.unexpected("AND and the upper end"));
            }
            return Ok(Filter::Between { column, low, high: self.literal()? });
        }
        if self.takes("LIKE") {
            return match self.literal()? {
                Literal::Text(pattern) => Ok(Filter::Like { column, pattern }),
                _ => Err(self.unexpected_before("a pattern in quotes, such as 'ZI %'")),
            };
        }
        match self.peek() {
            Some(Token::Word(word)) => Err(FilterError::operator(word.clone(), self.position())),
            _ => Err(self.unexpected("an operator (=, <>, <, <=, >, >=, IN, LIKE, BETWEEN, IS NULL)")),
        }
    }

    /// A constant written before its column: `8 <= area`.
    fn flipped(&mut self) -> Result<Filter, FilterError> {
        let value = self.literal_or("a column")?;
        let Some(Token::Operator(operator)) = self.peek().cloned() else {
            return Err(self.unexpected("an operator (=, <>, <, <=, >, >=)"));
        };
        self.next += 1;
        Ok(Filter::Compare { column: self.column()?, operator: operator.mirrored(), value })
    }

    fn column(&mut self) -> Result<Name, FilterError> {
        let position = self.position();
        match self.peek() {
            Some(Token::Word(text) | Token::Quoted(text)) => {
                let text = text.clone();
                self.next += 1;
                Ok(Name { text, position })
            }
            _ => Err(self.unexpected("a column")),
        }
    }

    fn list(&mut self) -> Result<Vec<Literal>, FilterError> {
        self.expect(&Token::Open, "`(` and a list of constants")?;
        let mut values = vec![self.literal()?];
        while self.take(&Token::Comma) {
            values.push(self.literal()?);
        }
        self.nodes += values.len();
        if self.nodes > MAX_NODES {
            return Err(FilterError::Large);
        }
        self.expect(&Token::Close, "`,` or `)`")?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Literal, FilterError> {
        self.literal_or("a constant ('text', a number, TRUE, FALSE or DATE('2024-01-31'))")
    }

    fn literal_or(&mut self, expected: &'static str) -> Result<Literal, FilterError> {
        let literal = match self.peek() {
            Some(Token::Text(text)) => Literal::Text(text.clone()),
            Some(Token::Number(number)) => Literal::Number(*number),
            _ if self.stands("TRUE") => Literal::Boolean(true),
            _ if self.stands("FALSE") => Literal::Boolean(false),
            _ if self.stands_time() => return self.time(),
            _ => return Err(self.unexpected(expected)),
        };
        self.next += 1;
        Ok(literal)
    }

    fn stands_time(&self) -> bool {
        (self.stands("DATE") || self.stands("TIMESTAMP")) && self.opens_after()
    }

    /// time := DATE ( text ) | TIMESTAMP ( text ); of an instant, its day in UTC counts, as columns hold days.
    fn time(&mut self) -> Result<Literal, FilterError> {
        let instant = self.takes("TIMESTAMP");
        self.next += usize::from(!instant);
        self.expect(&Token::Open, "`(` and a date")?;
        let position = self.position();
        let Some(Token::Text(text)) = self.peek().cloned() else {
            return Err(self.unexpected("a date in quotes, such as '2024-01-31'"));
        };
        self.next += 1;
        let date = if instant { day(&text) } else { text.parse().ok() };
        let date = date.ok_or(FilterError::Date { text, position })?;
        self.expect(&Token::Close, "`)`")?;
        Ok(Literal::Date(date))
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|placed| &placed.token)
    }

    fn opens_after(&self) -> bool {
        self.tokens.get(self.next + 1).is_some_and(|placed| placed.token == Token::Open)
    }

    fn position(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |placed| placed.position)
    }

    /// Whether the keyword stands here.
    fn stands(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let stands = self.stands(keyword);
        self.next += usize::from(stands);
        stands
    }

    fn take(&mut self, token: &Token) -> bool {
        let stands = self.peek() == Some(token);
        self.next += usize::from(stands);
        stands
    }

    fn expect(&mut self, token: &Token, expected: &'static str) -> Result<(), FilterError> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn unexpected(&self, expected: &'static str) -> FilterError {
        FilterError::Unexpected { found: found(self.peek()), position: self.position(), expected }
    }

    fn unexpected_before(&self, expected: &'static str) -> FilterError {
        let before = Reader { next: self.next.saturating_sub(1), ..*self };
        before.unexpected(expected)
    }
}

/// The day, in UTC, of an instant such as `2024-01-31T12:00:00Z`.
pub(super) fn day(instant: &str) -> Option<jiff::civil::Date> {
    let instant: jiff::Timestamp = instant.parse().ok()?;
    Some(instant.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn alone_or(mut members: Vec<Filter>, group: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    match members.pop() {
        Some(alone) if members.is_empty() => alone,
        Some(last) => {
            members.push(last);
            group(members)
        }
        None => group(members),
    }
}

fn negated(not: bool, filter: Filter) -> Filter {
    if not { Filter::Not(Box::new(filter)) } else { filter }
}

fn found(token: Option<&Token>) -> String {
    match token {
        None => "the filter ends".to_owned(),
        Some(Token::Word(word)) => format!("`{word}` stands"),
        Some(Token::Quoted(name)) => format!("\"{name}\" stands"),
        Some(Token::Text(text)) => format!("'{text}' stands"),
        Some(Token::Number(number)) => format!("{number} stands"),
        Some(Token::Operator(operator)) => format!("`{}` stands", operator.symbol()),
        Some(Token::Open) => "`(` stands".to_owned(),
        Some(Token::Close) => "`)` stands".to_owned(),
        Some(Token::Comma) => "`,` stands".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        parse(text).unwrap().to_string()
    }

    #[test]
    fn what_is_read_is_written_in_one_form() {
        let cases = [
            ("a = 1", r#""a" = 1"#),
            ("8 <= area", r#""area" >= 8"#),
            ("a=1 and b='x' or not c is null", r#"(("a" = 1) AND ("b" = 'x')) OR (NOT ("c" IS NULL))"#),
            ("a = 1 AND (b = 2 OR c = 3)", r#"("a" = 1) AND (("b" = 2) OR ("c" = 3))"#),
            ("n NOT IN (1, -2.5e3)", r#"NOT ("n" IN (1, -2500))"#),
            ("residents-at-work between 1 and 2", r#""residents-at-work" BETWEEN 1 AND 2"#),
            ("name LIKE 'l''usine %' AND open = true", r#"("name" LIKE 'l''usine %') AND ("open" = TRUE)"#),
            ("opened > DATE('2024-01-31')", r#""opened" > DATE('2024-01-31')"#),
            ("opened <= timestamp('2024-01-31T23:30:00-01:00')", r#""opened" <= DATE('2024-02-01')"#),
            ("timestamp = TIMESTAMP('2024-01-31T00:00:00Z')", r#""timestamp" = DATE('2024-01-31')"#),
            ("date = DATE('2024-01-31')", r#""date" = DATE('2024-01-31')"#),
            ("s_intersects(geometry, point(2.5 48))", r#"S_INTERSECTS("geometry", POINT(2.5 48))"#),
            ("S_WITHIN(POINT(1 -2), g) OR a = 1", r#"(S_CONTAINS("g", POINT(1 -2))) OR ("a" = 1)"#),
            ("S_WITHIN(g, BBOX(1,2,3,4))", r#"S_WITHIN("g", POLYGON((3 2,3 4,1 4,1 2,3 2)))"#),
            (r#""in" IS NOT NULL"#, r#"NOT ("in" IS NULL)"#),
            ("état = 'bon'", r#""état" = 'bon'"#),
        ];
        for (text, normal) in cases {
            assert_eq!(written(text), normal, "{text}");
            assert_eq!(parse(normal), parse(text), "{normal}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            ("", "at character 1, the filter ends where a column was expected"),
            ("a == 1", "at character 3, `==` is not an operator; did you mean `=`?"),
            ("a != 1", "at character 3, `!=` is not an operator; did you mean `<>`?"),
            ("a LIEK 'x'", "at character 3, `LIEK` is not an operator; did you mean `LIKE`?"),
            ("a = ", "at character 5, the filter ends where a constant"),
            ("a = 'x", "the ' opened at character 5 is never closed"),
            ("a = 1 b = 2", "at character 7, `b` stands where AND, OR or the end was expected"),
            ("(a = 1", "at character 7, the filter ends where `)`"),
            ("a = DATE('31/01/2024')", "at character 10, '31/01/2024' is not a date"),
            ("a = b", "at character 5, `b` stands where a constant"),
            ("a = 1.2.3", "`1.2.3` is not a number"),
            ("a = 1e999", "`1e999` is not a number"),
            ("a # 1", "at character 3, `#` does not belong"),
            ("a LIKE 3", "at character 8, 3 stands where a pattern"),
            ("S_WITHIN(g, POLYGON((1 2)", "at character 26, the filter ends where a geometry"),
            ("S_WITHIN(g, POINT EMPTY)", "a geometry"),
            ("S_WITHIN(g, BBOX(1,2))", "at character 13, the geometry cannot be read: a box is four numbers"),
            ("a IN 3", "at character 6, 3 stands where `(`"),
        ];
        for (text, message) in cases {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(message), "{text}: {error}");
        }
    }

    #[test]
    fn size_and_depth_have_ends() {
        let deep = |levels: usize| format!("{}a = 1{}", "(".repeat(levels), ")".repeat(levels));
        assert!(parse(&deep(16)).is_ok());
        assert!(matches!(parse(&deep(17)), Err(FilterError::Deep { .. })));
        assert!(matches!(parse(&deep(100_000)), Err(FilterError::Long(_))));
        assert!(matches!(parse(&"NOT ".repeat(4_000)), Err(FilterError::Deep { .. })));
        let many = vec!["a = 1"; 257].join(" OR ");
        assert_eq!(parse(&many), Err(FilterError::Large));
        let list = format!("a IN ({})", vec!["1"; 300].join(","));
        assert_eq!(parse(&list), Err(FilterError::Large));
    }
}
