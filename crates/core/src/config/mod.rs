//! Model descriptions in Keras' own JSON form: what `keras.Sequential.to_json()` writes is read as it stands.

mod arguments;
#[cfg(feature = "complete")]
mod calls;
mod echo;
mod fields;
#[cfg(feature = "complete")]
mod functional;
#[cfg(feature = "complete")]
mod functional_json;
mod json;
mod nearest;
mod training;
mod variation;

use crate::shape::{MAX_SIZE, Shape};
use crate::{Error, Result};
use alloc::{format, string::String, string::ToString, vec::Vec};
pub(crate) use arguments::Arguments;
use arguments::Arguments::{Ignored, Read, Shared, Unsupported};
#[cfg(feature = "complete")]
pub(crate) use arguments::nearest;
#[cfg(feature = "complete")]
pub(crate) use echo::cut;
pub(crate) use echo::echo;
pub(crate) use fields::{Fields, named, serialized_object};
#[cfg(feature = "complete")]
pub(crate) use functional::{Graph, INPUT};
pub(crate) use json::read as read_json;
use serde_json::{Map, Value};
pub(crate) use training::parse_compile;
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
    read_json(text).map_err(|error| Error::format(format!("the {what} is not JSON: {error}")))
}

/// A value as JSON text. (The `Display` of values brings a second copy of the writer.)
pub(crate) fn json_text(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A JSON object.
pub(crate) fn json_object<const FIELDS: usize>(fields: [(&str, Value); FIELDS]) -> Value {
    json_map(fields.into()).into()
}

/// The same as a map. One function for any number of fields: the WebAssembly file holds it once.
fn json_map(fields: Vec<(&str, Value)>) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in fields {
        map.insert(name.into(), value);
    }
    map
}

/// A model: its name, the shape of one input example, and its layers, each behind those that it reads.
#[derive(Clone, Debug)]
pub(crate) struct ModelConfig {
    pub(crate) name: String,
    pub(crate) input: Shape,
    pub(crate) input_name: String,
    pub(crate) layers: Vec<LayerConfig>,
    /// Present where the model is more than a list of layers.
    #[cfg(feature = "complete")]
    pub(crate) graph: Option<Graph>,
}

/// One layer's description: what kind it is and its arguments.
#[derive(Clone, Debug)]
pub(crate) struct LayerConfig {
    pub(crate) name: String,
    pub(crate) class_name: String,
    pub(crate) trainable: bool,
    pub(crate) arguments: Map<String, Value>,
    /// The names of the layers that it reads, [`INPUT`] for the network's input; empty for the one before.
    #[cfg(feature = "complete")]
    pub(crate) inputs: Vec<String>,
}

/// The classes of models.
const MODELS: &str = if cfg!(feature = "complete") { "Sequential and Functional" } else { "Sequential" };

/// What a model's description has; Keras 2 adds its version and its back end.
const MODEL: &[Arguments] =
    &[Shared(fields::SERIALIZED), Ignored(&["compile_config", "keras_version", "backend"])];

/// The arguments of `Sequential`. Whether it is trainable is told again by each layer.
const SEQUENTIAL: &[Arguments] =
    &[Read(&["name", "layers", "dtype", "build_input_shape"]), Ignored(&["trainable"])];

/// What the list of layers has around the arguments of a layer.
const ENTRY: &[Arguments] =
    &[Shared(fields::SERIALIZED), Ignored(&["name", "inbound_nodes", "compile_config"])];

const INPUT_LAYER: &[Arguments] = &[
    Read(&["shape", "batch_shape", "input_shape", "batch_input_shape", "name"]),
    Unsupported(&["input_tensor"]),
    Ignored(&["batch_size", "dtype", "sparse", "ragged", "optional"]),
];

/// The arguments of every layer. Keras 2 and hand-written descriptions put the input's shape on the first one.
const EVERY_LAYER: &[Arguments] = &[
    Read(&["name", "trainable", "dtype", "batch_shape", "input_shape", "batch_input_shape", "input_dim"]),
    Unsupported(&["activity_regularizer"]),
    Ignored(&["autocast"]),
];

/// The arguments of a layer, all of which `arguments` or every layer has.
pub(crate) fn layer_fields<'a>(
    given: &'a Map<String, Value>,
    class_name: &str,
    arguments: &'static [Arguments],
) -> Result<Fields<'a>> {
    let fields = Fields::new(given, class_name, &[Shared(arguments), Shared(EVERY_LAYER)])?;
    fields.check_dtype()?;
    Ok(fields)
}

