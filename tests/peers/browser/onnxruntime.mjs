// onnxruntime-web, one thread, WebAssembly SIMD. It has no training in browsers.
import { examples, inputShape } from "../workloads.mjs";
import { onnxModel } from "./onnx.mjs";
import { channelsFirst } from "./transposed.mjs";

/** @type {import("./page.mjs").Load} */
export async function load({ workload, batch }) {
  const runtime = await import("../node_modules/onnxruntime-web/dist/ort.wasm.min.mjs");
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(onnxModel(workload, batch), { graphOptimizationLevel: "all" });
  const [height, width, channels] = inputShape(workload);
  const images = channelsFirst(examples(workload, batch).x, [height, width, channels]);
  const x = new runtime.Tensor("float32", images, [batch, channels, height, width]);
  return {
    async infer() {
      const { probabilities } = await session.run({ x });
      return probabilities.data;
    },
  };
}
