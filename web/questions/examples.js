import { first } from "../data/split.js";
import { pageData, wantData } from "../session/page-data.js";
import { pageEngine } from "../session/page-engine.js";

/** @typedef {import("lit").ReactiveController} ReactiveController */
/** @typedef {import("../convscope.js").RemoteDataset} Dataset */
/** @typedef {import("../convscope.js").LabelledImages} LabelledImages */
/**
 * @typedef {object} Taken
 * @property {LabelledImages} images
 * @property {Dataset} dataset the same, for the engine
 * @property {string[]} classes what the labels stand for
 * @property {string} title of the data that they are of
 * @property {boolean} sample whether that is the part of MNIST that the page carries
 */

/**
 * Whether a network was trained on examples before it was shipped, learns from them on this page, or has never seen
 * them; "unknown" of a network from elsewhere.
 *
 * @param {import("../session/shown.js").Shown | undefined} shown
 * @param {Taken} taken training examples
 * @returns {"shipped" | "learning" | "never" | "unknown"}
 */
export function learntFrom(shown, { sample }) {
  if (shown?.learning) return "learning";
  if (!shown?.name || shown.own) return "unknown";
  return sample ? "shipped" : "never";
}

/**
 * Why images cannot be asked about, in words; nothing where they can.
 *
 * @param {import("../session/session.js").Session | undefined} session
 * @param {{ title: string, shape: readonly number[] }} images
 */
export function misfit(session, { title, shape }) {
  const own = session?.shown?.inputShape;
  if (!own || own.join() === shape.join()) return "";
  return (
    `The images of ${title} are ${shape.join("×")}, the network on view reads ${own.join("×")}: choose other data, or train a ` +
    "network on this data (A network that learns as you watch)."
  );
}

/**
 * A reactive controller: the first examples of the page's data, for its element to ask the engine about. They are
 * loaded with the element, replaced when other data is chosen, and given back when the element leaves the page.
 *
 * @implements {ReactiveController}
 */
export class Examples {
  /** @type {Taken | undefined} */
  #taken;
  #host;
  #part;
  #count;
  #changed;
  #data = pageData();
  /** The data that the examples are of, or will be. @type {object | undefined} */
  #set;

  /**
   * @param {import("lit").ReactiveControllerHost & { session?: import("../session/session.js").Session }} host
   * @param {{ part: "training" | "test", count: number, changed: () => void }} options `test`: what networks are
   *   measured by, of few examples those for validation; `count`: at most;
   *   `changed` is called when the examples are there, and again when there are others
   */
  constructor(host, { part, count, changed }) {
    this.#host = host;
    this.#part = part;
    this.#count = count;
    this.#changed = changed;
    host.addController(this);
  }

  hostConnected() {
    this.#data.addEventListener("change", this.#take);
    void wantData(this.#host).then(this.#take);
  }

  hostDisconnected() {
    this.#data.removeEventListener("change", this.#take);
    this.#set = undefined;
    void this.#taken?.dataset.free();
    this.#taken = undefined;
  }

  /** Why there are none for the network on view, in words. */
  get misfit() {
    const taken = this.#taken;
    return taken ? misfit(this.#host.session, { title: taken.title, shape: taken.images.shape }) : "";
  }

  /** Those that the network on view reads. */
  get taken() {
    return this.misfit ? undefined : this.#taken;
  }

  #take = async () => {
    const set = this.#data.current;
    if (!set || set === this.#set) return;
    this.#set = set;
    const images = first(set[this.#part] ?? set.validation, this.#count);
    const { Dataset } = await pageEngine();
    const dataset = await new Dataset(images.pixels, images.labels, { shape: images.shape });
    if (set !== this.#set) return void dataset.free();
    const before = this.#taken;
    this.#taken = { images, dataset, classes: set.classes, title: set.title, sample: set.sample ?? false };
    this.#host.requestUpdate();
    this.#changed();
    await before?.dataset.free();
  };
}

/**
 * One of the examples as the network sees it, 0 to 1.
 * @param {LabelledImages} images
 * @param {number} index
 */
export function exampleImage({ pixels, labels }, index) {
  const size = pixels.length / labels.length;
  return Float32Array.from(pixels.subarray(index * size, (index + 1) * size), (ink) => ink / 255);
}
