// The files of the site, by name: they lie beside convscope.js, unless the page has them elsewhere.

import { engineError } from "./errors.js";

/** @typedef {(name: string) => Uint8Array<ArrayBuffer> | undefined} Find */

/** @type {Find} */
let provided = () => undefined;

/** @param {Find} find the bytes of a file that the page has elsewhere */
export function provideFiles(find) {
  provided = find;
}

/** A download of which nothing has come for so long is given up, in milliseconds. */
const SILENCE_MS = 15_000;

/** Addresses of files that were no good: what the browser keeps of them is not asked again. @type {Set<string>} */
const damaged = new Set();

/** @param {string} name relative to convscope.js */
const addressOf = (name) => new URL(name, import.meta.url).href;

/**
 * The bytes of a file of the site.
 *
 * @param {string} name relative to convscope.js
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function resource(name) {
  return provided(name) ?? download(addressOf(name));
}

/**
 * A JSON file of the site.
 *
 * @param {string} name relative to convscope.js
 * @param {(content: any) => boolean} fits whether it says what it is asked for
 * @returns {Promise<any>}
 */
export async function jsonResource(name, fits) {
  const text = new TextDecoder().decode(await resource(name));
  try {
    const content = JSON.parse(text);
    if (fits(content)) return content;
  } catch {
    // It is no JSON, or has another form.
  }
  throw damagedError(name);
}

/**
 * The error for a file of the site that is cut, mixed up with another or of another version. It is fetched anew when it
 * is asked for again.
 *
 * @param {string} name of the file or of its folder, relative to convscope.js
 * @param {any} [cause]
 * @param {string[]} [files] those of a folder that may be meant
 */
export function damagedError(name, cause, files = [name]) {
  files.forEach((file) => damaged.add(addressOf(file)));
  return engineError(
    "load",
    `${name} is damaged or does not belong to this version of the page${cause ? ` (${cause.message})` : ""}. Try again; if that does not help, its host needs all files anew.`,
    cause,
  );
}

/**
 * @param {string} address
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function download(address) {
  const silence = new AbortController();
  let timer = 0;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  /** @type {Response | undefined} */
  let response;
  try {
    listen();
    response = await fetch(address, {
      signal: silence.signal,
      cache: damaged.has(address) ? "reload" : "default",
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    /** @type {TransformStream<Uint8Array, Uint8Array>} */
    const heard = new TransformStream({
      transform(chunk, controller) {
        listen();
        controller.enqueue(chunk);
      },
    });
    return new Uint8Array(await new Response(response.body?.pipeThrough(heard)).arrayBuffer());
  } catch (error) {
    const why = silence.signal.aborted
      ? `did not arrive: nothing came for ${SILENCE_MS / 1000} seconds. Is the network there?`
      : response?.ok
        ? `did not arrive whole (${error}).`
        : response
          ? `could not be fetched (status ${response.status}). It belongs beside convscope.js.`
          : "could not be fetched. Is the network there? A page opened from a disk needs convscope.html, which has everything inside.";
    throw engineError("load", `${address} ${why}`, error);
  } finally {
    clearTimeout(timer);
  }
}
