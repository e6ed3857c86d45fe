/** Milliseconds from one call to the next while a model learns. */
const PAUSE = 2500;

/**
 * Calls a task again and again: at once where a model is at rest, and not more often than every few seconds while one
 * learns.
 */
export class Pace {
  #task;
  #called = -PAUSE;
  #timer = 0;

  /** @param {() => void} task */
  constructor(task) {
    this.#task = task;
  }

  /** @param {boolean} learning */
  call(learning) {
    clearTimeout(this.#timer);
    const wait = learning ? this.#called + PAUSE - performance.now() : 0;
    if (wait <= 0) return this.#now();
    this.#timer = setTimeout(() => this.#now(), wait);
  }

  #now() {
    this.#called = performance.now();
    this.#task();
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
