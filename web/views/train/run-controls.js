import { css, html, nothing } from "lit";
import { counted } from "../../ui/counted.js";
import { RUN_EVENTS } from "../../training/run.js";
import { Following } from "../../ui/following.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { short } from "../../ui/numbers.js";
import { STOPPING, underWay } from "./words.js";

/** How often a step that takes long gives a sign of life, in milliseconds. */
const TICK_MS = 100;
/** A step that takes longer, in seconds, is told of while it is under way. */
const LONG = 0.3;

/** @param {number} seconds */
function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** Train, pause, step and reset a run; how far it is and how fast. */
export class RunControls extends OwnTaskElement {
  static properties = { run: { attribute: false }, waiting: { attribute: false } };

  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

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

  connectedCallback() {
    super.connectedCallback();
    // A step on thousands of images takes seconds, in which the run tells nothing.
    this.#ticking = setInterval(() => {
      if (this.run && !this.run.rests) this.requestUpdate();
    }, TICK_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  /** How far the run is, and how fast. */
  #told() {
    const { run } = this;
    if (!run) return nothing;
    const { step, totalSteps, speed, waited, settings } = run;
    if (!run.rests && run.state !== "running") return STOPPING;
    if (waited > LONG) return underWay(step + 1, settings.batchSize, waited);
    const left = run.state === "running" ? duration(run.timeLeft) : "";
    return html`step ${counted(step)} of ${counted(totalSteps)}
    ${settings.schedule === "cosine" ? html` · learning rate ${short(run.rate)}` : nothing}
    ${speed ? html` · ${counted(Math.round(speed / 10) * 10)} images/s` : nothing}
    ${left ? html` · ${left} left` : nothing}`;
  }

  /** The part of all steps that is over; of a step that takes long, what the speed so far lets expect. */
  #part() {
    const { run } = this;
    if (!run) return 0;
    const { step, totalSteps, speed, waited, settings } = run;
    const begun = waited > LONG ? Math.min(0.95, (waited * speed) / settings.batchSize) : 0;
    return (step + begun) / totalSteps;
  }

  render() {
    const { run, waiting } = this;
    const running = run?.state === "running";
    const idle = !run || running || waiting || run.state === "finished";
    return html`
      ${
        running
          ? html`<button @click=${() => run.pause()}>Pause</button>`
          : html`<button ?disabled=${idle} @click=${() => run?.start()}>Train</button>`
      }
      <button ?disabled=${idle} @click=${() => run?.stepOnce()}>Step</button>
      <button ?disabled=${idle} @click=${() => run?.finishEpoch()}>One epoch</button>
      <button ?disabled=${!run || waiting || (run.step === 0 && run.rests)} @click=${() => run?.reset()}>Reset</button>
      <progress max="1" .value=${this.#part()} aria-label="Training"></progress>
      <span class="quiet">${this.#told()}</span>
    `;
  }
}

customElements.define("convscope-run-controls", RunControls);
