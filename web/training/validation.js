// What a model makes of examples that it doesn't learn from.

/** @typedef {{ index: number, label: number, answer: number, probability: number }} Wrong an example read wrongly */
/** @typedef {{ valLoss: number, valAccuracy: number, confusion: Uint32Array, wrong: Wrong[] }} Validated */
/** @typedef {import("../convscope.js").Metrics & import("../convscope.js").Evaluation} Evaluated */

/** Examples that are evaluated at a time, so that other requests don't wait for long. */
const PORTION = 256;
/** How many of the most confidently wrong are kept. */
const MOST_WRONG = 120;
/** What is known without validation examples. @type {Validated} */
export const UNKNOWN = { valLoss: NaN, valAccuracy: NaN, confusion: new Uint32Array(), wrong: [] };

/**
 * @param {import("../convscope.js").RemoteModel} model
 * @param {import("../convscope.js").RemoteDataset} data
 * @param {Uint8Array} labels of all examples of `data`
 * @returns {Promise<Validated>}
 */
export async function validate(model, data, labels) {
  /** @type {Uint32Array} */
  let confusion = new Uint32Array();
  /** @type {Wrong[]} */
  const wrong = [];
  let [loss, right] = [0, 0];
  for (let start = 0; start < labels.length; start += PORTION) {
    const indices = Uint32Array.from({ length: Math.min(PORTION, labels.length - start) }, (_, index) => start + index);
    const part = /** @type {Evaluated} */ (await model.evaluate(data, indices, { confusion: true }));
    if (start === 0) confusion = part.confusion;
    else part.confusion.forEach((count, cell) => (confusion[cell] += count));
    loss += part.loss * indices.length;
    for (const [row, index] of indices.entries()) {
      const [label, answer] = [labels[index], part.predictions[row]];
      if (label === answer) right += 1;
      else wrong.push({ index, label, answer, probability: part.probabilities[row] });
    }
  }
  wrong.sort((a, b) => b.probability - a.probability).splice(MOST_WRONG);
  return { valLoss: loss / labels.length, valAccuracy: right / labels.length, confusion, wrong };
}
