// Which part of the input a unit sees.

import { SIDE } from "../../data/image-size.js";

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../cells/plane.js").Window} Window */
/** @typedef {import("../../cells/plane.js").Padding} Padding */
/**
 * @typedef {object} Region
 * @property {Window} whole the receptive field, which may reach beyond the image
 * @property {Window} seen the part of it that lies on the image
 * @property {Padding} padding what of it doesn't
 */

/**
 * Where the receptive field begins, of which only a part lies on the image.
 * @param {[number, number]} range of the part, half-open
 * @param {number} size of all of it
 */
function beginOf([first, end], size) {
  return first === 0 ? Math.min(0, end - size) : first;
}

/** The regions of a model's units, asked of the engine once each. */
export class Regions {
  #model;
  /** @type {Map<string, Promise<Region>>} */
  #known = new Map();

  /** @param {Model} model */
  constructor(model) {
    this.#model = model;
  }

  /** @param {Column} column @param {{ row: number, column: number }} place */
  of(column, place) {
    const key = `${column.name} ${place.row} ${place.column}`;
    let region = this.#known.get(key);
    if (!region) this.#known.set(key, (region = this.#ask(column, place)));
    return region;
  }

  /** @param {Column} column @param {{ row: number, column: number }} place @returns {Promise<Region>} */
  async #ask({ name, receptiveField }, { row, column }) {
    const { regions } = await this.#model.explainUnit(new Float32Array(SIDE * SIDE), {
      layer: name,
      unit: 0,
      row,
      column,
    });
    const { rows, columns } = regions[regions.length - 1];
    const [height, width] = receptiveField ?? [SIDE, SIDE];
    const [top, left] = [beginOf(rows, height), beginOf(columns, width)];
    const seen = { row: rows[0], column: columns[0], height: rows[1] - rows[0], width: columns[1] - columns[0] };
    const padding = {
      top: seen.row - top,
      left: seen.column - left,
      bottom: top + height - seen.row - seen.height,
      right: left + width - seen.column - seen.width,
    };
    return { whole: { row: top, column: left, height, width }, seen, padding };
  }
}

/**
 * A window of an image, 0 beyond its edges.
 * @param {Float32Array} image [28 × 28]
 * @param {Window} window
 */
export function cut(image, { row, column, height, width }) {
  const part = new Float32Array(height * width);
  for (let y = Math.max(0, -row); y < Math.min(height, SIDE - row); y++) {
    for (let x = Math.max(0, -column); x < Math.min(width, SIDE - column); x++) {
      part[y * width + x] = image[(row + y) * SIDE + column + x];
    }
  }
  return part;
}
