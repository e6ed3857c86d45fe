// Makes a network of a design: what still fits keeps its weights, by the layer's name and the shape of the weights.

import { pageEngine } from "../../session/page-engine.js";
import { drawable } from "../../session/drawable.js";
import { describedDesign } from "./design.js";
import { ALL } from "../../session/own-networks.js";
import * as words from "./words.js";

/** @typedef {import("./design.js").Design} Design */
/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {{ values: Float32Array, random: boolean }} Known */
/**
 * @typedef {object} Start
 * @property {string} title
 * @property {import("../../exchange/model-file.js").Weights} [weights] that it begins with
 */

/** The most numbers that are remembered of layers that are not there any more. */
const MOST_REMEMBERED = 2 ** 24;
/** Of random weights. */
const SEED = 1;

export class Rebuilding {
  /** The reader's own network that is changed. @type {string | undefined} */
  name;
  #session;
  /** Weights by name and shape: those of layers that were removed come back with them. @type {Map<string, Known>} */
  #known = new Map();
  /** Layers with other names than on view, in their order. @type {[from: string, to: string][]} */
  #renamed = [];
  /** Whether the network has been begun and is not on view yet. */
  #isNew = false;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** Another network is on view. */
  begin() {
    const { shown } = this.#session;
    this.name = shown?.own ? shown.name : undefined;
    this.#isNew = false;
    this.#known.clear();
  }

  /** Notes the weights that the network on view has by now. */
  async #remember() {
    const { shown } = this.#session;
    if (!shown) return;
    const own = shown.own ? (await this.#session.own()).get(shown.name) : undefined;
    const random = shown.learning ? [] : (own?.random ?? []);
    for (const layer of shown.summary.layers) {
      const isRandom = random[0] === ALL || random.includes(layer.name);
      for (const tensor of layer.weights) {
        const { first, shape } = tensor;
        const values = shown.weights.slice(first, first + shape.reduce((count, size) => count * size, 1));
        this.#known.set(keyOf(tensor), { values, random: isRandom });
      }
    }
    for (const [from, to] of this.#renamed.splice(0)) {
      for (const [key, known] of Array.from(this.#known)) {
        if (key.startsWith(`${from}/`)) this.#known.set(`${to}${key.slice(from.length)}`, known);
      }
    }
    let held = 0;
    // The newest stay.
    for (const [key, { values }] of Array.from(this.#known).reverse()) {
      held += values.length;
      if (held > MOST_REMEMBERED) this.#known.delete(key);
    }
  }

  /** A layer's weights go with its new name. @param {string} from @param {string} to */
  rename(from, to) {
    this.#renamed.push([from, to]);
  }

  /**
   * Begins another network of the reader's own, untrained but for the weights that it comes with.
   *
   * @param {Design} design
   * @param {Start} start
   */
  async start(design, { title, weights }) {
    const own = await this.#session.own();
    this.name = own.newName();
    this.#known.clear();
    for (const [name, { shape, values }] of weights ?? []) {
      this.#known.set(keyOf({ name, shape }), { values, random: false });
    }
    this.#isNew = true;
    const config = describedDesign(design);
    void own.put({ name: this.name, title: own.newTitle(title), config, seed: SEED, random: [ALL] });
  }

  /** Puts the network of a design on view, and keeps it as the reader's own. @param {Design} design */
  async build(design) {
    const session = this.#session;
    const own = await session.own();
    // What is on view belongs to another network.
    if (!this.#isNew) await this.#remember();
    const before = this.name ? own.get(this.name) : undefined;
    const seed = before?.seed ?? SEED;
    const config = describedDesign(design);
    const { Model } = await pageEngine();
    const model = await Model.fromConfig(config, { seed }).then(drawable);
    const { random, weights } = await this.#fill(model);
    this.name ??= own.newName();
    const { name } = this;
    const title = before?.title ?? own.newTitle(words.changedTitle(session.shown?.title ?? ""));
    void own.put({ name, title, config, seed, random }, weights);
    this.#isNew = false;
    const entry = own.entries.find((one) => one.name === name);
    if (entry) await session.show(model, entry);
  }

  /**
   * Gives a model the weights that are known.
   *
   * @param {import("../../convscope.js").RemoteModel} model
   * @returns {Promise<{ random: string[], weights: Float32Array | undefined }>} the layers that keep random weights, {@link ALL} for
   *   all; all weights, unless they are all random
   */
  async #fill(model) {
    const { layers } = await model.summary();
    const known = (/** @type {{ name: string, shape: number[] }} */ tensor) => this.#known.get(keyOf(tensor));
    const weighted = layers.filter(({ weights }) => weights.length > 0);
    const random = weighted
      .filter(({ weights }) => weights.some((tensor) => known(tensor)?.random ?? true))
      .map(({ name }) => name);
    if (!weighted.some(({ weights }) => weights.some(known))) return { random: [ALL], weights: undefined };
    const flat = await model.flatWeights();
    for (const { weights } of weighted) {
      for (const tensor of weights) {
        const { values } = known(tensor) ?? {};
        if (values) flat.set(values, tensor.first);
      }
    }
    await model.setFlatWeights(flat);
    return { random: random.length === weighted.length ? [ALL] : random, weights: flat };
  }

  /** Keeps what does not fit yet, so that a reload loses nothing. @param {import("../../session/own-networks.js").Draft | undefined} draft */
  async keepDraft(draft) {
    if (this.name) await (await this.#session.own()).putDraft(this.name, draft);
  }
}

/** @param {{ name: string, shape: readonly number[] }} tensor */
const keyOf = ({ name, shape }) => `${name} ${shape.join("×")}`;
