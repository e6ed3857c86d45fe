import { Session } from "../../session/session.js";
import { OffsetCount } from "./offset-count.js";

/** @typedef {import("../../session/drawing.js").Drawing} Drawing */

/** A network of the catalogue that is compared with others: it answers to a drawing, and to a batch at every offset. */
export class Contestant {
  session = new Session();
  /** @type {OffsetCount | undefined} */
  count;
  #leave = () => {};
  #watched = false;

  /** @param {string} name in the catalogue */
  constructor(name) {
    this.name = name;
    void this.session.open({ name });
  }

  get title() {
    return this.session.shown?.title ?? "";
  }

  /** Dense layers before the last, if there is nothing else; undefined for a convolutional network. */
  get hiddenLayers() {
    const layers = this.session.shown?.columns.slice(1) ?? [];
    return layers.length && layers.every(({ shape, bank }) => shape.length === 1 && bank)
      ? layers.length - 1
      : undefined;
  }

  /** @param {boolean} on whether it is to answer to drawings */
  watch(on) {
    if (on === this.#watched) return;
    this.#watched = on;
    this.#leave();
    this.#leave = on ? this.session.addViewer() : () => {};
  }

  /** @param {Drawing} drawing */
  read(drawing) {
    if (this.session.drawing !== drawing) this.session.paper.replace(drawing);
  }

  /** @param {import("./offset-count.js").Batch} batch */
  startCount(batch) {
    const { model } = this.session;
    this.count = model && new OffsetCount(model, batch);
  }

  async leave() {
    this.watch(false);
    this.count = undefined;
    await this.session.close();
  }
}
