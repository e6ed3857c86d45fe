import { css, html } from "lit";
import { RUN_EVENTS } from "../../training/run.js";
import { Following } from "../../ui/following.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import "./confusion-matrix.js";
import "./wrong-gallery.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./wrong-gallery.js").Cell} Cell */

const NO_COUNTS = new Uint32Array();
/** @type {import("../../training/validation.js").Wrong[]} */
const NONE_WRONG = [];

/** What a run's network takes for what, after its last epoch or at the snapshot on view. */
export class Mistakes extends OwnTaskElement {
  static properties = {
    run: { attribute: false },
    dark: { attribute: false },
    examples: { attribute: false },
    classes: { attribute: false },
    cell: { state: true },
  };

  static styles = [
    base,
    css`
      .mistakes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 350px), 1fr));
        align-items: start;
        gap: 16px 28px;
      }
      .scroll {
        overflow-x: auto;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../../training/run.js").Run | undefined} */
    this.run = undefined;
    /** Whether canvases take the colours of the dark theme. */
    this.dark = false;
    /** Those of the validation. @type {import("../../convscope.js").LabelledImages | undefined} */
    this.examples = undefined;
    /** What the labels stand for. @type {string[]} */
    this.classes = [];
    /** The kind of mistake that is looked at. @type {Cell | undefined} */
    this.cell = undefined;
    new Following(this, RUN_EVENTS, () => this.run);
  }

  render() {
    const { run, cell, classes, dark } = this;
    const metrics = run?.measured;
    return html`
      <div class="mistakes" ?hidden=${!metrics}>
        <div class="scroll">
          <convscope-confusion-matrix
            .counts=${metrics?.confusion ?? NO_COUNTS}
            .classes=${classes}
            .cell=${cell}
            @mistake=${(/** @type {Told<"mistake">} */ { detail }) => (this.cell = detail)}
          ></convscope-confusion-matrix>
        </div>
        <convscope-wrong-gallery
          .wrong=${metrics?.wrong ?? NONE_WRONG}
          .examples=${this.examples}
          .classes=${classes}
          .cell=${cell}
          .dark=${dark}
          @all=${() => (this.cell = undefined)}
        ></convscope-wrong-gallery>
      </div>
    `;
  }
}

customElements.define("convscope-mistakes", Mistakes);
