// HDF5 as h5py writes it by default and Keras' files therefore are: superblock 0, object headers of version 1, groups in
// symbol tables (The HDF Group, "HDF5 File Format Specification Version 1.1 and 3.0"). Every address is checked, everything
// read once is counted, and no size is believed before the bytes are there: a group may contain itself.

import { unzlibSync } from "fflate";
import { MAX_BYTES, MAX_ENTRIES, checkedShape, shown, sizeOf, unreadable } from "../model-file.js";
import { Bytes, UNDEFINED, numberAt, shapeAt, typeAt } from "./bytes.js";

/** @typedef {import("./bytes.js").Type} Type */
/** @typedef {{ shape: number[], values: Float32Array<ArrayBuffer> }} Dataset */
/** @typedef {string | number | (string | number)[] | null} Attribute null where its type is none that is read */

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
/** The most numbers or texts of one attribute. */
const MAX_ATTRIBUTE = 100_000;
const LATEST = "it was written with libver='latest'; save it with Keras’ own save, or open it in h5py without libver.";

const MESSAGE = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  link: 6,
  layout: 8,
  filters: 11,
  attribute: 12,
  continued: 16,
  symbols: 17,
};

/** @param {Uint8Array} bytes */
export function isHdf5(bytes) {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

/** A group or a data set. */
class Node {
  /** @type {{ type: number, at: number, size: number }[]} */
  #messages = [];
  /** @type {Map<string, number> | undefined} */
  #members;
  #file;

  /** @param {Bytes} file @param {number} at where its header is */
  constructor(file, at) {
    this.#file = file;
    if (file.u8(at) === 0x4f) throw unreadable(file.place, LATEST);
    if (file.u8(at) !== 1) throw file.damaged(`expected an object's header at byte ${at}.`);
    const count = file.u16(at + 2);
    const blocks = [{ at: at + 16, end: at + 16 + file.u32(at + 8) }];
    for (let { at, end } = blocks[0], block = 0, index = 0; index < count; index++) {
      while (at + 8 > end) {
        block += 1;
        if (block >= blocks.length) return;
        ({ at, end } = blocks[block]);
      }
      const message = { type: file.u16(at), size: file.u16(at + 2), at: at + 8 };
      file.check(message.at, message.size);
      if (message.type === MESSAGE.continued) {
        const start = file.u64(message.at);
        blocks.push({ at: start, end: start + file.u64(message.at + 8) });
      }
      this.#messages.push(message);
      at = message.at + message.size;
    }
  }

  /** @param {number} type */
  #find(type) {
    return this.#messages.find((message) => message.type === type);
  }

  get isGroup() {
    return this.#find(MESSAGE.symbols) !== undefined || this.#find(MESSAGE.linkInfo) !== undefined;
  }

  /** What a group holds, by name. @returns {Map<string, number>} where each one’s header is */
  members() {
    this.#members ??= this.#readMembers();
    return this.#members;
  }

  /** @returns {Map<string, number>} */
  #readMembers() {
    const file = this.#file;
    /** @type {Map<string, number>} */
    const found = new Map();
    const symbols = this.#find(MESSAGE.symbols);
    if (!symbols) {
      if (this.#find(MESSAGE.linkInfo)) throw unreadable(file.place, LATEST);
      return found;
    }
    const heap = file.u64(symbols.at + 8);
    file.expect(heap, "HEAP");
    const names = file.u64(heap + 24);
    const size = file.u64(heap + 8);
    file.check(names, size);
    /** @type {{ at: number, level: number }[]} */
    const open = [{ at: file.u64(symbols.at), level: UNDEFINED }];
    for (let next = open.pop(); next; next = open.pop()) {
      const { at, level: above } = next;
      file.expect(at, "TREE");
      const level = file.u8(at + 5);
      if (level >= above) throw file.damaged("a group's tree contains itself.");
      const used = file.u16(at + 6);
      for (let child = 0; child < used; child++) {
        const address = file.u64(at + 32 + 16 * child);
        if (level > 0) open.push({ at: address, level });
        else this.#symbols(address, names, size, found);
      }
    }
    return found;
  }

  /** @param {number} at @param {number} names @param {number} size @param {Map<string, number>} found */
  #symbols(at, names, size, found) {
    const file = this.#file;
    file.expect(at, "SNOD");
    const count = file.u16(at + 6);
    for (let index = 0; index < count; index++) {
      const entry = at + 8 + 40 * index;
      const offset = file.u64(entry);
      if (offset >= size) throw file.damaged("a name lies outside of its heap.");
      found.set(file.text(names + offset, size - offset), file.u64(entry + 8));
      if (found.size > MAX_ENTRIES) throw file.damaged(`a group has more than ${MAX_ENTRIES} members.`);
    }
  }

  /** @returns {Map<string, Attribute>} */
  attributes() {
    const file = this.#file;
    /** @type {Map<string, Attribute>} */
    const found = new Map();
    for (const { type: kind, at } of this.#messages) {
      if (kind !== MESSAGE.attribute) continue;
      const version = file.u8(at);
      if (version < 1 || version > 3) throw file.damaged(`an attribute of version ${version}.`);
      const sizes = [file.u16(at + 2), file.u16(at + 4), file.u16(at + 6)];
      const [name, type, space] = version === 1 ? sizes.map((size) => (size + 7) & ~7) : sizes;
      const start = at + (version === 3 ? 9 : 8);
      const shape = shapeAt(file, start + name + type);
      found.set(
        file.text(start, sizes[0]),
        attributeAt(file, start + name + type + space, typeAt(file, start + name), shape),
      );
    }
    return found;
  }

  /** @returns {number[]} a data set's shape */
  shape() {
    const space = this.#find(MESSAGE.dataspace);
    if (!space) throw this.#file.damaged("a data set has no shape.");
    return shapeAt(this.#file, space.at);
  }

  /** A data set's numbers. @returns {Dataset} */
  read() {
    const file = this.#file;
    const shape = this.shape();
    const [typed, layout] = [this.#find(MESSAGE.datatype), this.#find(MESSAGE.layout)];
    if (!typed || !layout) throw file.damaged("a data set has no type or no layout.");
    const type = typeAt(file, typed.at);
    const count = sizeOf(shape);
    if (file.u8(layout.at) !== 3) throw unreadable(file.place, LATEST);
    const { bytes, at } = this.#content(layout.at, shape, type.size);
    const content = bytes === file.bytes ? file : new Bytes(file.place, bytes);
    content.check(at, count * type.size);
    if (type.kind === "float" && type.size === 4 && !type.bigEndian) {
      return { shape, values: new Float32Array(bytes.slice(at, at + 4 * count).buffer) };
    }
    const values = new Float32Array(count);
    for (let index = 0; index < count; index++) {
      content.steps = 0;
      values[index] = numberAt(content, at + index * type.size, type);
    }
    return { shape, values };
  }

  /** Where the bytes of a data set are. @param {number} at @param {number[]} shape @param {number} width */
  #content(at, shape, width) {
    const file = this.#file;
    const kind = file.u8(at + 1);
    if (kind === 0) return { bytes: file.bytes, at: at + 4 };
    if (kind === 1) {
      const address = file.u64(at + 2);
      // What was never written has no place, and is zero.
      if (address === UNDEFINED) return { bytes: new Uint8Array(sizeOf(shape) * width), at: 0 };
      return { bytes: file.bytes, at: address };
    }
    if (kind !== 2) throw file.damaged(`a data set of layout ${kind}.`);
    return { bytes: this.#chunks(at, shape, width), at: 0 };
  }

  /** @param {number} layout @param {number[]} shape @param {number} width */
  #chunks(layout, shape, width) {
    const file = this.#file;
    const axes = file.u8(layout + 2) - 1;
    if (axes !== shape.length) throw file.damaged("the pieces of a data set have other axes than it.");
    const piece = checkedShape(
      file.place,
      shape.map((_, axis) => file.u32(layout + 11 + 4 * axis)),
    );
    const pieceBytes = sizeOf(piece) * width;
    if (sizeOf(piece) === 0 || pieceBytes > MAX_BYTES) throw file.damaged("a data set's pieces have no size.");
    const filters = this.#filters();
    const whole = new Uint8Array(sizeOf(shape) * width);
    const open = [{ at: file.u64(layout + 3), level: UNDEFINED }];
    for (let next = open.pop(); next; next = open.pop()) {
      if (next.at === UNDEFINED) continue;
      file.expect(next.at, "TREE");
      const level = file.u8(next.at + 5);
      if (level >= next.level) throw file.damaged("a data set's tree contains itself.");
      const keyBytes = 8 + 8 * (axes + 1);
      for (let child = 0; child < file.u16(next.at + 6); child++) {
        const key = next.at + 24 + child * (keyBytes + 8);
        const address = file.u64(key + keyBytes);
        if (level > 0) {
          open.push({ at: address, level });
          continue;
        }
        const offsets = piece.map((_, axis) => file.u64(key + 8 + 8 * axis));
        const stored = file.slice(address, file.u32(key));
        place(
          whole,
          shape,
          unfiltered(file, stored, filters, file.u32(key + 4), pieceBytes, width),
          piece,
          offsets,
          width,
        );
      }
    }
    return whole;
  }

  /** @returns {number[]} what the pieces of a data set have gone through, by HDF5's numbers */
  #filters() {
    const file = this.#file;
    const message = this.#find(MESSAGE.filters);
    if (!message) return [];
    const version = file.u8(message.at);
    let at = message.at + (version === 1 ? 8 : 2);
    return Array.from({ length: file.u8(message.at + 1) }, () => {
      const filter = file.u16(at);
      const named = version === 1 || filter > 255;
      const name = named ? file.u16(at + 2) : 0;
      const count = file.u16(at + (named ? 6 : 4));
      at +=
        (named ? 8 : 6) + (version === 1 ? (name + 7) & ~7 : name) + 4 * (version === 1 ? count + (count & 1) : count);
      return filter;
    });
  }
}

