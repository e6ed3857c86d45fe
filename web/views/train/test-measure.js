import { css, html } from "lit";
import { RUN_EVENTS } from "../../training/run.js";
import { Following } from "../../ui/following.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { MEASURE, TEST_SET, measured } from "./words.js";

/** @typedef {import("../../training/run.js").Run} Run */
/** @typedef {{ run: Run, step: number, loss: number, accuracy: number, images: number }} Measured */

/** What the network on view makes of the test set, which is measured only when somebody asks for it. */
export class TestMeasure extends OwnTaskElement {
  static properties = { run: { attribute: false }, examples: { attribute: false }, found: { state: true } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      p {
        max-width: 100ch;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Run | undefined} */
    this.run = undefined;
    /** Those of the test. @type {import("../../convscope.js").LabelledImages | undefined} */
    this.examples = undefined;
    /** @type {Measured | undefined} */
    this.found = undefined;
    new Following(this, RUN_EVENTS, () => this.run);
  }

  async #measure() {
    const { run, examples } = this;
    if (!run || !examples) return;
    const { step, valLoss: loss, valAccuracy: accuracy } = await run.measure(examples);
    this.found = { run, step, loss, accuracy, images: examples.labels.length };
  }

  render() {
    const { run, found } = this;
    // It is told of the network that was measured, and of no other.
    const holds = found && found.run === run && found.step === (run.shown?.step ?? run.step);
    return html`
      <button ?disabled=${!run?.rests || run.step === 0} @click=${this.#measure}>${MEASURE}</button>
      <p role="status" aria-label="Test set">
        ${holds ? measured(found) : html`<span class="quiet">${TEST_SET}</span>`}
      </p>
    `;
  }
}

customElements.define("convscope-test-measure", TestMeasure);
