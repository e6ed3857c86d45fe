// Tables of pixels, as Kaggle has them: a line an image, its label in one column, a pixel in each of the others. Read in
// portions, since a table of a whole data set is far longer than its pixels.

import { counted } from "../../ui/counted.js";
import { MOST_PIXELS, MOST_SIDE, checkImages } from "./limits.js";

/** @typedef {import("./found.js").Part} Part */

/** Bytes that are read at a time. */
const PORTION = 1 << 18;
/** Columns of the widest image, with its label. */
const MOST_COLUMNS = 3 * MOST_SIDE * MOST_SIDE + 1;
/** The longest line that is looked for in search of its end. */
const MOST_LINE = 16 * MOST_COLUMNS;
const LABEL = /^(label|class|target|y|digit|letter|category|emotion)$/i;
const PIXEL = /^(pixel|px|p|x)?[_ ]?\d+([x_]\d+)?$/i;
/** What stands between values. */
const [TAB, LINE_FEED, RETURN, QUOTE, COMMA, POINT, SEMICOLON] = Array.from('\t\n\r",.;', (sign) => sign.charCodeAt(0));
const [ZERO, NINE, SPACE] = [48, 57, 32];

/** @param {number} byte */
const separates = (byte) => byte === COMMA || byte === SEMICOLON || byte === TAB;

/**
 * What the columns of a table are.
 *
 * @typedef {object} Columns
 * @property {number} count
 * @property {number | undefined} label its column; undefined: the table has none
 * @property {[height: number, width: number, channels: number]} shape that the others make
 */

/** @param {string} line */
const valuesOf = (line) => line.split(/[,;\t]/).map((value) => value.trim().replace(/^"|"$/g, ""));

/**
 * @param {string} name
 * @param {string[]} values of the first line
 * @returns {Columns & { headed: boolean }} `headed`: whether that names the columns
 * @throws in one sentence, if it is no table of square images
 */
function columnsOf(name, values) {
  const headed = values.some((value) => value !== "" && !Number.isFinite(Number(value)));
  const named = headed ? values.findIndex((value) => LABEL.test(value)) : -1;
  const count = values.length;
  const side = (/** @type {number} */ pixels) => {
    const grey = Math.sqrt(pixels);
    const colour = Math.sqrt(pixels / 3);
    if (Number.isInteger(grey)) return [grey, 1];
    return Number.isInteger(colour) ? [colour, 3] : undefined;
  };
  /** @param {number} pixels @param {number} [label] @returns {(Columns & { headed: boolean }) | undefined} */
  const table = (pixels, label) => {
    const [long, channels] = side(pixels) ?? [];
    return long && channels ? { count, label, shape: [long, long, channels], headed } : undefined;
  };
  const isPixels = !headed || values.filter((value) => PIXEL.test(value)).length >= count - 1;
  const first = named >= 0 ? named : headed && values.every((value) => PIXEL.test(value)) ? undefined : 0;
  const found = isPixels && count >= 2 ? (first === undefined ? table(count) : table(count - 1, first)) : undefined;
  const unlabelled = isPixels && !found && first !== undefined && named < 0 ? table(count) : undefined;
  const columns = found ?? unlabelled;
  if (!columns) {
    throw new Error(
      `${name} has ${counted(count)} columns; a table of images has a label and the pixels of a square in each line, as ` +
        "label, pixel0 … pixel783.",
    );
  }
  return columns;
}

/** Reads lines from chunks of bytes. */
class Rows {
  #name;
  #columns;
  #size;
  /** Pixels so far. @type {Uint8Array} */
  #pixels;
  /** @type {(number | string)[]} */
  said = [];
  #scale = 0;
  #line;
  #column = 0;
  #pixel = 0;
  /** The label so far, a byte a letter. @type {number[]} */
  #label = [];
  #whole = 0;
  #part = 0;
  #digits = 0;
  #places = -1;
  #exponent = "";
  #negative = false;

