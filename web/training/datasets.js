// The examples of a run where its engine can reach them.

/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {import("../convscope.js").RemoteDataset} Dataset */
/** @typedef {{ training: Dataset, validation?: Dataset }} Datasets */

/**
 * Copies the examples into the engine.
 *
 * @param {import("../convscope.js").RemoteEngine} engine
 * @param {{ training: Examples, validation?: Examples }} examples
 * @returns {Promise<Datasets>}
 */
export async function datasetsOf({ Dataset }, { training, validation }) {
  /** @param {Examples} examples */
  const copy = ({ pixels, labels, shape }) => new Dataset(pixels, labels, { shape });
  const [learnt, apart] = await Promise.all([copy(training), validation?.labels.length ? copy(validation) : undefined]);
  return { training: learnt, validation: apart };
}
