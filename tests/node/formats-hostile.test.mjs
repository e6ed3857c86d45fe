// Files that are damaged, that lie, or that are of other kinds: each is refused in a sentence that says what to do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readFiles } from "../../web/data/formats/read.js";
import { asDropped, cifar, csv, npy, png, ramp, text, zip } from "../data-files.mjs";

const refuses = (files, words) =>
  assert.rejects(
    readFiles(asDropped(files), () => {}),
    ({ message }) => words.test(message) || assert.fail(message),
  );
const labels = Uint8Array.of(0, 1, 0, 1);
const good = { "x.npy": npy("|u1", [4, 2, 2], ramp(4, 4)), "y.npy": npy("|u1", [4], labels) };

/** An archive with some bytes of its list or of a file's header changed. */
function changed(archive, mark, at, bytes) {
  const copy = archive.slice();
  const places = Array.from(copy.keys()).filter((place) => mark.every((byte, index) => copy[place + index] === byte));
  for (const place of places) copy.set(bytes, place + at);
  return copy;
}
const CENTRAL = [0x50, 0x4b, 1, 2];
const END = [0x50, 0x4b, 5, 6];
const four = (value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];

test("archives that lie, are cut or locked", async () => {
  const archive = zip({ "a/data.npy": npy("|u1", [100], new Uint8Array(100)) });
  for (const [bytes, words] of [
    [archive.subarray(0, archive.length - 30), /a\.zip is a damaged or incomplete zip archive/],
    [
      changed(archive, CENTRAL, 24, four(90)),
      /data\.npy in a\.zip is damaged, or not of the 90 bytes that it promises/,
    ],
    [changed(archive, CENTRAL, 24, four(5000)), /not of the 5,000 bytes/],
    [changed(archive, CENTRAL, 24, four(400_000_000)), /would unpack from \d+ to 400,000,000 bytes/],
    [changed(archive, CENTRAL, 20, four(1_000_000)), /damaged or incomplete/],
    [changed(archive, CENTRAL, 42, four(0x7fffffff)), /damaged or incomplete/],
    [changed(archive, CENTRAL, 8, [1, 0]), /locked with a password/],
    [changed(archive, CENTRAL, 10, [12, 0]), /packed by a method that is not read \(12\)/],
    [changed(archive, END, 10, [0xff, 0xff]), /more than 65,534 files/],
    [changed(archive, END, 10, [9, 0]), /damaged or incomplete/],
    [changed(archive, END, 16, four(3)), /damaged or incomplete/],
    [zip({ "readme.txt": "nothing" }), /holds no file of data/],
  ]) {
    await refuses({ "a.zip": bytes }, words);
  }
});

test("a bomb is not unpacked: neither one that says how large it is, nor one that lies", async () => {
  const bomb = zip({ "x.npy": new Uint8Array(3_000_000) });
  await refuses({ "bomb.zip": bomb }, /would unpack from .* to 3,000,000 bytes, which no picture and no table does/);
  const began = performance.now();
  await refuses({ "liar.zip": changed(bomb, CENTRAL, 24, four(1000)) }, /not of the 1,000 bytes/);
  assert.ok(performance.now() - began < 1000);
});

test("arrays that lie, are cut, or hold no numbers", async () => {
  for (const [bytes, words] of [
    [
      npy("|u1", [4, 2, 2], ramp(3, 4)),
      /x\.npy is cut short or damaged: 4×2×2 numbers of 1 bytes were promised, 12 bytes came/,
    ],
    [npy("|u1", [4_000_000_000, 28, 28], ramp(3, 4)), /the shape 4000000000×28×28; 250,000,000 numbers are the most/],
    [npy("|O", [4, 2, 2], ramp(4, 4)), /values of type "\|O"/],
    [npy("|u1", [4, 2, 2], ramp(4, 4), { header: "{}" }), /a header that is not understood: "\{\}"/],
    [npy("|u1", [4, 2, 2], ramp(4, 4)).subarray(0, 40), /cut short or damaged: its header promises/],
    [npy("|u1", [4, 2, 2], ramp(4, 4), { version: 9 }), /of version 9 of npy/],
    [npy("|u1", [4, 2, 2, 7], ramp(4, 28)), /images of 7 channels; 1 \(grey\) or 3/],
    [npy("|u1", [4, 1, 600], ramp(4, 600)), /1×600 pixels; 1 to 512 along a side/],
    [
      npy(
        "<f4",
        [4, 2, 2],
        Float32Array.from({ length: 16 }, (_, at) => at - 8),
      ),
      /x\.npy holds -8; pixels run from 0 to 255/,
    ],
    [npy("<f4", [4, 2, 2], new Float32Array(16).fill(NaN)), /holds NaN; pixels run from 0 to 255/],
    [npy("|u1", [5, 2, 2], ramp(5, 4)), /No labels belong to the 5 images of x\.npy.*y\.npy \(4\)/],
    [
      npy("|u1", [], new Uint8Array(1), { header: "{'descr': '|u1', 'fortran_order': False, 'shape': (), }" }),
      /None of these arrays holds images/,
    ],
  ]) {
    await refuses({ ...good, "x.npy": bytes }, words);
  }
  await refuses(
    { ...good, "y.npy": npy("<f4", [4], Float32Array.of(0.5, 1, 2, 3)) },
    /a label is a whole number or a name, image 1 has 0\.5/,
  );
  await refuses(
    { ...good, "y.npy": npy("|u1", [4], new Uint8Array(4)) },
    /all images are labelled 0; a network needs two classes/,
  );
  const many = {
    "x.npy": npy("|u1", [300, 2, 2], ramp(300, 4)),
    "y.npy": npy(
      "<i4",
      [300],
      Int32Array.from({ length: 300 }, (_, at) => at),
    ),
  };
  await refuses(many, /more than 256 different labels/);
});