  /** @param {string} name @param {Columns & { headed: boolean }} columns @param {number} scale of the pixels: 1 or 255 */
  constructor(name, columns, scale) {
    this.#name = name;
    this.#columns = columns;
    this.#scale = scale;
    this.#line = columns.headed ? 1 : 0;
    this.#size = columns.shape.reduce((product, side) => product * side, 1);
    this.#pixels = new Uint8Array(64 * this.#size);
  }

  get pixels() {
    return this.#pixels.slice(0, this.said.length * this.#size);
  }

  /** @param {Uint8Array} bytes */
  add(bytes) {
    for (let at = 0; at < bytes.length;) {
      const next = this.#wholes(bytes, at);
      if (next === at) this.#byte(bytes[at++]);
      else at = next;
    }
  }

  /**
   * Takes whole numbers with their separators, which is what nearly all of a table is.
   *
   * @param {Uint8Array} bytes
   * @param {number} at
   * @returns {number} where something else begins
   */
  #wholes(bytes, at) {
    if (this.#scale !== 1 || this.#isBegun) return at;
    const { label, count } = this.#columns;
    const pixels = this.#pixels;
    let [column, pixel] = [this.#column, this.#pixel];
    while (column !== label && column < count - 1 && pixel < pixels.length) {
      let [value, end] = [0, at];
      while (bytes[end] >= ZERO && bytes[end] <= NINE) value = value * 10 + bytes[end++] - ZERO;
      if (end === at || value > 255 || !separates(bytes[end])) break;
      pixels[pixel++] = value;
      column += 1;
      at = end + 1;
    }
    [this.#column, this.#pixel] = [column, pixel];
    return at;
  }

  /** Whether a part of a value has been read. */
  get #isBegun() {
    return this.#digits > 0 || this.#places >= 0 || this.#negative || this.#label.length > 0;
  }

  /** @param {number} byte */
  #byte(byte) {
    if (byte >= ZERO && byte <= NINE) this.#digit(byte);
    else if (separates(byte)) this.#endValue();
    else if (byte === LINE_FEED) this.#endLine();
    else if (byte !== RETURN && byte !== QUOTE && byte !== SPACE) this.#sign(byte);
  }

