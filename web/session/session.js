// What views of one group share: one model, one drawing, the latest answer.

import { latest } from "../engine/latest.js";
import { damagedError } from "../engine/resources.js";
import { channelsFirst } from "../ui/channels-first.js";
import { largest } from "../ui/heat-map.js";
import { listedModel, modelAt, readCatalogue } from "./catalogue.js";
import { isOwn, keepsOwn } from "./own-name.js";
import { pageEngine } from "./page-engine.js";
import { Paper } from "./paper.js";
import { problemOf } from "./problem.js";
import { described, placeOf, readsDigits, withWeights } from "./shown.js";
import { SIDE } from "../data/image-size.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./catalogue.js").Entry} Entry */
/** @typedef {import("./problem.js").Problem} Problem */
/** @typedef {import("./shown.js").Shown} Shown */
/** @typedef {import("../convscope.js").RemoteModel} Model */
/**
 * @typedef {object} Observation
 * @property {Float32Array} image what the network saw, [height, width, channels]
 * @property {Map<string, Float32Array>} maps by column's name, plane after plane
 * @property {Map<string, number>} limits largest absolute value by column's name, the input left out
 * @property {Float32Array} probabilities of scores their softmax
 * @property {Float32Array} [scores] what the network answers, where those are no probabilities
 * @property {number} digit the most probable
 */

/**
 * What a session tells its views; "weights": the model on view has learnt; "settled" is an answer to a drawing that has
 * come to rest.
 */
export const KINDS = /** @type {const} */ (["status", "model", "weights", "drawing", "observation", "settled"]);
/** @typedef {typeof KINDS[number]} Kind */

/** Milliseconds after which a drawing has come to rest. */
const REST = 120;
const NO_NUMBER = "The answer is no number, nor are grey cells: some weights are too large. Make them smaller.";

export class Session extends EventTarget {
  /** What the page comes with. @type {Entry[]} */
  #shipped = [];
  /** @type {import("./own-networks.js").OwnNetworks | undefined} */
  #own;
  /** @type {Shown | undefined} */
  shown;
  paper = new Paper({
    changed: (other) => this.#drawn(other),
    failed: (problem) => this.report(problem),
    read: (drawing) => this.#read(drawing),
    shape: () => this.inputShape,
  });
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
  #viewers = 0;
  #frame = 0;
  /** Whether something has changed since the last request. */
  #stale = false;
  /** @type {Problem | null} why the last drawing has no answer */
  #unanswered = null;
  #rest = 0;
  #opening = 0;
  /** @type {Promise<import("./own-networks.js").OwnNetworks> | undefined} */
  #opensOwn;
  /** Resolves when the model that was asked for last is on view or could not be opened. */
  #opened = Promise.resolve();
  #observe = latest((/** @type {Drawing} */ drawing) => this.#answer(drawing));

  /** Pixels of what the network on view reads. @returns {[height: number, width: number]} */
  get inputSize() {
    return this.shown?.inputSize ?? [SIDE, SIDE];
  }

  /** What it reads. @returns {import("../convscope.js").ImageShape} */
  get inputShape() {
    return this.shown?.inputShape ?? [SIDE, SIDE, 1];
  }

  get drawing() {
    return this.paper.drawing;
  }

  /** What there is to choose from: the reader's own behind what the page comes with. */
  get catalogue() {
    return [...this.#shipped, ...(this.#own?.entries ?? [])];
  }

  /** @param {Kind} kind */
  #tell(kind) {
    this.dispatchEvent(new Event(kind));
  }

  /** @param {Problem | undefined} problem undefined: there is none any more */
  report(problem) {
    this.problem = problem;
    this.#tell("status");
  }

  /** @param {Problem | null | undefined} problem that there is no more, if it was told and nothing since */
  over(problem) {
    if (problem && problem === this.problem) this.report(undefined);
  }

  // The model

  /**
   * Opens a model of the catalogue, or weights from elsewhere; the one on view stays until that has worked.
   * @param {{ name?: string, weights?: string }} wanted neither: the catalogue's default
   */
  open(wanted) {
    this.#opened = this.#open(wanted);
    return this.#opened;
  }

