//! Models whose layers read others than the one before, `keras.Functional`, and models as layers of others. Those are
//! flattened: a layer `conv` of a model `block` is called `block/conv`.

use super::Arguments::{Ignored, Read};
use super::calls::{call, references};
use super::{
    Arguments, ENTRY, Fields, INPUT_LAYER, LayerConfig, MAX_LAYERS, ModelConfig, SEQUENTIAL, input_shape,
    input_sizes, layer_fields, shape_of, split,
};
use crate::shape::Shape;
use crate::{Error, Result};
use alloc::{borrow::ToOwned, format, string::String, vec, vec::Vec};
use serde_json::{Map, Value};

/// The arguments of `Functional`. Whether it is trainable is told again by each layer.
const FUNCTIONAL: &[Arguments] =
    &[Read(&["name", "layers", "dtype", "input_layers", "output_layers"]), Ignored(&["trainable"])];

/// Functions of `keras.ops` that are the same as the layers of their names.
const FUNCTIONS: [&str; 5] = ["Add", "Subtract", "Multiply", "Maximum", "Minimum"];

const READS_NOTHING: &str = "expected the layers that it reads, got none";

/// What the network's input is called among the inputs of layers: no layer has that name.
pub(crate) const INPUT: &str = "";

/// What a model has that is no plain list of layers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    /// Whether the model is a `Functional` one. If not, it is a `Sequential` one with other models in it.
    pub(super) is_functional: bool,
    pub(crate) nested: Vec<Nested>,
}

/// A model that is a layer of another.
#[derive(Clone, Debug)]
pub(crate) struct Nested {
    /// What the names of its layers begin with: the names of the models around it and its own, each with a slash behind it.
    pub(crate) path: String,
    pub(super) is_functional: bool,
    pub(super) input_name: String,
    /// The sizes of its input, null where any will do, if it tells them.
    pub(crate) sizes: Option<Vec<Value>>,
    /// The layer that it reads, or [`INPUT`].
    pub(crate) source: String,
}

impl LayerConfig {
    /// Lets `added` read what this layer reads, and this layer read it, in the model in which it is.
    pub(super) fn put_before(&mut self, mut added: Self) -> Self {
        if !self.inputs.is_empty() {
            let path = self.name.rfind('/').map_or("", |slash| &self.name[..=slash]).to_owned();
            added.name = format!("{path}{}", added.name);
            added.inputs = core::mem::replace(&mut self.inputs, vec![added.name.clone()]);
        }
        added
    }
}

impl ModelConfig {
    /// Lets each layer that was put behind another, and reads nothing yet, read that, and all that has read that read it.
    pub(super) fn read_added(&mut self) {
        let Some(graph) = &mut self.graph else { return };
        for index in 1..self.layers.len() {
            let (before, rest) = self.layers.split_at_mut(index);
            let ([.., last], [added, readers @ ..]) = (before, rest) else { continue };
            if !added.inputs.is_empty() {
                continue;
            }
            added.inputs.push(last.name.clone());
            let inputs = readers.iter_mut().flat_map(|reader| &mut reader.inputs);
            for source in inputs.chain(graph.nested.iter_mut().map(|nested| &mut nested.source)) {
                if *source == last.name {
                    source.clone_from(&added.name);
                }
            }
        }
    }
}

/// Whether `class_name` is that of a model.
fn is_model(class_name: &str) -> bool {
    matches!(class_name, "Sequential" | "Functional" | "Model")
}

