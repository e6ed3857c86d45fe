// What learns in a view, for when somebody who has left it for another comes back to it.

/** @typedef {import("lit").ReactiveController} ReactiveController */
/** @typedef {import("../session/session.js").Session} Session */

/** By its session, then by the view's name. @type {WeakMap<Session, Map<string, any>>} */
const left = new WeakMap();

/**
 * A reactive controller: what `leave` gives when its host leaves the page, the next view of that name and session takes up.
 *
 * @template Left
 * @implements {ReactiveController}
 */
export class LeftView {
  #host;
  #leave;

  /**
   * @param {import("../session/view.js").View} host
   * @param {() => Left | undefined} leave undefined: there is nothing to come back to
   */
  constructor(host, leave) {
    this.#host = host;
    this.#leave = leave;
    host.addController(this);
  }

  hostConnected() {
    // One that was only moved has it all.
    if (this.#host.hasUpdated) this.take();
  }

  hostDisconnected() {
    const { session, localName } = this.#host;
    const what = this.#leave();
    if (!session || !what) return;
    const views = left.get(session) ?? new Map();
    left.set(session, views.set(localName, what));
  }

  /** What was left, once. @returns {Left | undefined} */
  take() {
    const { session, localName } = this.#host;
    const views = session && left.get(session);
    const what = views?.get(localName);
    views?.delete(localName);
    return what;
  }
}
