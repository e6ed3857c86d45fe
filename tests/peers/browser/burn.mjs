// Burn on its Flex back end, compiled by cargo xtask bench --burn.
import { examples, initialWeights, inputShape, optimizer, trace } from "../workloads.mjs";
import { channelsFirst, flattenedChannelsFirst, outputsFirst } from "./transposed.mjs";

/** @type {import("./page.mjs").Load} */
export async function load({ workload, batch }) {
  const { default: start, Peer } = await import("/burn/convscope_peer_burn.js");
  await start({ module_or_path: "/burn/burn.wasm" });
  const { x, labels } = examples(workload, batch);
  const [height, width, channels] = inputShape(workload);
  const images = channelsFirst(x, [height, width, channels]);
  const { learning_rate, momentum } = optimizer;
  const shape = Uint32Array.of(batch, channels, height, width);
  const peer = new Peer(images, shape, Int32Array.from(labels), learning_rate, momentum);
  const weights = initialWeights(workload);
  let flattened;
  for (const { class_name, config, before } of trace(workload)) {
    const kernel = weights.get(`${config.name}/kernel`);
    const bias = weights.get(`${config.name}/bias`)?.values;
    switch (class_name) {
      case "Conv2D": {
        const [height, width, channels, filters] = kernel.shape;
        const shape = Uint32Array.of(filters, channels, height, width);
        peer.convolution(outputsFirst(kernel), bias, shape, config.strides[0], config.padding === "same");
        break;
      }
      case "MaxPooling2D":
        peer.pooling(config.pool_size[0], config.strides[0]);
        break;
      case "Flatten":
        flattened = before;
        break;
      case "Dense":
        peer.dense(flattened ? flattenedChannelsFirst(kernel, flattened) : kernel.values, bias);
        flattened = undefined;
    }
  }
  return { parameters: peer.parameters, train: () => peer.train(), infer: () => peer.infer() };
}
