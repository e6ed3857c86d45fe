//! The arguments of a class, declared once beside what reads them. Whatever is not declared is refused by name.

use super::echo::{cut, echo};
use crate::{Error, Result};
use alloc::{format, string::String, vec::Vec};
use serde_json::{Map, Value};

/// Some of the arguments that a class has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arguments {
    /// What is read.
    Read(&'static [&'static str]),
    /// What Keras has and this engine has not. It may stand where it asks for nothing, as null or false.
    Unsupported(&'static [&'static str]),
    /// What the complete engine reads, and is unsupported in the one that the shipped models need.
    Complete(&'static [&'static str]),
    /// What Keras writes and changes no number.
    Ignored(&'static [&'static str]),
    /// What several classes share.
    Shared(&'static [Arguments]),
}

impl Arguments {
    fn is_unsupported(self) -> bool {
        matches!(self, Self::Unsupported(_))
            || !cfg!(feature = "complete") && matches!(self, Self::Complete(_))
    }
}

/// The longest name that is compared with the declared ones, in bytes.
const MAX_NAME: usize = 40;

/// Refuses what `arguments` doesn't declare among the arguments `given` to `owner`.
pub(super) fn check(given: &Map<String, Value>, owner: &str, arguments: &[Arguments]) -> Result<()> {
    for (name, value) in given {
        match declaration(name, arguments) {
            Some(part) if part.is_unsupported() && !matches!(value, Value::Null | Value::Bool(false)) => {
                return Err(Error::config(format!(
                    "{name}: {owner} has it in Keras but not here, expected null or false, got {}",
                    echo(value)
                )));
            }
            Some(_) => {}
            None => return Err(unknown(name, owner, arguments)),
        }
    }
    Ok(())
}

/// Whether `arguments` declares `name`.
pub(super) fn declares(arguments: &[Arguments], name: &str) -> bool {
    declaration(name, arguments).is_some()
}

/// Which part of `arguments` declares `name`.
fn declaration(name: &str, arguments: &[Arguments]) -> Option<Arguments> {
    arguments.iter().find_map(|&part| match part {
        Arguments::Shared(shared) => declaration(name, shared),
        Arguments::Read(names)
        | Arguments::Unsupported(names)
        | Arguments::Complete(names)
        | Arguments::Ignored(names) => names.contains(&name).then_some(part),
    })
}

fn unknown(name: &str, owner: &str, arguments: &[Arguments]) -> Error {
    let mut known = Vec::new();
    add_read(arguments, &mut known);
    let hint = match nearest(name, &known) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None if known.is_empty() => "it has none".into(),
        None => format!("it has {}", known.join(", ")),
    };
    Error::config(format!("{}: {owner} has no such argument; {hint}", cut(name.into())))
}

/// The one of the names `known` that `name` is most like, if no more than a third of it is other letters.
pub(crate) fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let distances = known.iter().map(|known| (distance(name, known), *known));
    let (distance, nearest) = distances.min_by_key(|&(distance, _)| distance)?;
    (distance <= name.len() / 3).then_some(nearest)
}

/// Collects the names that are read.
fn add_read(arguments: &[Arguments], known: &mut Vec<&'static str>) {
    for part in arguments {
        match part {
            Arguments::Shared(shared) => add_read(shared, known),
            Arguments::Unsupported(_) | Arguments::Ignored(_) => {}
            part if part.is_unsupported() => {}
            Arguments::Read(names) | Arguments::Complete(names) => known.extend_from_slice(names),
        }
    }
}

/// How many letters must be put in, left out or changed to make one name of the other (Levenshtein 1966); more
/// than any name has where one is too long to be compared.
fn distance(one: &str, other: &str) -> usize {
    if one.len().max(other.len()) > MAX_NAME {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (done, letter) in one.bytes().enumerate() {
        // The entries to the left, above and between them.
        let (mut left, mut corner) = (done + 1, done);
        row[0] = left;
        for (above, compared) in row[1..].iter_mut().zip(other.bytes()) {
            left = (corner + usize::from(letter != compared)).min(left + 1).min(*above + 1);
            corner = core::mem::replace(above, left);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::Arguments::{Ignored, Read, Shared, Unsupported};
    use super::*;
    use alloc::string::ToString;

    const ARGUMENTS: &[Arguments] =
        &[Read(&["filters", "kernel_size"]), Unsupported(&["kernel_constraint"]), Shared(SHARED)];
    const SHARED: &[Arguments] = &[Read(&["activation"]), Ignored(&["seed"])];

    fn checked(text: &str) -> core::result::Result<(), String> {
        let given = serde_json::from_str(text).unwrap();
        check(&given, "Conv2D", ARGUMENTS).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_declared_is_accepted() {
        let text = r#"{"filters": 1, "seed": {}, "activation": null, "kernel_constraint": null}"#;
        assert_eq!(checked(text), Ok(()));
    }

    #[test]
    fn what_is_not_declared_is_refused_with_the_nearest_name() {
        for (text, message) in [
            (r#"{"filers": 1}"#, "filers: Conv2D has no such argument; did you mean filters?"),
            (r#"{"kernelSize": 1}"#, "kernelSize: Conv2D has no such argument; did you mean kernel_size?"),
            (r#"{"acivation": 1}"#, "acivation: Conv2D has no such argument; did you mean activation?"),
            (
                r#"{"units": 1}"#,
                "units: Conv2D has no such argument; it has filters, kernel_size, activation",
            ),
            (
                r#"{"kernel_constraint": "max_norm"}"#,
                "kernel_constraint: Conv2D has it in Keras but not here, expected null or false, got \"max_norm\"",
            ),
        ] {
            assert_eq!(checked(text), Err(message.to_string()));
        }
        let long = checked(&format!(r#"{{"{}": 1}}"#, "ü".repeat(1000))).unwrap_err();
        assert!(long.len() < 300, "{long}");
    }

    #[test]
    fn distances_count_letters() {
        for (one, other, letters) in [("", "rate", 4), ("rate", "rate", 0), ("kitten", "sitting", 3)] {
            assert_eq!(distance(one, other), letters);
            assert_eq!(distance(other, one), letters);
        }
    }
}
