// The plane through a trained network's weights in which its path lies best: Li, Xu, Taylor, Studer and Goldstein,
// "Visualizing the Loss Landscape of Neural Nets" (2018), section 7.

/** @typedef {import("../convscope.js").RemoteEngine} Engine */
/**
 * @typedef {object} Plane
 * @property {Float32Array} origin the weights at the end of the path, all tensors one after the other
 * @property {[Float32Array, Float32Array]} directions of length 1, at right angles
 * @property {[number, number][]} places of the path's points on the plane, the origin being (0, 0)
 * @property {[number, number]} explained the part of the path's variance along each direction, 0 to 1
 */

/** Along a second direction a path that lies on a line varies by less than this part of all its variance. */
const LINE = 1e-6;

/**
 * @param {Engine} engine
 * @param {Float32Array[]} points all weights of the network, again and again while it learns
 * @returns {Promise<Plane | undefined>} nothing where the points lie on one line
 */
export async function planeThrough(engine, points) {
  const last = points.length - 1;
  const width = points[0]?.length ?? 0;
  if (points.length < 3 || width < 2) return undefined;
  const rows = new Float32Array(points.length * width);
  points.forEach((point, index) => rows.set(point, index * width));
  const { directions, coordinates, variances, total } = await engine.principalComponents(rows, { width, count: 2 });
  if (!(variances[1] > LINE * total)) return undefined;
  /** @param {0 | 1} axis */
  const along = (axis) => {
    const place = (/** @type {number} */ index) => coordinates[2 * index + axis] - coordinates[2 * last + axis];
    // The path starts where the first numbers are negative.
    const sign = place(0) > 0 ? -1 : 1;
    const direction = directions.slice(axis * width, (axis + 1) * width).map((value) => sign * value);
    return { direction, place: (/** @type {number} */ index) => sign * place(index) };
  };
  const [first, second] = [along(0), along(1)];
  return {
    origin: points[last],
    directions: [first.direction, second.direction],
    places: points.map((_, index) => [first.place(index), second.place(index)]),
    explained: [variances[0] / total, variances[1] / total],
  };
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
