import { LitElement, css, html } from "lit";
import { choiceField, fieldStyles } from "../../ui/fields.js";
import { tell } from "../../ui/events.js";
import { base } from "../../ui/theme.js";

/** Steps a second while it runs, with their names. @type {[number, string][]} */
const PACES = [
  [5, "slow"],
  [20, "medium"],
  [80, "fast"],
];

/** Run, pause and step along paths. Tells the `step` that shall be on view. */
export class DescentSteps extends LitElement {
  static properties = {
    step: { attribute: false },
    steps: { attribute: false },
    pace: { state: true },
    running: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
      }
      input[type="range"] {
        flex: 1 1 120px;
        min-height: 24px;
      }
    `,
  ];

  #frame = 0;
  #lastFrame = 0;
  #reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

  constructor() {
    super();
    /** The step on view. */
    this.step = 0;
    /** As many as a path has. */
    this.steps = 0;
    this.pace = 20;
    this.running = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.pause();
  }

  #run() {
    if (this.#reducedMotion.matches) return this.#show(this.steps);
    if (this.step >= this.steps) this.#show(0);
    this.running = true;
    this.#frame = requestAnimationFrame((now) => {
      this.#lastFrame = now;
      this.#advance(now);
    });
  }

  pause() {
    this.running = false;
    cancelAnimationFrame(this.#frame);
  }

  /** @param {number} now */
  #advance = (now) => {
    const steps = Math.floor(((now - this.#lastFrame) / 1000) * this.pace);
    this.#lastFrame += (steps * 1000) / this.pace;
    this.#show(Math.min(this.step + steps, this.steps));
    if (this.step === this.steps) return this.pause();
    this.#frame = requestAnimationFrame(this.#advance);
  };

  /** @param {number} step */
  #show(step) {
    this.step = step;
    tell(this, "step", step);
  }

  /** Rests at a step. @param {number} step */
  #goTo(step) {
    this.pause();
    this.#show(Math.min(Math.max(step, 0), this.steps));
  }

  render() {
    const { step, steps, running } = this;
    return html`
      <button @click=${() => (running ? this.pause() : this.#run())}>${running ? "Pause" : "Run"}</button>
      <button @click=${() => this.#goTo(step + 1)} ?disabled=${step >= steps}>Step</button>
      <button @click=${() => this.#goTo(0)} ?disabled=${step === 0}>Reset</button>
      <label>
        Steps
        <input
          type="range"
          min="0"
          max=${steps}
          .value=${String(step)}
          @input=${(/** @type {Event} */ { target }) =>
            this.#goTo(/** @type {HTMLInputElement} */ (target).valueAsNumber)}
        />
        <output>${step}</output>
      </label>
      ${choiceField({
        text: "Speed",
        value: String(this.pace),
        options: PACES.map(([pace, text]) => ({ value: String(pace), text })),
        change: (value) => (this.pace = Number(value)),
      })}
    `;
  }
}

customElements.define("convscope-descent-steps", DescentSteps);
