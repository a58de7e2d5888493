//! `$filter`: comparisons with text, true, false and null, `in`, startswith, endswith, contains, and/or/not, parentheses.
//! <https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html>

use serde_json::Value;

use crate::http::GraphError;

/// The maximum nesting depth of parentheses and `not`.
const DEEPEST: usize = 32;

/// A condition on an item. Text is compared without regard to letter case, as in Graph for most properties.
#[derive(Debug, PartialEq)]
pub(super) enum Filter {
    /// The conditions of a list are in one vector, so that a long list does not nest.
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Is {
        property: String,
        test: Test,
    },
}

#[derive(Debug, PartialEq)]
pub(super) enum Test {
    /// Text is in lower case, here and below.
    Equal(Value),
    NotEqual(Value),
    In(Vec<String>),
    StartsWith(String),
    EndsWith(String),
    Contains(String),
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, GraphError> {
        let error = || GraphError::bad_request(format!("Invalid filter clause: '{text}'."));
        let tokens = tokens(text).ok_or_else(error)?;
        let mut parser = Parser { tokens: &tokens, depth: 0 };
        let filter = parser.or().filter(|_| parser.tokens.is_empty());
        filter.ok_or_else(error)
    }

    pub(super) fn covers(&self, item: &Value) -> bool {
        match self {
            Self::And(all) => all.iter().all(|filter| filter.covers(item)),
            Self::Or(any) => any.iter().any(|filter| filter.covers(item)),
            Self::Not(inner) => !inner.covers(item),
            Self::Is { property, test } => {
                test.holds(item.pointer(property).unwrap_or(&Value::Null))
            }
        }
    }
}

impl Test {
    /// An absent property is null. An object, such as a status message, is not null and does not equal any text.
    fn holds(&self, value: &Value) -> bool {
        let lower = value.as_str().map(str::to_lowercase);
        let text = lower.as_deref();
        let equals = |wanted: &Value| match wanted {
            Value::String(wanted) => text == Some(wanted),
            wanted => value == wanted,
        };
        match self {
            Self::Equal(wanted) => equals(wanted),
            Self::NotEqual(wanted) => !equals(wanted),
            Self::In(wanted) => lower.is_some_and(|text| wanted.contains(&text)),
            Self::StartsWith(part) => text.is_some_and(|text| text.starts_with(part)),
            Self::EndsWith(part) => text.is_some_and(|text| text.ends_with(part)),
            Self::Contains(part) => text.is_some_and(|text| text.contains(part)),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

/// Splits a filter into tokens; `None` for an unterminated string or an unexpected character.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut rest = text.trim_start();
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let token = match first {
            '(' | ')' | ',' => {
                rest = &rest[1..];
                Token::Mark(first)
            }
            '\'' => {
                let (text, after) = quoted(&rest[1..])?;
                rest = after;
                Token::Text(text)
            }
            _ => {
                let is_word =
                    |letter: char| letter.is_ascii_alphanumeric() || "_/.-".contains(letter);
                let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
                let (word, after) =
                    rest.split_at_checked(end).filter(|(word, _)| !word.is_empty())?;
                rest = after;
                Token::Word(word.into())
            }
        };
        tokens.push(token);
        rest = rest.trim_start();
    }
    Some(tokens)
}

/// The text up to the closing quote, with each doubled quote replaced by one, and the rest of the filter.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once('\'')?;
        value.push_str(part);
        match after.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return Some((value.to_lowercase(), after)),
        }
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Parser<'_> {
    fn or(&mut self) -> Option<Filter> {
        let mut any = vec![self.and()?];
        while self.takes_word("or") {
            any.push(self.and()?);
        }
        Some(Filter::Or(any))
    }

    fn and(&mut self) -> Option<Filter> {
        let mut all = vec![self.term()?];
        while self.takes_word("and") {
            all.push(self.term()?);
        }
        Some(Filter::And(all))
    }

    fn term(&mut self) -> Option<Filter> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let term = if self.takes_word("not") {
            Filter::Not(Box::new(self.term()?))
        } else if self.takes_mark('(') {
            let inner = self.or()?;
            self.takes_mark(')').then_some(inner)?
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Some(term)
    }

    fn comparison(&mut self) -> Option<Filter> {
        let name = self.word()?;
        let function: Option<fn(String) -> Test> = match name.to_ascii_lowercase().as_str() {
            "startswith" => Some(Test::StartsWith),
            "endswith" => Some(Test::EndsWith),
            "contains" => Some(Test::Contains),
            _ => None,
        };
        if let Some(test) = function {
            let property = self.takes_mark('(').then(|| self.word())??;
            let part = self.takes_mark(',').then(|| self.text())??;
            return self
                .takes_mark(')')
                .then_some(Filter::Is { property: path(&property)?, test: test(part) });
        }
        let test = match self.word()?.to_ascii_lowercase().as_str() {
            "eq" => Test::Equal(self.literal()?),
            "ne" => Test::NotEqual(self.literal()?),
            "in" => Test::In(self.list()?),
            _ => return None,
        };
        Some(Filter::Is { property: path(&name)?, test })
    }

    fn list(&mut self) -> Option<Vec<String>> {
        let mut list = self.takes_mark('(').then(|| self.text())?.into_iter().collect::<Vec<_>>();
        while !list.is_empty() && self.takes_mark(',') {
            list.push(self.text()?);
        }
        (!list.is_empty() && self.takes_mark(')')).then_some(list)
    }

    fn literal(&mut self) -> Option<Value> {
        let words = [("null", Value::Null), ("true", true.into()), ("false", false.into())];
        let known = words.into_iter().find(|(word, _)| self.takes_word(word));
        known.map(|(_, value)| value).or_else(|| self.text().map(Value::from))
    }

    fn text(&mut self) -> Option<String> {
        let (first, rest) = self.tokens.split_first()?;
        let Token::Text(text) = first else { return None };
        self.tokens = rest;
        Some(text.clone())
    }

    fn word(&mut self) -> Option<String> {
        let (first, rest) = self.tokens.split_first()?;
        let Token::Word(word) = first else { return None };
        self.tokens = rest;
        Some(word.clone())
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.tokens.first(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.tokens = &self.tokens[usize::from(is_next)..];
        is_next
    }

    fn takes_mark(&mut self, mark: char) -> bool {
        let is_next = self.tokens.first() == Some(&Token::Mark(mark));
        self.tokens = &self.tokens[usize::from(is_next)..];
        is_next
    }
}

