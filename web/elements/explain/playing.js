/** @typedef {import("lit").ReactiveController} ReactiveController */

/** Between two units while it plays. */
const STEP_MS = 90;

/**
 * A reactive controller: while it plays, the cells of a map come one after the other, row by row.
 * @implements {ReactiveController}
 */
export class Playing {
  #host;
  #timer = 0;
  /** The last cell that was reached, of those of the map; undefined: nothing plays. @type {number | undefined} */
  cell;

  /** @param {import("lit").ReactiveControllerHost} host @param {(cell: number) => void} reach told each cell */
  constructor(host, reach) {
    this.#host = host;
    this.reach = reach;
    host.addController(this);
  }

  get running() {
    return this.#timer !== 0;
  }

  /** @param {number} cells of the map */
  start(cells) {
    this.pause();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let next = still ? cells - 1 : this.cell === undefined || this.cell >= cells - 1 ? 0 : this.cell + 1;
    const step = () => {
      this.cell = next;
      this.reach(next);
      next += 1;
      if (next >= cells) this.pause();
    };
    this.#timer = setInterval(step, STEP_MS);
    step();
    this.#host.requestUpdate();
  }

  pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#host.requestUpdate();
  }

  /** Nothing is played any more: all of the map is there. */
  stop() {
    this.cell = undefined;
    this.pause();
  }

  hostDisconnected() {
    this.stop();
  }
}
