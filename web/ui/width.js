/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * Knows how wide its host is, in CSS pixels, and renders it again when that changes.
 * @implements {ReactiveController}
 */
export class Width {
  current = 0;
  #host;
  #observer = new ResizeObserver(([{ contentRect }]) => {
    // A host that is not laid out keeps the width that it had.
    if (contentRect.width === 0 || contentRect.width === this.current) return;
    this.current = contentRect.width;
    // What is drawn anew may change the host's height, which an observer must not see at once.
    requestAnimationFrame(() => this.#host.requestUpdate());
  });

  /** @param {import("lit").ReactiveControllerHost & Element} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    this.#observer.observe(this.#host);
  }

  hostDisconnected() {
    this.#observer.disconnect();
  }
}
