// ConvNetJS: one example at a time, in double precision. Its volumes run channels last, kernels (out, height, width,
// in).
import { classes, examples, initialWeights, inputShape, optimizer, product, trace } from "../workloads.mjs";
import { runScript } from "./script.mjs";
import { transposed } from "./transposed.mjs";

/** @type {import("./page.mjs").Load} */
export async function load({ workload, batch }) {
  await runScript("../node_modules/convnetjs/build/convnet.js");
  const { Net, Trainer, Vol } = globalThis.convnetjs;
  const layers = trace(workload);
  const network = new Net();
  const [height, width, channels] = inputShape(workload);
  network.makeLayers([
    { type: "input", out_sx: width, out_sy: height, out_depth: channels },
    ...layers.map(definition).filter(Boolean),
  ]);
  setWeights(network, workload);

  const { x, labels } = examples(workload, batch);
  const size = x.length / batch;
  const volumes = Array.from(labels, (_, example) => {
    const volume = new Vol(width, height, channels, 0);
    volume.w.set(x.subarray(example * size, (example + 1) * size));
    return volume;
  });
  const trainer = new Trainer(network, { ...optimizer, method: "sgd", batch_size: batch });
  return {
    parameters: network.getParamsAndGrads().reduce((sum, { params }) => sum + params.length, 0),
    train: () => volumes.reduce((sum, volume, example) => sum + trainer.train(volume, labels[example]).loss, 0) / batch,
    infer() {
      const probabilities = new Float64Array(batch * classes(workload));
      volumes.forEach((volume, example) => probabilities.set(network.forward(volume).w, example * classes(workload)));
      return probabilities;
    },
  };
}

function definition({ class_name, config }) {
  switch (class_name) {
    case "Conv2D": {
      const [size] = config.kernel_size;
      const pad = config.padding === "same" ? (size - 1) / 2 : 0;
      return { type: "conv", sx: size, filters: config.filters, stride: config.strides[0], pad, activation: "relu" };
    }
    case "MaxPooling2D":
      return { type: "pool", sx: config.pool_size[0], stride: config.strides[0] };
    case "Dense":
      return config.activation === "softmax"
        ? { type: "softmax", num_classes: config.units }
        : { type: "fc", num_neurons: config.units, activation: "relu" };
  }
}

function setWeights(network, workload) {
  const weights = initialWeights(workload);
  const holders = network.layers.filter(({ filters }) => filters);
  const names = trace(workload)
    .filter((layer) => layer.weights)
    .map(({ config }) => config.name);
  names.forEach((name, index) => {
    const { values, shape } = weights.get(`${name}/kernel`);
    const kernel = transposed(values, shape, [shape.length - 1, ...shape.slice(0, -1).keys()]);
    const size = product(shape.slice(0, -1));
    const { filters, biases } = holders[index];
    filters.forEach(({ w }, unit) => w.set(kernel.subarray(unit * size, (unit + 1) * size)));
    biases.w.set(weights.get(`${name}/bias`).values);
  });
}
