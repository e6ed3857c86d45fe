// The plane through a trained network's weights in which its path lies best: Li, Xu, Taylor, Studer and Goldstein,
// "Visualizing the Loss Landscape of Neural Nets" (2018), section 7. The main directions of the path come from the
// inner products of its points: a matrix as small as the path is short, however many weights there are.

/** @typedef {import("../convscope.js").RemoteModel} Model */
/** @typedef {import("../convscope.js").RemoteDataset} Dataset */
/**
 * @typedef {object} Plane
 * @property {Float32Array} origin the weights at the end of the path, all tensors one after the other
 * @property {[Float32Array, Float32Array]} directions of length 1, at right angles
 * @property {[number, number][]} places of the path's points on the plane, the origin being (0, 0)
 * @property {[number, number]} explained the part of the path's variance along each direction, 0 to 1
 */

/** The power iteration stops when nothing changes any more, or after so many rounds. */
const MOST_ROUNDS = 500;

/** Points of a path that come one by one, so that no moment has much to compute. */
export class WeightPath {
  /** @type {Float32Array[]} */
  #points = [];
  /** Inner products of each point with itself and those before it. @type {number[][]} */
  #products = [];

  /** @param {Float32Array} point all weights */
  add(point) {
    this.#points.push(point);
    this.#products.push(this.#points.map((other) => product(point, other)));
  }

  /** @returns {Plane | undefined} nothing where the points lie on one line */
  plane() {
    const points = this.#points;
    const count = points.length;
    if (count < 3) return;
    const products = this.#products.map((row, at) =>
      points.map((_, other) => (other <= at ? row[other] : this.#products[other][at])),
    );
    const means = products.map((row) => row.reduce((sum, value) => sum + value, 0) / count);
    const mean = means.reduce((sum, value) => sum + value, 0) / count;
    const centred = products.map((row, at) => row.map((value, other) => value - means[at] - means[other] + mean));
    const total = centred.reduce((sum, row, at) => sum + row[at], 0);
    const first = mainDirection(centred);
    const rest = centred.map((row, at) =>
      row.map((value, other) => value - first.size * first.shares[at] * first.shares[other]),
    );
    const second = mainDirection(rest);
    if (!(second.size > 1e-6 * total)) return;
    const origin = points[count - 1];
    const both = [first, second].map(({ shares }) => {
      // The shares of a centred path add up to nothing, so the mean needs no taking away.
      const direction = new Float32Array(origin.length);
      shares.forEach((share, at) => points[at].forEach((value, index) => (direction[index] += share * value)));
      const length = Math.sqrt(product(direction, direction));
      // The path starts where the first numbers are negative.
      const sign = product(direction, points[0]) > product(direction, origin) ? -1 : 1;
      return direction.map((value) => (sign * value) / length);
    });
    const directions = /** @type {[Float32Array, Float32Array]} */ (both);
    const ends = directions.map((direction) => product(direction, origin));
    return {
      origin,
      directions,
      places: points.map((point) => [product(directions[0], point) - ends[0], product(directions[1], point) - ends[1]]),
      explained: [first.size / total, second.size / total],
    };
  }
}

/** @param {Float32Array} a @param {Float32Array} b */
function product(a, b) {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

/**
 * The largest eigenvalue of a symmetric matrix without negative ones, and its vector of length 1.
 * @param {number[][]} matrix
 */
function mainDirection(matrix) {
  // Starting with the longest row leaves out no direction that matters.
  let shares = matrix.reduce((best, row) => (Math.hypot(...row) > Math.hypot(...best) ? row : best));
  let size = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const length = Math.hypot(...shares) || 1;
    const unit = shares.map((share) => share / length);
    shares = matrix.map((row) => row.reduce((sum, value, at) => sum + value * unit[at], 0));
    const before = size;
    size = Math.hypot(...shares);
    if (Math.abs(size - before) <= 1e-12 * size) break;
  }
  return { size, shares: shares.map((share) => share / (size || 1)) };
}

/** Every weight of a model as one vector, and back. */
export class WeightVector {
  #model;
  #tensors;

  /** @param {Model} model @param {{ name: string, length: number }[]} tensors */
  constructor(model, tensors) {
    this.#model = model;
    this.#tensors = tensors;
  }

  /** @param {Model} model */
  static async of(model) {
    const { layers } = await model.summary();
    const tensors = layers.flatMap(({ weights }) =>
      weights.map(({ name, shape }) => ({ name, length: shape.reduce((product, side) => product * side, 1) })),
    );
    return new WeightVector(model, tensors);
  }

  async read() {
    const tensors = await Promise.all(this.#tensors.map(({ name }) => this.#model.weights(name)));
    const all = new Float32Array(this.#tensors.reduce((sum, { length }) => sum + length, 0));
    let start = 0;
    for (const { values } of tensors) {
      all.set(values, start);
      start += values.length;
    }
    return all;
  }

  /** @param {Float32Array} all */
  async write(all) {
    let start = 0;
    const writing = this.#tensors.map(({ name, length }) => {
      start += length;
      return this.#model.setWeights(name, all.slice(start - length, start));
    });
    await Promise.all(writing);
  }
}

/** @param {Plane} plane @param {number} p @param {number} q @returns {Float32Array} the weights there */
export function weightsAt({ origin, directions: [first, second] }, p, q) {
  return origin.map((value, index) => value + p * first[index] + q * second[index]);
}

/**
 * The part of a plane around a path: as high as wide at least by half, with room on all sides.
 * @param {[number, number][]} places
 * @returns {{ from: [number, number], to: [number, number] }}
 */
export function frameAround(places) {
  const ends = [0, 1].map((axis) => {
    const numbers = places.map((place) => place[axis]);
    return [Math.min(...numbers), Math.max(...numbers)];
  });
  const widest = Math.max(...ends.map(([low, high]) => high - low));
  const [p, q] = ends.map(([low, high]) => {
    const half = Math.max(high - low, widest / 2) * 0.7;
    return [(low + high) / 2 - half, (low + high) / 2 + half];
  });
  return { from: [p[0], q[0]], to: [p[1], q[1]] };
}

/**
 * A grid of errors, coarse at first and then finer and finer; what is known already is not computed again.
 * @param {{ from: [number, number], to: [number, number] }} frame
 * @param {(p: number, q: number) => Promise<number>} error
 * @param {number} [refinements]
 * @returns {AsyncGenerator<{ values: Float32Array, columns: number, rows: number }>}
 */
export async function* errorsOver({ from, to }, error, refinements = 3) {
  /** @type {Float32Array} */
  let coarse = new Float32Array();
  for (let level = 0; level <= refinements; level++) {
    const side = 4 * 2 ** level + 1;
    const coarser = (side + 1) / 2;
    const values = new Float32Array(side * side);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        const known = level > 0 && row % 2 === 0 && column % 2 === 0;
        const at = (/** @type {0 | 1} */ axis, /** @type {number} */ index) =>
          from[axis] + ((to[axis] - from[axis]) * index) / (side - 1);
        values[row * side + column] = known
          ? coarse[(row / 2) * coarser + column / 2]
          : await error(at(0, column), at(1, row));
      }
    }
    coarse = values;
    yield { values, columns: side, rows: side };
  }
}
