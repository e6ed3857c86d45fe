// Digits that somebody drew and labelled on this page: kept in the browser's own database, written to a file and read
// from one.

import { BrowserStore } from "./browser-store.js";
import { DIGITS } from "./digits.js";
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
const NAME = "convscope-drawings";
const KEY = "all";

/** @typedef {(all: readonly Drawing[]) => readonly Drawing[]} Change */

/** Those of all tabs of the page. Events: "change". */
export class MyDrawings extends EventTarget {
  /** In the order in which they were drawn. @type {readonly Drawing[]} */
  all = [];
  /** Whether the browser keeps them: private windows and sandboxed frames don't, and a disk can be full. */
  kept = true;
  /** How many are kept that cannot be read; they stay until {@link forgetUnread}. */
  unread = 0;
  #store = new BrowserStore(NAME, "drawings");
  /** What was written down or read last. @type {readonly Drawing[]} */
  #written = [];
  /** What is to be written down after that. @type {Change[]} */
  #changes = [];
  /** Reads and writes one after the other. @type {Promise<void>} */
  #turn = Promise.resolve();
  /** Tells other tabs that there is something else to read. @type {BroadcastChannel | undefined} */
  #tabs;

  /** Takes up what was kept before, and whatever other tabs keep. */
  async open() {
    try {
      this.#tabs = new BroadcastChannel(NAME);
      this.#tabs.onmessage = () => this.#next(() => this.#read());
    } catch {
      // Where there are no other tabs to hear of, nothing is kept either.
    }
    await this.#next(() => this.#read());
  }

  /**
   * @param {Drawing} drawing
   * @returns {Promise<void>} resolves when it is kept, or {@link kept} says that it isn't
   * @throws if there are too many
   */
  add(drawing) {
    return this.#change((all) => [...all, drawing]);
  }

  /** @param {Drawing} drawing the last of those that are equal */
  remove(drawing) {
    return this.#change((all) => {
      const at = all.findLastIndex((one) => isEqual(one, drawing));
      return all.filter((_, index) => index !== at);
    });
  }

  /** Writes down what could not be written before. */
  keep() {
    return this.#next(() => this.#write());
  }

  /** Does without what is kept and cannot be read. */
  forgetUnread() {
    return this.#next(() => this.#write(() => []));
  }

  async #read() {
    this.#take(await this.#store.get(KEY));
  }

  /** @param {(unread: unknown[]) => unknown[]} [left] which of those that cannot be read are to stay */
  async #write(left = (unread) => unread) {
    const { length } = this.#changes;
    // Other tabs may have written since.
    const now = await this.#store.update(KEY, (before) => {
      const { drawings, unread } = parted(before);
      return [...left(unread), ...this.#applied(drawings, length)];
    });
    this.#changes.splice(0, length);
    this.#take(now);
    this.#tabs?.postMessage(null);
  }

  /** @param {unknown} kept */
  #take(kept) {
    const { drawings, unread } = parted(kept);
    this.#written = drawings;
    this.unread = unread.length;
  }

  /** @param {readonly Drawing[]} drawings @param {number} [count] of the changes, the first of them */
  #applied(drawings, count) {
    return this.#changes.slice(0, count).reduce((all, change) => change(all), drawings);
  }

  /** @param {Change} change */
  #change(change) {
    const count = change(this.all).length;
    if (count > MOST_DRAWINGS) {
      throw new Error(`At most ${counted(MOST_DRAWINGS)} drawings are kept here, these would be ${counted(count)}.`);
    }
    this.#changes.push(change);
    this.#show();
    return this.keep();
  }

  /** @param {() => Promise<void>} act on what is kept, once all before it is done */
  #next(act) {
    this.#turn = this.#turn.then(async () => {
      // What was not written down waits until something else is.
      this.kept = await act().then(
        () => this.#changes.length === 0 || this.kept,
        () => false,
      );
      this.#show();
    });
    return this.#turn;
  }

  #show() {
    this.all = this.#applied(this.#written);
    this.dispatchEvent(new Event("change"));
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
    if (others.length) await this.#change((all) => [...all, ...others]);
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

/** @param {Drawing} one @param {Drawing} other */
const isEqual = (one, other) =>
  one === other || (one.label === other.label && one.pixels.every((value, index) => value === other.pixels[index]));

/** What two equal drawings have in common. @param {Drawing} drawing */
const written = ({ label, pixels }) => `${label} ${pixels.join()}`;

/** Those that can be read of what is kept, {@link MOST_DRAWINGS} at most, and what can't. @param {unknown} kept */
function parted(kept) {
  /** @type {unknown[]} */
  const all = Array.isArray(kept) ? kept : kept === undefined ? [] : [kept];
  /** @type {Drawing[]} */
  const drawings = [];
  const unread = all.filter((one) => {
    const fits = isDrawing(one) && drawings.length < MOST_DRAWINGS;
    if (fits) drawings.push(one);
    return !fits;
  });
  return { drawings, unread };
}

/** @param {any} value @returns {value is Drawing} */
function isDrawing(value) {
  const { label, pixels } = value ?? {};
  return (
    Number.isInteger(label) && label >= 0 && label <= 9 && pixels instanceof Uint8Array && pixels.length === PIXELS
  );
}

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
    const read = { label: drawing?.label, pixels: bytesOf(drawing?.pixels) };
    if (!isDrawing(read)) {
      throw new Error(
        `Drawing ${index + 1} of ${name} is damaged: it needs a label from 0 to 9 and ${PIXELS} pixels in base64.`,
      );
    }
    return /** @type {Drawing} */ (read);
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
