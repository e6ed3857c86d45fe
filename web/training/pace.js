// When a run takes a snapshot between epochs, in seconds of training.

/** It is taken no later, so that no more than this is lost with the page or the engine. */
const MOST_SECONDS = 10;
/** Where a run has just begun or gone on it is taken this soon, then twice as late each time: a row of reloads gets on. */
const FIRST_SECONDS = 0.25;

export class Pace {
  #beganAt = 0;
  #keptAt = 0;

  /** A run begins, or goes on from a snapshot. @param {number} seconds of training until then */
  begin(seconds) {
    this.#beganAt = this.#keptAt = seconds;
  }

  /** A snapshot was taken. @param {number} seconds of training until then */
  keep(seconds) {
    this.#keptAt = seconds;
  }

  /** Whether it is time for the next. @param {number} seconds of training until now */
  isDue(seconds) {
    return seconds - this.#keptAt > this.#wait;
  }

  /** Whether the next comes sooner than it has to. */
  get isEarly() {
    return this.#wait < MOST_SECONDS;
  }

  get #wait() {
    return Math.min(MOST_SECONDS, Math.max(FIRST_SECONDS, this.#keptAt - this.#beganAt));
  }
}
