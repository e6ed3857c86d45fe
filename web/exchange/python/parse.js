// The sentences of Python code as a tree, by its language reference, sections 6 to 8: calls, assignments, imports, functions
// and loops. What is read has its place, so that a fault and a layer can be shown in the code.

import { shown } from "../model-file.js";
import { CodeError, tokensOf } from "./tokens.js";

/** @typedef {{ start: number, end: number }} Place */
/** @typedef {{ name?: string, value: Expression }} Argument */
/**
 * @typedef {Place & (
 *   { kind: "constant", value: string | number | boolean | null } |
 *   { kind: "name", name: string } |
 *   { kind: "attribute", object: Expression, name: string } |
 *   { kind: "call", called: Expression, arguments: Argument[] } |
 *   { kind: "index", object: Expression } |
 *   { kind: "tuple" | "list", items: Expression[] } |
 *   { kind: "dict", items: [Expression, Expression][] } |
 *   { kind: "operation", sign: string, left?: Expression, right: Expression } |
 *   { kind: "unknown" }
 * )} Expression
 */
/**
 * @typedef {Place & (
 *   { kind: "import", path: string, names: { name: string, as: string }[] } |
 *   { kind: "assignment", targets: Expression[], value: Expression, sign?: string } |
 *   { kind: "expression", value: Expression } |
 *   { kind: "return", value?: Expression } |
 *   { kind: "function", name: string, parameters: { name: string, value?: Expression }[], body: Statement[] } |
 *   { kind: "for", target: Expression, over: Expression, body: Statement[] } |
 *   { kind: "block", word: string, body: Statement[] } |
 *   { kind: "passed", word: string } |
 *   { kind: "pass" }
 * )} Statement
 */

/** How deep brackets and blocks are nested at most. */
const MAX_DEPTH = 60;
const LEVELS = [
  ["|", "^", "&", "<<", ">>"],
  ["+", "-"],
  ["*", "/", "//", "%", "@"],
];
const COMPARISONS = new Set(["==", "!=", "<", ">", "<=", ">=", "in", "is", "not", "and", "or"]);
const CONSTANTS = new Map(
  /** @type {[string, boolean | null][]} */ ([
    ["True", true],
    ["False", false],
    ["None", null],
  ]),
);
/** Words that begin a line that builds nothing. */
const SILENT = new Set(["pass", "break", "continue", "del", "assert", "raise", "global", "nonlocal"]);
/** Words of blocks that are taken as they stand, and of those that are passed over: what runs of them is known only then. */
const TAKEN = new Set(["if", "with", "try"]);
const PASSED = new Set(["elif", "else", "except", "finally", "class", "while"]);
/** Words that begin what no model is written with. */
const REFUSED = new Set(["async", "await", "yield", "for", "def", ...TAKEN, ...PASSED]);

class Parser {
  #tokens;
  #at = 0;
  #depth = 0;

  /** @param {string} code */
  constructor(code) {
    this.code = code;
    this.#tokens = tokensOf(code);
  }

