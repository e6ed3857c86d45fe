//! Burn on its Flex back end, as a page sees it. Layouts are Burn's: channels first, kernels (out, in,
//! height, width), dense (in, out).

use burn::module::Param;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d, Relu};
use burn::optim::momentum::MomentumConfig;
use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};
use burn::prelude::*;
use burn::tensor::activation::softmax;
use wasm_bindgen::prelude::*;

#[derive(Module, Debug)]
enum ImageLayer {
    Convolution(Conv2d),
    Activation(Relu),
    Pooling(MaxPool2d),
}

/// Layers for images, then dense ones.
#[derive(Module, Debug)]
struct Network {
    image_layers: Vec<ImageLayer>,
    dense_layers: Vec<Linear>,
}

impl Network {
    /// Without the softmax at its end: Burn's cross-entropy takes logits.
    fn logits(&self, x: Tensor<4>) -> Tensor<2> {
        let x = self.image_layers.iter().fold(x, |x, layer| match layer {
            ImageLayer::Convolution(convolution) => convolution.forward(x),
            ImageLayer::Activation(activation) => activation.forward(x),
            ImageLayer::Pooling(pooling) => pooling.forward(x),
        });
        let (last, hidden) = self.dense_layers.split_last().expect("a network ends with a dense layer");
        let x = hidden.iter().fold(x.flatten(1, 3), |x, layer| Relu::new().forward(layer.forward(x)));
        last.forward(x)
    }
}

/// A network with its batch and its optimiser.
#[wasm_bindgen]
pub struct Peer {
    device: Device,
    network: Network,
    /// The same without a graph for gradients, once it was asked for.
    inferring: Option<Network>,
    optimizer: ModuleOptimizer,
    learning_rate: f64,
    x: Tensor<4>,
    labels: Tensor<1, Int>,
}

#[wasm_bindgen]
impl Peer {
    #[wasm_bindgen(constructor)]
    pub fn new(x: Vec<f32>, shape: &[usize], labels: Vec<i32>, learning_rate: f64, momentum: f64) -> Self {
        let device = Device::flex().autodiff();
        let shape: [usize; 4] = shape.try_into().expect("batch, channels, height, width");
        let momentum = MomentumConfig::new().with_momentum(momentum).with_dampening(0.0);
        Self {
            network: Network { image_layers: Vec::new(), dense_layers: Vec::new() },
            inferring: None,
            optimizer: SgdConfig::new().with_momentum(Some(momentum)).init(),
            learning_rate,
            // Nobody asks for the images' gradient.
            x: Tensor::from_data(TensorData::new(x, shape), &device),
            labels: Tensor::from_data(TensorData::new(labels.clone(), [labels.len()]), &device),
            device,
        }
    }

    /// With ReLU.
    pub fn convolution(
        &mut self,
        kernel: Vec<f32>,
        bias: Vec<f32>,
        shape: &[usize],
        stride: usize,
        same: bool,
    ) {
        let shape: [usize; 4] = shape.try_into().expect("out, in, height, width");
        let [filters, channels, height, width] = shape;
        let padding = if same { PaddingConfig2d::Same } else { PaddingConfig2d::Valid };
        let mut layer = Conv2dConfig::new([channels, filters], [height, width])
            .with_stride([stride, stride])
            .with_padding(padding)
            .init(&self.device);
        layer.weight = Param::from_data(TensorData::new(kernel, shape), &self.device);
        layer.bias = Some(Param::from_data(TensorData::new(bias, [filters]), &self.device));
        self.network.image_layers.push(ImageLayer::Convolution(layer));
        self.network.image_layers.push(ImageLayer::Activation(Relu::new()));
    }

    pub fn pooling(&mut self, size: usize, stride: usize) {
        let layer = MaxPool2dConfig::new([size, size]).with_strides([stride, stride]).init();
        self.network.image_layers.push(ImageLayer::Pooling(layer));
    }

    /// With ReLU, except for the last one.
    pub fn dense(&mut self, kernel: Vec<f32>, bias: Vec<f32>) {
        let units = bias.len();
        let inputs = kernel.len() / units;
        let mut layer = LinearConfig::new(inputs, units).init(&self.device);
        layer.weight = Param::from_data(TensorData::new(kernel, [inputs, units]), &self.device);
        layer.bias = Some(Param::from_data(TensorData::new(bias, [units]), &self.device));
        self.network.dense_layers.push(layer);
    }

    #[wasm_bindgen(getter)]
    pub fn parameters(&self) -> usize {
        self.network.num_params()
    }

    /// One step on the batch; the loss before it.
    pub fn train(&mut self) -> f32 {
        let logits = self.network.logits(self.x.clone());
        let loss = CrossEntropyLossConfig::new().init(&self.device).forward(logits, self.labels.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &self.network);
        self.inferring = None;
        self.network = self.optimizer.step(self.learning_rate, self.network.clone(), gradients);
        loss.into_scalar()
    }

    /// The batch's probabilities.
    pub fn infer(&mut self) -> Vec<f32> {
        let network = self.inferring.get_or_insert_with(|| self.network.valid());
        softmax(network.logits(self.x.clone().inner()), 1)
            .into_data()
            .try_to_vec()
            .expect("probabilities are f32")
    }
}