test("tables that are no images, or broken in a line", async () => {
  const broken = (line) => `${csv(3, 2)}${line}\n`;
  for (const [table, words] of [
    ["", /t\.csv is empty|holds no images/],
    ["name,age\nAda,36\n", /t\.csv has 2 columns; a table of images has a label and the pixels of a square/],
    ["label,pixel0,pixel1\n1,2,3\n", /3 columns/],
    [broken("1,2,3"), /t\.csv, line 5: 5 values were expected, 3 came/],
    [broken("1,2,3,4,5,6,7"), /line 5: 5 values were expected, 7 came/],
    [broken("1,2,x,4,5"), /line 5: column 3 holds “x” where a pixel was expected/],
    [broken("1,2,300,4,5"), /line 5: column 3 holds 300; pixels run from 0 to 255/],
    [broken("1,2,-3,4,5"), /line 5: column 3 holds -3/],
    [broken("1,2,,4,5"), /line 5: column 3 is empty/],
    [broken("1,2,3,4"), /line 5: 5 values were expected, 4 came/],
    [broken(",2,3,4,5"), /line 5: its label is missing/],
    [broken(`${"z".repeat(300)},2,3,4,5`), /label is longer than 200 letters/],
    ["label,pixel0,pixel1,pixel2,pixel3\n", /a line of names, but no image/],
    [csv(2, 2), /t\.csv has 2 images; 4 are the fewest/],
    ["pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n", /has pixels, but no column of labels, .*Kaggle’s train\.csv/],
  ]) {
    await refuses({ "t.csv": table }, words);
  }
});

test("batches, pictures and mixtures that do not fit", async () => {
  await refuses({ "data_batch_1.bin": cifar([[3], [77], [1], [2]]) }, /image 2 has the label 77; CIFAR-10 has 0 to 9/);
  await refuses(
    { "data_batch_1.bin": cifar([[3]]).subarray(0, 3000) },
    /no batch of CIFAR: those have 3,073 or 3,074 bytes an image/,
  );
  await refuses({ "a.bin": cifar([[3], [1]]), "b.bin": cifar([[3, 4]]) }, /a\.bin is of CIFAR-10, b\.bin is not/);
  await refuses(
    { "p/1.png": png(4, 4, [0, 0, 0]), "p/2.png": png(4, 4, [0, 0, 0]) },
    /several in one folder.*cats\/1\.png/,
  );
  const huge = png(4, 4, [0, 0, 0]);
  new DataView(huge.buffer, huge.byteOffset).setUint32(16, 100_000);
  new DataView(huge.buffer, huge.byteOffset).setUint32(20, 100_000);
  await refuses({ "p/a/1.png": huge, "p/b/2.png": png(4, 4, [0, 0, 0]) }, /says that it has 100,000×100,000 pixels/);
  await refuses({ "a.csv": csv(4, 2), "b.csv": csv(4, 3) }, /b\.csv has images of 3×3×1, a\.csv of 2×2×1/);
  await refuses({ "notes.txt": "hello" }, /notes\.txt holds no images\. Read are IDX/);
});

test("what is not read is named for what it is, with the way to what is read", async () => {
  const pickle = Buffer.from([0x80, 4, 0x95]);
  const tar = Buffer.concat([Buffer.alloc(257), Buffer.from("ustar\0")]);
  for (const [name, bytes, words] of [
    ["train.parquet", text("PAR1"), /a Parquet table\. Open it with pandas\.read_parquet.*numpy\.savez_compressed/],
    ["digits.mat", text("MATLAB 5.0"), /a MATLAB file\. Open it with scipy\.io\.loadmat/],
    ["train.pkl", pickle, /a Python pickle\. Pickles can run any program/],
    ["data_batch_1", pickle, /its binary version/],
    ["mnist.tfrecord", pickle, /a TFRecord file/],
    ["mnist.tfrecord-00000-of-00001", pickle, /a TFRecord file/],
    ["cifar-10-binary.tar.gz", gzipSync(tar), /a tar archive\. Unpack it/],
    ["unnamed", tar, /a tar archive/],
    ["set.h5", text("\u0089HDF"), /an HDF5 file/],
    ["t.pt", text("PK"), /a PyTorch file/],
    ["table.xlsx", text("PK"), /Save it as CSV/],
    ["scan.tiff", text("II*"), /Browsers do not open TIFF/],
    ["set.7z", text("7z"), /7-Zip or RAR/],
  ]) {
    await refuses({ [name]: bytes }, words);
  }
});
