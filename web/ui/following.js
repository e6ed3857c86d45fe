/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * A reactive controller: its host hears what one target at a time tells, and nothing while it is out of the page.
 *
 * @implements {ReactiveController}
 */
export class Following {
  #host;
  #kinds;
  #target;
  #heard;
  /** @type {EventTarget | undefined} */
  #followed;

  /**
   * @param {import("lit").ReactiveControllerHost & { isConnected: boolean }} host
   * @param {readonly string[]} kinds of events
   * @param {() => EventTarget | undefined} target whose they are; looked at anew with every update
   * @param {(event: Event) => void} [heard] if left out, the host is drawn again
   */
  constructor(host, kinds, target, heard = () => host.requestUpdate()) {
    this.#host = host;
    this.#kinds = kinds;
    this.#target = target;
    this.#heard = heard;
    host.addController(this);
  }

  hostConnected() {
    this.#follow(this.#target());
  }

  hostUpdate() {
    if (this.#host.isConnected) this.#follow(this.#target());
  }

  hostDisconnected() {
    this.#follow(undefined);
  }

  /** @param {EventTarget | undefined} target */
  #follow(target) {
    if (target === this.#followed) return;
    for (const kind of this.#kinds) {
      this.#followed?.removeEventListener(kind, this.#heard);
      target?.addEventListener(kind, this.#heard);
    }
    this.#followed = target;
  }
}
