// Networks to begin with. They have learnt nothing yet.

import kerasConvnet from "../../models/keras-convnet.json" with { type: "json" };
import lenet5of1998 from "../../models/lenet5-1998.json" with { type: "json" };
import lenet5 from "../../models/lenet5.json" with { type: "json" };
import mlp from "../../models/mlp.json" with { type: "json" };
import alexnet from "./presets/alexnet.json" with { type: "json" };
import alexnet28 from "./presets/alexnet-28.json" with { type: "json" };
import allConvolutional from "./presets/all-convolutional.json" with { type: "json" };
import bottleneck from "./presets/bottleneck.json" with { type: "json" };
import depthwiseSeparable from "./presets/depthwise-separable.json" with { type: "json" };
import residual from "./presets/residual.json" with { type: "json" };

/** @type {{ name: string, title: string, sentence: string, config: import("../../exchange/model-file.js").Json }[]} */
export const PRESETS = [
  { name: "mlp", title: "MLP", sentence: "Dense layers alone.", config: mlp },
  {
    name: "lenet5-1998",
    title: "LeNet-5 (1998)",
    sentence: "LeCun, Bottou, Bengio, Haffner 1998, simplified: tanh and average pooling.",
    config: lenet5of1998,
  },
  {
    name: "lenet5",
    title: "LeNet-5 (today)",
    sentence: "The same with ReLU and max pooling: 61,706 parameters.",
    config: lenet5,
  },
  {
    name: "keras-convnet",
    title: "Keras example",
    sentence: "“Simple MNIST convnet” of the Keras documentation.",
    config: kerasConvnet,
  },
  {
    name: "all-convolutional",
    title: "All-convolutional",
    sentence: "Strided convolutions instead of pooling (Springenberg, Dosovitskiy, Brox, Riedmiller 2015).",
    config: allConvolutional,
  },
  {
    name: "bottleneck",
    title: "1×1 bottleneck",
    sentence: "1×1 convolutions make 32 maps 8, and 32 again: the 3×3 between them is cheap (He et al. 2016).",
    config: bottleneck,
  },
  {
    name: "depthwise-separable",
    title: "Depthwise separable",
    sentence: "A kernel for each map, then 1×1 across maps (Chollet 2017; Howard et al. 2017).",
    config: depthwiseSeparable,
  },
  {
    name: "residual",
    title: "Residual",
    sentence: "Two blocks with a shortcut, the second through 1×1 (He, Zhang, Ren, Sun 2016).",
    config: residual,
  },
  {
    name: "alexnet-28",
    title: "AlexNet for 28×28",
    sentence: "AlexNet’s layers with fewer maps, for digits: overlapping pools, groups, local response normalisation.",
    config: alexnet28,
  },
  {
    name: "alexnet",
    title: "AlexNet (227×227×3)",
    sentence:
      "Krizhevsky, Sutskever, Hinton 2012: 60,965,224 parameters, 1000 classes. Untrained: its weights are random here.",
    config: alexnet,
  },
];
