/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * A reactive controller: whether its element can be seen, and a wait until it can, so that long work goes on only where someone
 * looks.
 *
 * @implements {ReactiveController}
 */
export class OnScreen {
  #element;
  #inside = false;
  /** Those who wait. @type {(() => void)[]} */
  #waiting = [];
  #observer = new IntersectionObserver((entries) => {
    this.#inside = entries[entries.length - 1].isIntersecting;
    this.#check();
  });

  /** @param {import("lit").LitElement} element */
  constructor(element) {
    this.#element = element;
    element.addController(this);
  }

  hostConnected() {
    this.#observer.observe(this.#element);
    document.addEventListener("visibilitychange", this.#check);
  }

  hostDisconnected() {
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#check);
    this.#inside = false;
  }

  get #seen() {
    return this.#inside && !document.hidden;
  }

  #check = () => {
    if (this.#seen) for (const go of this.#waiting.splice(0)) go();
  };

  /** @returns {Promise<void>} until the element can be seen; forever, if it never can */
  async seen() {
    if (!this.#seen) await new Promise((/** @type {(value: void) => void} */ resolve) => this.#waiting.push(resolve));
  }
}
