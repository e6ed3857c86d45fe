//! Writing the models of [`functional`](super::functional) as Keras 3 writes them: the layers of models in models go back to
//! where they were.

use super::functional::{Graph, INPUT};
use super::{ModelConfig, input_layer, json_object, serialized_object};
use crate::model::Network;
use crate::shape::Shape;
use alloc::{format, string::String, vec, vec::Vec};
use serde_json::{Map, Value};

/// The description of `config`, whose models in models and inputs are those of `graph`.
pub(super) fn write(config: &ModelConfig, graph: &Graph) -> Value {
    let network = Network::new(config).ok();
    let sizes = config.input.sizes().into_iter().map(Value::from).collect();
    let top = Level {
        path: "",
        is_functional: graph.is_functional,
        input_name: &config.input_name,
        sizes: Some(sizes),
    };
    Writer { config, graph, network: network.as_ref() }.model(&config.name, &top)
}

struct Writer<'a> {
    config: &'a ModelConfig,
    graph: &'a Graph,
    /// Tells the shapes that stand beside the names of layers that are read.
    network: Option<&'a Network>,
}

/// A model, the outermost or one in others.
struct Level<'a> {
    path: &'a str,
    is_functional: bool,
    input_name: &'a str,
    sizes: Option<Vec<Value>>,
}

impl Level<'_> {
    /// What a layer of any depth is called among the layers of this model: a model in it by its own name, and all that lies
    /// outside by the input's.
    fn local<'a>(&'a self, name: &'a str) -> &'a str {
        match name.strip_prefix(self.path).filter(|rest| !rest.is_empty()) {
            Some(rest) => rest.split('/').next().unwrap_or(rest),
            None => self.input_name,
        }
    }
}

impl Writer<'_> {
    fn model(&self, name: &str, level: &Level<'_>) -> Value {
        let mut layers = Vec::new();
        if let Some(sizes) = &level.sizes {
            let entry = input_layer(level.input_name, sizes.clone());
            layers.push(self.entry(level, entry, level.input_name, None));
        }
        let (mut written, mut output) = (Vec::new(), (level.input_name, 0));
        for layer in self.config.layers.iter().filter(|layer| layer.name.starts_with(level.path)) {
            let local = level.local(&layer.name);
            let nested = self.nested(level, local);
            // Keras counts from 1 where a Functional model ends with another, which has had a call of its own.
            output = (local, u8::from(nested.as_ref().is_some_and(|(inner, _)| inner.is_functional)));
            if written.contains(&local) {
                continue;
            }
            written.push(local);
            layers.push(match nested {
                Some((inner, source)) => {
                    let inputs = [source.into()];
                    self.entry(level, self.model(local, &inner), local, Some(&inputs))
                }
                None => self.entry(level, layer.to_value(local), local, Some(&layer.inputs)),
            });
        }
        let mut config = Map::new();
        config.insert("name".into(), name.into());
        config.insert("trainable".into(), true.into());
        if level.is_functional {
            config.insert(
                "input_layers".into(),
                vec![level.input_name.into(), 0.into(), Value::from(0)].into(),
            );
            config.insert(
                "output_layers".into(),
                vec![output.0.into(), output.1.into(), Value::from(0)].into(),
            );
        } else {
            config.insert("dtype".into(), "float32".into());
        }
        config.insert("layers".into(), layers.into());
        if !level.is_functional {
            return serialized_object("keras", "Sequential", config.into());
        }
        let mut model = serialized_object("keras.src.models.functional", "Functional", config.into());
        if let Some(model) = model.as_object_mut() {
            // Keras finds it by this name alone.
            model.insert("registered_name".into(), "Functional".into());
        }
        model
    }

    /// The model that is called `local` in `level`, and what it reads.
    fn nested(&self, level: &Level<'_>, local: &str) -> Option<(Level<'_>, &str)> {
        let path = format!("{}{local}/", level.path);
        let nested = self.graph.nested.iter().find(|nested| nested.path == path)?;
        let inner = Level {
            path: &nested.path,
            is_functional: nested.is_functional,
            input_name: &nested.input_name,
            sizes: nested.sizes.clone(),
        };
        Some((inner, &nested.source))
    }

    /// An entry of a model's list of layers: in a Functional one, `inputs` stand beside the layer.
    fn entry(&self, level: &Level<'_>, mut value: Value, name: &str, inputs: Option<&[String]>) -> Value {
        let Some(entry) = value.as_object_mut().filter(|_| level.is_functional) else { return value };
        let tensors: Option<Vec<Value>> =
            inputs.map(|inputs| inputs.iter().map(|input| self.tensor(level, input)).collect());
        let nodes = match tensors {
            None => vec![],
            Some(mut tensors) => {
                let argument = if tensors.len() == 1 { tensors.remove(0) } else { tensors.into() };
                vec![json_object([("args", vec![argument].into()), ("kwargs", json_object([]))])]
            }
        };
        entry.insert("name".into(), name.into());
        entry.insert("inbound_nodes".into(), nodes.into());
        value
    }

    /// The output of layer `name`, as a layer of `level` reads it.
    fn tensor(&self, level: &Level<'_>, name: &str) -> Value {
        let shape = match self.network {
            Some(network) if name != INPUT => {
                network.index(name).ok().map(|index| network.nodes[index].output)
            }
            _ => Some(self.config.input),
        };
        let mut sizes = vec![Value::Null];
        sizes.extend(shape.map(Shape::sizes).unwrap_or_default().into_iter().map(Value::from));
        let history = vec![level.local(name).into(), 0.into(), Value::from(0)];
        json_object([
            ("class_name", "__keras_tensor__".into()),
            (
                "config",
                json_object([
                    ("shape", sizes.into()),
                    ("dtype", "float32".into()),
                    ("keras_history", history.into()),
                ]),
            ),
        ])
    }
}
