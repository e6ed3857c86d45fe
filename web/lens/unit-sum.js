import { css, html, nothing } from "lit";
import { number, short } from "../ui/numbers.js";
import { StagedElement } from "../ui/staged-element.js";
import { tableStyles } from "../ui/tables.js";
import { base } from "../ui/theme.js";
import { SOFTMAX, TAKES, beforeActivation, outputWords, sumWords } from "./words.js";

/** @typedef {import("../convscope.js").UnitArithmetic} UnitArithmetic */

/** From the channels' sums to a unit's output: Σ + bias, through the activation. */
export class UnitSum extends StagedElement {
  static properties = {
    story: { attribute: false },
    names: { attribute: false },
    unit: { attribute: false },
    brief: { type: Boolean },
  };

  static styles = [
    base,
    tableStyles,
    css`
      .steps {
        display: grid;
        grid-template-columns: auto auto;
        justify-content: start;
        align-items: baseline;
        gap: 4px 10px;
        margin: 0;
      }
      dt {
        color: var(--quiet);
      }
      dt {
        white-space: nowrap;
      }
      dd {
        min-width: 5ch;
        margin: 0;
        text-align: right;
      }
      .output {
        padding-top: 4px;
        border-top: 1px solid var(--ink);
        font-weight: 600;
      }
      dd.output {
        font-size: 16px;
      }
      .sums {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 8px;
        margin: 0 0 10px;
      }
      summary {
        min-height: 24px;
        cursor: pointer;
      }
      .sums span {
        min-width: 7ch;
      }
      .chosen {
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {UnitArithmetic | undefined} */
    this.story = undefined;
    /** What each channel is called. @type {string[]} */
    this.names = [];
    /** The unit's number in its layer. */
    this.unit = 0;
    /** Whether the channels' sums stand elsewhere. */
    this.brief = false;
  }

  /** @param {UnitArithmetic} story */
  #channels({ sums }) {
    if (sums.length < 2 || this.brief) return nothing;
    return html`
      <p class="quiet small">sums of the ${sums.length} channels</p>
      <p class="sums">
        ${Array.from(sums, (sum, index) => {
          const sign = sum < 0 ? "−" : index ? "+" : "";
          return html`<span title=${this.names[index]}
            >${sign} <data value=${sum}>${short(Math.abs(sum))}</data></span
          >`;
        })}
      </p>
    `;
  }

  /** @param {UnitArithmetic} story */
  #softmax({ logits, output }) {
    if (logits.length === 0) return nothing;
    return html`
      <details>
        <summary class="quiet small">${SOFTMAX}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">unit</th>
              <th scope="col">logit</th>
            </tr>
          </thead>
          <tbody>
            ${Array.from(
              logits,
              (logit, unit) =>
                html`<tr class=${unit === this.unit ? "chosen" : ""}>
                  <th scope="row">${unit}</th>
                  <td>${number(logit)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
        <p class="quiet small">This unit's share is ${number(output)}.</p>
      </details>
    `;
  }

  render() {
    const { story } = this;
    if (!story) return;
    const { operation, sum, bias, preactivation, activation, output } = story;
    const summed = operation === "weighted-sum" || operation === "normalization";
    return html`
      ${this.#channels(story)}
      <dl class="steps">
        ${
          summed || operation in TAKES
            ? html`<dt>${sumWords(story)}</dt>
                <dd>${number(sum)}</dd>`
            : nothing
        }
        ${
          summed
            ? html`<dt>${operation === "normalization" ? "+ shift" : "+ bias"}</dt>
                <dd>${number(bias)}</dd>
                ${
                  activation === "linear"
                    ? nothing
                    : html`<dt>${beforeActivation(story)}</dt>
                        <dd>${number(preactivation)}</dd>`
                }`
            : nothing
        }
        <dt class="output">${outputWords(story)}</dt>
        <dd class="output">${number(output)}</dd>
      </dl>
      ${this.#softmax(story)}
    `;
  }
}

customElements.define("convscope-unit-sum", UnitSum);
