// Every reader of text and bytes in the page: how an input is made, and how it is read and used. An input is text or bytes, so
// that one that failed can be kept as a file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { cellOf, digitOf, seedOf, shiftOf, wholeOf } from "../../web/attributes.js";
import { kindOf } from "../../web/data/file-kinds.js";
import { dropped } from "../../web/data/files.js";
import { MyDrawings } from "../../web/data/my-drawings.js";
import { provideFiles } from "../../web/engine/resources.js";
import { isEngineError } from "../../web/engine/errors.js";
import { listedModel, readCatalogue } from "../../web/session/catalogue.js";
import { BLANK, packStrokes, shiftWords, shifted, unpackStrokes } from "../../web/session/drawing.js";
import { writtenNumber } from "../../web/ui/written-number.js";
import { call, network, perform } from "./calls.mjs";
import { editedBytes, editedJson, editedText } from "./random.mjs";

const root = new URL("../../", import.meta.url);
const LONGEST_MESSAGE = 1000;

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

/** Something is refused in a sentence that is not too long. @param {() => unknown} read */
async function inWords(read) {
  try {
    return await read();
  } catch (error) {
    // What the browser's own classes say of a fault in a program.
    if (!(error instanceof Error) || [TypeError, RangeError, ReferenceError].includes(error.constructor)) throw error;
    assert.ok(
      error.message.length > 10 && error.message.length <= LONGEST_MESSAGE,
      `a message of ${error.message.length}`,
    );
    return undefined;
  }
}

const pad = [[[0.1, 0.2], [0.5, 0.6], [1, 0]], [[0.3, 0.3]], [[0, 0], [0.999, 1]]]; // prettier-ignore
const word = (value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const idx = (magic, sizes, content) =>
  Uint8Array.of(...word(magic), ...sizes.flatMap((size) => [...word(size)]), ...content);
const drawing = { label: 3, pixels: Buffer.alloc(784, 7).toString("base64") };

/** @param {Uint8Array} bytes two files, the first behind its length */
function pairOf(bytes) {
  const first = bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return [bytes.slice(4, 4 + first), bytes.slice(4 + first)];
}

/**
 * @typedef {object} Reader
 * @property {string} name
 * @property {(random: import("./random.mjs").Random) => string | Uint8Array} make
 * @property {(input: any) => unknown} read throws where it does not hold
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
      read(text) {
        const strokes = unpackStrokes(text);
        assert.ok(strokes.flat().length <= text.length, "more points than letters");
        for (const [x, y] of strokes.flat()) assert.ok(Number.isFinite(x) && Number.isFinite(y), "a point is finite");
        const again = unpackStrokes(packStrokes(strokes));
        const near = strokes.flat(2).every((value) => Math.abs(value) < 1e4);
        if (near) assert.deepEqual(again, strokes);
        shiftWords(shifted({ ...BLANK, strokes }, text.length, -text.length).shift);
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
      },
      bounded: 5000,
    },
    {
      name: "written-number",
      make: (random) => editedText(random, random.one(["1.5", "-2,25", "1e-3", "−7", "1,000"]), "0123456789.,-+eE−  "),
      read: (text) => assert.equal(typeof writtenNumber(text), "number"),
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
      read: (bytes) => assert.ok(["string", "undefined"].includes(typeof kindOf(bytes))),
      bounded: 5000,
    },
    {
      name: "dropped-files",
      make(random) {
        const count = random.one([1, 12, 40]);
        const pixels = Array.from({ length: count * 784 }, () => 9);
        const files = [idx(0x803, [count, 28, 28], pixels), idx(0x801, [count], Array.from({ length: count }, (_, index) => index % 10))]; // prettier-ignore
        const edited = files.map((file) => {
          const unpacked = random.below(2)
            ? file
            : Uint8Array.of(...editedBytes(random, file.slice(0, 16)), ...file.slice(16));
          const packed = random.below(3) ? unpacked : new Uint8Array(gzipSync(unpacked));
          return random.below(4) ? packed : editedBytes(random, packed);
        });
        return Uint8Array.of(...new Uint8Array(new Uint32Array([edited[0].length]).buffer), ...edited[0], ...edited[1]);
      },
      async read(bytes) {
        const files = pairOf(bytes).map((file, index) => new File([file], `file-${index}`));
        const set = await inWords(() => dropped(promising, files).load(() => {}, new AbortController().signal));
        if (!set) return;
        for (const { pixels, labels, shape } of [set.training, set.validation]) {
          assert.equal(pixels.length, labels.length * shape[0] * shape[1]);
        }
      },
      bounded: 100,
    },
    {
      name: "drawings-file",
      make: (random) =>
        random.below(4)
          ? JSON.stringify(editedJson(random, { format: "convscope-drawings", drawings: [drawing, drawing] }))
          : editedText(random, JSON.stringify({ format: "convscope-drawings", drawings: [drawing] })),
      async read(text) {
        const mine = new MyDrawings();
        mine.kept = false;
        const came = await inWords(() => mine.import(new File([text], "drawings.json")));
        if (!came) return;
        assert.equal(mine.all.length, came.added);
        for (const { label, pixels } of mine.all) assert.ok(label >= 0 && label <= 9 && pixels.length === 784);
        const again = new MyDrawings();
        again.kept = false;
        await again.import(new File([mine.export()], "again.json"));
        assert.equal(again.all.length, mine.all.length);
      },
      bounded: 300,
    },
    {
      name: "catalogue",
      make(random) {
        const text = readFileSync(new URL("web/models/catalogue.json", root), "utf8");
        return random.below(4) ? JSON.stringify(editedJson(random, JSON.parse(text))) : editedText(random, text);
      },
      async read(text) {
        provideFiles((name) => (name.endsWith("catalogue.json") ? new TextEncoder().encode(text) : new Uint8Array(8)));
        const entries = await inWords(() => readCatalogue());
        if (!entries) return;
        for (const name of [undefined, "convnet", "__proto__", "x".repeat(1e5)]) {
          await inWords(() => listedModel(entries, name));
        }
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
        } catch (error) {
          assert.ok(isEngineError(error), `no EngineError: ${String(error?.stack).slice(0, 300)}`);
          assert.notEqual(error.code, "trap", error.message);
          assert.ok(error.message.length <= LONGEST_MESSAGE, `a message of ${error.message.length}`);
        }
      },
      bounded: 1500,
    },
  ];
}
