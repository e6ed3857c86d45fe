// The messages of ONNX files that models are made of, by the numbers of onnx.proto3 (ONNX 1.x). Lengths are checked before
// anything of them is read.

import { PbfReader, PbfWriter } from "pbf";
import { MAX_ENTRIES, checkedShape, shown, sizeOf, unreadable } from "../model-file.js";
import { halfOf } from "../numbers.js";

/** @typedef {{ name: string, shape: number[], values: Float32Array<ArrayBufferLike> | number[] }} Tensor whole numbers are a list */
/** @typedef {{ name: string, f?: number, i?: number, s?: string, t?: Tensor, floats: number[], ints: number[], isGraph?: boolean }} Attribute */
/** @typedef {{ inputs: string[], outputs: string[], name: string, operator: string, domain: string, attributes: Map<string, Attribute> }} Node */
/** @typedef {{ name: string, sizes: (number | undefined)[] }} Value `sizes` is undefined where a size is open, as the batch's */
/** @typedef {{ nodes: Node[], name: string, constants: Map<string, Tensor>, inputs: Value[], outputs: Value[], version: number }} OnnxGraph */

const FLOAT = 1;
const INT64 = 7;
const HALF = 10;
const FLOATS = new Set([FLOAT, HALF, 11, 16]);
/** How numbers lie in `raw_data`, by their type's number. @type {Record<number, { width: number, read: (bytes: Uint8Array<ArrayBuffer>) => Float32Array | number[] }>} */
const TYPES = {
  1: { width: 4, read: ({ buffer }) => new Float32Array(buffer) },
  2: { width: 1, read: (bytes) => [...bytes] },
  3: { width: 1, read: ({ buffer }) => [...new Int8Array(buffer)] },
  6: { width: 4, read: ({ buffer }) => [...new Int32Array(buffer)] },
  7: { width: 8, read: ({ buffer }) => Array.from(new BigInt64Array(buffer), Number) },
  9: { width: 1, read: (bytes) => [...bytes] },
  10: { width: 2, read: ({ buffer }) => Float32Array.from(new Uint16Array(buffer), halfOf) },
  11: { width: 8, read: ({ buffer }) => Float32Array.from(new Float64Array(buffer)) },
  16: {
    width: 2,
    read: ({ buffer }) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer),
  },
};

/** Reads a file's messages, and counts them. */
class Messages {
  #left = 20 * MAX_ENTRIES;

  /** @param {string} place @param {Uint8Array} bytes */
  constructor(place, bytes) {
    this.place = place;
    this.pbf = new PbfReader(bytes);
  }

  /** @param {number} length */
  #check(length) {
    this.#left -= 1;
    const isInside = length >= 0 && this.pbf.pos + length <= this.pbf.length;
    if (this.#left < 0 || !isInside)
      throw unreadable(
        this.place,
        "the ONNX file is damaged: a part of it is longer than the file, or it has too many.",
      );
  }

  /**
   * A message within the one that is read.
   *
   * @template T
   * @param {T} result
   * @param {(tag: number, result: T) => void} field
   * @returns {T}
   */
  message(result, field) {
    const length = this.pbf.readVarint();
    this.#check(length);
    return this.fields(result, field, this.pbf.pos + length);
  }

  /** @template T @param {T} result @param {(tag: number, result: T) => void} field @param {number} end @returns {T} */
  fields(result, field, end) {
    this.pbf.readFields((tag) => field(tag, result), result, end);
    if (this.pbf.pos > end)
      throw unreadable(this.place, "the ONNX file is damaged: a part is longer than what holds it.");
    return result;
  }

  bytes() {
    const length = this.pbf.readVarint();
    this.#check(length);
    const { pos } = this.pbf;
    this.pbf.pos += length;
    return this.pbf.buf.slice(pos, pos + length);
  }

  text() {
    return new TextDecoder().decode(this.bytes());
  }

  /** Numbers one by one, or packed. @param {number[]} list @param {(pbf: PbfReader) => number} read */
  numbers(list, read) {
    if (this.pbf.type !== 2) {
      list.push(read(this.pbf));
      return;
    }
    const length = this.pbf.readVarint();
    this.#check(length);
    for (const end = this.pbf.pos + length; this.pbf.pos < end;) list.push(read(this.pbf));
  }
}

