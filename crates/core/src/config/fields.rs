//! Reading the fields of a JSON object, with errors that name the field.

use super::arguments::{self, Arguments};
use super::echo::echo;
use super::{json_object, json_text};
use crate::numbers::decimal;
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use serde_json::{Map, Value};

/// The fields of one JSON object. A field that is `null` counts as absent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The fields of `map`, which describes `owner`; there are none that `arguments` doesn't declare.
    pub(crate) fn new(map: &'a Map<String, Value>, owner: &str, arguments: &[Arguments]) -> Result<Self> {
        arguments::check(map, owner, arguments)?;
        Ok(Self(map))
    }

    /// As [`Fields::new`], of a value that must be an object.
    pub(crate) fn of_object(value: &'a Value, owner: &str, arguments: &[Arguments]) -> Result<Self> {
        match value {
            Value::Object(map) => Self::new(map, owner, arguments),
            other => Err(Error::config(format!("{owner}: expected an object, got {}", echo(other)))),
        }
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Reads a field with `read`; what `read` doesn't accept is an error that says what it expects.
    fn optional<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>> {
        self.get(name)
            .map(|value| {
                read(value)
                    .ok_or_else(|| Error::config(format!("{name}: expected {expected}, got {}", echo(value))))
            })
            .transpose()
    }

    fn required<T>(&self, name: &str, value: Option<T>) -> Result<T> {
        value.ok_or_else(|| Error::config(format!("{name}: missing")))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.get(name)
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&'a str>> {
        self.optional(name, "text", Value::as_str)
    }

    pub(crate) fn text(&self, name: &str) -> Result<&'a str> {
        self.required(name, self.optional_text(name)?)
    }

    pub(crate) fn object(&self, name: &str) -> Result<&'a Map<String, Value>> {
        let object = self.optional(name, "an object", Value::as_object)?;
        self.required(name, object)
    }

    pub(crate) fn optional_list(&self, name: &str) -> Result<Option<&'a [Value]>> {
        self.optional(name, "a list", |value| value.as_array().map(|list| &list[..]))
    }

    pub(crate) fn list(&self, name: &str) -> Result<&'a [Value]> {
        self.required(name, self.optional_list(name)?)
    }

    pub(crate) fn optional_flag(&self, name: &str) -> Result<Option<bool>> {
        self.optional(name, "true or false", Value::as_bool)
    }

    pub(crate) fn optional_number(&self, name: &str) -> Result<Option<f32>> {
        self.optional(name, "a finite number", finite)
    }

    /// A number in `range`, or `default` where the field is absent.
    pub(crate) fn number_in(
        &self,
        name: &str,
        range: core::ops::RangeInclusive<f32>,
        default: f32,
    ) -> Result<f32> {
        let expected = format!("a number from {} to {}", decimal(*range.start()), decimal(*range.end()));
        // Compared before it is rounded: what lies just beyond an end may round to it.
        let (start, end) = (f64::from(*range.start()), f64::from(*range.end()));
        let number = self.optional(name, &expected, |value| {
            value.as_f64().filter(|number| (start..=end).contains(number)).map(|number| number as f32)
        })?;
        Ok(number.unwrap_or(default))
    }

    /// A number in `range` that must be there.
    pub(crate) fn required_number_in(
        &self,
        name: &str,
        range: core::ops::RangeInclusive<f32>,
    ) -> Result<f32> {
        self.required(name, self.value(name))?;
        self.number_in(name, range, 0.0)
    }

    pub(crate) fn optional_count(&self, name: &str) -> Result<Option<usize>> {
        self.optional(name, "a whole number above 0", count)
    }

    pub(crate) fn count(&self, name: &str) -> Result<usize> {
        self.required(name, self.optional_count(name)?)
    }

    pub(crate) fn optional_seed(&self, name: &str) -> Result<Option<u64>> {
        self.optional(name, "a whole number from 0 up", Value::as_u64)
    }

    /// A pair of counts; one number stands for both.
    pub(crate) fn optional_pair(&self, name: &str) -> Result<Option<[usize; 2]>> {
        self.optional(name, "one or two whole numbers above 0", |value| match value {
            Value::Array(list) => match &list[..] {
                [first, second] => Some([count(first)?, count(second)?]),
                _ => None,
            },
            single => count(single).map(|size| [size, size]),
        })
    }

    /// A count, alone or in a list of its own, as Keras writes the sizes along a sequence.
    #[cfg(feature = "complete")]
    pub(crate) fn optional_single(&self, name: &str) -> Result<Option<usize>> {
        self.optional(name, "a whole number above 0", |value| match value.as_array().map(Vec::as_slice) {
            Some([single]) => count(single),
            Some(_) => None,
            None => count(value),
        })
    }

    /// Whole numbers in front of and behind the two axes of an image, in every form that Keras has: one for all sides, one
    /// for each axis, or two for each.
    #[cfg(feature = "complete")]
    pub(crate) fn optional_sides(&self, name: &str) -> Result<Option<[[usize; 2]; 2]>> {
        let size = |value: &Value| value.as_u64().and_then(|size| usize::try_from(size).ok());
        let axis = |value: &Value| match value.as_array().map(Vec::as_slice) {
            Some([before, after]) => Some([size(before)?, size(after)?]),
            Some(_) => None,
            None => size(value).map(|both| [both, both]),
        };
        let expected = "a whole number from 0 up, two of them, or two pairs ((top, bottom), (left, right))";
        self.optional(name, expected, |value| match value.as_array().map(Vec::as_slice) {
            Some([rows, columns]) => Some([axis(rows)?, axis(columns)?]),
            Some(_) => None,
            None => axis(value).map(|both| [both, both]),
        })
    }

    /// A list of whole numbers.
    #[cfg(feature = "complete")]
    pub(crate) fn whole_numbers(&self, name: &str) -> Result<Vec<i64>> {
        let numbers = self.optional(name, "a list of whole numbers", |value| match value {
            Value::Array(list) => list.iter().map(Value::as_i64).collect::<Option<Vec<_>>>(),
            _ => None,
        })?;
        self.required(name, numbers)
    }

    /// Finite numbers: one, or a list of them, which may lie in lists of one as arrays with axes of length 1 do.
    #[cfg(feature = "complete")]
    pub(crate) fn optional_numbers(&self, name: &str) -> Result<Option<Vec<f32>>> {
        self.optional(name, "a finite number or a list of them", |mut value| {
            while let Some([only @ Value::Array(_)]) = value.as_array().map(Vec::as_slice) {
                value = only;
            }
            match value {
                Value::Array(list) => list.iter().map(finite).collect(),
                single => finite(single).map(|number| Vec::from([number])),
            }
        })
    }

    /// One of the words of `choices`.
    pub(crate) fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>> {
        let words: Vec<&str> = choices.iter().map(|&(word, _)| word).collect();
        let words = format!("'{}'", words.join("' or '"));
        self.optional(name, &words, |value| {
            let text = value.as_str()?;
            choices.iter().find(|(word, _)| *word == text).map(|&(_, choice)| choice)
        })
    }

    /// A field that only has its default here: absent, `null`, or `supported`.
    pub(crate) fn only(&self, name: &str, supported: &Value) -> Result<()> {
        match self.get(name) {
            // Compared as the text that the message shows: values themselves need a comparison of their own in the wasm.
            Some(value) if json_text(value) != json_text(supported) => Err(Error::config(format!(
                "{name}: only {} is supported, got {}",
                echo(supported),
                echo(value)
            ))),
            _ => Ok(()),
        }
    }

    /// A named object as Keras serialises it: a bare word, or `{"class_name", "config"}`.
    pub(crate) fn optional_named(&self, name: &str) -> Result<Option<(&'a str, Map<String, Value>)>> {
        self.get(name).map(|value| named(value).map_err(|error| error.within(name))).transpose()
    }

    /// Accepts `"float32"` and the policy object that Keras 3 writes for it.
    pub(crate) fn check_dtype(&self) -> Result<()> {
        let Some(value) = self.get("dtype") else { return Ok(()) };
        let read = || {
            let (name, policy) = named(value)?;
            let policy = Fields::new(&policy, name, &[Arguments::Read(&["name"])])?;
            match policy.optional_text("name")?.unwrap_or(name) {
                "float32" => Ok(()),
                _ => Err(Error::config(format!("only float32 is supported, got {}", echo(value)))),
            }
        };
        read().map_err(|error| error.within("dtype"))
    }
}

