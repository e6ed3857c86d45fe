// Which part of the input a unit sees.

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../convscope.js").Summary} Summary */
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
 * The receptive field of a unit, which may reach beyond the image.
 * @param {Summary} summary of the network
 * @param {string} layer
 * @param {{ row: number, column: number }} place in its map
 * @returns {Window}
 */
export function fieldOf({ layers, inputShape }, layer, { row, column }) {
  const field = layers.find(({ name }) => name === layer)?.receptiveField;
  if (!field) return { row: 0, column: 0, height: inputShape[0], width: inputShape[1] ?? 1 };
  const { size, start, jump } = field;
  return {
    row: row * jump[0] + start[0],
    column: column * jump[1] + start[1],
    height: size[0],
    width: size[1],
  };
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
  async #ask({ name }, { row, column }) {
    const regions = await this.#model.regions({ layer: name, unit: 0, row, column });
    const { rows, columns, field } = regions[regions.length - 1];
    const seen = { row: rows[0], column: columns[0], height: rows[1] - rows[0], width: columns[1] - columns[0] };
    const padding = {
      top: seen.row - field.row,
      left: seen.column - field.column,
      bottom: field.row + field.height - seen.row - seen.height,
      right: field.column + field.width - seen.column - seen.width,
    };
    return { whole: field, seen, padding };
  }
}

/**
 * A window of an image, 0 beyond its edges.
 * @param {Float32Array} image
 * @param {Window} window
 * @param {readonly [height: number, width: number, channels: number]} shape of the image
 */
export function cut(image, { row, column, height, width }, [rows, columns, channels]) {
  const part = new Float32Array(height * width * channels);
  const left = Math.max(0, -column);
  const across = Math.max(0, Math.min(width, columns - column) - left);
  for (let y = Math.max(0, -row); y < Math.min(height, rows - row); y++) {
    const from = ((row + y) * columns + column + left) * channels;
    part.set(image.subarray(from, from + across * channels), (y * width + left) * channels);
  }
  return part;
}
