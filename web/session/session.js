// What views of one group share: one model, one drawing, the latest answer.

import { latest } from "../engine/latest.js";
import { resource } from "../engine/resources.js";
import { BLANK, shifted, shiftedImage } from "./drawing.js";
import { largest } from "../ui/heat-map.js";
import { columnsOf } from "./layers.js";
import { pageEngine } from "./page-engine.js";
import { imageOf } from "./raster.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").Point} Point */
/** @typedef {import("./layers.js").Column} Column */
/** @typedef {import("../convscope.js").RemoteModel} Model */
/**
 * @typedef {object} Entry one model of models/catalogue.json
 * @property {string} name
 * @property {string} title
 * @property {string} description
 * @property {string} file
 * @property {boolean} [default]
 * @property {boolean} [unlisted] whether only a view asks for it: it is not among those to choose from
 * @property {{ mnist: number, pen: number }} [accuracy] 0 to 1, on MNIST's test set and on pen strokes of unseen
 *   writers
 */
/**
 * @typedef {object} Shown the model on view
 * @property {string} name of the catalogue; empty for a model from elsewhere
 * @property {string} title
 * @property {string} description
 * @property {Entry["accuracy"]} accuracy
 * @property {Column[]} columns
 * @property {number} params
 * @property {boolean} learning whether it is a run's, which began with random weights
 * @property {string[]} [classes] what its outputs stand for, if not digits
 */
/**
 * @typedef {object} Observation
 * @property {Float32Array} image what the network saw, row by row
 * @property {Map<string, Float32Array>} maps by column's name, plane after plane
 * @property {Map<string, number>} limits largest absolute value by column's name, the input left out
 * @property {Float32Array} probabilities
 * @property {number} digit the most probable
 */
/** @typedef {{ message: string, code: string, retry?: () => void }} Problem `retry` where trying again can help */

/**
 * What a session tells its views; "weights": the model on view has learnt; "settled" is an answer to a drawing that has
 * come to rest.
 */
export const KINDS = /** @type {const} */ (["status", "model", "weights", "drawing", "observation", "settled"]);
/** @typedef {typeof KINDS[number]} Kind */

/** One with strokes, bends and ends. */
const FIRST_DIGIT = 3;
const REST = 120;
const UNDO_STEPS = 200;

/** @param {unknown} error @returns {Problem} */
export function problemOf(error) {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return { message, code };
}

export class Session extends EventTarget {
  /** @type {Entry[]} */
  catalogue = [];
  /** @type {Shown | undefined} */
  shown;
  /** @type {Drawing} */
  drawing = BLANK;
  /** Whether the pen is on the pad. */
  penDown = false;
  /** @type {Observation | undefined} */
  observation;
  /** Whether {@link observation} answers the drawing as it is now and the pen is up. */
  settled = false;
  /** Whether a model is being loaded. */
  loading = false;
  /** @type {Problem | undefined} */
  problem;

  /** @type {Model | undefined} */
  #model;
  /** Whether the model was made here, and so is to be freed here. */
  #owned = false;
  /** @type {Drawing[]} */
  #history = [];
  #viewers = 0;
  /** Digits of the generator that are on their way. */
  #sampling = 0;
  #frame = 0;
  /** Whether something has changed since the last request. */
  #stale = false;
  /** @type {Problem | null} why the last drawing has no answer */
  #unanswered = null;
  #rest = 0;
  #opening = 0;
  #observe = latest((/** @type {Drawing} */ drawing) => this.#answer(drawing));

