// Every reader of text and bytes in the page: how an input is made, and how it is read and used. An input is text or bytes, so
// that one that failed can be kept as a file. A reader takes microseconds; streams, compression and the way back take many
// times as long, so a long run has them at every 16th execution (USED_EVERY), the tests at each. Most inputs are tiny; one in
// 32, of dropped files one in eight, is as large as what the page works with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { cellOf, digitOf, seedOf, shiftOf, wholeOf } from "../../web/attributes.js";
import { kindOf } from "../../web/data/file-kinds.js";
import { entriesOf, unpacked } from "../../web/data/formats/zip.js";
import { readFiles } from "../../web/data/formats/read.js";
import { readIdx } from "../../web/data/idx.js";
import { pictureSize } from "../../web/data/formats/pictures.js";
import { MyDrawings } from "../../web/data/my-drawings.js";
import { provideFiles } from "../../web/engine/resources.js";
import { isEngineError } from "../../web/engine/errors.js";
import { listedModel, readCatalogue } from "../../web/session/catalogue.js";
import { BLANK, packStrokes, shiftWords, shifted, unpackStrokes } from "../../web/session/drawing.js";
import { writtenNumber } from "../../web/ui/written-number.js";
import { cifar, csv, npy, png, ramp, zip } from "../data-files.mjs";
import { call, network, perform } from "./calls.mjs";
import { exchangeReaders } from "./exchange.mjs";
import { editedBytes, editedJson, editedText, joined } from "./random.mjs";

const root = new URL("../../", import.meta.url);
const LONGEST_MESSAGE = 1000;
const REAL = 32;

/** The built engine, in this thread. */
async function startedEngine() {
  const wasm = new URL("target/web/", root);
  const { provideFiles, loadEngine } = await import(new URL("engine.mjs", wasm)).catch((error) => {
    throw new Error("There is no engine for Node.js yet: cargo xtask build makes it.", { cause: error });
  });
  provideFiles((name) => new Uint8Array(readFileSync(new URL(name, wasm))));
  return loadEngine({ variant: "simd" });
}

/** What calls are made on. It is made anew now and then, since calls change it. */
function kitOf(engine) {
  const model = engine.Model.fromConfig(network, { seed: 1 });
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy" });
  const pixels = Uint8Array.from({ length: 384 }, (_, index) => index * 7);
  const data = new engine.Dataset(pixels, Uint8Array.of(0, 1, 2, 0, 1, 2), { shape: [8, 8, 1] });
  return { engine, model, data, file: model.toSafetensors({ optimizer: true }) };
}

/** Something is refused in a sentence that is not too long. @param {unknown} error */
function checkWords(error) {
  // What the browser's own classes say of a fault in a program.
  if (!(error instanceof Error) || [TypeError, RangeError, ReferenceError].includes(error.constructor)) throw error;
  const { length } = error.message;
  assert.ok(length > 10 && length <= LONGEST_MESSAGE, `a message of ${length}`);
}

/** @template T @param {() => T | Promise<T>} read @returns {Promise<T | undefined>} nothing if it is refused in words */
async function inWords(read) {
  try {
    return await read();
  } catch (error) {
    return checkWords(error);
  }
}

