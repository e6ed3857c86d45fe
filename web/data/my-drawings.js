// Digits that somebody drew and labelled on this page: kept in the browser's own database, written to a file and read
// from one.

import { BrowserStore } from "./browser-store.js";
import { DIGITS } from "./files.js";
import { split } from "./split.js";
import { counted } from "../ui/counted.js";
import { PIXELS, SIDE } from "./image-size.js";
import { DRAWN_HERE, tooFewDrawings } from "./words.js";

/** @typedef {import("../convscope.js").LabelledImages} Examples */
/** @typedef {{ label: number, pixels: Uint8Array }} Drawing 28 × 28 bytes, 255 for ink */

/** The most that are kept. */
const MOST_DRAWINGS = 10_000;
/** Fewer can't be learnt and checked. */
export const LEAST_DRAWINGS = 20;
/** The part that is kept apart for validation. */
const VALIDATION = 0.2;
/** What a file says that it is. */
const FORMAT = "convscope-drawings";
/** The longest file that is read: the most drawings, with room for other ways to write them. */
const MOST_BYTES = 16_000_000;
const KEY = "all";

/** Events: "change". */
export class MyDrawings extends EventTarget {
  /** In the order in which they were drawn. @type {readonly Drawing[]} */
  all = [];
  /** Whether the browser keeps them; private windows and sandboxed frames don't. */
  kept = true;
  #store = new BrowserStore("convscope-drawings", "drawings");
  /** Writes one after the other. @type {Promise<void>} */
  #writing = Promise.resolve();

  /** Takes up what was kept before. */
  async open() {
    try {
      const before = /** @type {Drawing[] | undefined} */ (await this.#store.get(KEY));
      if (before) this.all = [...before, ...this.all];
    } catch {
      this.kept = false;
    }
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Drawing} drawing @throws if there are too many */
  add(drawing) {
    this.#replace([...this.all, drawing]);
  }

  /** @param {Drawing} drawing */
  remove(drawing) {
    this.#replace(this.all.filter((one) => one !== drawing));
  }

  /** @param {readonly Drawing[]} all */
  #replace(all) {
    if (all.length > MOST_DRAWINGS) {
      throw new Error(
        `At most ${counted(MOST_DRAWINGS)} drawings are kept here, these would be ${counted(all.length)}.`,
      );
    }
    this.all = all;
    this.#writing = this.#writing.then(() => this.#write(all));
    this.dispatchEvent(new Event("change"));
  }

  /** @param {readonly Drawing[]} all */
  async #write(all) {
    if (!this.kept) return;
    try {
      await this.#store.set(KEY, all);
    } catch {
      this.kept = false;
      this.dispatchEvent(new Event("change"));
    }
  }

  /** A file with all of them: JSON, each with its label and its 28 × 28 bytes in base64. */
  export() {
    const drawings = this.all.map(({ label, pixels }) => ({ label, pixels: btoa(String.fromCharCode(...pixels)) }));
    return new Blob([JSON.stringify({ format: FORMAT, drawings })], { type: "application/json" });
  }

  /**
   * Adds what an exported file holds, but for drawings that are here already.
   *
   * @param {File} file
   * @returns {Promise<{ added: number, known: number }>} how many
   * @throws in one sentence, if it is another kind of file; nothing is added then
   */
  async import(file) {
    if (file.size > MOST_BYTES) {
      throw new Error(`${file.name} has ${counted(file.size)} bytes; ${counted(MOST_BYTES)} is the most that is read.`);
    }
    const drawings = drawingsIn(file.name, await file.text());
    /** @type {Map<string, number>} how many of each are here */
    const here = new Map();
    for (const drawing of this.all) here.set(written(drawing), (here.get(written(drawing)) ?? 0) + 1);
    const others = drawings.filter((drawing) => {
      // One that is twice in the file was drawn twice.
      const left = here.get(written(drawing)) ?? 0;
      here.set(written(drawing), left - 1);
      return left <= 0;
    });
    if (others.length) this.#replace([...this.all, ...others]);
    return { added: others.length, known: drawings.length - others.length };
  }

  /** @param {import("../convscope.js").RemoteEngine} engine @returns {import("./choice.js").Source} */
  source(engine) {
    const title = "My drawings";
    return {
      title,
      load: async () => {
        const { all } = this;
        if (all.length < LEAST_DRAWINGS) {
          throw new Error(tooFewDrawings(LEAST_DRAWINGS, all.length));
        }
        const pixels = new Uint8Array(all.length * PIXELS);
        all.forEach((drawing, index) => pixels.set(drawing.pixels, index * PIXELS));
        const labels = Uint8Array.from(all, ({ label }) => label);
        /** @type {Examples} */
        const examples = { shape: [SIDE, SIDE, 1], pixels, labels };
        const parts = await split(engine, examples, { validation: VALIDATION, seed: 0 });
        return { title, note: DRAWN_HERE, classes: DIGITS, ...parts };
      },
    };
  }
}

/** What two equal drawings have in common. @param {Drawing} drawing */
const written = ({ label, pixels }) => `${label} ${pixels.join()}`;

/** @param {string} name @param {string} text @returns {Drawing[]} */
function drawingsIn(name, text) {
  /** @type {any} */
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${name} is not a file of drawings that was exported here: it is not JSON.`);
  }
  const { format, drawings } = content ?? {};
  if (format !== FORMAT || !Array.isArray(drawings)) {
    throw new Error(`${name} is not a file of drawings that was exported here: it has no ${FORMAT} in it.`);
  }
  return drawings.map((/** @type {any} */ drawing, index) => {
    const { label, pixels } = drawing ?? {};
    const bytes = bytesOf(pixels);
    if (!Number.isInteger(label) || label < 0 || label > 9 || bytes?.length !== PIXELS) {
      throw new Error(
        `Drawing ${index + 1} of ${name} is damaged: it needs a label from 0 to 9 and ${PIXELS} pixels in base64.`,
      );
    }
    return { label, pixels: bytes };
  });
}

/** @param {unknown} base64 */
function bytesOf(base64) {
  try {
    return Uint8Array.from(atob(String(base64)), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