impl ModelConfig {
    /// Reads a model, a `Sequential` one with or without what Keras adds around its layers. Keras 2 has the bare list
    /// of its layers as well.
    pub(crate) fn from_value(value: &Value) -> Result<Self> {
        let model = Fields::of_object(value, "the model", MODEL)?;
        let class_name = model.text("class_name")?;
        #[cfg(feature = "complete")]
        if let Some(config) = functional::read(&model, class_name)? {
            return Ok(config);
        }
        if class_name != "Sequential" {
            return Err(Error::config(format!(
                "class_name: only {MODELS} models are supported, got {class_name}"
            )));
        }
        if let Some(Value::Array(entries)) = model.value("config") {
            return Self::of_layers("sequential", entries, None);
        }
        let config = Fields::new(model.object("config")?, class_name, SEQUENTIAL)?;
        config.check_dtype()?;
        let name = config.optional_text("name")?.unwrap_or("sequential");
        Self::of_layers(name, config.list("layers")?, input_shape(&config)?)
    }

    /// `input` is its shape where no layer tells it.
    fn of_layers(name: &str, entries: &[Value], mut input: Option<Shape>) -> Result<Self> {
        if entries.len() > MAX_LAYERS {
            return Err(Error::limit(format!(
                "a model has at most {MAX_LAYERS} layers, got {}",
                entries.len()
            )));
        }
        let mut input_name = "input_layer".to_string();
        let mut layers: Vec<LayerConfig> = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let mut read = || {
                let entry = Fields::of_object(entry, "a layer", ENTRY)?;
                let (class_name, arguments) = (entry.text("class_name")?, entry.object("config")?);
                if class_name == "InputLayer" {
                    if index > 0 {
                        return Err(Error::config("InputLayer can only be the first layer"));
                    }
                    let arguments = Fields::new(arguments, class_name, INPUT_LAYER)?;
                    input = input_shape(&arguments)?.or(input);
                    if let Some(name) = arguments.optional_text("name")? {
                        input_name = name.to_string();
                    }
                    return Ok(());
                }
                let (common, own) = split(arguments);
                let common = layer_fields(&common, class_name, &[])?;
                if layers.is_empty() {
                    input = input_shape(&common)?.or(input);
                }
                let layer = LayerConfig::read(class_name, &common, own, layers.iter())?;
                layers.push(layer);
                Ok(())
            };
            read().map_err(|error: Error| error.within(format!("layer {}", index + 1)))?;
        }
        if layers.is_empty() && input.is_none() {
            return Err(Error::config("the model has no layers"));
        }
        let input = input
            .ok_or_else(|| Error::config("batch_shape: the first layer needs the shape of the input"))?;
        Ok(Self {
            name: name.to_string(),
            input,
            input_name,
            layers,
            #[cfg(feature = "complete")]
            graph: None,
        })
    }

    /// The description as Keras writes it.
    pub(crate) fn to_value(&self) -> Value {
        #[cfg(feature = "complete")]
        if let Some(graph) = &self.graph {
            return functional_json::write(self, graph);
        }
        let sizes = self.input.sizes().into_iter().map(Value::from);
        let mut layers = Vec::from([input_layer(&self.input_name, sizes.collect())]);
        layers.extend(self.layers.iter().map(|layer| layer.to_value(&layer.name)));
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

/// The description of an input layer as Keras writes it; `sizes` are all but the batch's.
fn input_layer(name: &str, mut sizes: Vec<Value>) -> Value {
    sizes.insert(0, Value::Null);
    serialized_object(
        "keras.layers",
        "InputLayer",
        json_object([
            ("batch_shape", sizes.into()),
            ("dtype", "float32".into()),
            ("sparse", false.into()),
            ("name", name.into()),
        ]),
    )
}

/// What Keras writes for a layer.
fn layer_object(class_name: &str, config: Value) -> Value {
    #[cfg(feature = "complete")]
    if class_name == "LocalResponseNormalization" {
        // It is none of Keras' own but registered by this project.
        return json_object([
            ("module", Value::Null),
            ("class_name", class_name.into()),
            ("config", config),
            ("registered_name", "convscope>LocalResponseNormalization".into()),
        ]);
    }
    serialized_object("keras.layers", class_name, config)
}

impl LayerConfig {
    fn read<'a>(
        class_name: &str,
        common: &Fields<'_>,
        arguments: Map<String, Value>,
        before: impl Iterator<Item = &'a LayerConfig> + Clone,
    ) -> Result<Self> {
        let name = match common.optional_text("name")? {
            Some(name) => {
                check_name(name)?;
                check_new(name, before)?;
                name.to_string()
            }
            None => default_name(class_name, before),
        };
        let trainable = common.optional_flag("trainable")?.unwrap_or(true);
        Ok(Self {
            name,
            class_name: class_name.to_string(),
            trainable,
            arguments,
            #[cfg(feature = "complete")]
            inputs: Vec::new(),
        })
    }

    /// The description as Keras writes it, under the name `name`.
    fn to_value(&self, name: &str) -> Value {
        let mut config = Map::new();
        config.insert("name".into(), name.into());
        config.insert("trainable".into(), self.trainable.into());
        config.insert("dtype".into(), "float32".into());
        for (name, value) in &self.arguments {
            config.insert(name.clone(), value.clone());
        }
        layer_object(&self.class_name, config.into())
    }

    /// The layer's own arguments, all of which `arguments` declares.
    pub(crate) fn fields(&self, arguments: &'static [Arguments]) -> Result<Fields<'_>> {
        layer_fields(&self.arguments, &self.class_name, arguments)
    }
}

/// The arguments that every layer has, and the layer's own.
fn split(arguments: &Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    // Inserted one by one: collecting would sort them first, with a sort of its own in the WebAssembly file.
    let (mut common, mut own) = (Map::new(), Map::new());
    for (name, value) in arguments {
        let part = if arguments::declares(EVERY_LAYER, name) { &mut common } else { &mut own };
        part.insert(name.clone(), value.clone());
    }
    (common, own)
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

/// Refuses a name that one of the layers `before` has.
fn check_new<'a>(name: &str, mut before: impl Iterator<Item = &'a LayerConfig>) -> Result<()> {
    if before.any(|layer| layer.name == name) {
        return Err(Error::config(format!("name: '{name}' is already the name of another layer")));
    }
    Ok(())
}

/// Keras' way: the class in snake case, with a number from the second on.
fn default_name<'a>(class_name: &str, before: impl Iterator<Item = &'a LayerConfig> + Clone) -> String {
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
        .find(|name| before.clone().all(|layer| layer.name != *name))
        .unwrap_or(base)
}