/// A JSON pointer to a property. Its first segment must be a property of a presence.
fn path(name: &str) -> Option<String> {
    let mut segments = name.split('/');
    let first = super::property(segments.next()?).ok()?;
    Some(segments.fold(format!("/{first}"), |path, segment| format!("{path}/{segment}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Filter;

    #[test]
    fn conditions_hold_or_not() {
        let item = json!({"id": "a1", "availability": "Busy", "activity": "InACall", "statusMessage": null, "workLocation": {"source": "manual"}, "outOfOfficeSettings": {"isOutOfOffice": true}});
        for (text, expected) in [
            ("availability eq 'Busy'", true),
            ("availability eq 'busy'", true),
            ("Availability ne 'Busy'", false),
            ("id in ('x', 'A1')", true),
            ("id in ('x')", false),
            ("startswith(activity,'in')", true),
            ("endswith(activity, 'call')", true),
            ("contains(activity,'conference')", false),
            ("statusMessage eq null", true),
            ("statusMessage ne null", false),
            ("sequenceNumber eq null", true),
            ("sequenceNumber ne 'x'", true),
            ("startswith(sequenceNumber,'')", false),
            ("workLocation eq null", false),
            ("workLocation ne null", true),
            ("workLocation eq 'manual'", false),
            ("workLocation/source eq 'manual'", true),
            ("outOfOfficeSettings/isOutOfOffice eq true", true),
            ("outOfOfficeSettings/isOutOfOffice ne true", false),
            ("outOfOfficeSettings/isOutOfOffice eq false", false),
            ("outOfOfficeSettings/isOutOfOffice eq 'true'", false),
            ("id eq 'x' or id eq 'a1' and availability eq 'Away'", false),
            ("(id eq 'x' or id eq 'a1') and not (availability eq 'Away')", true),
            ("id eq 'O''Neil'", false),
        ] {
            assert_eq!(Filter::parse(text).unwrap().covers(&item), expected, "{text}");
        }
    }

    #[test]
    fn a_list_of_conditions_may_be_long() {
        for word in ["or", "and"] {
            let list = vec!["id eq 'a1'"; 100_000].join(&format!(" {word} "));
            assert!(Filter::parse(&list).unwrap().covers(&json!({"id": "a1"})), "{word}");
        }
    }

    #[test]
    fn a_doubled_quote_is_one() {
        assert!(Filter::parse("activity eq 'it''s'").unwrap().covers(&json!({"activity": "it's"})));
    }

    #[test]
    fn nonsense_is_refused() {
        let deep = format!("{}id eq 'a'{}", "(".repeat(100), ")".repeat(100));
        for text in [
            "",
            "id",
            "id eq",
            "id eq a",
            "id eq 'a",
            "id gt 'a'",
            "colour eq 'red'",
            "id in ()",
            "id in ('a',)",
            "id eq 'a' id",
            "(id eq 'a'",
            "not",
            "é eq 'a'",
            &deep,
        ] {
            assert!(Filter::parse(text).is_err(), "{text}");
        }
    }
}