/** @param {Messages} read @returns {Tensor} */
function tensorOf(read) {
  const { pbf } = read;
  const found = {
    dims: /** @type {number[]} */ ([]),
    /** Numbers of each of the lists that the format has, by type. */
    lists: /** @type {number[][]} */ ([[], [], [], []]),
    type: 0,
    name: "",
    external: false,
    raw: /** @type {Uint8Array<ArrayBuffer> | undefined} */ (undefined),
  };
  const { dims, lists } = found;
  read.message(found, (tag) => {
    if (tag === 1) read.numbers(dims, (pbf) => pbf.readVarint(true));
    else if (tag === 2) found.type = pbf.readVarint();
    else if (tag === 4) read.numbers(lists[0], (pbf) => pbf.readFloat());
    else if (tag === 5) read.numbers(lists[1], (pbf) => pbf.readVarint(true));
    else if (tag === 7) read.numbers(lists[2], (pbf) => pbf.readVarint(true));
    else if (tag === 8) found.name = read.text();
    else if (tag === 9) found.raw = /** @type {Uint8Array<ArrayBuffer>} */ (read.bytes());
    else if (tag === 10) read.numbers(lists[3], (pbf) => pbf.readDouble());
    else if (tag === 14) found.external = pbf.readVarint() !== 0;
  });
  const { name, type, raw, external } = found;
  const place = `${read.place}: ${shown(name || "a constant")}`;
  if (external) throw unreadable(place, "its numbers lie in a file of their own; save the model as one file.");
  const shape = checkedShape(place, dims);
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!known)
    throw unreadable(place, `numbers of ONNX’s type ${type} are not read; save the weights as float32, not quantised.`);
  const count = sizeOf(shape);
  const listed = lists.find(({ length }) => length > 0) ?? [];
  if ((raw ? raw.length / known.width : listed.length) !== count) {
    throw unreadable(place, `the file does not have the ${count} numbers that its shape ${shown(shape)} needs.`);
  }
  if (raw) return { name, shape, values: known.read(raw) };
  if (type === HALF) return { name, shape, values: Float32Array.from(listed, halfOf) };
  return { name, shape, values: FLOATS.has(type) ? Float32Array.from(listed) : listed };
}

/** @param {Messages} read @returns {Attribute} */
function attributeOf(read) {
  const { pbf } = read;
  return read.message(/** @type {Attribute} */ ({ name: "", floats: [], ints: [] }), (tag, attribute) => {
    if (tag === 1) attribute.name = read.text();
    else if (tag === 2) attribute.f = pbf.readFloat();
    else if (tag === 3) attribute.i = pbf.readVarint(true);
    else if (tag === 4) attribute.s = read.text();
    else if (tag === 5) attribute.t = tensorOf(read);
    else if (tag === 6) attribute.isGraph = read.bytes().length > 0;
    else if (tag === 7) read.numbers(attribute.floats, (pbf) => pbf.readFloat());
    else if (tag === 8) read.numbers(attribute.ints, (pbf) => pbf.readVarint(true));
  });
}

/** @param {Messages} read @returns {Node} */
function nodeOf(read) {
  return read.message(
    /** @type {Node} */ ({ inputs: [], outputs: [], name: "", operator: "", domain: "", attributes: new Map() }),
    (tag, node) => {
      if (tag === 1) node.inputs.push(read.text());
      else if (tag === 2) node.outputs.push(read.text());
      else if (tag === 3) node.name = read.text();
      else if (tag === 4) node.operator = read.text();
      else if (tag === 5) {
        const attribute = attributeOf(read);
        node.attributes.set(attribute.name, attribute);
      } else if (tag === 7) node.domain = read.text();
    },
  );
}

/** @param {Messages} read @returns {Value} */
function valueOf(read) {
  const { pbf } = read;
  return read.message(/** @type {Value} */ ({ name: "", sizes: [] }), (tag, value) => {
    if (tag === 1) value.name = read.text();
    else if (tag === 2) {
      read.message(value, (tag) => {
        if (tag !== 1) return;
        read.message(value, (tag) => {
          if (tag !== 2) return;
          read.message(value, (tag) => {
            if (tag !== 1) return;
            const size = read.message({ size: /** @type {number | undefined} */ (undefined) }, (tag, dimension) => {
              if (tag === 1) dimension.size = pbf.readVarint(true);
            });
            value.sizes.push(size.size);
          });
        });
      });
    }
  });
}

/**
 * @param {string} place the file's name
 * @param {Uint8Array} bytes
 * @returns {OnnxGraph}
 */
