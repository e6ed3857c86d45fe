// The models that the page comes with.

import { engineError } from "../engine/errors.js";
import { download, jsonResource, resource } from "../engine/resources.js";

/**
 * @typedef {object} Entry one model of models/catalogue.json
 * @property {string} name
 * @property {string} title
 * @property {string} description
 * @property {string} file
 * @property {boolean} [default]
 * @property {boolean} [own] whether it is one of the reader's own
 * @property {boolean} [unlisted] whether only a view asks for it: it is not among those to choose from
 * @property {{ mnist: number, pen: number }} [accuracy] 0 to 1, on MNIST's test set and on pen strokes of unseen
 *   writers
 */

/** @returns {Promise<Entry[]>} */
export async function readCatalogue() {
  return jsonResource(
    "models/catalogue.json",
    (entries) =>
      entries[0] &&
      entries.every((/** @type {any} */ { name, title, file }) =>
        [name, title, file].every((text) => text && typeof text === "string"),
      ),
  );
}

/**
 * A model of the catalogue.
 * @param {Entry[]} catalogue
 * @param {string | undefined} name the catalogue's default, if left out
 */
export async function listedModel(catalogue, name) {
  const entry = catalogue.find((one) => (name ? one.name === name : one.default)) ?? catalogue[0];
  if (name && entry.name !== name) {
    const names = catalogue.map((one) => one.name).join(", ");
    throw engineError("value", `There is no model "${name}". The catalogue has ${names}.`);
  }
  return { entry, bytes: await resource(`models/${entry.file}`) };
}

/**
 * A model from elsewhere.
 * @param {string} weights address of a safetensors file, relative to the page
 */
export async function modelAt(weights) {
  const url = new URL(weights, document.baseURI);
  /** @type {Entry} */
  const entry = { name: "", title: url.pathname.split("/").pop() ?? "", description: "", file: "" };
  return { entry, bytes: await download(url.href) };
}