const pad = [[[0.1, 0.2], [0.5, 0.6], [1, 0]], [[0.3, 0.3]], [[0, 0], [0.999, 1]]]; // prettier-ignore
const word = (value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const idx = (magic, sizes, content) => joined([word(magic), ...sizes.map(word), Uint8Array.from(content)]);
const drawing = { label: 3, pixels: Buffer.alloc(784, 7).toString("base64") };

/** Pairs of images and labels as people drop them, each plain and packed. */
const droppable = [1, 12, 40].map((count) => {
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  const files = [idx(0x803, [count, 28, 28], new Uint8Array(784 * count).fill(9)), idx(0x801, [count], labels)];
  return files.map((plain) => ({ plain, packed: new Uint8Array(gzipSync(plain)) }));
});
const tiny = [idx(0x803, [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), idx(0x801, [2], [3, 4])].map((plain) => ({
  plain,
  packed: plain,
}));

/** A file without the browser's machinery of blobs and streams, which is not under test. @param {Uint8Array} bytes */
function plainFile(bytes, name) {
  const stream = () => {
    const left = bytes.length ? [bytes] : [];
    return { getReader: () => ({ read: async () => ({ value: left.pop() }), cancel: async () => {} }) };
  };
  return {
    name,
    size: bytes.length,
    slice: (start, end) => plainFile(bytes.subarray(start, end), name),
    arrayBuffer: async () => bytes.slice().buffer,
    text: async () => new TextDecoder().decode(bytes),
    stream,
  };
}
const { signal } = new AbortController();

const labelled = npy("|u1", [4], Uint8Array.of(0, 1, 0, 1));
/** A small data set in each format, by the name that its file has; an array comes with its labels. */
const formats = {
  csv: { "t.csv": [csv(4, 2), csv(4, 2, { header: false }), "label,pixel0\nx,0.5\ny,1e-1\n"] },
  npy: {
    "x.npy": [
      npy("|u1", [4, 2, 2], ramp(4, 4)),
      npy("<f4", [4, 3, 5, 5], new Float32Array(300).fill(0.5)),
      npy(">i2", [4, 4], new Int16Array(16), { version: 3, fortran: true }),
    ],
    "y.npy": [labelled],
  },
  cifar: {
    "b.bin": [
      cifar([[3], [0], [1], [1]]),
      cifar([
        [3, 4],
        [0, 5],
        [1, 6],
        [0, 7],
      ]),
    ],
  },
  zip: {
    "a.zip": [
      zip({ "x.npy": npy("|u1", [4, 2, 2], ramp(4, 4)), "y.npy": labelled }),
      zip({ "a/1.png": png(2, 2, [1, 2, 3]), "b/2.png": png(2, 2, [1, 2, 3]) }),
    ],
  },
};

/** A reader of files in one format: the first is edited, what comes with it is not. @param {string} name @returns {Reader} */
function formatReader(name) {
  const [[edited, examples], ...rest] = Object.entries(formats[name]);
  const others = rest.map(([name, [bytes]]) => ({ name, content: new Blob([bytes]) }));
  return {
    name: `format-${name}`,
    make: (random) => {
      const bytes = random.one(examples);
      if (typeof bytes === "string")
        return random.below(2)
          ? editedText(random, bytes, "0123456789.,-e\n")
          : bytes.replace(/\d/, () => String(random.below(300)));
      // Most of a file is pixels, and its header is where it lies.
      const header = Math.min(bytes.length, random.below(2) ? 128 : bytes.length);
      return joined([editedBytes(random, bytes.subarray(0, header)), bytes.subarray(header)]);
    },
    async read(bytes) {
      const answer = await inWords(() =>
        readFiles([{ name: edited, content: new Blob([bytes]) }, ...others], () => {}),
      );
      if (!answer?.found) return Boolean(answer);
      const { training, classes } = answer.found;
      const [height, width, channels] = training.shape;
      assert.equal(training.pixels.length, training.labels.length * height * width * channels);
      for (const label of training.labels) assert.ok(label < classes.length, `${label} of ${classes.length}`);
      return true;
    },
    bounded: 300,
  };
}
const isPacked = ([first, second]) => first === 0x1f && second === 0x8b;

const catalogue = readFileSync(new URL("web/models/catalogue.json", root), "utf8");
const shortCatalogue = JSON.stringify([
  { default: true, file: "one.safetensors", name: "convnet", title: "One" },
  { file: "two.safetensors", name: "two", title: "Two", unlisted: true },
]);
const catalogues = [catalogue, shortCatalogue].map((text) => ({ text, entries: JSON.parse(text) }));

/** @param {Uint8Array} bytes two files, the first behind its length */
function pairOf(bytes) {
  const first = bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return [bytes.slice(4, 4 + first), bytes.slice(4 + first)];
}

/**
 * @typedef {object} Reader
 * @property {string} name
 * @property {(random: import("./random.mjs").Random) => string | Uint8Array} make
 * @property {(input: any, used: boolean) => unknown} read throws where it does not hold; whether it is accepted
 * @property {number} bounded executions in a test
 */

/** @returns {Promise<Reader[]>} */
export async function readers() {
  const engine = await startedEngine();
  const promising = { readIdxHeader: async (bytes) => engine.readIdxHeader(bytes), readIdx: async (...files) => engine.readIdx(...files), split: async (...given) => engine.split(...given) }; // prettier-ignore
  let kit = kitOf(engine);
  let calls = 0;
  return [
    {
      name: "packed-strokes",
      make: (random) => editedText(random, packStrokes(pad)),
      read(text, used) {
        const strokes = unpackStrokes(text);
        assert.ok(strokes.flat().length <= text.length, "more points than letters");
        for (const [x, y] of strokes.flat()) assert.ok(Number.isFinite(x) && Number.isFinite(y), "a point is finite");
        const near = strokes.flat(2).every((value) => Math.abs(value) < 1e4);
        if (near) assert.equal(JSON.stringify(unpackStrokes(packStrokes(strokes))), JSON.stringify(strokes));
        if (used) shiftWords(shifted({ ...BLANK, strokes }, text.length, -text.length).shift);
        return strokes.length > 0;
      },
      bounded: 5000,
    },
    {
      name: "attributes",
      make: (random) =>
        editedText(
          random,
          random.one(["3", "17", "-4,2", "1e300", "3,12", "NaN,Infinity"]),
          "0123456789.,-+eExInfity  ",
        ),
      read(text) {
        const isWhole = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;
        for (const [value, most] of [
          [seedOf(text), 2 ** 52],
          [digitOf(text) ?? 0, 9],
          [wholeOf(text) ?? 0, 2 ** 31],
          ...Object.values(cellOf(text)).map((place) => [place, 2 ** 31]),
        ]) {
          assert.ok(isWhole(value, most), `${value} of ${most}`);
        }
        const { shift } = shifted(BLANK, ...shiftOf(text));
        for (const steps of shift) assert.ok(Number.isInteger(steps) && Math.abs(steps) <= 14, `${shift}`);
        return wholeOf(text) !== undefined;
      },
      bounded: 5000,
    },
    {
      name: "written-number",
      make: (random) => editedText(random, random.one(["1.5", "-2,25", "1e-3", "−7", "1,000"]), "0123456789.,-+eE−  "),
      read(text) {
        const number = writtenNumber(text);
        assert.equal(typeof number, "number");
        return Number.isFinite(number);
      },
      bounded: 5000,
    },
    {
      name: "file-kind",
      make: (random) =>
        editedBytes(
          random,
          random.one([
            idx(0x803, [2, 1, 1], [1, 2]),
            Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
            new TextEncoder().encode("label,1,2\n3,4,5"),
          ]),
        ),
      read(bytes) {
        const kind = kindOf(bytes);
        assert.ok(kind === undefined || typeof kind === "string");
        return kind !== undefined;
      },
      bounded: 5000,
    },
    {
      name: "dropped-files",
      make(random) {
        const pair = random.below(8) ? tiny : random.one(droppable);
        const [images, labels] = pair.map(({ plain, packed }) => {
          if (random.below(3) === 0) return random.below(2) ? packed : editedBytes(random, packed);
          const header = random.below(3) ? plain.subarray(0, 16) : editedBytes(random, plain.subarray(0, 16));
          const whole = joined([header, plain.subarray(16)]);
          return random.below(4) ? whole : editedBytes(random, whole);
        });
        return joined([new Uint8Array(new Uint32Array([images.length]).buffer), images, labels]);
      },
      async read(bytes, used) {
        const contents = pairOf(bytes);
        const real = used || contents.some(isPacked);
        const files = contents.map((content, index) =>
          real ? new File([content], `file-${index}`) : plainFile(content, `file-${index}`),
        );
        const set = await inWords(() =>
          readIdx(
            promising,
            files.map((content) => ({ name: content.name, content })),
            () => {},
            signal,
          ),
        );
        if (!set) return false;
        for (const { pixels, labels, shape } of [set.training, set.validation]) {
          assert.equal(pixels.length, labels.length * shape[0] * shape[1]);
        }
        return true;
      },
      bounded: 100,
    },
    ...Object.keys(formats).map(formatReader),
    {
      name: "zip-entries",
      make: (random) => editedBytes(random, random.one(formats.zip["a.zip"])),
      async read(bytes) {
        const entries = await inWords(() => entriesOf("a.zip", bytes));
        for (const entry of entries ?? []) await inWords(() => unpacked("a.zip", bytes, entry));
        return entries !== undefined;
      },
      bounded: 1000,
    },
    {
      name: "picture-size",
      make: (random) =>
        editedBytes(
          random,
          random.one([
            png(3, 2, [0, 0, 0]),
            Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 2, 0, 3, 1),
          ]),
        ),
      read(bytes) {
        const size = pictureSize(bytes);
        if (size) assert.ok(size.width >= 0 && size.height >= 0);
        return size !== undefined;
      },
      bounded: 5000,
    },
    {
      name: "drawings-file",
      make: (random) =>
        random.below(4)
          ? JSON.stringify(
              editedJson(random, { format: "convscope-drawings", drawings: Array(random.below(3)).fill(drawing) }),
            )
          : editedText(random, JSON.stringify({ format: "convscope-drawings", drawings: [drawing] })),
      async read(text, used) {
        const mine = new MyDrawings();
        mine.kept = false;
        const bytes = new TextEncoder().encode(text);
        const file = used ? new File([bytes], "drawings.json") : plainFile(bytes, "drawings.json");
        const came = await inWords(() => mine.import(file));
        if (!came) return false;
        assert.equal(mine.all.length, came.added);
        for (const { label, pixels } of mine.all) assert.ok(label >= 0 && label <= 9 && pixels.length === 784);
        if (!used) return true;
        const again = new MyDrawings();
        again.kept = false;
        await again.import(new File([mine.export()], "again.json"));
        assert.equal(again.all.length, mine.all.length);
        return true;
      },
      bounded: 300,
    },
    {
      name: "catalogue",
      make(random) {
        const { text, entries } = catalogues[random.below(REAL) ? 1 : 0];
        return random.below(4) ? JSON.stringify(editedJson(random, entries)) : editedText(random, text);
      },
      async read(text, used) {
        provideFiles((name) => (name.endsWith("catalogue.json") ? new TextEncoder().encode(text) : new Uint8Array(8)));
        const entries = await inWords(() => readCatalogue());
        if (!entries) return false;
        for (const name of used ? [undefined, "convnet", "__proto__", "x".repeat(1e5)] : ["convnet"]) {
          await inWords(() => listedModel(entries, name));
        }
        return true;
      },
      bounded: 300,
    },
    {
      name: "engine",
      make: call,
      read(text) {
        calls += 1;
        if (calls % 100 === 0) {
          kit.model.free();
          kit.data.free();
          kit = kitOf(engine);
        }
        try {
          perform(text, kit);
          return true;
        } catch (error) {
          // The stack takes longer to write than the call took.
          if (!isEngineError(error)) assert.fail(`no EngineError: ${String(error?.stack).slice(0, 300)}`);
          assert.notEqual(error.code, "trap", error.message);
          assert.ok(error.message.length <= LONGEST_MESSAGE, `a message of ${error.message.length}`);
          return false;
        }
      },
      bounded: 1500,
    },
    ...exchangeReaders,
  ];
}