/** @param {Bytes} file @param {Uint8Array} stored @param {number[]} filters @param {number} skipped @param {number} size @param {number} width */
function unfiltered(file, stored, filters, skipped, size, width) {
  let bytes = stored;
  for (const [index, filter] of [...filters.entries()].reverse()) {
    if (skipped & (1 << index)) continue;
    if (filter === 1) {
      try {
        bytes = unzlibSync(bytes, { out: new Uint8Array(size) });
      } catch {
        throw file.damaged("packed numbers do not unpack to what they claim.");
      }
    } else if (filter === 2) {
      const shuffled = bytes;
      const count = Math.floor(shuffled.length / width);
      bytes = Uint8Array.from(shuffled, (_, at) => shuffled[(at % width) * count + Math.floor(at / width)]);
    } else if (filter === 3) bytes = bytes.subarray(0, bytes.length - 4);
    else throw unreadable(file.place, `a data set is packed by filter ${filter}; save it without, or with gzip.`);
  }
  if (bytes.length !== size) throw file.damaged(`a piece of ${bytes.length} bytes where ${size} are needed.`);
  return bytes;
}

/**
 * Copies a piece to its place, row by row; what lies beyond the edge is left out.
 *
 * @param {Uint8Array} whole @param {number[]} shape @param {Uint8Array} bytes @param {number[]} piece @param {number[]} offsets
 * @param {number} width
 */