  /** @param {number} byte */
  #digit(byte) {
    if (this.#column === this.#columns.label) return void this.#sign(byte);
    if (this.#exponent) return void (this.#exponent += String.fromCharCode(byte));
    this.#digits += 1;
    if (this.#places < 0) this.#whole = this.#whole * 10 + byte - ZERO;
    else if (this.#places < 15) {
      this.#part = this.#part * 10 + byte - ZERO;
      this.#places += 1;
    }
  }

  /** @param {number} byte */
  #sign(byte) {
    const sign = String.fromCharCode(byte);
    if (this.#column === this.#columns.label) {
      if (this.#label.push(byte) > 200) this.#refuse("its label is longer than 200 letters");
    } else if (byte === POINT && this.#places < 0 && !this.#exponent) this.#places = 0;
    else if ((sign === "e" || sign === "E") && this.#digits && !this.#exponent) this.#exponent = "e";
    else if (this.#exponent === "e" && (sign === "-" || sign === "+")) this.#exponent += sign;
    else if (sign === "-" && !this.#digits) this.#negative = true;
    else if (sign !== "+") this.#refuse(`column ${this.#column + 1} holds “${sign}” where a pixel was expected`);
  }

  #endValue() {
    if (this.#column === this.#columns.label) {
      const text = new TextDecoder().decode(Uint8Array.from(this.#label));
      const number = Number(text);
      if (text === "") this.#refuse("its label is missing");
      this.said.push(Number.isFinite(number) ? number : text);
      this.#grow();
    } else if (this.#column < this.#columns.count) this.#put();
    this.#column += 1;
    this.#label = [];
    this.#whole = this.#part = this.#digits = 0;
    this.#places = -1;
    this.#exponent = "";
    this.#negative = false;
  }

  #put() {
    if (!this.#digits) this.#refuse(`column ${this.#column + 1} is empty`);
    let value = this.#places > 0 ? this.#whole + this.#part / 10 ** this.#places : this.#whole;
    if (this.#exponent) value *= Number(`1${this.#exponent.length > 1 ? this.#exponent : ""}`);
    if (this.#negative) value = -value;
    value = Math.round(value * this.#scale);
    if (!(value >= 0 && value <= 255)) {
      const range = this.#scale === 1 ? "0 to 255" : "0 to 1, as in the first line";
      this.#refuse(`column ${this.#column + 1} holds ${value / this.#scale}; pixels run from ${range}`);
    }
    this.#grow();
    this.#pixels[this.#pixel++] = value;
  }

  /** Makes room for another image. */
  #grow() {
    if (this.#pixel < this.#pixels.length) return;
    if (this.#pixels.length >= MOST_PIXELS) {
      checkImages(this.#name, Math.floor(this.#pixel / this.#size) + 1, this.#columns.shape);
    }
    const larger = new Uint8Array(Math.min(2 * this.#pixels.length, MOST_PIXELS + this.#size));
    larger.set(this.#pixels);
    this.#pixels = larger;
  }

  #endLine() {
    const isEmpty = this.#column === 0 && !this.#digits && !this.#label.length;
    if (!isEmpty) {
      this.#endValue();
      const { count } = this.#columns;
      if (this.#column !== count) {
        this.#refuse(`${counted(count)} values were expected, ${counted(this.#column)} came`);
      }
      this.#column = 0;
    }
    this.#line += 1;
  }

  /** @param {string} why @returns {never} */
  #refuse(why) {
    throw new Error(`${this.#name}, line ${counted(this.#line + 1)}: ${why}.`);
  }

  end() {
    this.#endLine();
  }
}

/**
 * The lines at the beginning, as many as are there up to three.
 *
 * @param {string} name
 * @param {Blob} file
 */
async function beginning(name, file) {
  for (let length = PORTION; ; length *= 2) {
    const text = await file.slice(0, length).text();
    const lines = text.split(/\r?\n/);
    if (lines.length > 2 || length >= file.size) return lines.filter((line) => line.trim() !== "");
    if (length > 2 * MOST_LINE) {
      throw new Error(`${name} has no end of line in its first ${counted(length)} letters.`);
    }
  }
}

/**
 * @param {string} name
 * @param {Blob} file
 * @param {(part: number) => void} tell how much of the file is read, 0 to 1
 * @returns {Promise<Part | undefined>} undefined: it has images, but no labels
 * @throws in one sentence, if it is no table of images
 */
export async function readCsv(name, file, tell) {
  const lines = await beginning(name, file);
  if (!lines.length) throw new Error(`${name} is empty.`);
  const columns = columnsOf(name, valuesOf(lines[0].replace(/^\uFEFF/, "")));
  checkImages(name, 1, columns.shape);
  if (columns.label === undefined) return undefined;
  const sample = valuesOf(lines[columns.headed ? 1 : 0] ?? "").filter((_, column) => column !== columns.label);
  const parted = sample.some((value) => value.includes(".") && !Number.isInteger(Number(value)));
  const rows = new Rows(name, columns, parted && sample.every((value) => Number(value) <= 1) ? 255 : 1);
  let { headed } = columns;
  for (let at = 0; at < file.size; at += PORTION) {
    const portion = new Uint8Array(await file.slice(at, at + PORTION).arrayBuffer());
    const end = headed ? portion.indexOf(LINE_FEED) : -1;
    if (!headed || end >= 0) rows.add(portion.subarray(end + 1));
    headed &&= end < 0;
    tell(Math.min(1, (at + PORTION) / file.size));
  }
  rows.end();
  if (!rows.said.length) throw new Error(`${name} has a line of names, but no image.`);
  return { name, shape: columns.shape, pixels: rows.pixels, said: rows.said };
}
