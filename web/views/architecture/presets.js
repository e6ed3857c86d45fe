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
import { OF_PRESETS } from "./words.js";

/** @type {{ name: string, title: string, sentence: string, config: import("../../exchange/model-file.js").Json }[]} */
export const PRESETS = [
  { name: "mlp", title: "MLP", sentence: OF_PRESETS.mlp, config: mlp },
  {
    name: "lenet5-1998",
    title: "LeNet-5 (1998)",
    sentence: OF_PRESETS["lenet5-1998"],
    config: lenet5of1998,
  },
  {
    name: "lenet5",
    title: "LeNet-5 (today)",
    sentence: OF_PRESETS.lenet5,
    config: lenet5,
  },
  {
    name: "keras-convnet",
    title: "Keras example",
    sentence: OF_PRESETS["keras-convnet"],
    config: kerasConvnet,
  },
  {
    name: "all-convolutional",
    title: "All-convolutional",
    sentence: OF_PRESETS["all-convolutional"],
    config: allConvolutional,
  },
  {
    name: "bottleneck",
    title: "1×1 bottleneck",
    sentence: OF_PRESETS.bottleneck,
    config: bottleneck,
  },
  {
    name: "depthwise-separable",
    title: "Depthwise separable",
    sentence: OF_PRESETS["depthwise-separable"],
    config: depthwiseSeparable,
  },
  {
    name: "residual",
    title: "Residual",
    sentence: OF_PRESETS.residual,
    config: residual,
  },
  {
    name: "alexnet-28",
    title: "AlexNet for 28×28",
    sentence: OF_PRESETS["alexnet-28"],
    config: alexnet28,
  },
  {
    name: "alexnet",
    title: "AlexNet (227×227×3)",
    sentence: OF_PRESETS.alexnet,
    config: alexnet,
  },
];
