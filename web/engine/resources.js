// The files beside convscope.js, by name. The single-file page carries them inside; nothing else in the engine looks
// at a document.

import { engineError } from "./errors.js";

/**
 * The bytes of a file of the site.
 *
 * @param {string} name relative to convscope.js
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function resource(name) {
  const inlined = globalThis.document?.querySelector(`script[data-resource=${JSON.stringify(name)}]`);
  if (inlined) return Uint8Array.from(atob(inlined.textContent ?? ""), (character) => character.charCodeAt(0));
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
