/**
 * A reactive controller: its host hears the events of one target at a time, and of none while it is out of the page.
 */
export class Following {
  #host;
  #kinds;
  /** @type {EventTarget | undefined} */
  #target;

  /**
   * @param {import("lit").ReactiveControllerHost & EventListenerObject} host
   * @param {readonly string[]} kinds of events
   */
  constructor(host, kinds) {
    this.#host = host;
    this.#kinds = kinds;
    host.addController(this);
  }

  /** @param {EventTarget | undefined} target */
  follow(target) {
    if (target === this.#target) return;
    for (const kind of this.#kinds) {
      this.#target?.removeEventListener(kind, this.#host);
      target?.addEventListener(kind, this.#host);
    }
    this.#target = target;
  }

  hostDisconnected() {
    this.follow(undefined);
  }
}
