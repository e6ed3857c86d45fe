// A part of the matrix between an image and a layer: a row for each unit of a strip, a column for each pixel near it.

import { SIDE } from "../../data/image-size.js";

/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../convscope.js").UnitPlace} UnitPlace */
/** @typedef {import("../../convscope.js").UnitArithmetic} UnitArithmetic */

/** Rows of pixels of the image where a unit sees all of them: as many as a kernel of 3×3 reaches. */
const ROWS = 3;

/**
 * The units of a strip: a row of the first map, or as many units of a vector.
 * @param {Column} column
 * @returns {UnitPlace[]}
 */
export function placesOf({ name, height, width, count }) {
  if (height * width === 1) return Array.from({ length: Math.min(count, SIDE) }, (_, unit) => ({ layer: name, unit }));
  const row = Math.floor(height / 2);
  return Array.from({ length: width }, (_, column) => ({ layer: name, unit: 0, row, column }));
}

/** The weights of a strip's units, each with a number that two entries share where they are one and the same weight. */
export class Strip {
  /** The first row of pixels. */
  #first;

  /** @param {UnitPlace[]} places @param {UnitArithmetic[]} units what the engine says of each */
  constructor(places, units) {
    const { window } = units[0];
    const all = window.height === SIDE;
    const rows = all ? ROWS : window.height;
    this.#first = all ? Math.floor((SIDE - ROWS) / 2) : window.row;
    this.places = places;
    this.height = places.length;
    this.width = rows * SIDE;
    /** 0 where there is no connection. */
    this.values = new Float32Array(this.height * this.width);
    /** −1 where there is no connection. */
    this.weights = new Int32Array(this.values.length).fill(-1);
    units.forEach((unit, index) => this.#write(unit, index));
  }

  /** @param {UnitArithmetic} unit @param {number} index */
  #write({ window, inside, kernel }, index) {
    kernel.forEach((value, place) => {
      const row = window.row + Math.floor(place / window.width) - this.#first;
      const column = window.column + (place % window.width);
      if (!inside[place] || row < 0 || row * SIDE >= this.width) return;
      const entry = index * this.width + row * SIDE + column;
      this.values[entry] = value;
      this.weights[entry] = this.places[index].unit * kernel.length + place;
    });
  }

  /** The rows of pixels that its columns are of. */
  get pixelRows() {
    return Array.from({ length: this.width / SIDE }, (_, row) => this.#first + row);
  }

  /** @param {{ row: number, column: number }} cell */
  holds({ row, column }) {
    return row >= 0 && column >= 0 && row < this.height && column < this.width;
  }

  /** @param {number} column of the matrix @returns {[x: number, y: number]} its pixel */
  pixelAt(column) {
    return [column % SIDE, this.#first + Math.floor(column / SIDE)];
  }
}