function place(whole, shape, bytes, piece, offsets, width) {
  const last = shape.length - 1;
  const run = Math.min(piece[last], shape[last] - offsets[last]);
  if (!(run > 0)) return;
  const rows = sizeOf(piece.slice(0, last));
  for (let row = 0; row < rows; row++) {
    let [left, to, stride, inside] = [row, offsets[last], shape[last], true];
    for (let axis = last - 1; axis >= 0; axis--) {
      const index = offsets[axis] + (left % piece[axis]);
      left = Math.floor(left / piece[axis]);
      inside &&= index < shape[axis];
      to += index * stride;
      stride *= shape[axis];
    }
    if (inside) whole.set(bytes.subarray(row * piece[last] * width, (row * piece[last] + run) * width), to * width);
  }
}

/** @param {Bytes} file @param {number} at @param {Type} type @param {number[]} shape @returns {Attribute} */
function attributeAt(file, at, type, shape) {
  const count = sizeOf(shape);
  if (count > MAX_ATTRIBUTE) throw file.damaged(`an attribute of ${shown(count)} values.`);
  const read = {
    float: () => numberAt(file, at, type),
    integer: () => numberAt(file, at, type),
    string: () => file.text(at, type.size),
    texts: () => textInHeap(file, at),
    other: () => 0,
  }[type.kind];
  if (type.kind === "other" || type.size === 0) return null;
  const values = Array.from({ length: count }, () => {
    const value = read();
    at += type.size;
    return value;
  });
  return shape.length ? values : values[0];
}

/** A text of any length, which lies in a heap that all share. @param {Bytes} file @param {number} at */
function textInHeap(file, at) {
  const length = file.u32(at);
  const heap = file.u64(at + 4);
  const wanted = file.u32(at + 12);
  if (length === 0) return "";
  file.expect(heap, "GCOL");
  const end = heap + file.u64(heap + 8);
  for (let object = heap + 16; object + 16 <= end;) {
    const index = file.u16(object);
    const size = file.u64(object + 8);
    if (index === wanted) return file.text(object + 16, Math.min(length, size));
    if (index === 0) break;
    object += 16 + ((size + 7) & ~7);
  }
  throw file.damaged("a text is not in its heap.");
}

/** A file's groups and data sets, by path. */
export class Hdf5File {
  #file;
  #root;
  /** @type {Map<string, Node>} */
  #known = new Map();

  /** @param {string} place the file's name @param {Uint8Array} bytes */
  constructor(place, bytes) {
    this.#file = new Bytes(place, bytes);
    if (!isHdf5(bytes)) throw unreadable(place, "it is no HDF5 file.");
    const version = this.#file.u8(8);
    if (version > 1) throw unreadable(place, LATEST);
    if (this.#file.u8(13) !== 8 || this.#file.u8(14) !== 8) throw this.#file.damaged("its addresses have not 8 bytes.");
    // The root's entry lies behind four addresses, its header's address behind that of its name.
    this.#root = new Node(this.#file, this.#file.u64((version ? 28 : 24) + 32 + 8));
  }

  /** @param {string} path with slashes between names; the root is "" @returns {Node | undefined} nothing if it is not there */
  at(path) {
    const names = path.split("/").filter(Boolean);
    let node = this.#root;
    for (const [depth, name] of names.entries()) {
      // A group is looked into for each of its members.
      const whole = names.slice(0, depth + 1).join("/");
      const address = node.isGroup ? node.members().get(name) : undefined;
      if (address === undefined) return undefined;
      const known = this.#known.get(whole) ?? new Node(this.#file, address);
      this.#known.set(whole, known);
      node = known;
    }
    return node;
  }

  /** @param {string} path @returns {string[]} the names of what a group holds */
  names(path) {
    const node = this.at(path);
    return node?.isGroup ? [...node.members().keys()] : [];
  }
}