  /** @returns {import("./tokens.js").Token} */
  get #next() {
    return this.#tokens[this.#at];
  }

  /** @param {string} text */
  #is(text) {
    return this.#next.text === text && (this.#next.kind === "sign" || this.#next.kind === "name");
  }

  /** @param {string} text */
  #take(text) {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }

  /** @param {string} sentence @returns {never} */
  #fail(sentence, { start, end } = this.#next) {
    throw new CodeError(this.code, start, end, sentence);
  }

  /** @param {import("./tokens.js").Token["kind"]} kind */
  #skip(kind) {
    if (this.#next.kind !== kind) return false;
    this.#at += 1;
    return true;
  }

  /** @param {string} text */
  #expect(text) {
    if (!this.#take(text)) this.#fail(`expected '${text}', got ${this.#words()}.`);
  }

  #words() {
    const { kind, text } = this.#next;
    if (kind === "end") return "the end of the code";
    if (kind === "line") return "the end of the line";
    if (kind === "indent" || kind === "dedent") return "another indentation";
    return `'${shown(text)}'`;
  }

  #name() {
    const { kind, text } = this.#next;
    if (kind !== "name") this.#fail(`expected a name, got ${this.#words()}.`);
    this.#at += 1;
    return text;
  }

  /** @param {() => any} read */
  #nested(read) {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail(`brackets and blocks go ${MAX_DEPTH} deep at most.`);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  get #before() {
    return this.#tokens[Math.max(0, this.#at - 1)].end;
  }

  /** @returns {Statement[]} */
  program() {
    return this.#statements("end");
  }

  /** @param {import("./tokens.js").Token["kind"]} last what they end with @returns {Statement[]} */
  #statements(last) {
    const found = [];
    while (!this.#skip(last)) if (!this.#skip("line")) found.push(...this.#statement());
    return found;
  }

  /** The arguments of a signature. */
  signature() {
    const name = this.#name();
    this.#expect("(");
    return { name, parameters: this.#parameters() };
  }

  /** @returns {Statement[]} one line, or a block */
  #statement() {
    const { start, text, kind } = this.#next;
    if (kind === "indent") this.#fail("this line is indented, and no block begins above.");
    if (this.#take("@")) {
      this.#toLineEnd();
      this.#at += 1;
      return [];
    }
    if (kind === "name" && (TAKEN.has(text) || PASSED.has(text))) return [this.#compound(text)];
    if (this.#take("def")) return [this.#function(start)];
    if (this.#take("for")) {
      const target = this.#targets();
      this.#expect("in");
      const over = this.#list();
      return [{ kind: "for", target, over, body: this.#block(), start, end: this.#before }];
    }
    const found = [this.#simple()];
    while (this.#take(";")) if (this.#next.kind !== "line") found.push(this.#simple());
    if (this.#next.kind !== "line") this.#fail(`expected the end of the line, got ${this.#words()}.`);
    this.#at += 1;
    return found;
  }

  /** A block behind a head that is not looked at. @param {string} word @returns {Statement} */
  #compound(word) {
    const { start } = this.#next;
    for (let open = 0; open > 0 || !this.#is(":"); this.#at += 1) {
      if (this.#next.kind === "line" || this.#next.kind === "end") this.#expect(":");
      if (this.#is("(") || this.#is("[") || this.#is("{")) open += 1;
      else if (this.#is(")") || this.#is("]") || this.#is("}")) open -= 1;
    }
    const body = this.#block();
    const place = { start, end: this.#before };
    return TAKEN.has(word) ? { kind: "block", word, body, ...place } : { kind: "passed", word, ...place };
  }

  #toLineEnd() {
    while (this.#next.kind !== "line" && this.#next.kind !== "end") this.#at += 1;
  }

  /** @param {number} start @returns {Statement} */
  #function(start) {
    const name = this.#name();
    this.#expect("(");
    const parameters = this.#parameters();
    if (this.#take("->")) this.#list();
    return { kind: "function", name, parameters, body: this.#block(), start, end: this.#before };
  }

  #parameters() {
    /** @type {{ name: string, value?: Expression }[]} */
    const found = [];
    while (!this.#take(")")) {
      if (this.#take("*") && this.#take(",")) continue;
      if (this.#take("**") || this.#take("/")) continue;
      const name = this.#name();
      if (this.#take(":")) this.#expression();
      found.push(this.#take("=") ? { name, value: this.#expression() } : { name });
      if (!this.#is(")")) this.#expect(",");
    }
    return found;
  }

  /** @returns {Statement[]} */
  #block() {
    this.#expect(":");
    return this.#nested(() => {
      if (this.#next.kind !== "line") return this.#statement();
      this.#at += 1;
      if (!this.#skip("indent")) this.#fail("expected an indented block.");
      return this.#statements("dedent");
    });
  }

  /** @returns {Statement} */
  #simple() {
    const { start } = this.#next;
    const place = () => ({ start, end: this.#before });
    if (this.#take("import")) {
      const names = this.#imported(() => this.#path());
      return { kind: "import", path: "", names, ...place() };
    }
    if (this.#take("from")) {
      const path = this.#path();
      this.#expect("import");
      if (this.#take("*")) return { kind: "import", path, names: [{ name: "*", as: "*" }], ...place() };
      const bracket = this.#take("(");
      const names = this.#imported(() => this.#name());
      if (bracket) this.#expect(")");
      return { kind: "import", path, names, ...place() };
    }
    if (this.#next.kind === "name" && SILENT.has(this.#next.text)) {
      this.#toLineEnd();
      return { kind: "pass", ...place() };
    }
    if (this.#take("return")) {
      const value = this.#next.kind === "line" ? undefined : this.#list();
      return { kind: "return", value, ...place() };
    }
    let value = this.#list();
    if (this.#take(":")) this.#list();
    const { text, kind } = this.#next;
    if (kind === "sign" && /^[-+*/]=$|^\*\*=$|^\/\/=$/.test(text)) {
      this.#at += 1;
      return { kind: "assignment", targets: [value], sign: text.slice(0, -1), value: this.#list(), ...place() };
    }
    const targets = [];
    while (this.#take("=")) {
      targets.push(value);
      value = this.#list();
    }
    return targets.length
      ? { kind: "assignment", targets, value, ...place() }
      : { kind: "expression", value, ...place() };
  }

  #path() {
    let path = "";
    while (this.#take(".")) path += ".";
    path += this.#name();
    while (this.#take(".")) path += `.${this.#name()}`;
    return path;
  }

  /** @param {() => string} read */
  #imported(read) {
    const found = [];
    do {
      if (this.#is(")")) break;
      const name = read();
      found.push({ name, as: this.#take("as") ? this.#name() : "" });
    } while (this.#take(","));
    return found;
  }

  #targets() {
    const { start } = this.#next;
    const items = [this.#postfix()];
    while (this.#take(",")) items.push(this.#postfix());
    return items.length === 1
      ? items[0]
      : /** @type {Expression} */ ({ kind: "tuple", items, start, end: this.#before });
  }

  /** Expressions with commas between them are a tuple. @returns {Expression} */
  #list() {
    const { start } = this.#next;
    const first = this.#expression();
    if (!this.#is(",")) return first;
    const items = [first];
    while (this.#take(",")) {
      if (this.#next.kind === "line" || this.#is("=") || this.#is(")")) break;
      items.push(this.#expression());
    }
    return { kind: "tuple", items, start, end: this.#before };
  }

  /** @returns {Expression} */
  #expression() {
    return this.#nested(() => {
      const { start } = this.#next;
      const value = this.#compared();
      if (!this.#take("if")) return value;
      this.#compared();
      this.#expect("else");
      this.#expression();
      return { kind: "unknown", start, end: this.#before };
    });
  }

  /** Whether something is so is known only when the code runs. @returns {Expression} */
  #compared() {
    const { start } = this.#next;
    let isCompared = false;
    while (this.#take("not")) isCompared = true;
    const value = this.#level(0);
    while (COMPARISONS.has(this.#next.text) && this.#next.kind !== "string") {
      isCompared = true;
      this.#at += 1;
      if (!COMPARISONS.has(this.#next.text)) this.#level(0);
    }
    return isCompared ? { kind: "unknown", start, end: this.#before } : value;
  }

  /** @param {number} level @returns {Expression} */
  #level(level) {
    const signs = LEVELS[level];
    if (!signs) return this.#unary();
    const { start } = this.#next;
    let left = this.#level(level + 1);
    while (this.#next.kind === "sign" && signs.includes(this.#next.text)) {
      const sign = this.#next.text;
      this.#at += 1;
      left = { kind: "operation", sign, left, right: this.#level(level + 1), start, end: this.#before };
    }
    return left;
  }

  /** @returns {Expression} */
  #unary() {
    const { start, text } = this.#next;
    if (this.#take("-") || this.#take("+") || this.#take("~")) {
      const right = this.#nested(() => this.#unary());
      return { kind: "operation", sign: text, right, start, end: this.#before };
    }
    const left = this.#postfix();
    if (!this.#take("**")) return left;
    const right = this.#nested(() => this.#unary());
    return { kind: "operation", sign: "**", left, right, start, end: this.#before };
  }

  /** @returns {Expression} */
  #postfix() {
    const { start } = this.#next;
    let value = this.#atom();
    for (;;) {
      if (this.#take(".")) value = { kind: "attribute", object: value, name: this.#name(), start, end: this.#before };
      else if (this.#take("(")) {
        const given = this.#arguments();
        value = { kind: "call", called: value, arguments: given, start, end: this.#before };
      } else if (this.#take("[")) {
        for (let open = 1; open > 0; this.#at += 1) {
          if (this.#next.kind === "end") this.#fail("expected ']'.");
          if (this.#is("[")) open += 1;
          else if (this.#is("]")) open -= 1;
        }
        value = { kind: "index", object: value, start, end: this.#before };
      } else return value;
    }
  }

  /** What is made for each of a list is known only when the code runs. @param {Expression} value @returns {Expression} */
  #comprehended(value) {
    if (!this.#take("for")) return value;
    this.#targets();
    this.#expect("in");
    this.#level(0);
    while (this.#take("if")) this.#compared();
    return { kind: "unknown", start: value.start, end: this.#before };
  }

  /** @returns {Argument[]} */
  #arguments() {
    /** @type {Argument[]} */
    const found = [];
    while (!this.#take(")")) {
      if (this.#take("*") || this.#take("**")) {
        const { start } = this.#next;
        this.#expression();
        found.push({ value: { kind: "unknown", start, end: this.#before } });
        if (!this.#is(")")) this.#expect(",");
        continue;
      }
      const named =
        this.#next.kind === "name" &&
        this.#tokens[this.#at + 1]?.text === "=" &&
        this.#tokens[this.#at + 1].kind === "sign";
      if (named) {
        const { start, end } = this.#next;
        const name = this.#name();
        this.#at += 1;
        if (found.some((argument) => argument.name === name))
          this.#fail(`${name} is given twice.`, /** @type {any} */ ({ start, end }));
        found.push({ name, value: this.#expression() });
      } else {
        if (found.at(-1)?.name !== undefined) this.#fail("an argument without a name stands behind one with a name.");
        found.push({ value: this.#comprehended(this.#expression()) });
      }
      if (!this.#is(")")) this.#expect(",");
    }
    return found;
  }

  /** @returns {Expression} */
  #atom() {
    const { kind, text, start } = this.#next;
    /** @param {string} closing */
    const items = (closing) => {
      const found = [];
      while (!this.#take(closing)) {
        found.push(this.#comprehended(this.#expression()));
        if (!this.#is(closing)) this.#expect(",");
      }
      return found;
    };
    if (this.#take("(")) {
      const found = items(")");
      const isTuple = found.length !== 1 || this.#tokens[this.#at - 2].text === ",";
      return isTuple ? { kind: "tuple", items: found, start, end: this.#before } : found[0];
    }
    if (this.#take("[")) {
      const found = items("]");
      return { kind: "list", items: found, start, end: this.#before };
    }
    if (this.#take("{")) return this.#dict(start);
    if (kind === "number") {
      this.#at += 1;
      return { kind: "constant", value: Number(text.replaceAll("_", "")), start, end: this.#before };
    }
    if (this.#take("lambda")) {
      while (!this.#take(":")) this.#at += this.#next.kind === "line" ? this.#fail("expected ':'.") : 1;
      this.#expression();
      return { kind: "unknown", start, end: this.#before };
    }
    if (kind === "string") {
      let value = "";
      let isUnknown = false;
      for (; this.#next.kind === "string"; this.#at += 1) {
        value += this.#next.text;
        isUnknown ||= this.#next.isFormatted === true;
      }
      if (isUnknown) return { kind: "unknown", start, end: this.#before };
      return { kind: "constant", value, start, end: this.#before };
    }
    if (kind === "name" && !REFUSED.has(text) && !COMPARISONS.has(text)) {
      this.#at += 1;
      const constant = CONSTANTS.get(text);
      if (constant !== undefined) return { kind: "constant", value: constant, start, end: this.#before };
      return { kind: "name", name: text, start, end: this.#before };
    }
    return this.#fail(`expected a value, got ${this.#words()}.`);
  }

  /** @param {number} start @returns {Expression} */
  #dict(start) {
    /** @type {[Expression, Expression][]} */
    const items = [];
    while (!this.#take("}")) {
      const key = this.#take("**") ? undefined : this.#expression();
      if (!key) {
        this.#expression();
        if (!this.#is("}")) this.#expect(",");
        continue;
      }
      // A set has no values.
      if (this.#is(",") || this.#is("}")) {
        this.#take(",");
        continue;
      }
      this.#expect(":");
      items.push([key, this.#comprehended(this.#expression())]);
      if (!this.#is("}")) this.#expect(",");
    }
    return { kind: "dict", items, start, end: this.#before };
  }
}

/** @param {string} code @returns {Statement[]} @throws {CodeError} with line and column */
export function parsePython(code) {
  return new Parser(code).program();
}

/** @param {string} text `Dense(units, activation=None)` @returns {{ name: string, parameters: { name: string, value?: Expression }[] }} */
export function parseSignature(text) {
  return new Parser(text).signature();
}