/// What Keras writes around the arguments of an object.
pub(super) const SERIALIZED: &[Arguments] = &[
    Arguments::Read(&["class_name", "config"]),
    Arguments::Ignored(&["module", "registered_name", "build_config", "shared_object_id"]),
];

/// The class name and arguments of a serialised object.
pub(crate) fn named(value: &Value) -> Result<(&str, Map<String, Value>)> {
    match value {
        Value::String(name) => Ok((name, Map::new())),
        Value::Object(map) => {
            let fields = Fields::new(map, "a serialised object", SERIALIZED)?;
            let class_name = fields.text("class_name")?;
            // Keras writes a plain function as an object that holds its name.
            if let ("function", Some(name)) = (class_name, map.get("config").and_then(Value::as_str)) {
                return Ok((name, Map::new()));
            }
            let config = fields.optional("config", "an object", Value::as_object)?;
            Ok((class_name, config.cloned().unwrap_or_default()))
        }
        other => Err(Error::config(format!("expected a name or an object, got {}", echo(other)))),
    }
}

/// What Keras writes for an object of `module`.
pub(crate) fn serialized_object(module: &str, class_name: &str, config: Value) -> Value {
    json_object([
        ("module", module.into()),
        ("class_name", class_name.into()),
        ("config", config),
        ("registered_name", Value::Null),
    ])
}

fn finite(value: &Value) -> Option<f32> {
    value.as_f64().map(|number| number as f32).filter(|number| number.is_finite())
}

fn count(value: &Value) -> Option<usize> {
    value.as_u64().filter(|&count| count > 0).and_then(|count| usize::try_from(count).ok())
}
