// Writes models by chance and their exports into a folder, for check.py: node tests/exchange/export.mjs FOLDER [COUNT]
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { graphOf } from "../../web/exchange/graph.js";
import { writeKeras, writeKerasWeights } from "../../web/exchange/keras-file.js";
import { writeOnnx } from "../../web/exchange/onnx/write.js";
import { writeKerasCode } from "../../web/exchange/python/keras-writer.js";
import { writePytorch } from "../../web/exchange/pytorch/write.js";
import { randomModel, randomSequenceModel } from "./architectures.mjs";

const TRAINING = {
  optimizer: {
    module: "keras.optimizers",
    class_name: "Adam",
    config: { learning_rate: 0.002 },
    registered_name: null,
  },
  loss: "sparse_categorical_crossentropy",
};

const [folder, count = "60"] = process.argv.slice(2);
const models = Array.from({ length: Number(count) }, (_, seed) =>
  seed % 6 === 5 ? randomSequenceModel(seed) : randomModel(seed),
);
for (const [number, { config, weights }] of models.entries()) {
  const inside = join(folder, String(number).padStart(3, "0"));
  await mkdir(inside, { recursive: true });
  const graph = graphOf(config);
  const write = (name, content) => writeFile(join(inside, name), content);
  await write("model.keras", writeKeras({ config, weights, training: TRAINING }));
  await write("model.weights.h5", writeKerasWeights({ config, weights }));
  await write("model.json", JSON.stringify(config));
  await write(
    "keras_model.py",
    writeKerasCode(graph, { training: TRAINING, fit: { epochs: 1, batch_size: 2 }, weights: "model.weights.h5" }).code,
  );
  for (const [name, write] of [
    ["pytorch", pytorch],
    ["onnx", onnx],
  ]) {
    try {
      await write(inside, graph, weights);
    } catch (error) {
      if (error.name !== "UnreadableError") throw error;
      await writeFile(join(inside, `${name}.refused`), error.message);
    }
  }
}

async function pytorch(inside, graph, weights) {
  const { code, safetensors } = writePytorch(graph, weights);
  await writeFile(join(inside, "pytorch_model.py"), code);
  await writeFile(join(inside, "model.safetensors"), safetensors);
}

async function onnx(inside, graph, weights) {
  await writeFile(join(inside, "model.onnx"), writeOnnx(graph, weights));
}