/// The model that `model` describes, or none where it is a plain list of layers.
pub(super) fn read(model: &Fields<'_>, class_name: &str) -> Result<Option<ModelConfig>> {
    let Some(is_functional) = is_model(class_name).then_some(class_name != "Sequential") else {
        return Ok(None);
    };
    let entries = match model.value("config") {
        Some(Value::Array(entries)) => Some(entries),
        Some(Value::Object(config)) => config.get("layers").and_then(Value::as_array),
        _ => None,
    };
    let has_models = entries.is_some_and(|entries| {
        entries.iter().any(|entry| entry.get("class_name").and_then(Value::as_str).is_some_and(is_model))
    });
    if !is_functional && !has_models {
        return Ok(None);
    }
    let mut reader = Reader { layers: Vec::new(), nested: Vec::new() };
    let level = Level::read(model, is_functional)?;
    reader.add(&level, "", INPUT)?;
    let Reader { layers, nested } = reader;
    let sizes =
        level.sizes.as_ref().or_else(|| nested.iter().find(|model| model.source == INPUT)?.sizes.as_ref());
    let shape = sizes.map(|sizes| shape_of(sizes)).transpose()?.or(level.shape);
    let shape =
        shape.ok_or_else(|| Error::config("batch_shape: the first layer needs the shape of the input"))?;
    Ok(Some(ModelConfig {
        name: level.name.to_owned(),
        input: shape,
        input_name: level.input_name.to_owned(),
        layers,
        graph: Some(Graph { is_functional, nested }),
    }))
}

/// The layers of one model.
struct Level<'a> {
    name: &'a str,
    input_name: &'a str,
    /// The sizes of the input as the input layer tells them.
    sizes: Option<Vec<Value>>,
    /// The same as the first layer or the model tell it.
    shape: Option<Shape>,
    items: Vec<Item<'a>>,
    /// The number of the item whose output is the model's.
    output: usize,
}

/// A layer, or a model in the place of one.
struct Item<'a> {
    layer: LayerConfig,
    model: Option<Fields<'a>>,
    /// The numbers of the items that it reads, none where that is the model's input.
    inputs: Vec<Option<usize>>,
}

