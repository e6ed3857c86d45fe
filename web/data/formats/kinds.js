// What a dropped file is, by how it begins and what it is called, and what to do about one that is not read.

import { kindOf } from "../file-kinds.js";
import { cifarOf } from "./cifar.js";

/** @typedef {import("./found.js").Dropped} Dropped */
/** @typedef {"zip" | "arrays" | "table" | "cifar" | "picture" | "idx"} Readable */
/** @typedef {{ readable: Readable } | { refused: string } | { beside: true }} Kind `beside`: it says something of data, and is none */

/** Bytes of a file's beginning that tell what it is: a tar archive says so behind its first name. */
export const BEGINNING = 512;
/** What a folder has besides. */
const BESIDE =
  /(^|[/\\])(\.|__macosx|thumbs\.db|desktop\.ini|readme|licen[cs]e)|\.(txt|md|html?|json|xml|ya?ml|pdf|doc|docx|py|ipynb|ini)$/i;

const SAVE =
  'In Python, numpy.savez_compressed("data.npz", x_train=…, y_train=…, x_test=…, y_test=…) writes what is read here.';

/** Files of other kinds, by name or beginning. @type {{ kind: string, named?: RegExp, begins?: number[], at?: number, instead: string }[]} */
const REFUSED = [
  {
    kind: "a Parquet table",
    named: /\.parquet$/i,
    begins: [0x50, 0x41, 0x52, 0x31],
    instead: `Open it with pandas.read_parquet. ${SAVE}`,
  },
  {
    kind: "a MATLAB file",
    named: /\.mat$/i,
    begins: [0x4d, 0x41, 0x54, 0x4c, 0x41, 0x42],
    instead: `Open it with scipy.io.loadmat. ${SAVE}`,
  },
  {
    kind: "a TFRecord file",
    named: /\.tfrecords?([-.]|$)/i,
    instead: `Open it with tfds.as_numpy or tf.data. ${SAVE}`,
  },
  {
    kind: "an Arrow or Feather table",
    named: /\.(arrow|feather)$/i,
    begins: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31],
    instead: `Open it with pandas.read_feather. ${SAVE}`,
  },
  {
    kind: "a PyTorch file",
    named: /\.(pt|pth)$/i,
    instead: `Open it with torch.load and take .numpy() of its tensors. ${SAVE}`,
  },
  {
    kind: "an HDF5 file",
    named: /\.(h5|hdf5)$/i,
    begins: [0x89, 0x48, 0x44, 0x46],
    instead: `Open it with h5py. ${SAVE}`,
  },
  {
    kind: "a Python pickle",
    named: /\.(pkl|pickle)$|(^|[/\\])(data_batch_\d|test_batch|batches\.meta)$/i,
    instead: `Pickles can run any program, so none is opened here. For CIFAR take its binary version (data_batch_1.bin …). ${SAVE}`,
  },
  {
    kind: "a tar archive",
    named: /\.(tar|tgz)(\.gz)?$/i,
    begins: [0x75, 0x73, 0x74, 0x61, 0x72],
    at: 257,
    instead: "Unpack it (tar -xf …) and drop the files or the folder that is in it.",
  },
  {
    kind: "a 7-Zip or RAR archive",
    named: /\.(7z|rar)$/i,
    begins: [0x37, 0x7a, 0xbc, 0xaf],
    instead: "Unpack it and drop the files or the folder that is in it.",
  },
  { kind: "a bzip2 or xz archive", named: /\.(bz2|xz|zst)$/i, instead: "Unpack it and drop what is in it." },
  {
    kind: "a table of Excel or OpenDocument",
    named: /\.(xlsx?|ods)$/i,
    instead: "Save it as CSV: label, pixel0, pixel1 … in each line.",
  },
  { kind: "a TIFF picture", named: /\.tiff?$/i, instead: "Browsers do not open TIFF: save it as PNG." },
];

/** @param {Uint8Array} start @param {number[] | undefined} begins @param {number} [at] */
const isThere = (start, begins, at = 0) => Boolean(begins?.every((byte, index) => start[at + index] === byte));

const PICTURES = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x42, 0x4d],
];
const WEBP = [0x57, 0x45, 0x42, 0x50];

/** @param {string} path @returns {boolean} whether a file of that name in an archive or a folder is worth looking at */
export const isWorthwhile = (path) => !BESIDE.test(path);

/**
 * @param {string} name
 * @param {Uint8Array} start of its content, {@link BEGINNING} bytes unless it is shorter
 * @param {number} size in bytes, unpacked; unknown (0) where it is packed
 * @returns {Kind}
 */
export function recognised(name, start, size) {
  const refused = REFUSED.find(({ named, begins, at }) => named?.test(name) || isThere(start, begins, at));
  if (refused) return { refused: `${name} is ${refused.kind}. ${refused.instead}` };
  if (isThere(start, [0x50, 0x4b, 3, 4]) || isThere(start, [0x50, 0x4b, 5, 6])) return { readable: "zip" };
  if (isThere(start, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])) return { readable: "arrays" };
  if (PICTURES.some((begins) => isThere(start, begins)) || isThere(start, WEBP, 8)) return { readable: "picture" };
  if (cifarOf(name, size)) return { readable: "cifar" };
  if (/\.bin$/i.test(name) && start[0] !== 0) {
    return {
      refused: `${name} is no batch of CIFAR: those have 3,073 or 3,074 bytes an image, this file ${size}. Download it again.`,
    };
  }
  if (BESIDE.test(name)) return { beside: true };
  if (/\.(csv|tsv)(\.gz)?$/i.test(name) || kindOf(start) === "a CSV table") return { readable: "table" };
  return { readable: "idx" };
}
