// Data sets as people have them, written here: a few bytes of each format.
import { createRequire } from "node:module";
import { deflateSync } from "node:zlib";

const { zipSync, strToU8 } = createRequire(new URL("../web/package.json", import.meta.url))("fflate");

export const text = strToU8;
/** Files by their names. @param {Record<string, Uint8Array | string>} files @returns {Uint8Array} a zip archive */
export const zip = (files) =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, file]) => [name, typeof file === "string" ? text(file) : file]),
    ),
  );

/** Pixels that differ from image to image. */
export const ramp = (count, size) =>
  Uint8Array.from({ length: count * size }, (_, index) => (index * 7 + Math.floor(index / size)) % 256);

/** A NumPy array. @param {string} descr @param {number[]} shape @param {ArrayBufferView | Uint8Array} values */
export function npy(descr, shape, values, { version = 1, fortran = false, header } = {}) {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const words =
    header ?? `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${tuple}), }`;
  const before = version === 1 ? 10 : 12;
  const padded = `${words.padEnd(Math.ceil((words.length + 1 + before) / 64) * 64 - before - 1)}\n`;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const file = new Uint8Array(before + padded.length + bytes.length);
  file.set([0x93, ...text("NUMPY"), version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, padded.length, true);
  else view.setUint32(8, padded.length, true);
  file.set(text(padded), before);
  file.set(bytes, before + padded.length);
  return file;
}

/** A batch of CIFAR. @param {number[][]} labels of each image, one number or two */
export function cifar(labels) {
  const rows = labels.map((label, image) => {
    const planes = Array.from(
      { length: 3 * 1024 },
      (_, at) => (Math.floor(at / 1024) * 80 + image + (at % 1024)) % 256,
    );
    return [...label, ...planes];
  });
  return Uint8Array.from(rows.flat());
}

/** A table of images of one label each. */
export function csv(
  count,
  side,
  { header = true, label = (index) => index % 3, value = (index, at) => (index * 31 + at) % 256 } = {},
) {
  const size = side * side;
  const names = ["label", ...Array.from({ length: size }, (_, at) => `pixel${at}`)].join(",");
  const lines = Array.from({ length: count }, (_, index) =>
    [label(index), ...Array.from({ length: size }, (_, at) => value(index, at))].join(","),
  );
  return [...(header ? [names] : []), ...lines, ""].join("\n");
}

/** @param {Uint8Array} bytes */
function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** A PNG picture of one colour. @param {number} width @param {number} height @param {[number, number, number]} colour */
export function png(width, height, colour) {
  const rows = Buffer.concat(
    Array.from({ length: height }, () => Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()])),
  );
  const chunk = (name, content) => {
    const body = Buffer.concat([Buffer.from(name), content]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(content.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(checksum(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return new Uint8Array(
    Buffer.concat([start, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]),
  );
}

/** As they are dropped. @param {Record<string, Uint8Array | string>} files */
export const asDropped = (files) =>
  Object.entries(files).map(([name, bytes]) => ({ name, content: new Blob([bytes]) }));
