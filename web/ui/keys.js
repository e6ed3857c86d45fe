// What keys mean in grids of cells.

/** Right and down, in cells. @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {KeyboardEvent} event
 * @returns {[right: number, down: number] | undefined} the cells that an arrow key goes
 */
export function steps({ key }) {
  return Object.hasOwn(ARROWS, key) ? ARROWS[key] : undefined;
}
