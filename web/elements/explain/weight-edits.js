// Weights that a person changes by hand, and the way back.

import { problemOf } from "../session.js";

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../session.js").Session} Session */
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

/** @param {Session} session @param {string} name of the tensor @param {Float32Array} values in Keras' layout */
export async function editWeights(session, name, values) {
  const { model } = session;
  if (!model) return;
  const { values: before } = await model.weights(name);
  if (await replaced(session, name, values)) editsOf(session).push({ name, before });
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
  try {
    await session.model?.setWeights(name, values);
  } catch (error) {
    session.report(problemOf(error));
    return false;
  }
  session.learnt();
  await session.readWeights();
  return true;
}
