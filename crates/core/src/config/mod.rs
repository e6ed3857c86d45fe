//! Model descriptions in Keras' own JSON form: what `keras.Sequential.to_json()` writes is read as it stands.

mod fields;
mod variation;

use crate::shape::{MAX_SIZE, Shape};
use crate::{Error, Result};
use alloc::{format, string::String, string::ToString, vec::Vec};
pub(crate) use fields::{Fields, echo, named, serialized_object};
use serde_json::{Map, Value};
pub use variation::{Variation, varied};

/// The longest model description that is read, in bytes.
pub const MAX_DESCRIPTION: usize = 1 << 20;

/// The largest number of layers in a model.
pub const MAX_LAYERS: usize = 256;

/// Parses JSON text of bounded length.
pub(crate) fn parse(text: &str, what: &str) -> Result<Value> {
    if text.len() > MAX_DESCRIPTION {
        return Err(Error::limit(format!(
            "a {what} has at most {MAX_DESCRIPTION} bytes, got {}",
            text.len()
        )));
    }
    serde_json::from_str(text).map_err(|error| Error::format(format!("the {what} is not JSON: {error}")))
}

/// A value as JSON text. (The `Display` of values brings a second copy of the writer.)
pub(crate) fn json_text(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A JSON object.
pub(crate) fn json_object<const FIELDS: usize>(fields: [(&str, Value); FIELDS]) -> Value {
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.into(), value);
    }
    Value::Object(object)
}

/// A sequential model: its name, the shape of one input example, and its layers in order.
#[derive(Clone, Debug)]
pub(crate) struct ModelConfig {
    pub(crate) name: String,
    pub(crate) input: Shape,
    pub(crate) input_name: String,
    pub(crate) layers: Vec<LayerConfig>,
}

/// One layer's description: what kind it is and its arguments.
#[derive(Clone, Debug)]
pub(crate) struct LayerConfig {
    pub(crate) name: String,
    pub(crate) class_name: String,
    pub(crate) trainable: bool,
    pub(crate) arguments: Map<String, Value>,
}

impl ModelConfig {
    /// Reads a `Sequential` model, with or without what Keras adds around its layers.
    pub(crate) fn from_value(value: &Value) -> Result<Self> {
        let model = Fields::of_object(value, "the model")?;
        let class_name = model.text("class_name")?;
        if class_name != "Sequential" {
            return Err(Error::config(format!(
                "class_name: only Sequential models are supported, got {class_name}"
            )));
        }
        let config = model.object("config")?;
        let name = config.optional_text("name")?.unwrap_or("sequential").to_string();
        let entries = config.list("layers")?;
        if entries.len() > MAX_LAYERS {
            return Err(Error::limit(format!(
                "a model has at most {MAX_LAYERS} layers, got {}",
                entries.len()
            )));
        }
        let mut input = None;
        let mut input_name = "input_layer".to_string();
        let mut layers: Vec<LayerConfig> = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let place = format!("layer {}", index + 1);
            let entry = Fields::of_object(entry, &place)?;
            let class_name = entry.text("class_name")?;
            let arguments = entry.object("config").map_err(|error| error.within(&place))?;
            if class_name == "InputLayer" {
                if index > 0 {
                    return Err(Error::config(format!("{place}: InputLayer can only be the first layer")));
                }
                input = Some(input_shape(&arguments).map_err(|error| error.within(&place))?);
                if let Some(name) = arguments.optional_text("name")? {
                    input_name = name.to_string();
                }
                continue;
            }
            // Keras 2 and hand-written descriptions put the input's shape on the first layer.
            if layers.is_empty() && input.is_none() {
                input = Some(input_shape(&arguments).map_err(|error| error.within(&place))?);
            }
            let layer =
                LayerConfig::read(class_name, &arguments, &layers).map_err(|error| error.within(&place))?;
            layers.push(layer);
        }
        let input = input.ok_or_else(|| Error::config("the model has no layers"))?;
        Ok(Self { name, input, input_name, layers })
    }

    /// The description as Keras writes it.
    pub(crate) fn to_value(&self) -> Value {
        let mut batch_shape = Vec::from([Value::Null]);
        batch_shape.extend(self.input.sizes().into_iter().map(Value::from));
        let mut layers = Vec::from([serialized_object(
            "keras.layers",
            "InputLayer",
            json_object([
                ("batch_shape", batch_shape.into()),
                ("dtype", "float32".into()),
                ("sparse", false.into()),
                ("name", self.input_name.as_str().into()),
            ]),
        )]);
        layers.extend(self.layers.iter().map(|layer| {
            let mut config = Map::new();
            config.insert("name".into(), layer.name.clone().into());
            config.insert("trainable".into(), layer.trainable.into());
            config.insert("dtype".into(), "float32".into());
            config.extend(layer.arguments.clone());
            serialized_object("keras.layers", &layer.class_name, config.into())
        }));
        serialized_object(
            "keras",
            "Sequential",
            json_object([
                ("name", self.name.as_str().into()),
                ("trainable", true.into()),
                ("dtype", "float32".into()),
                ("layers", layers.into()),
            ]),
        )
    }
}

