// The words of Python code by their kinds, for the eye alone: the reader of code has its own.

/** @typedef {{ kind: "" | "comment" | "string" | "number" | "word", text: string }} Part */

const PARTS =
  /(#.*)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|\b(\d[\d_]*(?:\.\d+)?(?:e-?\d+)?)\b|\b(import|from|as|def|return|for|in|if|else|True|False|None)\b/g;
const KINDS = /** @type {const} */ (["comment", "string", "number", "word"]);

/** @param {string} code @returns {Part[][]} the parts of each line */
export function highlighted(code) {
  return code.split("\n").map((line) => {
    /** @type {Part[]} */
    const parts = [];
    let from = 0;
    for (const match of line.matchAll(PARTS)) {
      const kind = KINDS[match.slice(1).findIndex((text) => text !== undefined)];
      if (match.index > from) parts.push({ kind: "", text: line.slice(from, match.index) });
      parts.push({ kind, text: match[0] });
      from = match.index + match[0].length;
    }
    if (from < line.length) parts.push({ kind: "", text: line.slice(from) });
    return parts;
  });
}
