// Networks of the reader's own: described in Keras' JSON, kept in the browser's own database with what they have learnt.

import { BrowserStore } from "../data/browser-store.js";
import { engineError } from "../engine/errors.js";
import { drawable } from "./drawable.js";
import { rememberOwn } from "./own-name.js";
import { pageEngine } from "./page-engine.js";
import * as words from "./own-words.js";

/** @typedef {import("../convscope.js").KerasConfig} KerasConfig */
/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("./catalogue.js").Entry} Entry */
/** @typedef {import("./session.js").Session} Session */
/**
 * @typedef {object} OwnNetwork
 * @property {string} name unlike that of any other; it stands in addresses
 * @property {string} title
 * @property {KerasConfig} config
 * @property {number} seed of the random weights
 * @property {string[]} random the layers whose weights are random
 * @property {KerasConfig} [learntConfig] what the weights belong to, where a training has put something in
 * @property {Draft} [draft] what its reader was writing and does not fit yet
 * @property {number} changedAt
 */
/** @typedef {{ design?: object, code?: string }} Draft */

/** The most that are kept. */
const MOST_NETWORKS = 100;
/** The most weights that are kept of one: 64 MB. */
const MOST_WEIGHTS = 2 ** 24;
/** How long a network that learns is left alone before what it has learnt is written, in milliseconds. */
const REST = 700;

const store = new BrowserStore("convscope-networks", "networks");
const [ABOUT, WEIGHTS] = ["about ", "weights "];
/** What stands among the random layers where all are. */
export const ALL = "*";

/** Those of this page. Events: "change". */
export class OwnNetworks extends EventTarget {
  /** By name. @type {Map<string, OwnNetwork>} */
  #all = new Map();
  /** What they have learnt, by name, as far as it was read or learnt here. @type {Map<string, Float32Array>} */
  #weights = new Map();
  /** Names of what is kept and cannot be read. @type {string[]} */
  unread = [];
  /** Why the browser does not keep what is here; empty where it does. */
  unkept = "";
  /** Writes one after the other. @type {Promise<void>} */
  #turn = Promise.resolve();
  /** @type {Map<Session, ReturnType<typeof setTimeout>>} */
  #resting = new Map();

  /** Takes up what was kept before. */
  async read() {
    try {
      for (const [key, value] of await store.entries(ABOUT)) {
        const name = key.slice(ABOUT.length);
        if (isNetwork(value, name)) this.#all.set(name, value);
        else this.unread.push(name);
      }
    } catch (error) {
      this.unkept = String(error);
    }
    this.#changed();
  }

  #changed() {
    rememberOwn(this.#all.size + this.unread.length > 0);
    this.dispatchEvent(new Event("change"));
  }

  /** As the catalogue lists its own, the newest first. @returns {Entry[]} */
  get entries() {
    return Array.from(this.#all.values())
      .sort((one, other) => other.changedAt - one.changedAt)
      .map(entryOf);
  }

  /** @param {string} name */
  get(name) {
    return this.#all.get(name);
  }

  /** A name that no network has. */
  newName() {
    return `own-${Date.now().toString(36)}${Math.floor(Math.random() * 36 ** 2).toString(36)}`;
  }

  /** @param {string} title @returns {string} the same, with a number where another has it */
  newTitle(title) {
    const taken = new Set(Array.from(this.#all.values(), (network) => network.title));
    for (let number = 1; ; number++) {
      const numbered = number === 1 ? title : `${title} ${number}`;
      if (!taken.has(numbered)) return numbered;
    }
  }

  /**
   * Builds a network with what it has learnt.
   *
   * @param {string} name
   * @returns {Promise<{ model: Model, entry: Entry }>}
   */
  async build(name) {
    const network = this.#all.get(name);
    if (!network) throw engineError("value", this.unread.includes(name) ? words.UNREAD : words.notHere(name));
    const { Model } = await pageEngine();
    const made = (/** @type {KerasConfig} */ config) => Model.fromConfig(config, { seed: network.seed }).then(drawable);
    if (network.random[0] === ALL) return { model: await made(network.config), entry: entryOf(network) };
    const weights = await this.#weightsOf(name);
    const model = await made(network.learntConfig ?? network.config);
    try {
      if (!weights) throw new Error(words.MISSING);
      await model.setFlatWeights(weights);
      this.#weights.set(name, weights);
      return { model, entry: entryOf(network) };
    } catch (error) {
      await model.free();
      return {
        model: await made(network.config),
        entry: { ...entryOf(network), description: words.damaged(error) },
      };
    }
  }

  /** @param {string} name @returns {Promise<Float32Array | undefined>} */
  async #weightsOf(name) {
    try {
      return this.#weights.get(name) ?? (await store.get(WEIGHTS + name));
    } catch (error) {
      throw engineError("unknown", words.unreachable(error), error);
    }
  }

  /** A network as it was made, for one that learns from its start. @param {string} name @returns {Promise<KerasConfig | undefined>} */
  async plain(name) {
    const network = this.#all.get(name);
    if (!network) return undefined;
    const { Model } = await pageEngine();
    const model = await drawable(await Model.fromConfig(network.config, { seed: network.seed }));
    const config = await model.getConfig();
    await model.free();
    return config;
  }

  /**
   * Keeps a network, or keeps it otherwise than before.
   *
   * @param {Omit<OwnNetwork, "changedAt">} network
   * @param {Float32Array} [weights] none: they are all random
   * @returns {Promise<void>} resolves when that is written, or {@link unkept} says why not
   * @throws {Error} if there are too many
   */
  put(network, weights) {
    if (!this.#all.has(network.name) && this.#all.size >= MOST_NETWORKS) {
      throw new Error(words.tooMany(MOST_NETWORKS));
    }
    const changed = { ...network, changedAt: Date.now() };
    this.#all.set(network.name, changed);
    if (weights) this.#weights.set(network.name, weights);
    else this.#weights.delete(network.name);
    this.#changed();
    return this.#write(network.name, () => weights ?? null);
  }

  /** Keeps what its reader was writing and does not fit yet. @param {string} name @param {Draft | undefined} draft */
  async putDraft(name, draft) {
    const network = this.#all.get(name);
    if (!network || JSON.stringify(network.draft) === JSON.stringify(draft)) return;
    this.#all.set(name, { ...network, draft });
    await this.#write(name);
  }

  /** @param {string} name @param {string} title */
  async rename(name, title) {
    const network = this.#all.get(name);
    if (!network || network.title === title) return;
    this.#all.set(name, { ...network, title: this.newTitle(title) });
    this.#changed();
    await this.#write(name);
  }

  /** @param {string} name */
  async remove(name) {
    this.#all.delete(name);
    this.#weights.delete(name);
    this.unread = this.unread.filter((one) => one !== name);
    this.#changed();
    await this.#next(async () => {
      await store.delete(ABOUT + name);
      await store.delete(WEIGHTS + name);
    });
  }