impl LayerConfig {
    fn read(class_name: &str, arguments: &Fields<'_>, before: &[LayerConfig]) -> Result<Self> {
        arguments.check_dtype()?;
        let name = match arguments.optional_text("name")? {
            Some(name) => {
                check_name(name)?;
                if before.iter().any(|layer| layer.name == name) {
                    return Err(Error::config(format!(
                        "name: '{name}' is already the name of another layer"
                    )));
                }
                name.to_string()
            }
            None => default_name(class_name, before),
        };
        Ok(Self {
            trainable: arguments.optional_flag("trainable")?.unwrap_or(true),
            arguments: arguments.without(&["name", "trainable", "dtype", "batch_input_shape", "input_shape"]),
            class_name: class_name.to_string(),
            name,
        })
    }
}

/// Names are also the names of weights (`conv2d/kernel`), so they hold no slash.
fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.len() > 128 || name.contains('/') {
        return Err(Error::config(format!(
            "name: a layer's name has 1 to 128 bytes and no slash, got '{}'",
            name.chars().take(128).collect::<String>()
        )));
    }
    Ok(())
}

/// Keras' way: the class in snake case, with a number from the second on.
fn default_name(class_name: &str, before: &[LayerConfig]) -> String {
    let mut base = String::new();
    let mut previous_is_small = false;
    for character in class_name.chars() {
        if character.is_ascii_uppercase() && previous_is_small {
            base.push('_');
        }
        previous_is_small = character.is_ascii_lowercase();
        base.push(character.to_ascii_lowercase());
    }
    (0..)
        .map(|number| if number == 0 { base.clone() } else { format!("{base}_{number}") })
        .find(|name| before.iter().all(|layer| layer.name != *name))
        .unwrap_or(base)
}

fn input_shape(arguments: &Fields<'_>) -> Result<Shape> {
    let batch_shape = match arguments.optional_list("batch_shape")? {
        Some(sizes) => Some(sizes),
        None => arguments.optional_list("batch_input_shape")?,
    };
    let sizes: Vec<usize> = match (batch_shape, arguments.optional_list("input_shape")?) {
        (Some([_, sizes @ ..]), _) | (None, Some(sizes)) => sizes,
        _ => return Err(Error::config("batch_shape: the first layer needs the shape of the input")),
    }
    .iter()
    .map(|size| size.as_u64().and_then(|size| usize::try_from(size).ok()).filter(|&size| size > 0))
    .collect::<Option<_>>()
    .ok_or_else(|| Error::config("batch_shape: every size but the batch's must be a whole number above 0"))?;
    if let Some(&size) = sizes.iter().find(|&&size| size > MAX_SIZE) {
        return Err(Error::limit(format!("batch_shape: sizes go up to {MAX_SIZE}, got {size}")));
    }
    match sizes[..] {
        [height, width, channels] => Ok(Shape::Image([height, width, channels])),
        [length] => Ok(Shape::Vector(length)),
        _ => Err(Error::config(format!(
            "batch_shape: an input is an image (height, width, channels) or a vector, got {} axes",
            sizes.len()
        ))),
    }
}
