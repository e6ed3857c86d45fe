//! JSON text (RFC 8259) to values, every number to the nearest `f64`.
//!
//! serde_json's reader misses many numbers of 17 digits by a unit in the last place, so that a description would move
//! with every round trip. Its exact one would make the WebAssembly file larger by 16 KB, this one by less than 1; the tests
//! hold it against that.

use super::nearest::nearest;
use alloc::{format, string::String, vec::Vec};
use serde_json::{Map, Number, Value};

/// How deep lists and objects may lie in each other.
const MAX_DEPTH: usize = 128;

/// Reads `text`, which holds one value.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    match reader.next() {
        None => Ok(value),
        Some(_) => Err(reader.expected("the end of the text")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn expected(&self, what: &str) -> String {
        match self.from(self.at).chars().next() {
            Some(character) if character.is_ascii_control() => {
                format!("expected {what} at byte {}, got '{}'", self.at, character.escape_default())
            }
            Some(character) => format!("expected {what} at byte {}, got '{character}'", self.at),
            None => format!("expected {what}, but the text ends"),
        }
    }

    /// The text from byte `start` on.
    fn from(&self, start: usize) -> &'a str {
        self.between(start, self.text.len())
    }

    /// The text from byte `start` to byte `end`, both at the edge of a character: an index's panic would print the text, and
    /// make the WebAssembly file larger by 1 %.
    fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// The byte that is next.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The byte behind what is blank.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    /// Goes on behind `byte`, if it is next.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err(format!("lists and objects lie more than {MAX_DEPTH} deep in each other"));
        }
        match self.next() {
            Some(b'{') => {
                let mut map = Map::new();
                self.items(b'}', "',' or '}'", |reader| {
                    if reader.next() != Some(b'"') {
                        return Err(reader.expected("a name in quotes"));
                    }
                    let name = reader.string()?;
                    reader.next();
                    if !reader.skip(b':') {
                        return Err(reader.expected("':'"));
                    }
                    map.insert(name, reader.value(depth + 1)?);
                    Ok(())
                })?;
                Ok(map.into())
            }
            Some(b'[') => {
                let mut list = Vec::new();
                self.items(b']', "',' or ']'", |reader| {
                    list.push(reader.value(depth + 1)?);
                    Ok(())
                })?;
                Ok(list.into())
            }
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [("null", Value::Null), ("true", true.into()), ("false", false.into())];
                for (word, value) in words {
                    if self.from(self.at).starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.expected("a value"))
            }
        }
    }

    /// Reads what lies between an opening bracket, which is next, and `end`.
    fn items(
        &mut self,
        end: u8,
        expected: &str,
        mut item: impl FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        self.at += 1;
        self.next();
        if self.skip(end) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.next();
            if self.skip(end) {
                return Ok(());
            }
            if !self.skip(b',') {
                return Err(self.expected(expected));
            }
        }
    }

    /// Reads a string, whose first quote is next.
    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..0x20)) {
                self.at += 1;
            }
            string.push_str(self.between(start, self.at));
            if self.skip(b'"') {
                return Ok(string);
            }
            if !self.skip(b'\\') {
                return Err(self.expected("the end of a text in quotes"));
            }
            string.push(self.escaped()?);
        }
    }

    /// Reads what stands behind a backslash.
    fn escaped(&mut self) -> Result<char, String> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.expected("an escape")),
        };
        self.at += 1;
        Ok(character)
    }

    /// Reads `u` and four digits, where they are half of a character the other half too.
    fn unicode(&mut self) -> Result<char, String> {
        let mut code = self.four_digits()?;
        if let 0xd800..0xdc00 = code
            && self.skip(b'\\')
            && let low @ 0xdc00..0xe000 = self.four_digits()?
        {
            code = 0x1_0000 + ((code - 0xd800) << 10 | (low - 0xdc00));
        }
        char::from_u32(code).ok_or_else(|| self.expected("the code of a character"))
    }

    fn four_digits(&mut self) -> Result<u32, String> {
        let digits = self.text.as_bytes().get(self.at + 1..self.at + 5).unwrap_or_default();
        let code =
            digits.iter().try_fold(0, |code, &digit| Some(code << 4 | char::from(digit).to_digit(16)?));
        match code {
            Some(code) if digits.len() == 4 && self.skip(b'u') => {
                self.at += 4;
                Ok(code)
            }
            _ => Err(self.expected("u and four hexadecimal digits")),
        }
    }

    /// Reads `-`? whole (`.` fraction)? (`e` exponent)?.
    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        let is_negative = self.skip(b'-');
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') {
            self.at -= whole.len() - 1;
            return Err(self.expected("no digit behind a leading 0"));
        }
        let is_whole = !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        let text = self.between(start, self.at);
        // What is too long for either is a number all the same.
        if is_whole && let Ok(number) = text.parse::<u64>() {
            return Ok(number.into());
        }
        if is_whole
            && text != "-0"
            && let Ok(number) = text.parse::<i64>()
        {
            return Ok(number.into());
        }
        let fraction = if self.skip(b'.') { self.digits()? } else { "" };
        let mut exponent = 0;
        if self.skip(b'e') || self.skip(b'E') {
            let is_negative = self.skip(b'-');
            let _ = is_negative || self.skip(b'+');
            let digits = self.digits()?.bytes();
            exponent = digits
                .fold(0, |sum: i32, digit| sum.saturating_mul(10).saturating_add(i32::from(digit - b'0')));
            exponent = if is_negative { -exponent } else { exponent };
        }
        let size =
            nearest(whole.bytes().chain(fraction.bytes()), exponent.saturating_sub(fraction.len() as i32));
        let number = Number::from_f64(if is_negative { -size } else { size });
        number
            .map(Value::Number)
            .ok_or_else(|| format!("the number at byte {start} is larger than any that is known here"))
    }

    /// One or more digits.
    fn digits(&mut self) -> Result<&'a str, String> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(self.between(start, self.at)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_stay_whole() {
        let text = "[0, 18446744073709551615, -9223372036854775808, -1]";
        assert_eq!(read(text).unwrap(), json!([0, u64::MAX, i64::MIN, -1]));
        assert!(read("1.0").unwrap().as_u64().is_none());
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (text, words) in [
            ("", "expected a value, but the text ends"),
            ("{", "expected a name in quotes, but the text ends"),
            ("{\"a\" 1}", "expected ':' at byte 5, got '1'"),
            ("[1 2]", "expected ',' or ']' at byte 3, got '2'"),
            ("[1,]", "expected a value at byte 3, got ']'"),
            ("{\"a\":1,}", "expected a name in quotes at byte 7, got '}'"),
            ("01", "expected no digit behind a leading 0 at byte 1"),
            ("1.e2", "expected a digit at byte 2"),
            ("-", "expected a digit"),
            ("\"\u{1}\"", "expected the end of a text in quotes at byte 1"),
            ("\"\\x\"", "expected an escape at byte 2"),
            ("\"\\ud800\"", "expected the code of a character"),
            ("\"\\ud800\\uffff\"", "expected the code of a character"),
            ("\"\\u00é1\"", "expected u and four hexadecimal digits"),
            ("1 ä", "expected the end of the text at byte 2, got 'ä'"),
            ("1e999", "the number at byte 0 is larger"),
            (&"[".repeat(1000), "128 deep"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(words), "{error}, not {words}");
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
    }

    /// What some value may be, a few levels deep.
    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read(value in any_value(), pretty: bool) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            prop_assert_eq!(read(&text.unwrap()).unwrap(), value);
        }

        #[test]
        fn what_is_json_is_json_here(value in any_value(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..4)) {
            let mut text: Vec<char> = serde_json::to_string(&value).unwrap().chars().collect();
            let others: Vec<char> = "{}[]\",:\\ue0 1-.+\ntä\u{1}\t".chars().collect();
            for (place, other) in changes {
                let place = place.index(text.len());
                text[place] = others[other.index(others.len())];
            }
            let text: String = text.into_iter().collect();
            let (ours, reference) = (read(&text), serde_json::from_str::<Value>(&text));
            prop_assert_eq!(ours.is_ok(), reference.is_ok(), "{}: {:?} {:?}", text, ours, reference);
        }
    }
}
