// Weights that a person changes by hand, and the way back.

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {{ layer: string, unit: number }} Change whose weights were changed */
/** @typedef {{ name: string, at: number, before: Float32Array, change: Change }} Edit what a tensor was before, from a place on */

/** @type {WeakMap<Model, Edit[]>} */
const edits = new WeakMap();

/** @param {Session} session @returns {Edit[]} of the model on view, the last one last */
function editsOf({ model }) {
  if (!model) return [];
  const made = edits.get(model) ?? [];
  edits.set(model, made);
  return made;
}

/** Whose weights were changed by hand in the model on view. @param {Session} session @returns {Change[]} */
export function changesOf(session) {
  return editsOf(session).map(({ change }) => change);
}

/**
 * @param {Session} session
 * @param {{ name: string, values: Float32Array }} tensor as it is now
 * @param {number} at the place in it from which on the values are others, in Keras' layout
 * @param {Float32Array} values
 * @param {Change} change
 */
export async function editWeights(session, tensor, at, values, { layer, unit }) {
  const made = editsOf(session);
  const { name } = tensor;
  made.push({ name, at, before: tensor.values.slice(at, at + values.length), change: { layer, unit } });
  if (!(await session.setWeights(name, at, values))) made.pop();
}

/** @param {Session} session */
export async function undoEdit(session) {
  const edit = editsOf(session).pop();
  if (edit) await session.setWeights(edit.name, edit.at, edit.before);
}

/** Gives all weights back. @param {Session} session */
export async function resetEdits(session) {
  while (editsOf(session).length > 0) await undoEdit(session);
}
