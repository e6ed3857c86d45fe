import { LitElement, css, html } from "lit";
import { followRace } from "./follow-race.js";
import { base } from "../ui/theme.js";

/** Train, pause, step and reset all runners of a race. */
export class RaceControls extends LitElement {
  static properties = { race: { attribute: false }, waiting: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../training/race.js").Race | undefined} */
    this.race = undefined;
    /** Whether another race is about to take this one's place, so that nothing can be begun. */
    this.waiting = false;
    followRace(this, () => this.race);
  }

  #told() {
    const { race, waiting } = this;
    if (waiting || !race) return "The runners take their places…";
    if (race.finished) return "The race is over.";
    return race.running ? "They learn in turns, the same examples each." : "";
  }

  render() {
    const { race, waiting } = this;
    const idle = !race || waiting || race.running || race.finished;
    return html`
      ${
        race?.running
          ? html`<button @click=${() => race.pause()}>Pause</button>`
          : html`<button ?disabled=${idle} @click=${() => race?.start()}>Train</button>`
      }
      <button ?disabled=${idle} @click=${() => race?.stepOnce()}>Step</button>
      <button ?disabled=${!race || waiting} @click=${() => race?.reset()}>Reset</button>
      <span class="quiet" role="status" aria-label="Race">${this.#told()}</span>
    `;
  }
}

customElements.define("convscope-race-controls", RaceControls);