export function readMessages(place, bytes) {
  const read = new Messages(place, bytes);
  /** @type {OnnxGraph} */
  const graph = { nodes: [], name: "", constants: new Map(), inputs: [], outputs: [], version: 0 };
  let found = false;
  try {
    read.fields(graph, (tag) => {
      if (tag === 8) {
        const { domain, version } = read.message({ domain: "", version: 0 }, (tag, set) => {
          if (tag === 1) set.domain = read.text();
          else if (tag === 2) set.version = read.pbf.readVarint(true);
        });
        if (domain === "" || domain === "ai.onnx") graph.version = version;
      }
      if (tag !== 7) return;
      found = true;
      read.message(graph, (tag) => {
        if (tag === 1) graph.nodes.push(nodeOf(read));
        else if (tag === 2) graph.name = read.text();
        else if (tag === 5) {
          const tensor = tensorOf(read);
          graph.constants.set(tensor.name, tensor);
        } else if (tag === 11) graph.inputs.push(valueOf(read));
        else if (tag === 12) graph.outputs.push(valueOf(read));
      });
    }, bytes.length); // prettier-ignore
  } catch (error) {
    if (/** @type {Error} */ (error).name === "UnreadableError") throw error;
    throw unreadable(place, `it is no ONNX file, or damaged (${shown(/** @type {Error} */ (error).message)}).`);
  }
  if (!found || !graph.version) throw unreadable(place, "it is no ONNX file: it holds no graph.");
  return graph;
}

/** @typedef {number | string | number[] | { floats: number[] } | { f: number }} Given an attribute to be written: whole numbers unless it says */

/** @param {Tensor} tensor @param {PbfWriter} pbf */
function writeTensor({ name, shape, values }, pbf) {
  pbf.writePackedVarint(1, shape);
  const isFloat = values instanceof Float32Array;
  pbf.writeVarintField(2, isFloat ? FLOAT : INT64);
  pbf.writeStringField(8, name);
  const bytes = isFloat
    ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    : new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  pbf.writeBytesField(9, bytes);
}

/** @param {[string, Given]} attribute @param {PbfWriter} pbf */
function writeAttribute([name, value], pbf) {
  pbf.writeStringField(1, name);
  if (typeof value === "number") {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  } else if (typeof value === "string") {
    pbf.writeStringField(4, value);
    pbf.writeVarintField(20, 3);
  } else if (Array.isArray(value)) {
    for (const number of value) pbf.writeVarintField(8, number);
    pbf.writeVarintField(20, 7);
  } else if ("f" in value) {
    pbf.writeFloatField(2, value.f);
    pbf.writeVarintField(20, 1);
  } else {
    for (const number of value.floats) pbf.writeFloatField(7, number);
    pbf.writeVarintField(20, 6);
  }
}

/** @typedef {{ operator: string, inputs: string[], output: string, name: string, attributes?: Record<string, Given> }} WrittenNode */

/** @param {WrittenNode} node @param {PbfWriter} pbf */
function writeNode({ operator, inputs, output, name, attributes = {} }, pbf) {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, name);
  pbf.writeStringField(4, operator);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

/** @param {Value} value @param {PbfWriter} pbf */
function writeValue({ name, sizes }, pbf) {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, (_, pbf) => pbf.writeMessage(1, (_, pbf) => {
    pbf.writeVarintField(1, FLOAT);
    pbf.writeMessage(2, (_, pbf) => {
      for (const size of sizes) {
        pbf.writeMessage(1, (_, pbf) => (size === undefined ? pbf.writeStringField(2, "batch") : pbf.writeVarintField(1, size)), size);
      }
    }, sizes);
  }, sizes), sizes); // prettier-ignore
}

/**
 * @param {{ name: string, nodes: WrittenNode[], constants: Tensor[], input: Value, output: Value, version: number }} graph
 * @returns {Uint8Array}
 */
export function writeMessages({ name, nodes, constants, input, output, version }) {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, 8);
  pbf.writeStringField(2, "convscope");
  pbf.writeMessage(7, (_, pbf) => {
    for (const node of nodes) pbf.writeMessage(1, writeNode, node);
    pbf.writeStringField(2, name);
    for (const tensor of constants) pbf.writeMessage(5, writeTensor, tensor);
    pbf.writeMessage(11, writeValue, input);
    pbf.writeMessage(12, writeValue, output);
  }, nodes); // prettier-ignore
  pbf.writeMessage(8, (_, pbf) => {
    pbf.writeStringField(1, "");
    pbf.writeVarintField(2, version);
  }, version); // prettier-ignore
  return pbf.finish();
}
