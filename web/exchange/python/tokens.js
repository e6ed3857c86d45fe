// The words of Python code with their places, by its language reference, section 2: as much of it as people write models in.

import { UnreadableError, shown } from "../model-file.js";

/**
 * @typedef {object} Token
 * @property {"name" | "number" | "string" | "sign" | "line" | "indent" | "dedent" | "end"} kind
 * @property {string} text the value of a string, without its quotes
 * @property {number} start
 * @property {number} end
 * @property {boolean} [isFormatted] whether a string has values put into it when the code runs
 */

/** The longest code that is read, in characters. */
const MAX_CODE = 200_000;
const SIGNS = /^(?:\*\*=?|\/\/=?|->|:=|==|!=|<=|>=|<<|>>|[-+*/%@&|^]=|[-+*/%@&|^~<>=()[\]{},:.;])/;
const NUMBER = /^(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?)/;
const NAME = /^[\p{L}_][\p{L}\p{N}_]*/u;
const STRING = /^([rRuUbBfF]{0,2})("""|'''|"|')/;
/** @type {Record<string, string>} */
const ESCAPES = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"', 0: "\0" };

/** Code that cannot be read, with its place: lines and columns count from 1. */
export class CodeError extends UnreadableError {
  /** @param {string} code @param {number} start @param {number} end @param {string} sentence */
  constructor(code, start, end, sentence) {
    const { line, column } = placeOf(code, start);
    super([{ place: `line ${line}, column ${column}`, sentence }]);
    this.name = "CodeError";
    this.line = line;
    this.column = column;
    this.start = start;
    this.end = end;
  }
}

/** @param {string} code @param {number} at @returns {{ line: number, column: number }} */
export function placeOf(code, at) {
  const before = code.slice(0, at).split("\n");
  return { line: before.length, column: Array.from(/** @type {string} */ (before.at(-1))).length + 1 };
}

/** @param {string} code @returns {Token[]} ending in one of kind "end" */
export function tokensOf(code) {
  if (code.length > MAX_CODE)
    throw new CodeError(code, 0, 0, `code has at most ${MAX_CODE} characters, got ${code.length}.`);
  /** @type {Token[]} */
  const tokens = [];
  const indents = [0];
  /** @type {number[]} */
  const open = [];
  let at = 0;
  let begins = true;
  /** @param {Token["kind"]} kind @param {number} end @param {string} [text] */
  const add = (kind, end, text = code.slice(at, end)) => {
    tokens.push({ kind, text, start: at, end });
    at = end;
  };
  while (at < code.length) {
    if (begins && !open.length) {
      const [space] = /** @type {RegExpExecArray} */ (/^[ \t\f\r]*/.exec(code.slice(at, at + 400)));
      const next = code[at + space.length];
      // Notebooks have lines for the shell and for themselves.
      if (next === "%" || next === "!") {
        const end = code.indexOf("\n", at);
        at = end < 0 ? code.length : end;
      }
      if (next !== undefined && !"\n#%!".includes(next)) {
        const width = Array.from(space).reduce((width, sign) => (sign === "\t" ? (width | 7) + 1 : width + 1), 0);
        at += space.length;
        if (width > /** @type {number} */ (indents.at(-1))) {
          indents.push(width);
          add("indent", at, "");
        }
        while (width < /** @type {number} */ (indents.at(-1))) {
          indents.pop();
          add("dedent", at, "");
        }
        if (width !== indents.at(-1)) throw new CodeError(code, at, at, "this line is indented as no line above.");
      }
    }
    begins = false;
    const rest = code.slice(at, at + 400);
    const [first] = rest;
    if (first === "\n") {
      if (!open.length) {
        if (tokens.length && tokens.at(-1)?.kind !== "line") add("line", at + 1, "");
        else at += 1;
        begins = true;
      } else at += 1;
      continue;
    }
    const continued = /^\\\r?\n/.exec(rest);
    if (first === " " || first === "\t" || first === "\r" || first === "\f" || first === "\u{feff}") at += 1;
    else if (continued) at += continued[0].length;
    else if (first === "#") {
      const end = code.indexOf("\n", at);
      at = end < 0 ? code.length : end;
    } else {
      const [string, prefix, quotes] = STRING.exec(rest) ?? [];
      if (string) {
        const { end, text } = stringAt(code, at, prefix, quotes);
        add("string", end, text);
        if (/f/i.test(prefix)) /** @type {Token} */ (tokens.at(-1)).isFormatted = true;
        continue;
      }
      const [number] = NUMBER.exec(rest) ?? [];
      const [name] = NAME.exec(rest) ?? [];
      const [sign] = SIGNS.exec(rest) ?? [];
      if (number) add("number", at + number.length);
      else if (name) add("name", at + name.length);
      else if (sign) {
        if ("([{".includes(sign)) open.push(at);
        else if (")]}".includes(sign)) open.pop();
        add("sign", at + sign.length);
      } else throw new CodeError(code, at, at + 1, `'${shown(first)}' begins nothing in Python.`);
    }
  }
  const unclosed = open[0];
  if (unclosed !== undefined)
    throw new CodeError(code, unclosed, unclosed + 1, `this '${code[unclosed]}' is not closed.`);
  add("line", at, "");
  while (indents.length > 1) {
    indents.pop();
    add("dedent", at, "");
  }
  add("end", at, "");
  return tokens;
}

/** @param {string} code @param {number} start @param {string} prefix @param {string} quotes */
function stringAt(code, start, prefix, quotes) {
  const raw = /r/i.test(prefix);
  let text = "";
  for (let at = start + prefix.length + quotes.length; at < code.length; at++) {
    if (code.startsWith(quotes, at)) return { end: at + quotes.length, text };
    if (code[at] === "\n" && quotes.length === 1) break;
    if (code[at] !== "\\" || raw) text += code[at];
    else {
      at += 1;
      if (code[at] !== "\n") text += ESCAPES[code[at]] ?? `\\${code[at] ?? ""}`;
    }
  }
  throw new CodeError(code, start, start + 1, "this text is not closed.");
}
