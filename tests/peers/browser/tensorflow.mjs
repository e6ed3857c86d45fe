// TensorFlow.js with its Layers interface, on its cpu or wasm back end.
import { examples, initialWeights, inputShape, optimizer } from "../workloads.mjs";
import { runScript } from "./script.mjs";

/** @type {import("./page.mjs").Load} */
export async function load({ variant, workload, batch }) {
  const packages = "../node_modules/@tensorflow";
  await runScript(`${packages}/tfjs/dist/tf.es2017.min.js`);
  const { tf } = globalThis;
  if (variant === "wasm") {
    await runScript(`${packages}/tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js`);
    tf.wasm.setWasmPaths(new URL(`${packages}/tfjs-backend-wasm/dist/`, import.meta.url).href);
  }
  if (!(await tf.setBackend(variant))) throw new Error(`there is no back end ${variant}`);

  const layers = workload.layers.slice(1).map(({ class_name, config }, index) => {
    const { kernel_size: kernelSize, pool_size: poolSize, ...rest } = config;
    const first = index === 0 ? { inputShape: inputShape(workload) } : {};
    return tf.layers[constructors[class_name]]({ ...rest, kernelSize, poolSize, ...first });
  });
  const model = tf.sequential({ layers });
  const weights = initialWeights(workload);
  model.setWeights([...weights.values()].map(({ values, shape }) => tf.tensor(values, shape)));
  const { learning_rate, momentum } = optimizer;
  model.compile({ optimizer: tf.train.momentum(learning_rate, momentum), loss: "sparseCategoricalCrossentropy" });
  const { x, labels } = examples(workload, batch);
  const images = tf.tensor(x, [batch, ...inputShape(workload)]);
  const targets = tf.tensor(Float32Array.from(labels), [batch, 1]);
  return {
    parameters: model.countParams(),
    train: () => model.trainOnBatch(images, targets),
    infer: () => tf.tidy(() => model.predictOnBatch(images).dataSync()),
  };
}

const constructors = { Conv2D: "conv2d", MaxPooling2D: "maxPooling2d", Flatten: "flatten", Dense: "dense" };
