// Weights that a person changes by hand, and the way back.

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {{ name: string, at: number, before: Float32Array }} Edit what a tensor was before, from a place on */

/** @type {WeakMap<Model, Edit[]>} */
const edits = new WeakMap();

/** @param {Session} session @returns {Edit[]} of the model on view, the last one last */
function editsOf({ model }) {
  if (!model) return [];
  const made = edits.get(model) ?? [];
  edits.set(model, made);
  return made;
}

/** Whether weights of the model on view were changed by hand. @param {Session} session */
export function isEdited(session) {
  return editsOf(session).length > 0;
}

/**
 * @param {Session} session
 * @param {{ name: string, values: Float32Array }} tensor as it is now
 * @param {number} at the place in it from which on the values are others, in Keras' layout
 * @param {Float32Array} values
 */
export async function editWeights(session, tensor, at, values) {
  const made = editsOf(session);
  const { name } = tensor;
  made.push({ name, at, before: tensor.values.slice(at, at + values.length) });
  if (!(await session.setWeights(name, at, values))) made.pop();
}

/** @param {Session} session */
export async function undoEdit(session) {
  const edit = editsOf(session).pop();
  if (edit) await session.setWeights(edit.name, edit.at, edit.before);
}

/** Gives all weights back. @param {Session} session */
export async function resetEdits(session) {
  while (isEdited(session)) await undoEdit(session);
}
