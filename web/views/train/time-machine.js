import { css, html } from "lit";
import { RUN_EVENTS } from "../../training/run.js";
import { Following } from "../../ui/following.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { afterStep } from "./words.js";

/**
 * A slider over a run's snapshots: what shows the run's model shows it as it was then. A run that goes on pauses for
 * it.
 */
export class TimeMachine extends OwnTaskElement {
  static properties = { run: { attribute: false } };

  static styles = [
    base,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      input {
        flex: 1 1 160px;
        max-width: 420px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../../training/run.js").Run | undefined} */
    this.run = undefined;
    new Following(this, RUN_EVENTS, () => this.run);
  }

  /** @param {Event} event */
  #return({ target }) {
    const snapshot = this.run?.snapshots.all[Number(/** @type {HTMLInputElement} */ (target).value)];
    if (snapshot) void this.run?.show(snapshot);
  }

  render() {
    const { run } = this;
    const newest = run?.snapshots.last;
    if (!newest) return;
    const { all } = run.snapshots;
    const shown = run.shown ?? newest;
    return html`
      <div class="row">
        <label for="past">Time machine</label>
        <input
          id="past"
          type="range"
          min="0"
          max=${all.length - 1}
          ?disabled=${all.length < 2}
          .value=${String(all.indexOf(shown))}
          aria-valuetext="step ${shown.step}"
          @input=${this.#return}
        />
        <span class="quiet">${afterStep(shown.step, shown.metrics)}</span>
        <button ?disabled=${shown === newest} @click=${() => run.resume(shown)}>Go on from here</button>
      </div>
    `;
  }
}

customElements.define("convscope-time-machine", TimeMachine);
