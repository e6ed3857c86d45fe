import { css, html, nothing } from "lit";
import { counted } from "../../ui/counted.js";
import { RUN_EVENTS } from "../../training/run.js";
import { Following } from "../../ui/following.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";

/** @param {number} seconds */
function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** Train, pause, step and reset a run; how far it is and how fast. */
export class RunControls extends OwnTaskElement {
  static properties = { run: { attribute: false }, waiting: { attribute: false } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      progress {
        flex: 1 1 100px;
        min-width: 60px;
        max-width: 320px;
        accent-color: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../../training/run.js").Run | undefined} */
    this.run = undefined;
    /** Whether another run is about to take this one's place, so that nothing can be begun. */
    this.waiting = false;
    new Following(this, RUN_EVENTS, () => this.run);
  }

  render() {
    const { run, waiting } = this;
    const running = run?.state === "running";
    const idle = !run || running || waiting || run.state === "finished";
    const left = run && running ? duration(run.timeLeft) : "";
    return html`
      ${
        running
          ? html`<button @click=${() => run.pause()}>Pause</button>`
          : html`<button ?disabled=${idle} @click=${() => run?.start()}>Train</button>`
      }
      <button ?disabled=${idle} @click=${() => run?.stepOnce()}>Step</button>
      <button ?disabled=${idle} @click=${() => run?.finishEpoch()}>One epoch</button>
      <button ?disabled=${!run || waiting || run.step === 0} @click=${() => run?.reset()}>Reset</button>
      <progress max="1" .value=${run ? run.step / run.totalSteps : 0} aria-label="Training"></progress>
      <span class="quiet">
        ${run ? html`step ${counted(run.step)} of ${counted(run.totalSteps)}` : nothing}
        ${run?.speed ? html` · ${counted(Math.round(run.speed / 10) * 10)} images/s` : nothing}
        ${left ? html` · ${left} left` : nothing}
      </span>
    `;
  }
}

customElements.define("convscope-run-controls", RunControls);
