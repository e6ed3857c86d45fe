//! The one error type: what was expected, and what came.

use alloc::string::String;
use core::fmt;

/// Why a call could not be carried out. Nothing was changed by the call that returned it.
///
/// The message is one sentence that names what was expected and what came, for example
/// `layer 3 (conv2d): needs 16 input channels, got 8`. Programs tell errors apart by [`Error::code`].
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    message: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Config,
    Shape,
    Value,
    Format,
    Limit,
}

impl Error {
    /// A model, layer, loss or optimiser description that cannot be built.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(Kind::Config, message)
    }

    /// A size or rank that doesn't fit what it is used with.
    pub(crate) fn shape(message: impl Into<String>) -> Self {
        Self::new(Kind::Shape, message)
    }

    /// A number outside its range: a label, an index, a NaN.
    pub(crate) fn value(message: impl Into<String>) -> Self {
        Self::new(Kind::Value, message)
    }

    /// Bytes or text that are not in the format they claim.
    pub(crate) fn format(message: impl Into<String>) -> Self {
        Self::new(Kind::Format, message)
    }

    /// Something larger than this engine accepts.
    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(Kind::Limit, message)
    }

    /// Puts where it happened in front of the message: `layer 3 (conv2d): …`.
    pub(crate) fn within(mut self, place: impl fmt::Display) -> Self {
        self.message = alloc::format!("{place}: {}", self.message);
        self
    }

    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// A stable word for programs: `config`, `shape`, `value`, `format` or `limit`.
    pub fn code(&self) -> &'static str {
        match self.kind {
            Kind::Config => "config",
            Kind::Shape => "shape",
            Kind::Value => "value",
            Kind::Format => "format",
            Kind::Limit => "limit",
        }
    }
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

/// What every fallible call of this crate returns.
pub type Result<T> = core::result::Result<T, Error>;
