// What a model makes of examples that it doesn't learn from.

/** @typedef {import("./run.js").Wrong} Wrong */

/** Examples that are evaluated at a time, so that other requests don't wait for long. */
const PORTION = 256;
/** How many of the most confidently wrong are kept. */
const MOST_WRONG = 120;

/**
 * @param {import("../convscope.js").RemoteModel} model
 * @param {import("../convscope.js").RemoteDataset} data
 * @param {Uint8Array} labels of all examples of `data`
 */
export async function validate(model, data, labels) {
  let confusion = new Uint32Array();
  /** @type {Wrong[]} */
  const wrong = [];
  let [loss, right] = [0, 0];
  for (let start = 0; start < labels.length; start += PORTION) {
    const indices = Uint32Array.from({ length: Math.min(PORTION, labels.length - start) }, (_, index) => start + index);
    const [metrics, outputs] = await Promise.all([model.evaluate(data, indices), model.predict(data, indices)]);
    const classes = outputs.length / indices.length;
    if (start === 0) confusion = new Uint32Array(classes * classes);
    loss += metrics.loss * indices.length;
    for (const [row, index] of indices.entries()) {
      const probabilities = outputs.subarray(row * classes, (row + 1) * classes);
      const probability = Math.max(...probabilities);
      const [label, answer] = [labels[index], probabilities.indexOf(probability)];
      confusion[label * classes + answer] += 1;
      if (label === answer) right += 1;
      else wrong.push({ index, label, answer, probability });
    }
  }
  wrong.sort((a, b) => b.probability - a.probability).splice(MOST_WRONG);
  return { valLoss: loss / labels.length, valAccuracy: right / labels.length, confusion, wrong };
}