impl<'a> Level<'a> {
    fn read(model: &Fields<'a>, is_functional: bool) -> Result<Self> {
        let class_name = if is_functional { "Functional" } else { "Sequential" };
        let mut level = Self {
            name: if is_functional { "functional" } else { "sequential" },
            input_name: "input_layer",
            sizes: None,
            shape: None,
            items: Vec::new(),
            output: 0,
        };
        let (entries, config) = match model.value("config") {
            Some(Value::Array(entries)) if !is_functional => (&entries[..], None),
            _ => {
                let arguments = if is_functional { FUNCTIONAL } else { SEQUENTIAL };
                let config = Fields::new(model.object("config")?, class_name, arguments)?;
                config.check_dtype()?;
                level.name = config.optional_text("name")?.unwrap_or(level.name);
                level.shape = if is_functional { None } else { input_shape(&config)? };
                (config.list("layers")?, Some(config))
            }
        };
        check_count(entries.len())?;
        let mut inputs = Vec::new();
        let mut calls = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let place = |error: Error| error.within(format!("layer {}", index + 1));
            let entry = Fields::of_object(entry, "a layer", ENTRY).map_err(place)?;
            match level.item(&entry, index == 0).map_err(place)? {
                Some(item) => {
                    calls.push((
                        entry.optional_list("inbound_nodes").map_err(place)?,
                        item.layer.name.clone(),
                    ));
                    level.items.push(item);
                }
                None if is_functional || index == 0 => inputs.push(level.input_name),
                None => return Err(place(Error::config("InputLayer can only be the first layer"))),
            }
        }
        if level.items.is_empty() {
            return Err(Error::config(format!("the model '{}' has no layers", level.name)));
        }
        level.output = level.items.len() - 1;
        match config.filter(|_| is_functional) {
            Some(config) => level.connect(&config, &inputs, &calls)?,
            None => {
                for (index, item) in level.items.iter_mut().enumerate() {
                    item.inputs.push(index.checked_sub(1));
                }
            }
        }
        Ok(level)
    }

    /// Reads a layer or a model, or an input layer, of which nothing but what it tells of the input is left.
    fn item(&mut self, entry: &Fields<'a>, is_first: bool) -> Result<Option<Item<'a>>> {
        let class_name = entry.text("class_name")?;
        let names = self.items.iter().map(|item| &item.layer);
        if is_model(class_name) {
            let name = entry.value("config").and_then(|config| config.get("name")).cloned();
            let common = name.map(|name| ("name".into(), name)).into_iter().collect();
            let common = Fields::new(&common, class_name, &[Read(&["name"])])?;
            let layer = LayerConfig::read(class_name, &common, Map::new(), names)?;
            return Ok(Some(Item { layer, model: Some(*entry), inputs: Vec::new() }));
        }
        let arguments = entry.object("config")?;
        if class_name == "InputLayer" {
            let arguments = Fields::new(arguments, class_name, INPUT_LAYER)?;
            self.sizes = input_sizes(&arguments)?.map(|(_, sizes)| sizes.to_vec());
            self.input_name = arguments.optional_text("name")?.unwrap_or(self.input_name);
            return Ok(None);
        }
        let module = entry.value("module").and_then(Value::as_str).unwrap_or_default();
        if module.contains(".ops") && !FUNCTIONS.contains(&class_name) {
            return Err(Error::config(format!(
                "class_name: of the functions of {module} only {} are supported, got {class_name}",
                FUNCTIONS.join(", ")
            )));
        }
        let (common, own) = split(arguments);
        let common = layer_fields(&common, class_name, &[])?;
        if is_first {
            self.shape = input_shape(&common)?.or(self.shape);
        }
        let layer = LayerConfig::read(class_name, &common, own, names)?;
        Ok(Some(Item { layer, model: None, inputs: Vec::new() }))
    }

    /// Finds what every item reads and which one's output is the model's.
    fn connect(
        &mut self,
        config: &Fields<'_>,
        inputs: &[&'a str],
        calls: &[(Option<&[Value]>, String)],
    ) -> Result<()> {
        if inputs.len() != 1 {
            return Err(Error::config(format!(
                "only models with one input are supported, got {} InputLayer ({})",
                inputs.len(),
                inputs.join(", ")
            )));
        }
        let single = |name: &str, what: &str| {
            let mut found = Vec::new();
            references(config.value(name).unwrap_or(&Value::Null), &mut found)
                .map_err(|error| error.within(name))?;
            match found[..] {
                [layer] => Ok(layer),
                _ => Err(Error::config(format!(
                    "{name}: only models with one {what} are supported, got {} ({})",
                    found.len(),
                    found.join(", ")
                ))),
            }
        };
        let input = single("input_layers", "input")?;
        if input != self.input_name {
            return Err(Error::config(format!(
                "input_layers: expected the InputLayer '{}', got '{input}'",
                self.input_name
            )));
        }
        let find = |items: &[Item<'_>], name: &str| {
            if name == input {
                return Ok(None);
            }
            let place = items.iter().position(|item| item.layer.name == name);
            place.map(Some).ok_or_else(|| Error::config(format!("there is no layer called '{name}'")))
        };
        if let Some(layer) = self.items.iter().find(|item| item.layer.name == input) {
            return Err(Error::config(format!(
                "name: '{}' is already the name of another layer",
                layer.layer.name
            )));
        }
        for (index, (nodes, name)) in calls.iter().enumerate() {
            let read = || match nodes.unwrap_or_default() {
                [node] => {
                    let mut sources = Vec::new();
                    call(node, &mut sources)?;
                    check_count(sources.len())?;
                    if sources.is_empty() {
                        return Err(Error::config(READS_NOTHING));
                    }
                    sources.into_iter().map(|source| find(&self.items, source)).collect::<Result<Vec<_>>>()
                }
                nodes => Err(Error::config(match nodes.len() {
                    0 => READS_NOTHING.to_owned(),
                    calls => format!(
                        "a layer that is called {calls} times is not supported, each needs its own weights"
                    ),
                })),
            };
            let inputs = read().map_err(|error| error.within(format!("{name}: inbound_nodes")))?;
            self.items[index].inputs = inputs;
        }
        let output = single("output_layers", "output")?;
        self.output =
            find(&self.items, output).map_err(|error| error.within("output_layers"))?.ok_or_else(|| {
                Error::config(format!("output_layers: expected a layer, got the input '{output}'"))
            })?;
        Ok(())
    }

    /// The numbers of the items, each behind those that it reads, otherwise in the order in which they are given.
    fn order(&self) -> Result<Vec<usize>> {
        let mut order = Vec::with_capacity(self.items.len());
        let mut is_placed = vec![false; self.items.len()];
        while order.len() < self.items.len() {
            let waits =
                |index: usize| self.items[index].inputs.iter().flatten().find(|&&input| !is_placed[input]);
            let next = (0..self.items.len()).find(|&index| !is_placed[index] && waits(index).is_none());
            let Some(next) = next else {
                // Whoever goes back from one that waits often enough is in the circle.
                let start = is_placed.iter().position(|is_placed| !is_placed).unwrap_or(0);
                let inside = (0..self.items.len()).fold(start, |at, _| waits(at).copied().unwrap_or(at));
                return Err(Error::config(format!(
                    "layer '{}' reads its own output, by way of the layers that it reads",
                    self.items[inside].layer.name
                )));
            };
            is_placed[next] = true;
            order.push(next);
        }
        let mut is_read = vec![false; self.items.len()];
        is_read[self.output] = true;
        for &index in order.iter().rev() {
            if !is_read[index] {
                return Err(Error::config(format!(
                    "the output of layer '{}' leads nowhere, the model ends with '{}'",
                    self.items[index].layer.name, self.items[self.output].layer.name
                )));
            }
            self.items[index].inputs.iter().flatten().for_each(|&input| is_read[input] = true);
        }
        Ok(order)
    }
}

/// Collects the layers of models in each other, each behind those that it reads.
struct Reader {
    layers: Vec<LayerConfig>,
    nested: Vec<Nested>,
}

impl Reader {
    /// Adds the layers of `level`, whose names begin with `path`, and returns the name of the one that it ends with. How deep
    /// models lie in each other is bounded by the depth of what is read as JSON.
    fn add(&mut self, level: &Level<'_>, path: &str, source: &str) -> Result<String> {
        let mut outputs = vec![String::new(); level.items.len()];
        for index in level.order()? {
            let Item { layer, model, inputs } = &level.items[index];
            let name = format!("{path}{}", layer.name);
            let inputs = inputs.iter().map(|input| match input {
                Some(input) => outputs[*input].clone(),
                None => source.to_owned(),
            });
            let inputs: Vec<String> = inputs.collect();
            outputs[index] = match model {
                Some(model) => {
                    let [source] = &inputs[..] else {
                        return Err(Error::config(format!(
                            "{name}: a model as a layer reads one layer, got {}",
                            inputs.len()
                        )));
                    };
                    self.add_model(model, layer.class_name != "Sequential", &format!("{name}/"), source)
                        .map_err(|error| error.within(&layer.name))?
                }
                None => {
                    check_count(self.layers.len() + 1)?;
                    self.layers.push(LayerConfig { name: name.clone(), inputs, ..layer.clone() });
                    name
                }
            };
        }
        Ok(core::mem::take(&mut outputs[level.output]))
    }

    fn add_model(
        &mut self,
        model: &Fields<'_>,
        is_functional: bool,
        path: &str,
        source: &str,
    ) -> Result<String> {
        check_count(self.nested.len() + 1)?;
        let level = Level::read(model, is_functional)?;
        self.nested.push(Nested {
            path: path.to_owned(),
            is_functional,
            input_name: level.input_name.to_owned(),
            sizes: level
                .sizes
                .clone()
                .or(level.shape.map(|shape| shape.sizes().into_iter().map(Value::from).collect())),
            source: source.to_owned(),
        });
        self.add(&level, path, source)
    }
}

fn check_count(layers: usize) -> Result<()> {
    if layers > MAX_LAYERS {
        return Err(Error::limit(format!("a model has at most {MAX_LAYERS} layers, got {layers}")));
    }
    Ok(())
}
