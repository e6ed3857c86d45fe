// What is done to a model that learns while no step is under way.

export class BetweenSteps {
  /** @type {(() => Promise<void>)[]} */
  #waiting = [];

  get isWaitedFor() {
    return this.#waiting.length > 0;
  }

  /** @param {() => Promise<void>} change that is to be made as soon as the steps under way are over @returns {Promise<void>} */
  add(change) {
    return new Promise((resolve, reject) => this.#waiting.push(() => change().then(resolve, reject)));
  }

  /** Makes all changes that wait. */
  async come() {
    for (const change of this.#waiting.splice(0)) await change();
  }
}
