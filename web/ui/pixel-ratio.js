/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * Renders its element again when the device pixel ratio changes, as by zooming or on another screen: cells cover whole
 * device pixels.
 * @implements {ReactiveController}
 */
export class PixelRatio {
  #host;
  /** @type {MediaQueryList | undefined} */
  #query;

  /** @param {import("lit").ReactiveControllerHost} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected() {
    this.#query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    this.#query.addEventListener("change", this.#changed, { once: true });
  }

  hostDisconnected() {
    this.#query?.removeEventListener("change", this.#changed);
  }

  #changed = () => {
    this.hostConnected();
    this.#host.requestUpdate();
  };
}
