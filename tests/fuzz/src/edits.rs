//! What is done to valid input so that it is wrong in one place: bits, fields, lengths, numbers at their limits, parts
//! that change places, are cut off or are there twice.

use convscope_core::random::Random;
use serde_json::{Map, Value, json};

/// Numbers at which something ends.
const WHOLE: [u64; 22] = [
    0,
    1,
    2,
    3,
    127,
    128,
    255,
    256,
    257,
    65_535,
    65_536,
    65_537,
    1 << 24,
    1 << 27,
    1 << 28,
    (1 << 31) - 1,
    1 << 31,
    (1 << 32) - 1,
    1 << 32,
    (1 << 53) - 1,
    1 << 53,
    u64::MAX,
];
const REAL: [f64; 20] = [
    0.0,
    -0.0,
    0.5,
    1.0,
    -1.0,
    0.999_999_99,
    1.000_000_1,
    1e-7,
    1e-45,
    1e-308,
    5e-324,
    3.402_823_5e38,
    3.5e38,
    -3.402_823_5e38,
    1e300,
    1.797e308,
    16_777_217.0,
    -9_007_199_254_740_993.0,
    65_536.5,
    0.1,
];

/// One of `choices`.
pub(crate) fn one<T: Clone>(random: &mut Random, choices: &[T]) -> T {
    any_of(random, choices).clone()
}

/// The same where it lies.
pub(crate) fn any_of<'a, T>(random: &mut Random, choices: &'a [T]) -> &'a T {
    &choices[random.below(choices.len())]
}

/// A number at which something ends, as floats have it too.
pub(crate) fn float(random: &mut Random) -> f32 {
    match random.below(8) {
        0 => f32::from_bits(random.bits()),
        1 => {
            one(random, &[f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MIN_POSITIVE, f32::MAX, f32::MIN])
        }
        2 => one(random, &REAL) as f32,
        _ => random.uniform(-2.0, 2.0),
    }
}

/// A place in `length` bytes and, from there, a length.
fn range(random: &mut Random, length: usize) -> (usize, usize) {
    let start = random.below(length + 1);
    let most = if random.below(2) == 0 { 9 } else { length - start + 1 };
    (start, (start + random.below(most.max(1))).min(length))
}

/// Edits bytes that mean nothing to us in one to four places.
pub(crate) fn bytes(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.below(4) {
        let (start, end) = range(random, bytes.len());
        match random.below(9) {
            0 if start < bytes.len() => bytes[start] ^= 1 << random.below(8),
            1 if start < bytes.len() => bytes[start] = random.bits() as u8,
            2 | 3 => {
                let number = one(random, &WHOLE);
                let number = if random.below(2) == 0 {
                    number.to_le_bytes()
                } else {
                    (number as u32).rotate_left(0).to_be_bytes().repeat(2).try_into().unwrap_or_default()
                };
                let width = one(random, &[1, 2, 4, 8]);
                for (byte, new) in bytes[start..].iter_mut().zip(&number[..width]) {
                    *byte = *new;
                }
            }
            4 => bytes.truncate(start),
            5 => {
                bytes.drain(start..end);
            }
            6 => {
                let copy = bytes[start..end].to_vec();
                let (to, _) = range(random, bytes.len());
                bytes.splice(to..to, copy);
            }
            7 => {
                let copy = bytes[start..end].to_vec();
                let (to, _) = range(random, bytes.len());
                for (byte, new) in bytes[to..].iter_mut().zip(copy) {
                    *byte = new;
                }
            }
            _ => {
                let more = random.below(17);
                bytes.extend((0..more).map(|_| 0));
            }
        }
    }
}

/// Edits floats in one to four places.
pub(crate) fn floats(random: &mut Random, numbers: &mut Vec<f32>) {
    for _ in 0..=random.below(4) {
        let place = random.below(numbers.len() + 1);
        match random.below(6) {
            0 => numbers.truncate(place),
            1 => numbers.extend_from_within(place..),
            2 if !numbers.is_empty() => {
                let last = numbers.len() - 1;
                numbers.swap(place.min(last), random.below(last + 1));
            }
            _ if place < numbers.len() => numbers[place] = float(random),
            _ => numbers.push(float(random)),
        }
    }
}

/// A value to stand where another stood.
fn junk(random: &mut Random) -> Value {
    match random.below(14) {
        0 => Value::Null,
        1 => json!(random.below(2) == 0),
        2 | 3 => json!(one(random, &WHOLE)),
        4 => json!(-(one(random, &WHOLE) as i64).saturating_abs()),
        5 | 6 => json!(one(random, &REAL)),
        7 => json!(random.below(12)),
        8 => json!([one(random, &WHOLE), random.below(5)]),
        9 => json!([]),
        10 => json!({}),
        11 => json!({ "class_name": one(random, &WORDS), "config": {} }),
        12 => json!("é".repeat(random.below(200))),
        _ => json!(one(random, &WORDS)),
    }
}

