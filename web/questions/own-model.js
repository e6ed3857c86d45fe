import { pageEngine } from "../session/page-engine.js";

/** @typedef {import("../convscope.js").KerasConfig} KerasConfig */
/** @typedef {import("../convscope.js").RemoteModel} Model */

/**
 * A network's description with another input and other arguments of its layers.
 *
 * @param {KerasConfig} network as Keras writes it, the input's layer first
 * @param {number[]} shape of one input
 * @param {Record<string, Record<string, unknown>>} changes arguments, by the name of their layer
 * @returns {KerasConfig}
 */
export function withArguments(network, shape, changes) {
  const [input, ...layers] = /** @type {KerasConfig[]} */ (network.config["layers"]);
  const changed = layers.map((layer) => ({
    ...layer,
    config: { ...layer.config, ...changes[String(layer.config["name"])] },
  }));
  const given = { ...input, config: { ...input.config, batch_shape: [null, ...shape] } };
  return { ...network, config: { ...network.config, layers: [given, ...changed] } };
}

/** A small model of a view's own: built again only where its description is another, and freed. */
export class OwnModel {
  #description = "";
  /** @type {Promise<Model> | undefined} */
  #building;

  /** @param {KerasConfig} config @returns {Promise<Model>} rejects where such a model cannot be built */
  of(config) {
    const description = JSON.stringify(config);
    if (!this.#building || description !== this.#description) {
      this.free();
      this.#description = description;
      const building = pageEngine().then((engine) => engine.Model.fromConfig(config));
      this.#building = building;
      // What has failed may work the next time.
      building.catch(() => {
        if (this.#building === building) this.#building = undefined;
      });
      return building;
    }
    return this.#building;
  }

  free() {
    const building = this.#building;
    this.#building = undefined;
    void building?.then((model) => model.free()).catch(() => {});
  }
}
