// The files of the site, by name: they lie beside convscope.js, unless the page has them elsewhere.

import { engineError } from "./errors.js";

/** @typedef {(name: string) => Uint8Array<ArrayBuffer> | undefined} Find */

/** @type {Find} */
let provided = () => undefined;

/** @param {Find} find the bytes of a file that the page has elsewhere */
export function provideFiles(find) {
  provided = find;
}

/**
 * The bytes of a file of the site.
 *
 * @param {string} name relative to convscope.js
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function resource(name) {
  const bytes = provided(name);
  if (bytes) return bytes;
  const url = new URL(name, import.meta.url);
  const response = await fetch(url).catch((error) => {
    throw engineError(
      "load",
      `${url.href} could not be fetched. Is the network there? A page opened from a disk needs convscope.html, which has everything inside.`,
      error,
    );
  });
  if (!response.ok) {
    throw engineError(
      "load",
      `${url.href} could not be fetched (status ${response.status}). It belongs beside convscope.js.`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}