/// Names that mean something somewhere, and some that mean something in other languages.
const WORDS: [&str; 40] = [
    "relu",
    "softmax",
    "LeakyReLU",
    "elu",
    "linear",
    "tanh",
    "sigmoid",
    "same",
    "valid",
    "Conv2D",
    "Dense",
    "Flatten",
    "Dropout",
    "MaxPooling2D",
    "AveragePooling2D",
    "GlobalAveragePooling2D",
    "BatchNormalization",
    "DepthwiseConv2D",
    "Activation",
    "InputLayer",
    "L1",
    "L2",
    "L1L2",
    "l2",
    "he_normal",
    "GlorotUniform",
    "Zeros",
    "Ones",
    "SGD",
    "Adam",
    "AdamW",
    "Adagrad",
    "RMSprop",
    "Adamax",
    "CosineDecay",
    "mse",
    "sparse_categorical_crossentropy",
    "__proto__",
    "constructor",
    "",
];

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// Part number `place` of a value, counted depth first.
fn part<'a>(value: &'a mut Value, place: &mut usize) -> Option<&'a mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|item| part(item, place)),
        Value::Object(map) => map.values_mut().find_map(|item| part(item, place)),
        _ => None,
    }
}

fn any<'a>(random: &mut Random, value: &'a mut Value) -> &'a mut Value {
    let mut place = random.below(count(value));
    // Borrowed twice, which the compiler does not follow through an `Option`.
    if part(value, &mut place.clone()).is_none() {
        return value;
    }
    part(value, &mut place).expect("was there")
}

/// A value of the same kind that may well be right, too: nothing behind the checks is reached by what they refuse.
fn nearby(random: &mut Random, value: &Value) -> Option<Value> {
    Some(match value {
        Value::Bool(flag) => json!(!flag),
        Value::Null => json!(1 + random.below(3)),
        Value::String(_) => json!(one(random, &WORDS)),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => json!(one(
                random,
                &[whole.saturating_add(1), whole.saturating_sub(1), whole.saturating_mul(2), 1, 2, 5]
            )),
            None => {
                let real = number.as_f64()?;
                json!(one(random, &[real / 2.0, real * 1.5, real * 0.999, 0.0, 0.5]))
            }
        },
        Value::Array(_) | Value::Object(_) => return None,
    })
}

fn edit(random: &mut Random, value: &mut Value) {
    if random.below(3) > 0 {
        let leaf = any(random, value);
        if let Some(near) = nearby(random, leaf) {
            *leaf = near;
            return;
        }
    }
    let other = any(random, value).clone();
    let target = any(random, value);
    match (random.below(8), &mut *target) {
        (0, Value::Array(list)) if !list.is_empty() => {
            list.remove(random.below(list.len()));
        }
        (1, Value::Array(list)) if !list.is_empty() => {
            let (from, to) = (random.below(list.len()), random.below(list.len() + 1));
            list.insert(to, list[from].clone());
        }
        (2, Value::Array(list)) if !list.is_empty() => {
            let (from, to) = (random.below(list.len()), random.below(list.len()));
            list.swap(from, to);
        }
        (0, Value::Object(map)) if !map.is_empty() => {
            let key = key_of(random, map);
            map.remove(&key);
        }
        (1, Value::Object(map)) => {
            map.insert(one(random, &WORDS).into(), junk(random));
        }
        (2, Value::Object(map)) if !map.is_empty() => {
            let key = key_of(random, map);
            let value = map.remove(&key).unwrap_or_default();
            map.insert(one(random, &WORDS).into(), value);
        }
        (3, _) => *target = other,
        _ => *target = junk(random),
    }
}

fn key_of(random: &mut Random, map: &Map<String, Value>) -> String {
    let keys: Vec<&String> = map.keys().collect();
    keys[random.below(keys.len())].clone()
}

/// Edits a JSON value in one place or, less often, in two or three.
pub(crate) fn json(random: &mut Random, value: &mut Value) {
    for _ in 0..=random.below(4).saturating_sub(1) {
        edit(random, value);
        if count(value) > 2000 {
            break;
        }
    }
}

/// A text of JSON to start from, read once.
#[derive(Debug)]
pub(crate) struct Text {
    letters: &'static str,
    value: Value,
}

impl Text {
    pub(crate) fn new(letters: &'static str) -> Self {
        Self { letters, value: serde_json::from_str(letters).expect("the text to start from is JSON") }
    }

    pub(crate) fn all(texts: &[&'static str]) -> Vec<Self> {
        texts.iter().map(|text| Self::new(text)).collect()
    }

    /// The text with its values edited, or now and then its letters.
    pub(crate) fn edited(&self, random: &mut Random) -> Vec<u8> {
        if random.below(8) == 0 {
            let mut letters = self.letters.as_bytes().to_vec();
            bytes(random, &mut letters);
            return letters;
        }
        let mut value = self.value.clone();
        json(random, &mut value);
        value.to_string().into_bytes()
    }
}
