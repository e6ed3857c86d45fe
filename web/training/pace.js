// When a run takes a snapshot between epochs. Its seconds are those of a clock that goes on while epochs are measured and
// snapshots are written.

/** Nobody is to lose more than ten seconds: half of them are for the steps under way by then, and for the writing. */
const MOST_WAIT = 5;
/** Where a run has just begun or gone on it is taken this soon, then twice as late each time: a row of reloads gets on. */
const FIRST_WAIT = 0.25;

export class Pace {
  #beganAt = 0;
  #keptAt = 0;
  /** How long snapshots take to be written. */
  #writing = 0;

  /** A run begins, or goes on from a snapshot. @param {number} now */
  begin(now) {
    this.#beganAt = this.#keptAt = now;
  }

  /** A snapshot is taken, or nothing has been learnt since the last. @param {number} now */
  keep(now) {
    this.#keptAt = now;
  }

  /** A snapshot was written down. @param {number} seconds from when it was taken */
  wrote(seconds) {
    this.#writing = Math.max(seconds, this.#writing / 2);
  }

  /** Whether it is time for the next. @param {number} now */
  isDue(now) {
    return now - this.#keptAt > this.#wait;
  }

  /** Whether the next comes sooner than it has to. */
  get isEarly() {
    return this.#sinceBegun < MOST_WAIT;
  }

  get #sinceBegun() {
    return Math.max(FIRST_WAIT, this.#keptAt - this.#beganAt);
  }

  get #wait() {
    return Math.max(FIRST_WAIT, Math.min(this.#sinceBegun, MOST_WAIT - this.#writing));
  }
}
