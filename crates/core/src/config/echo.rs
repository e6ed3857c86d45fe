//! What an error message repeats of a wrong value.

use super::json_text;
use alloc::string::String;
use serde_json::Value;

/// Longest part of a wrong value that an error message repeats, in characters.
const MAX_ECHO: usize = 80;

/// A value for a message, cut short.
pub(crate) fn echo(value: &Value) -> String {
    cut(json_text(value))
}

/// Text for a message, cut short.
pub(crate) fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_ECHO) {
        text.truncate(end);
        text.push('…');
    }
    text
}
