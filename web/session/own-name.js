// How a session knows that there are networks of the reader's own, before it loads what keeps them.

const KEY = "convscope-networks";

/** Whether a model's name is that of one of the reader's own. @param {string | undefined} name */
export const isOwn = (name) => name?.startsWith("own-") ?? false;

/** Whether this browser keeps some. */
export function keepsOwn() {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    // Storage that is denied holds nothing.
    return false;
  }
}

/** @param {boolean} keeps */
export function rememberOwn(keeps) {
  try {
    if (keeps) localStorage.setItem(KEY, "");
    else localStorage.removeItem(KEY);
  } catch {
    // What cannot be written is looked for in vain, as all that such a page keeps.
  }
}
