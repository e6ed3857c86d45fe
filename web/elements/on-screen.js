/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * Knows whether its host can be seen: on the screen, and in a document that isn't hidden. Renders the host again when that
 * changes.
 * @implements {ReactiveController}
 */
export class OnScreen {
  visible = false;
  #host;
  #intersects = false;
  #observer = new IntersectionObserver((entries) => {
    this.#intersects = entries[entries.length - 1].isIntersecting;
    this.#look();
  });

  /** @param {import("lit").ReactiveControllerHost & Element} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    this.#observer.observe(this.#host);
    document.addEventListener("visibilitychange", this.#look);
  }

  hostDisconnected() {
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#look);
    this.#intersects = this.visible = false;
  }

  #look = () => {
    const visible = this.#intersects && !document.hidden;
    if (visible === this.visible) return;
    this.visible = visible;
    this.#host.requestUpdate();
  };
}
