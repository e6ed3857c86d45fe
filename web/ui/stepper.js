/** @typedef {import("lit").ReactiveController} ReactiveController */

/** Between two steps, in milliseconds: long enough to follow a product. */
const PACE = 650;

/**
 * Steps on by itself once it is started, while its element can be seen.
 * @implements {ReactiveController}
 */
export class Stepper {
  #host;
  #advance;
  #pace;
  #timer = 0;
  #onScreen = false;
  #observer = new IntersectionObserver((entries) => (this.#onScreen = entries[entries.length - 1].isIntersecting));

  /**
   * @param {import("lit").ReactiveElement} host
   * @param {() => void} advance
   * @param {number} [pace] milliseconds between two steps
   */
  constructor(host, advance, pace = PACE) {
    this.#host = host;
    this.#advance = advance;
    this.#pace = pace;
    host.addController(this);
  }

  get running() {
    return this.#timer !== 0;
  }

  hostConnected() {
    this.#observer.observe(this.#host);
  }

  hostDisconnected() {
    this.#observer.disconnect();
    this.stop();
  }

  toggle() {
    if (this.running) return this.stop();
    this.#timer = setInterval(() => this.#onScreen && !document.hidden && this.#advance(), this.#pace);
    this.#host.requestUpdate();
  }

  stop() {
    if (!this.running) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#host.requestUpdate();
  }
}