  /** @param {{ name?: string, weights?: string }} wanted */
  async #open({ name, weights }) {
    const opening = ++this.#opening;
    this.loading = true;
    this.report(undefined);
    try {
      await pageEngine();
      if (this.#shipped.length === 0) this.#shipped = await readCatalogue();
      const isOwnNetwork = !weights && isOwn(name);
      const own = isOwnNetwork || keepsOwn() ? this.own() : undefined;
      const { model, entry } = isOwnNetwork
        ? await (await this.own()).build(name ?? "")
        : await this.#load({ name, weights });
      await own;
      const shown = await described(model, entry);
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

  /** @param {{ name?: string, weights?: string }} wanted */
  async #load({ name, weights }) {
    const { Model } = await pageEngine();
    const { entry, bytes } = await (weights ? modelAt(weights) : listedModel(this.#shipped, name));
    const model = await Model.fromSafetensors(bytes).catch((error) => {
      throw entry.file ? damagedError(`models/${entry.file}`, error) : error;
    });
    if (!weights) return { model, entry };
    const { drawable } = await import("./drawable.js");
    return { model: await drawable(model), entry };
  }

  /** The networks of the reader's own, which are listed from now on, and keep what they learn. */
  own() {
    this.#opensOwn ??= import("./own-networks.js").then(async ({ ownNetworks }) => {
      const own = await ownNetworks();
      this.#own = own;
      own.follow(this);
      own.addEventListener("change", () => this.#tell("status"));
      return own;
    });
    return this.#opensOwn;
  }

  /**
   * Puts a model on view that was made elsewhere, and is the session's from then on.
   * @param {Model} model
   * @param {Entry} entry
   */
  async show(model, entry) {
    const opening = ++this.#opening;
    const shown = await described(model, entry);
    if (opening !== this.#opening) return void (await model.free());
    this.report(undefined);
    await this.#take(model, shown);
  }

  /** @param {Model} model @param {Shown} shown */
  async #take(model, shown) {
    const before = this.#owned ? this.#model : undefined;
    this.#observe.drop();
    this.#owned = !shown.learning;
    this.#model = model;
    this.shown = shown;
    Object.assign(this.paper, { draws: shown.drawable, generates: readsDigits(shown) });
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

  /** The same as it was before a training put something in. */
  get network() {
    const { name = "", own } = this.shown ?? {};
    return own ? this.#own?.plain(name) : this.config;
  }

  /**
   * Shows a run's model, which has the layers of the one on view. It stays the run's.
   * @param {Model} model
   * @param {string[]} classes what its outputs stand for
   */
  async follow(model, classes) {
    const opening = ++this.#opening;
    const { name = "", title = "", description = "", own } = this.shown ?? {};
    // One's own is described by which of its weights are random.
    const shown = await described(model, { name, title, description: own ? "" : description, own });
    if (opening === this.#opening) await this.#take(model, { ...shown, learning: true, classes });
  }

  /** @param {string} title that the network on view has from now on */
  retitle(title) {
    if (this.shown) this.shown = { ...this.shown, title };
    this.#tell("status");
  }

  /** The model on view has learnt: asks anew, no more than once a frame. */
  learnt() {
    this.#request();
  }

  /** Reads the weights of the model on view anew. */
  async readWeights() {
    const model = this.#model;
    if (!model || !this.shown) return;
    const weights = await model.flatWeights();
    if (model === this.#model) this.#show(weights);
  }

  /** @param {Float32Array} weights that the model on view has now */
  #show(weights) {
    if (!this.shown) return;
    this.shown = { ...this.shown, ...withWeights(this.shown, weights) };
    this.#tell("weights");
  }

  /**
   * Gives the model on view other weights by hand.
   * @param {string} name of the tensor
   * @param {number} at the place in it from which on they are others, in Keras' layout
   * @param {Float32Array} values
   * @returns {Promise<boolean>} whether that has worked; if not, the session tells why
   */
  async setWeights(name, at, values) {
    const [model, shown] = [this.#model, this.shown];
    if (!model || !shown) return false;
    const setting = model.setWeights(name, values, { at });
    // Calls are carried out in their order: the maps that are asked for now are those of the new weights.
    this.learnt();
    try {
      await setting;
    } catch (error) {
      this.report(problemOf(error));
      return false;
    }
    if (model !== this.#model) return false;
    const weights = shown.weights.slice();
    weights.set(values, placeOf(shown, name) + at);
    this.#show(weights);
    return true;
  }

  // Answers

  /** @returns {() => void} to call when that view has left the screen */
  addViewer() {
    this.#viewers += 1;
    this.#request();
    return () => void (this.#viewers -= 1);
  }

  /** @param {boolean} other whether there is another drawing */
  #drawn(other) {
    // While the pen moves, an answer that is late still shows where the drawing comes from.
    if (other && !this.paper.penDown) this.#observe.drop();
    this.#changed();
  }

  #changed() {
    this.settled = false;
    clearTimeout(this.#rest);
    if (this.paper.blank) {
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
    if (!this.#model || this.paper.blank || this.#viewers === 0) return;
    try {
      const observation = await this.#observe(drawing);
      if (!observation || this.paper.blank) return;
      this.observation = observation;
      this.#tell("observation");
      if (!observation.probabilities.every(Number.isFinite)) {
        this.#unanswered = { message: NO_NUMBER, code: "value" };
        return this.report(this.#unanswered);
      }
      this.over(this.#unanswered);
      if (drawing === this.drawing && !this.paper.penDown) this.#settleSoon();
    } catch (error) {
      this.#unanswered = { ...problemOf(error), retry: () => this.#request() };
      this.report(this.#unanswered);
    }
  }

  /**
   * What the network on view takes a drawing for; nothing where there is none that has learnt.
   * @param {Drawing} drawing
   */
  async #read(drawing) {
    await this.#opened;
    const model = this.shown?.learning ? undefined : this.#model;
    return (await model?.observe(await this.#inputOf(drawing)))?.class;
  }

  /** @param {Drawing} drawing */
  async #inputOf({ strokes, shift, picture }) {
    if (!picture) return { strokes, shift };
    const { inputOf } = await import("./picture.js");
    return inputOf(picture, this.inputShape, shift);
  }

  /** @param {Drawing} drawing @returns {Promise<Observation>} */
  async #answer(drawing) {
    const model = /** @type {Model} */ (this.#model);
    const { image, layers, output, class: digit } = await model.observe(await this.#inputOf(drawing));
    const maps = new Map(layers.map(({ name, planes }) => [name, planes]));
    const limits = new Map(layers.map(({ name, planes }) => [name, largest(planes)]));
    maps.set("input", channelsFirst(image, this.inputShape[2]));
    if (this.shown?.summary.answers !== "scores") return { image, maps, limits, probabilities: output, digit };
    const { softmax } = await import("./scores.js");
    return { image, maps, limits, probabilities: softmax(output), scores: output, digit };
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
