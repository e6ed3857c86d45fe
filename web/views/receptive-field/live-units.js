// Units that respond to the drawing: what the view opens on, since a silent one shows nothing.

import { planeOf, strongestPlace } from "../../session/layers.js";
import { range } from "../../ui/heat-map.js";

/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../session/session.js").Observation | undefined} Observation */
/** @typedef {{ unit: number, row: number, column: number }} InLayer */

/**
 * The map for which a number is largest, and that number.
 * @param {Column} column
 * @param {(map: number) => number} numberOf
 */
function mapWithMost({ count }, numberOf) {
  let [best, most] = [0, -Infinity];
  for (let map = 0; map < count; map++) {
    const number = numberOf(map);
    if (number > most) [best, most] = [map, number];
  }
  return { map: best, most };
}

/** The unit of a layer that responds most. @param {Observation} observation @param {Column} column @returns {InLayer} */
export function strongestUnit(observation, column) {
  const { map } = mapWithMost(column, (map) => range(planeOf(observation, column, map)).max);
  return { unit: map, ...strongestPlace(observation, column, map) };
}

/**
 * The unit that responds most of those at one place; where none responds there, the strongest of the layer.
 * @param {Observation} observation
 * @param {Column} column
 * @param {{ row: number, column: number }} place
 * @returns {InLayer}
 */
export function unitAt(observation, column, place) {
  const cell = place.row * column.width + place.column;
  const { map, most } = mapWithMost(column, (map) => planeOf(observation, column, map)[cell]);
  return most > 0 ? { unit: map, ...place } : strongestUnit(observation, column);
}
