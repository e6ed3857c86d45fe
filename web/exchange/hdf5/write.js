// HDF5 for Keras' weights: groups in symbol tables and data sets of float32 in one piece each, as h5py writes them by default
// (superblock 0; The HDF Group, "HDF5 File Format Specification Version 3.0").

import { sizeOf } from "../model-file.js";

/** @typedef {import("../model-file.js").Weight} Weight */
/** @typedef {{ groups: Map<string, Group>, sets: Map<string, Weight> }} Group */

const NOWHERE = 0xffff_ffff_ffff_ffffn;
/** A leaf holds twice as many names; the superblock says how many. */
const NAMES_OF_LEAF = 4;
const LEAVES = 16;
/** A data set's numbers as IEEE 754 float32, little-endian: class and version, bit fields, size, offset, precision, exponent, fraction, bias. */
const FLOAT32 = [0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];

const padded = (/** @type {number} */ length) => (length + 7) & ~7;

/** Grows as it is written; places that are known only later are set afterwards. */
class Output {
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  length = 0;

  /** Room for so many bytes, which are zero, at a multiple of eight. @param {number} length @returns {number} where it begins */
  room(length) {
    const at = padded(this.length);
    this.length = at + length;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  /** @param {number} at @param {ArrayLike<number> | string} content */
  put(at, content) {
    this.#bytes.set(typeof content === "string" ? new TextEncoder().encode(content) : content, at);
  }

  /** @param {number} at @param {number} value */
  u16(at, value) {
    this.#view.setUint16(at, value, true);
  }

  /** @param {number} at @param {number} value */
  u32(at, value) {
    this.#view.setUint32(at, value, true);
  }

  /** @param {number} at @param {number | bigint} value */
  u64(at, value) {
    this.#view.setBigUint64(at, BigInt(value), true);
  }

  finished() {
    return this.#bytes.slice(0, this.length);
  }
}

/** @param {Output} output @param {{ type: number, bytes: Uint8Array }[]} messages @returns {number} where the header begins */
function header(output, messages) {
  const size = messages.reduce((sum, { bytes }) => sum + 8 + padded(bytes.length), 0);
  const start = output.room(16 + size);
  output.put(start, [1]);
  output.u16(start + 2, messages.length);
  output.u32(start + 4, 1);
  output.u32(start + 8, size);
  let at = start + 16;
  for (const { type, bytes } of messages) {
    output.u16(at, type);
    output.u16(at + 2, padded(bytes.length));
    output.put(at + 8, bytes);
    at += 8 + padded(bytes.length);
  }
  return start;
}

/** @param {number} count @param {(view: DataView) => void} fill */
function message(count, fill) {
  const bytes = new Uint8Array(count);
  fill(new DataView(bytes.buffer));
  return bytes;
}

/** @param {Output} output @param {Weight} weight */
function dataSet(output, { shape, values }) {
  const length = 4 * sizeOf(shape);
  const start = output.room(length);
  output.put(start, new Uint8Array(values.buffer, values.byteOffset, length));
  const dataspace = message(8 + 8 * shape.length, (view) => {
    view.setUint8(0, 1);
    view.setUint8(1, shape.length);
    shape.forEach((size, axis) => view.setBigUint64(8 + 8 * axis, BigInt(size), true));
  });
  // Version 2, space taken at once, no number where nothing is written.
  const fill = Uint8Array.of(2, 1, 0, 0);
  const layout = message(18, (view) => {
    view.setUint8(0, 3);
    view.setUint8(1, 1);
    view.setBigUint64(2, BigInt(start), true);
    view.setBigUint64(10, BigInt(length), true);
  });
  return header(output, [{ type: 1, bytes: dataspace }, { type: 3, bytes: Uint8Array.from(FLOAT32) }, { type: 5, bytes: fill }, { type: 8, bytes: layout }]); // prettier-ignore
}

/** @param {Output} output @param {Group} group @returns {{ at: number, tree: number, heap: number }} */
function writeGroup(output, { groups, sets }) {
  /** @type {{ name: string, at: number, inside?: { tree: number, heap: number } }[]} */
  const members = [];
  for (const [name, group] of groups) {
    const inside = writeGroup(output, group);
    members.push({ name, at: inside.at, inside });
  }
  for (const [name, weight] of sets) members.push({ name, at: dataSet(output, weight) });
  // Readers look names up by halving, in the order of their bytes.
  members.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = heapOf(
    output,
    members.map(({ name }) => name),
  );
  const tree = treeOf(output, members, names.offsets);
  const at = header(output, [{ type: 17, bytes: message(16, (view) => {
    view.setBigUint64(0, BigInt(tree), true);
    view.setBigUint64(8, BigInt(names.at), true);
  }) }]); // prettier-ignore
  return { at, tree, heap: names.at };
}

/** The heap of a group's names; it begins with an empty one. @param {Output} output @param {string[]} names */
function heapOf(output, names) {
  const bytes = names.map((name) => new TextEncoder().encode(name));
  /** @type {number[]} */
  const offsets = [];
  let size = 8;
  for (const { length } of bytes) {
    offsets.push(size);
    size += padded(length + 1);
  }
  // What is free in a heap is said in at least 16 bytes of it.
  const whole = size + 16;
  const at = output.room(32 + whole);
  output.put(at, "HEAP");
  output.u64(at + 8, whole);
  output.u64(at + 16, size);
  output.u64(at + 24, at + 32);
  bytes.forEach((name, index) => output.put(at + 32 + offsets[index], name));
  output.u64(at + 32 + size, 1);
  output.u64(at + 32 + size + 8, 16);
  return { at, offsets };
}

/** @param {Output} output @param {{ at: number, inside?: { tree: number, heap: number } }[]} members @param {number[]} offsets */
function treeOf(output, members, offsets) {
  /** @type {{ at: number, last: number }[]} */
  let children = [];
  for (let first = 0; first < members.length; first += 2 * NAMES_OF_LEAF) {
    const part = members.slice(first, first + 2 * NAMES_OF_LEAF);
    const at = output.room(8 + 40 * 2 * NAMES_OF_LEAF);
    output.put(at, "SNOD\u0001");
    output.u16(at + 6, part.length);
    part.forEach(({ at: member, inside }, index) => {
      const entry = at + 8 + 40 * index;
      output.u64(entry, offsets[first + index]);
      output.u64(entry + 8, member);
      if (!inside) return;
      output.u32(entry + 16, 1);
      output.u64(entry + 24, inside.tree);
      output.u64(entry + 32, inside.heap);
    });
    children.push({ at, last: offsets[first + part.length - 1] });
  }
  for (let level = 0; ; level++) {
    /** @type {{ at: number, last: number }[]} */
    const above = [];
    for (let first = 0; first === 0 || first < children.length; first += 2 * LEAVES) {
      const part = children.slice(first, first + 2 * LEAVES);
      const at = output.room(24 + 16 * 2 * LEAVES + 8);
      output.put(at, "TREE");
      output.put(at + 5, [level]);
      output.u16(at + 6, part.length);
      output.u64(at + 8, NOWHERE);
      output.u64(at + 16, NOWHERE);
      // A key is the last name of the child before it.
      output.u64(at + 24, first ? children[first - 1].last : 0);
      part.forEach((child, index) => {
        output.u64(at + 32 + 16 * index, child.at);
        output.u64(at + 40 + 16 * index, child.last);
      });
      above.push({ at, last: part.at(-1)?.last ?? 0 });
    }
    if (above.length === 1) return above[0].at;
    linkSiblings(output, above);
    children = above;
  }
}

/** @param {Output} output @param {{ at: number }[]} nodes of one level */
function linkSiblings(output, nodes) {
  nodes.forEach(({ at }, index) => {
    if (index > 0) output.u64(at + 8, nodes[index - 1].at);
    if (index + 1 < nodes.length) output.u64(at + 16, nodes[index + 1].at);
  });
}

/**
 * @param {Map<string, Weight>} sets data sets by path, `layers/conv2d/vars/0`
 * @returns {Uint8Array}
 */
export function writeHdf5(sets) {
  /** @returns {Group} */
  const empty = () => ({ groups: new Map(), sets: new Map() });
  const root = empty();
  for (const [path, weight] of sets) {
    const names = path.split("/");
    const last = /** @type {string} */ (names.pop());
    let group = root;
    for (const name of names) {
      const inside = group.groups.get(name) ?? empty();
      group.groups.set(name, inside);
      group = inside;
    }
    group.sets.set(last, weight);
  }
  const output = new Output();
  output.room(96);
  const { at, tree, heap } = writeGroup(output, root);
  output.put(0, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
  output.put(13, [8, 8]);
  output.u16(16, NAMES_OF_LEAF);
  output.u16(18, LEAVES);
  [0, NOWHERE, output.length, NOWHERE].forEach((address, index) => output.u64(24 + 8 * index, address));
  output.u64(64, at);
  output.u32(72, 1);
  output.u64(80, tree);
  output.u64(88, heap);
  return output.finished();
}
