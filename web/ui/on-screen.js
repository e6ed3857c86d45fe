/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * A reactive controller: whether its element can be seen, on the screen and in a document that isn't hidden, and a wait
 * until it can, so that long work goes on only where someone looks. Renders the element again when that changes.
 *
 * @implements {ReactiveController}
 */
export class OnScreen {
  visible = false;
  #element;
  #inside = false;
  /** Those who wait. @type {(() => void)[]} */
  #waiting = [];
  #observer = new IntersectionObserver((entries) => {
    this.#inside = entries[entries.length - 1].isIntersecting;
    this.#look();
  });

  /** @param {import("lit").LitElement} element */
  constructor(element) {
    this.#element = element;
    element.addController(this);
  }

  hostConnected() {
    this.#observer.observe(this.#element);
    document.addEventListener("visibilitychange", this.#look);
  }

  hostDisconnected() {
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#look);
    this.#inside = this.visible = false;
  }

  #look = () => {
    const visible = this.#inside && !document.hidden;
    if (visible === this.visible) return;
    this.visible = visible;
    if (visible) for (const go of this.#waiting.splice(0)) go();
    this.#element.requestUpdate();
  };

  /** @returns {Promise<void>} until the element can be seen; forever, if it never can */
  async seen() {
    if (!this.visible) await new Promise((/** @type {(value: void) => void} */ resolve) => this.#waiting.push(resolve));
  }
}
