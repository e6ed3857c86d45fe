// The address of a page and its <conv-scope>: the hash holds what the element's attributes say, as flat keys. Keys that
// the element doesn't know stay.

import { KEYS } from "./conv-scope.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */
/** @typedef {import("./conv-scope.js").Key} Key */

const WRITE_AFTER = 250;

/** @param {Partial<Record<string, string>>} state @returns {string} with commas as they are, which need no escape */
export function hashOf(state) {
  return new URLSearchParams(/** @type {Record<string, string>} */ (state)).toString().replaceAll("%2C", ",");
}

/** @param {HTMLAnchorElement} link @returns {string} the name of the view that it leads to */
export const linkedView = ({ hash }) => new URLSearchParams(hash.slice(1)).get("view") ?? "";

/**
 * Whether a file lies in the page's own folder or below it. An address is a stranger's word: it may not make the page
 * read anything else.
 * @param {string} file
 */
function isBeside(file) {
  const folder = new URL(".", location.href).href;
  return URL.canParse(file, folder) && new URL(file, folder).href.startsWith(folder);
}

/**
 * The hash that tells what the element shows, with the keys of the address that are none of its own.
 * @param {ConvScope} element
 */
export function hashOfPage(element) {
  const values = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  for (const key of KEYS) delete values[key];
  return hashOf({ ...values, ...element.state });
}

/**
 * Gives the element what the address says, and keeps the address up to date.
 * @param {ConvScope} element
 * @returns {() => void} writes the address at once, before the page leaves it
 */
export function keepInAddress(element) {
  /** The view of the address, and the address as it was read or written. */
  let { view } = element;
  let known = "";
  const read = () => {
    const values = new URLSearchParams(location.hash.slice(1));
    const { state } = element;
    for (const key of KEYS) {
      const value = values.get(key);
      // What is on view stays as it is: a link to another view neither opens the model again nor draws the digit again.
      if ((value ?? undefined) === state[key]) continue;
      if (!value && (key === "view" || key === "theme")) continue;
      if (value && key === "weights" && !isBeside(value)) continue;
      // Taking it away first makes it a change, even if what was drawn since began with the same value.
      element.removeAttribute(key);
      if (value) element.setAttribute(key, value);
    }
    ({ view } = element);
    known = location.hash;
  };
  let timer = 0;
  const write = () => {
    clearTimeout(timer);
    // Another address is there already, which is about to be read.
    if (location.hash !== known) return;
    // From another view there is a way back to this one.
    const how = element.view === view ? "replaceState" : "pushState";
    ({ view } = element);
    // In a sandboxed frame the address may be out of reach, and a browser may limit how often it is written.
    try {
      history[how](history.state, "", `#${hashOfPage(element)}`);
      known = location.hash;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  };
  read();
  addEventListener("hashchange", read);
  element.addEventListener("convscope-change", () => {
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_AFTER);
  });
  return write;
}