  /** Does without what is kept and cannot be read. */
  async forgetUnread() {
    for (const name of this.unread) await this.remove(name);
  }

  /**
   * @param {string} name
   * @param {() => Float32Array | null} [weightsOf] null: there are none any more; left out: they stay
   */
  #write(name, weightsOf) {
    return this.#next(async () => {
      const network = this.#all.get(name);
      if (!network) return;
      await store.set(ABOUT + name, network);
      const weights = weightsOf?.();
      if (weights === undefined) return;
      if (weights === null) return store.delete(WEIGHTS + name);
      if (weights.length > MOST_WEIGHTS) throw new Error(words.tooLarge(network.title, weights.length));
      await store.set(WEIGHTS + name, weights);
    });
  }

  /** @param {() => Promise<unknown>} act */
  #next(act) {
    this.#turn = this.#turn.then(async () => {
      const before = this.unkept;
      this.unkept = await act().then(
        () => "",
        (error) => String(error.message ?? error),
      );
      if (this.unkept !== before) this.#changed();
    });
    return this.#turn;
  }

  /** Resolves when all is written. */
  get written() {
    return this.#turn;
  }

  /** Keeps from now on what the networks of a session learn. @param {Session} session */
  follow(session) {
    /** The weights that the network came with. @type {Float32Array | undefined} */
    let first = session.shown?.weights;
    session.addEventListener("model", () => {
      this.#keepNow(session);
      first = session.shown?.weights;
    });
    session.addEventListener("weights", () => {
      const { shown } = session;
      if (!shown?.own || !first || isEqual(first, shown.weights)) return;
      const network = this.#all.get(shown.name);
      const config = this.#configOf(session);
      if (!network || !config) return;
      this.#weights.set(shown.name, shown.weights);
      this.#learnt.set(session, { name: shown.name, config, weights: shown.weights });
      clearTimeout(this.#resting.get(session));
      this.#resting.set(
        session,
        setTimeout(() => this.#keepNow(session), REST),
      );
    });
  }

  /** Descriptions of models that learn. @type {WeakMap<Model, Promise<KerasConfig>>} */
  #configs = new WeakMap();

  /** @param {Session} session */
  #configOf({ model }) {
    if (!model) return undefined;
    const config = this.#configs.get(model) ?? model.getConfig();
    this.#configs.set(model, config);
    return config;
  }

  /** What is still to be written. @type {Map<Session, { name: string, config: Promise<KerasConfig>, weights: Float32Array }>} */
  #learnt = new Map();

  /** @param {Session} session */
  #keepNow(session) {
    clearTimeout(this.#resting.get(session));
    const learnt = this.#learnt.get(session);
    if (!learnt) return;
    this.#learnt.delete(session);
    const { name, config, weights } = learnt;
    void this.#next(async () => {
      const [learntConfig, plain] = [await config, await this.plain(name)];
      const network = this.#all.get(name);
      if (!network || this.#weights.get(name) !== weights) return;
      // A training may have put penalties or dropout in.
      const isPlain = JSON.stringify(learntConfig) === JSON.stringify(plain);
      this.#all.set(name, {
        ...network,
        learntConfig: isPlain ? undefined : learntConfig,
        random: [],
        changedAt: Date.now(),
      });
      void this.#write(name, () => weights);
      this.#changed();
    });
  }
}

/** @param {OwnNetwork} network @returns {Entry} */
function entryOf({ name, title, random, seed }) {
  return { name, title, description: words.described(random, seed), file: "", own: true };
}

/** @param {Float32Array} one @param {Float32Array} other */
const isEqual = (one, other) => one.length === other.length && one.every((value, at) => value === other[at]);

/** @param {any} value what was kept @param {string} name @returns {value is OwnNetwork} */
function isNetwork(value, name) {
  const { title, config, seed, random, changedAt } = value ?? {};
  return (
    value?.name === name &&
    typeof title === "string" &&
    typeof config?.class_name === "string" &&
    typeof config.config === "object" &&
    Number.isSafeInteger(seed) &&
    Array.isArray(random) &&
    typeof changedAt === "number"
  );
}

/** @type {Promise<OwnNetworks> | undefined} */
let reading;

/** The reader's own networks, of all sessions of the page. */
export function ownNetworks() {
  reading ??= (async () => {
    const own = new OwnNetworks();
    await own.read();
    return own;
  })();
  return reading;
}
