// Weights that a person changes by hand, and the way back.

import { problemOf } from "../../session/problem.js";

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {{ name: string, before: Float32Array }} Edit what a tensor was before */

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
 * @param {string} name of the tensor
 * @param {Float32Array} before its values
 * @param {Float32Array} values in Keras' layout
 */
export async function editWeights(session, name, before, values) {
  const made = editsOf(session);
  made.push({ name, before });
  if (!(await replaced(session, name, values))) made.pop();
}

/** @param {Session} session */
export async function undoEdit(session) {
  const edit = editsOf(session).pop();
  if (edit) await replaced(session, edit.name, edit.before);
}

/** Gives all weights back. @param {Session} session */
export async function resetEdits(session) {
  while (isEdited(session)) await undoEdit(session);
}

/** @param {Session} session @param {string} name @param {Float32Array} values */
async function replaced(session, name, values) {
  const replacing = session.model?.setWeights(name, values);
  // Calls are carried out in their order: the maps that are asked for now are those of the new weights.
  session.learnt();
  try {
    await replacing;
  } catch (error) {
    session.report(problemOf(error));
    return false;
  }
  await session.readWeights();
  return true;
}
