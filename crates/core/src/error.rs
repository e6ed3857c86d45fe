//! The one error type: what was expected, and what came.

use alloc::{format, string::String};
use core::fmt;

/// What every fallible call of this crate returns.
pub type Result<T> = core::result::Result<T, Error>;

/// Why a call could not be carried out. Nothing was changed by the call that returned it.
///
/// The message is one sentence that names what was expected and what came. Programs tell errors apart by
/// [`Error::kind`].
///
/// ```
/// use convscope_core::{ErrorKind, Model};
///
/// let description = r#"{"class_name": "Sequential", "config": {"layers": [
///     {"class_name": "InputLayer", "config": {"batch_shape": [null, 28, 28, 1]}},
///     {"class_name": "Conv2D", "config": {"filters": 6, "kernel_size": 31}}]}}"#;
/// let error = Model::from_json(description, 1).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Shape);
/// assert_eq!(
///     error.to_string(),
///     "layer 1 (conv2d): a window of 31 with padding 'valid' needs at least 31 cells, got 28"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// What an [`Error`] is about. There may be more kinds in a later version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A model, layer, loss or optimiser description that cannot be built.
    Config,
    /// A size or rank that doesn't fit what it is used with.
    Shape,
    /// A number outside its range: a label, an index, a NaN.
    Value,
    /// Bytes or text that are not in the format they claim.
    Format,
    /// Something larger than this engine accepts.
    Limit,
}

impl ErrorKind {
    /// A stable word for programs in other languages: `config`, `shape`, `value`, `format` or `limit`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Shape => "shape",
            Self::Value => "value",
            Self::Format => "format",
            Self::Limit => "limit",
        }
    }
}

impl Error {
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn shape(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Shape, message)
    }

    pub(crate) fn value(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Value, message)
    }

    pub(crate) fn format(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Format, message)
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Limit, message)
    }

    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: bounded(message.into(), MAX_MESSAGE) }
    }

    /// Puts where it happened in front of the message: `layer 3 (conv2d): …`.
    pub(crate) fn within(mut self, place: impl fmt::Display) -> Self {
        let place = bounded(format!("{place}"), MAX_PLACE);
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// What the error is about.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// [`ErrorKind::code`] of the error.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// The longest message, in bytes. Messages repeat names, which can be as long as a book.
const MAX_MESSAGE: usize = 600;

/// The longest name of a place in front of it.
const MAX_PLACE: usize = 120;

/// Beginning and end of a text that is too long: one of them says what was expected.
#[inline(never)]
fn bounded(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = text.split_off(text.ceil_char_boundary(text.len() - most / 4));
        text.truncate(text.floor_char_boundary(most / 4 * 3));
        text.push('…');
        text.push_str(&end);
    }
    text
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({}: {})", self.code(), self.message)
    }
}

impl core::error::Error for Error {}
