//! Variants of a network that differ in one thing, for fair comparisons.

use super::{LayerConfig, ModelConfig, check_new, json_map, json_object, json_text, parse};
use crate::Result;
use crate::layers::Operation;
use crate::model::{Network, Node};
use alloc::{format, string::String, vec::Vec};
use serde_json::{Map, Value};

/// What keeps a network from learning its examples by heart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Variation {
    /// The penalty on the sum of the absolute values of every kernel.
    pub l1: f64,
    /// The penalty on the sum of the squares of every kernel.
    pub l2: f64,
    /// The rate of all Dropout layers, of which there is then at least one, before the last layer with a kernel; as the
    /// network has it if left out.
    pub dropout: Option<f64>,
    /// Whether a BatchNormalization follows every layer with a kernel but the last.
    pub batch_normalization: bool,
}

/// The description of a network, `text`, with `variation` built in.
///
/// # Errors
/// If the text is no description of a model that can be built, or a penalty or rate is out of its range.
pub fn varied(text: &str, variation: Variation) -> Result<String> {
    let mut config = ModelConfig::from_value(&parse(text, "model description")?)?;
    config.vary(variation)?;
    // Arguments out of their range are refused as they are in any description.
    Network::new(&config)?;
    Ok(json_text(&config.to_value()))
}

impl ModelConfig {
    fn vary(&mut self, Variation { l1, l2, dropout, batch_normalization }: Variation) -> Result<()> {
        let network = Network::new(self)?;
        // Up-sampling sums with weights that are none of the model's.
        let has_kernel =
            |node: &Node| node.layer.operation() == Operation::WeightedSum && !node.weights.is_empty();
        let has_kernel: Vec<bool> = network.nodes.iter().map(has_kernel).collect();
        let last = has_kernel.iter().rposition(|&has_kernel| has_kernel);
        let mut layers = Vec::with_capacity(2 * self.layers.len() + 1);
        let drops = self.layers.iter().any(|layer| layer.class_name == "Dropout");
        for (index, mut layer) in core::mem::take(&mut self.layers).into_iter().enumerate() {
            if let Some(rate) = dropout {
                if layer.class_name == "Dropout" {
                    layer.arguments.insert("rate".into(), rate.into());
                } else if !drops && Some(index) == last && rate != 0.0 {
                    let arguments = json_map([("rate", rate.into())].into());
                    let added = LayerConfig::plain("dropout".into(), "Dropout", arguments);
                    #[cfg(feature = "complete")]
                    let added = layer.put_before(added);
                    layers.push(added);
                }
            }
            let follows = batch_normalization && has_kernel[index] && Some(index) != last;
            if has_kernel[index] && (l1 != 0.0 || l2 != 0.0) {
                for &argument in kernel_regularizers(&layer.class_name) {
                    layer.arguments.insert(argument.into(), penalty(l1, l2));
                }
            }
            let name = format!("{}_bn", layer.name);
            layers.push(layer);
            if follows {
                layers.push(LayerConfig::plain(name, "BatchNormalization", Map::new()));
            }
        }
        self.layers = layers;
        #[cfg(feature = "complete")]
        self.read_added();
        self.check_names()
    }

    /// Names that were put in may be taken.
    fn check_names(&self) -> Result<()> {
        for (index, layer) in self.layers.iter().enumerate() {
            check_new(&layer.name, self.layers[..index].iter())?;
        }
        Ok(())
    }
}

impl LayerConfig {
    fn plain(name: String, class_name: &str, arguments: Map<String, Value>) -> Self {
        Self {
            name,
            class_name: class_name.into(),
            trainable: true,
            arguments,
            #[cfg(feature = "complete")]
            inputs: Vec::new(),
        }
    }
}

/// Keras' names of the arguments for a layer's penalties on its kernels.
fn kernel_regularizers(class_name: &str) -> &'static [&'static str] {
    match class_name {
        "DepthwiseConv2D" => &["depthwise_regularizer"],
        #[cfg(feature = "complete")]
        "SeparableConv2D" => &["depthwise_regularizer", "pointwise_regularizer"],
        _ => &["kernel_regularizer"],
    }
}

fn penalty(l1: f64, l2: f64) -> Value {
    json_object([
        ("class_name", "L1L2".into()),
        ("config", json_object([("l1", l1.into()), ("l2", l2.into())])),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Model;
    use alloc::string::ToString;

    const NETWORK: &str = r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1]}},
        {"class_name": "Conv2D", "config": {"name": "conv", "filters": 2, "kernel_size": 3}},
        {"class_name": "MaxPooling2D", "config": {"name": "pool"}},
        {"class_name": "Flatten", "config": {"name": "flatten"}},
        {"class_name": "Dense", "config": {"name": "hidden", "units": 4}},
        {"class_name": "Dense", "config": {"name": "output", "units": 3}}]}}"#;

    fn names(text: &str) -> Vec<String> {
        let config = ModelConfig::from_value(&parse(text, "test").unwrap()).unwrap();
        config.layers.into_iter().map(|layer| layer.name).collect()
    }

    #[test]
    fn dropout_and_normalization_stand_where_they_help() {
        let variation = Variation { dropout: Some(0.5), batch_normalization: true, ..Variation::default() };
        let text = varied(NETWORK, variation).unwrap();
        let expected = ["conv", "conv_bn", "pool", "flatten", "hidden", "hidden_bn", "dropout", "output"];
        assert_eq!(names(&text), expected);
        // A rate changes the layers that are there; none of them is added twice.
        let again = varied(&text, Variation { dropout: Some(0.25), ..Variation::default() }).unwrap();
        assert_eq!(names(&again), expected);
        assert!(again.contains("0.25") && !again.contains("\"rate\":0.5"), "{again}");
        assert_eq!(names(&varied(NETWORK, Variation::default()).unwrap()), names(NETWORK));
    }

    #[test]
    fn a_penalty_is_part_of_the_loss() {
        let loss = |l2| {
            let text = varied(NETWORK, Variation { l2, ..Variation::default() }).unwrap();
            let mut model = Model::from_json(&text, 1).unwrap();
            model.compile(r#"{"optimizer": "sgd", "loss": "mse"}"#).unwrap();
            let x = [0.0; 64];
            model.evaluate(&x, crate::Targets::OneHot(&[0.0; 3])).unwrap().loss
        };
        assert_eq!(loss(0.0).to_bits(), 0.0_f32.to_bits());
        assert!(loss(0.1) > 0.0);
    }

    #[test]
    fn what_is_out_of_range_is_refused_by_name() {
        let rate = Variation { dropout: Some(2.0), ..Variation::default() };
        let error = varied(NETWORK, rate).unwrap_err().to_string();
        assert!(error.contains("rate") && error.contains("dropout"), "{error}");
        let negative = Variation { l1: -1.0, ..Variation::default() };
        assert!(varied(NETWORK, negative).unwrap_err().to_string().contains("l1"));
        assert!(varied("{}", Variation::default()).is_err());
    }
}
