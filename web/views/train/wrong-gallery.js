import { LitElement, css, html, nothing } from "lit";
import { cellSize } from "../../ui/heat-map.js";
import { paintImage } from "../../ui/image.js";
import { exampleImage } from "../../questions/examples.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { percent } from "../../ui/numbers.js";
import { noneOfThese } from "./words.js";

/** @typedef {import("../../training/validation.js").Wrong} Wrong */
/** @typedef {import("../../convscope.js").LabelledImages} Examples */
/** @typedef {{ written: number, read: number }} Cell of a confusion matrix */

/** So many are shown where no kind of mistake is chosen. */
const MOST_SHOWN = 48;

/** The validation examples that the network is wrong about, the most confident first. */
export class WrongGallery extends LitElement {
  static properties = {
    wrong: { attribute: false },
    examples: { attribute: false },
    classes: { attribute: false },
    cell: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 12px;
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        text-align: center;
      }
      canvas {
        margin: 0 auto 2px;
        outline: 1px solid var(--hairline);
      }
      .answer {
        color: var(--alarm);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Wrong[]} */
    this.wrong = [];
    /** @type {Examples | undefined} those that `wrong` counts */
    this.examples = undefined;
    /** What the labels stand for. @type {string[]} */
    this.classes = [];
    /** @type {Cell | undefined} the only kind of mistake to show */
    this.cell = undefined;
    this.dark = false;
  }

  get #shown() {
    const { cell, wrong } = this;
    return cell
      ? wrong.filter(({ label, answer }) => label === cell.written && answer === cell.read)
      : wrong.slice(0, MOST_SHOWN);
  }

  updated() {
    const { examples, dark } = this;
    if (!examples) return;
    const [height, width] = examples.shape;
    const shown = this.#shown;
    for (const [place, canvas] of this.renderRoot.querySelectorAll("canvas").entries()) {
      const { index } = shown[place];
      paintImage(canvas, exampleImage(examples, index), examples.shape, dark);
      const cell = cellSize(Math.max(height, width), 56);
      canvas.style.width = `${width * cell}px`;
      canvas.style.height = `${height * cell}px`;
    }
  }

  render() {
    const { cell, classes } = this;
    const shown = this.#shown;
    const kind = cell ? `: ${classes[cell.written]} taken for ${classes[cell.read]}` : "";
    return html`
      <section aria-label="Most confidently wrong">
        <p class="small">
          <strong>Most confidently wrong${kind}</strong>
          ${cell ? html`<button class="plain" @click=${() => tell(this, "all")}>Show all</button>` : nothing}
        </p>
        ${shown.length ? nothing : html`<p class="quiet small">${noneOfThese(this.wrong.length)}</p>`}
        <ul>
          ${shown.map(
            ({ label, answer, probability }) => html`
              <li class="small">
                <canvas role="img" aria-label="A ${classes[label]}"></canvas>
                ${classes[label]} → <span class="answer">✗ ${classes[answer]}</span><br /><span class="quiet"
                  >${percent(probability, 0)}</span
                >
              </li>
            `,
          )}
        </ul>
      </section>
    `;
  }
}

customElements.define("convscope-wrong-gallery", WrongGallery);
