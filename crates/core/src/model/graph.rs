//! Networks whose layers read others than the one before: who reads what, and how gradients find their way back.

use super::network::Network;
use super::passes::Stage;
use super::workspace::Workspace;
use crate::config::{INPUT, ModelConfig, echo};
use crate::numbers::zeros;
use crate::shape::{ReceptiveField, Shape};
use crate::{Error, Result};
use alloc::{format, vec, vec::Vec};
use convscope_kernels::Level;
use convscope_kernels::elementwise::add;

/// What layers read: the output of the layer of this number, none for the network's input.
pub(crate) type Source = Option<usize>;

/// What every layer of a model reads.
pub(super) struct Sources {
    of_layers: Vec<Vec<Source>>,
    /// How often each is read, the network's input first.
    readers: Vec<usize>,
}

impl Sources {
    pub(super) fn new(config: &ModelConfig) -> Result<Self> {
        let mut readers = vec![0; config.layers.len() + 1];
        let mut of_layers = Vec::with_capacity(config.layers.len());
        for (index, layer) in config.layers.iter().enumerate() {
            let find = |name: &str| match name {
                INPUT => Ok(None),
                _ => config.layers[..index].iter().position(|layer| layer.name == name).map(Some).ok_or_else(
                    || {
                        Error::config(format!(
                            "layer '{}' reads '{name}', which is no layer before it",
                            layer.name
                        ))
                    },
                ),
            };
            let sources = match &layer.inputs[..] {
                [] => vec![index.checked_sub(1)],
                inputs => inputs.iter().map(|name| find(name)).collect::<Result<_>>()?,
            };
            sources.iter().for_each(|&source| readers[place(source)] += 1);
            of_layers.push(sources);
        }
        Ok(Self { of_layers, readers })
    }

    pub(super) fn of(&self, index: usize) -> &[Source] {
        &self.of_layers[index]
    }

    /// Whether layer number `index` reads the one before and nothing else does, so that its gradient is that one's.
    pub(super) fn is_straight(&self, index: usize) -> bool {
        let before = index.checked_sub(1);
        self.of(index) == [before] && self.readers[place(before)] == 1
    }
}

/// Where what belongs to a source lies, the network's input first.
fn place(source: Source) -> usize {
    source.map_or(0, |index| index + 1)
}

impl Network {
    pub(super) fn shapes(&self, sources: &[Source]) -> Vec<Shape> {
        sources.iter().map(|&source| self.shape(source)).collect()
    }

    /// The receptive field that units have which see the same place of all `sources`.
    pub(super) fn joined_field(&self, sources: &[Source]) -> Option<[ReceptiveField; 2]> {
        let mut fields = sources.iter().map(|&source| self.field(source));
        let first = fields.next()??;
        let [height, width, _] = self.shape(sources[0]).maps();
        fields.try_fold(first, |[rows, columns], field| {
            let [other_rows, other_columns] = field?;
            Some([rows.joined(other_rows, height), columns.joined(other_columns, width)])
        })
    }

    /// Refuses a model in this one whose input has another shape than what it reads.
    pub(super) fn check_nested(&self, config: &ModelConfig) -> Result<()> {
        for nested in config.graph.iter().flat_map(|graph| &graph.nested) {
            let shape = if nested.source == INPUT {
                self.input
            } else {
                self.nodes[self.index(&nested.source)?].output
            };
            let Some(sizes) = &nested.sizes else { continue };
            let fits = |(given, &size): (&serde_json::Value, &usize)| {
                given.is_null() || given.as_u64() == Some(size as u64)
            };
            let got = Shape::sizes(shape);
            if sizes.len() != got.len() || !sizes.iter().zip(&got).all(fits) {
                return Err(Error::shape(format!(
                    "the model '{}' needs an input of the sizes {}, got {shape}",
                    nested.path.trim_end_matches('/'),
                    echo(&sizes.clone().into())
                )));
            }
        }
        Ok(())
    }
}

/// Gradients that wait until a backward pass comes to the layer whose output they belong to.
#[derive(Debug, Default)]
pub(super) struct Waiting(Vec<Gradient>);

#[derive(Debug, Default)]
struct Gradient {
    /// The sum of those that have come, or empty where it can be handed over without waiting.
    values: Vec<f32>,
    /// Whether one has come in this pass.
    has_come: bool,
}

impl Waiting {
    /// How many numbers wait for each source in passes of so many examples, the network's input first.
    pub(super) fn lens(network: &Network, examples: usize) -> impl Iterator<Item = usize> {
        let waits = |index: usize| network.nodes.get(index).is_some_and(|reader| !reader.is_straight);
        let input = network.nodes.iter().any(|node| !node.is_straight && node.inputs.contains(&None));
        let outputs =
            network.nodes.iter().enumerate().map(move |(index, node)| (waits(index + 1), node.output));
        let all = [(input, network.input)].into_iter().chain(outputs);
        all.map(move |(waits, shape)| if waits { shape.len().saturating_mul(examples) } else { 0 })
    }

    pub(super) fn new(network: &Network, examples: usize) -> Result<Self> {
        let gradients =
            Self::lens(network, examples).map(|len| Ok(Gradient { values: zeros(len)?, has_come: false }));
        gradients.collect::<Result<_>>().map(Self)
    }

    #[cfg(any(test, feature = "vectors"))]
    pub(super) fn spoil(&mut self) {
        for gradient in &mut self.0 {
            gradient.values.fill(f32::NAN);
            gradient.has_come = true;
        }
    }

    /// Begins a pass from the output of layer number `last`, whose gradient is `gradient`.
    pub(super) fn begin(&mut self, last: usize, gradient: &[f32]) {
        self.0.iter_mut().for_each(|gradient| gradient.has_come = false);
        self.add(None, Some(last), gradient);
    }

    /// Adds a gradient to that of `source`; without a level it is the only one.
    fn add(&mut self, level: Option<Level>, source: Source, gradient: &[f32]) {
        let waiting = &mut self.0[place(source)];
        if let Some(values) = waiting.values.get_mut(..gradient.len()) {
            match level {
                Some(level) if waiting.has_come => add(level, gradient, values),
                _ => values.copy_from_slice(gradient),
            }
        }
        waiting.has_come = true;
    }
}

impl Workspace {
    /// Begins a pass from the output of layer number `last`, whose gradient, of `len` numbers, is the first of the gradients.
    pub(super) fn begin_backward(&mut self, last: usize, len: usize) {
        self.waiting.begin(last, &self.gradients[0][..len]);
    }

    /// Puts the gradient of `source`, all whose readers have been passed, at the first place of the gradients. Answers whether
    /// there is one: layers that the pass did not begin behind have none.
    pub(super) fn take_gradient(&mut self, source: Source, len: usize) -> bool {
        let waiting = &self.waiting.0[place(source)];
        if waiting.has_come && !waiting.values.is_empty() {
            self.gradients[0][..len].copy_from_slice(&waiting.values[..len]);
        }
        waiting.has_come
    }

    /// Hands the second of the gradients, that of input number `number` of a stage, on to what that reads.
    pub(super) fn hand_on(
        &mut self,
        network: &Network,
        stage: Stage,
        number: usize,
        level: Level,
        examples: usize,
    ) {
        let node = &network.nodes[stage.layer];
        let source = node.inputs[number];
        if node.is_straight {
            self.gradients.swap(0, 1);
            self.waiting.0[place(source)].has_come = true;
        } else {
            let len = network.shape(source).len() * examples;
            self.waiting.add(Some(level), source, &self.gradients[1][..len]);
        }
    }
}