  /** @param {Kind} kind */
  #tell(kind) {
    this.dispatchEvent(new Event(kind));
  }

  /** @param {Problem | undefined} problem undefined: there is none any more */
  report(problem) {
    this.problem = problem;
    this.#tell("status");
  }

  // Models

  /**
   * Opens a model of the catalogue, or weights from elsewhere; the one on view stays until that has worked.
   * @param {{ name?: string, weights?: string }} wanted neither: the catalogue's default
   */
  async open({ name, weights }) {
    const opening = ++this.#opening;
    this.loading = true;
    this.report(undefined);
    try {
      const { Model } = await pageEngine();
      if (this.catalogue.length === 0) {
        this.catalogue = JSON.parse(new TextDecoder().decode(await resource("models/catalogue.json")));
      }
      const { entry, bytes } = await this.#bytesOf(name, weights);
      const model = await Model.fromSafetensors(bytes);
      const shown = await this.#describe(model, entry);
      if (opening !== this.#opening) return void (await model.free());
      await this.#take(model, shown);
    } catch (error) {
      if (opening !== this.#opening) return;
      this.loading = false;
      const { message, code } = problemOf(error);
      const kept = this.shown ? ` ${this.shown.title} stays.` : "";
      this.report({ message: message + kept, code, retry: () => void this.open({ name, weights }) });
    }
  }

  /** @param {Model} model @param {Shown} shown */
  async #take(model, shown) {
    const before = this.#owned ? this.#model : undefined;
    this.#observe.drop();
    this.#owned = !shown.learning;
    this.#model = model;
    this.shown = shown;
    this.observation = undefined;
    this.loading = false;
    this.#tell("model");
    this.#tell("status");
    this.#changed();
    await before?.free();
  }

  /** Leaves the model on view, whose memory is given back. */
  async close() {
    this.#opening += 1;
    const before = this.#owned ? this.#model : undefined;
    this.#observe.drop();
    this.#model = this.shown = this.observation = undefined;
    this.loading = false;
    this.#tell("model");
    await before?.free();
  }

  /** The model on view, for questions that an observation doesn't answer. */
  get model() {
    return this.#model;
  }

  /** What the model on view is built from. */
  get config() {
    return this.#model?.getConfig();
  }

  /**
   * Shows a run's model, which has the layers of the one on view. It stays the run's.
   * @param {Model} model
   * @param {string[]} classes what its outputs stand for
   */
  async follow(model, classes) {
    const opening = ++this.#opening;
    const { name = "", title = "", description = "" } = this.shown ?? {};
    const shown = await this.#describe(model, { name, title, description, file: "" });
    if (opening === this.#opening) await this.#take(model, { ...shown, learning: true, classes });
  }

  /** The model on view has learnt: asks anew, no more than once a frame. */
  learnt() {
    this.#request();
  }

  /** Reads the weights of the model on view anew. */
  async readWeights() {
    const model = this.#model;
    if (!model || !this.shown) return;
    const { columns } = await this.#describe(model, { ...this.shown, file: "" });
    if (model !== this.#model) return;
    this.shown = { ...this.shown, columns };
    this.#tell("weights");
  }

  /** @param {string | undefined} name @param {string | undefined} weights */
  async #bytesOf(name, weights) {
    if (weights) {
      const url = new URL(weights, document.baseURI);
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url.href} could not be fetched (status ${response.status}).`);
      const title = url.pathname.split("/").pop() ?? "";
      /** @type {Entry} */
      const entry = { name: "", title, description: "", file: "" };
      return { entry, bytes: new Uint8Array(await response.arrayBuffer()) };
    }
    const entry = this.catalogue.find((one) => (name ? one.name === name : one.default)) ?? this.catalogue[0];
    if (name && entry.name !== name) {
      const names = this.catalogue.map((one) => one.name).join(", ");
      throw new Error(`There is no model "${name}". The catalogue has ${names}.`);
    }
    return { entry, bytes: await resource(`models/${entry.file}`) };
  }

  /** @param {Model} model @param {Entry} entry @returns {Promise<Shown>} */
  async #describe(model, entry) {
    const [summary, description] = await Promise.all([model.summary(), model.getConfig()]);
    if (summary.inputShape.join() !== "28,28,1") {
      await model.free();
      throw new Error(`${entry.title} takes ${summary.inputShape.join("×")}; the pad draws 28×28×1.`);
    }
    const names = summary.layers.flatMap((layer) => layer.weights.map((weight) => weight.name));
    const weights = new Map(
      await Promise.all(names.map(async (name) => /** @type {const} */ ([name, await model.weights(name)]))),
    );
    const { name, title, accuracy } = entry;
    const columns = columnsOf(summary, description, weights);
    return { name, title, description: entry.description, accuracy, columns, params: summary.params, learning: false };
  }

  // The drawing

  /** @param {Drawing} drawing @param {{ undoable?: boolean }} [options] */
  #draw(drawing, { undoable = true } = {}) {
    if (undoable) this.#history = [...this.#history.slice(1 - UNDO_STEPS), this.drawing];
    // While the pen moves, an answer that is late still shows where the drawing comes from.
    if (!this.penDown) this.#observe.drop();
    this.drawing = drawing;
    this.#changed();
  }

  get canUndo() {
    return this.#history.length > 0;
  }

  /** @param {Point} point on the pad */
  startStroke(point) {
    this.penDown = true;
    const { strokes, shift } = this.drawing;
    this.#draw({ strokes: [...strokes, this.#unshifted([point])], shift });
  }

  /** @param {Point[]} points on the pad */
  extendStroke(points) {
    const { strokes, shift } = this.drawing;
    const longer = [...(strokes.at(-1) ?? []), ...this.#unshifted(points)];
    this.#draw({ strokes: [...strokes.slice(0, -1), longer], shift }, { undoable: false });
  }

  endStroke() {
    this.penDown = false;
    this.#changed();
  }

  /** @param {Point[]} points @returns {Point[]} where they were if nothing had been shifted */
  #unshifted(points) {
    const [right, down] = this.drawing.shift;
    return points.map(([x, y]) => [x - right / 28, y - down / 28]);
  }

  clear() {
    if (this.drawing !== BLANK) this.#draw(BLANK);
  }

  undo() {
    const before = this.#history.pop();
    if (before) this.#draw(before, { undoable: false });
  }

  /** @param {number} right @param {number} down pixels of the network's input */
  shift(right, down) {
    if (this.drawing.strokes.length) this.#draw(shifted(this.drawing, right, down));
  }

  /** @param {Drawing} drawing */
  replace(drawing) {
    this.#draw(drawing);
  }

  /**
   * Draws a digit of the generator.
   * @param {number} [digit] any, if left out
   * @param {number} [seed] any, if left out
   */
  async sample(digit, seed) {
    const [label, dice] = crypto.getRandomValues(new Uint32Array(2));
    this.#sampling += 1;
    try {
      const { strokes } = await (await pageEngine()).generateDigit({ label: digit ?? label % 10, seed: seed ?? dice });
      this.#draw({ strokes, shift: [0, 0] });
    } catch (error) {
      this.report(problemOf(error));
    } finally {
      this.#sampling -= 1;
    }
  }

  /** Begins with a digit of the generator, unless something is drawn or on its way. */
  begin() {
    if (this.drawing.strokes.length === 0 && this.#sampling === 0) void this.sample(FIRST_DIGIT, 0);
  }

  // Answers

  /** @returns {() => void} to call when that view has left the screen */
  addViewer() {
    this.#viewers += 1;
    this.#request();
    return () => void (this.#viewers -= 1);
  }

  #changed() {
    this.settled = false;
    clearTimeout(this.#rest);
    if (this.drawing.strokes.length === 0) {
      this.#observe.drop();
      this.observation = undefined;
      this.#tell("observation");
    }
    this.#tell("drawing");
    this.#request();
  }

  /** Asks at once, but no more than once a frame. */
  #request() {
    this.#stale = true;
    if (this.#frame || this.#viewers === 0) return;
    this.#stale = false;
    void this.#ask();
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#stale) this.#request();
    });
  }

  async #ask() {
    const { drawing } = this;
    if (!this.#model || drawing.strokes.length === 0 || this.#viewers === 0) return;
    try {
      const observation = await this.#observe(drawing);
      if (!observation || this.drawing.strokes.length === 0) return;
      this.observation = observation;
      this.#tell("observation");
      if (this.problem === this.#unanswered) this.report(undefined);
      if (drawing === this.drawing && !this.penDown) this.#settleSoon();
    } catch (error) {
      this.#unanswered = { ...problemOf(error), retry: () => this.#request() };
      this.report(this.#unanswered);
    }
  }

  /** @param {Drawing} drawing @returns {Promise<Observation>} */
  async #answer({ strokes, shift }) {
    const model = /** @type {Model} */ (this.#model);
    const seen = shiftedImage(await imageOf(strokes), shift);
    const { layers } = await model.observe(seen);
    const maps = new Map(layers.map(({ name, planes }) => [name, planes]));
    const limits = new Map(layers.map(({ name, planes }) => [name, largest(planes)]));
    maps.set("input", seen);
    const probabilities = layers[layers.length - 1].planes;
    return { image: seen, maps, limits, probabilities, digit: probabilities.indexOf(Math.max(...probabilities)) };
  }

  #settleSoon() {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.settled = true;
      this.#tell("settled");
    }, REST);
  }
}

/** @type {Map<string, Session>} */
const groups = new Map();

/**
 * The session of a group; a view without a group has one of its own.
 * @param {string | undefined} group
 */
export function sessionOf(group) {
  if (!group) return new Session();
  let session = groups.get(group);
  if (!session) groups.set(group, (session = new Session()));
  return session;
}