/// The input's shape, under whichever of Keras' names it stands; those with `batch` and `build` in them have the
/// batch in front.
fn input_shape(arguments: &Fields<'_>) -> Result<Option<Shape>> {
    if let Some((name, sizes)) = input_sizes(arguments)? {
        return shape_of(sizes).map(Some).map_err(|error| error.within(name));
    }
    Ok(arguments.optional_count("input_dim")?.map(Shape::Vector))
}

/// The sizes of the input without the batch, and under which name they stand.
fn input_sizes<'a>(arguments: &Fields<'a>) -> Result<Option<(&'static str, &'a [Value])>> {
    let names = [
        ("batch_shape", 1),
        ("batch_input_shape", 1),
        ("build_input_shape", 1),
        ("shape", 0),
        ("input_shape", 0),
    ];
    for (name, batch) in names {
        if let Some(sizes) = arguments.optional_list(name)? {
            return Ok(Some((name, sizes.get(batch..).unwrap_or_default())));
        }
    }
    Ok(None)
}

fn shape_of(sizes: &[Value]) -> Result<Shape> {
    let sizes: Vec<usize> = sizes
        .iter()
        .map(|size| size.as_u64().and_then(|size| usize::try_from(size).ok()).filter(|&size| size > 0))
        .collect::<Option<_>>()
        .ok_or_else(|| Error::config("every size but the batch's must be a whole number above 0"))?;
    if let Some(&size) = sizes.iter().find(|&&size| size > MAX_SIZE) {
        return Err(Error::limit(format!("sizes go up to {MAX_SIZE}, got {size}")));
    }
    match sizes[..] {
        [height, width, channels] => Ok(Shape::Image([height, width, channels])),
        #[cfg(feature = "complete")]
        [steps, channels] => Ok(Shape::Sequence([steps, channels])),
        [length] => Ok(Shape::Vector(length)),
        _ => Err(Error::config(format!(
            "an input is an image (height, width, channels), a sequence (steps, channels) or a vector, got {} axes",
            sizes.len()
        ))),
    }
}
