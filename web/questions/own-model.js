import { pageEngine } from "../session/page-engine.js";

/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {{ class_name: string, config: Record<string, unknown> }} LayerConfig as Keras writes it */

/** A small model of a view's own: built again only where its layers are others, and freed. */
export class OwnModel {
  #description = "";
  /** @type {Promise<Model> | undefined} */
  #building;

  /**
   * @param {number[]} shape of one input
   * @param {LayerConfig[]} layers
   * @returns {Promise<Model>} rejects where such a model cannot be built
   */
  of(shape, layers) {
    const input = { class_name: "InputLayer", config: { batch_shape: [null, ...shape] } };
    const config = { class_name: "Sequential", config: { layers: [input, ...layers] } };
    const description = JSON.stringify(config);
    if (!this.#building || description !== this.#description) {
      this.free();
      this.#description = description;
      this.#building = pageEngine().then((engine) => engine.Model.fromConfig(config));
    }
    return this.#building;
  }

  free() {
    const building = this.#building;
    this.#building = undefined;
    void building?.then((model) => model.free()).catch(() => {});
  }
}
