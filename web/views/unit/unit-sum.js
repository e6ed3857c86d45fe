import { css, html, nothing } from "lit";
import { number, short } from "../../ui/numbers.js";
import { StagedElement } from "../../ui/staged-element.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";

/** @typedef {import("../../convscope.js").UnitArithmetic} UnitArithmetic */

/** From the channels' sums to a unit's output: Σ + bias, through the activation. */
export class UnitSum extends StagedElement {
  static properties = { story: { attribute: false }, names: { attribute: false }, unit: { attribute: false } };

  static styles = [
    base,
    tableStyles,
    css`
      .steps {
        display: grid;
        grid-template-columns: auto auto;
        justify-content: start;
        align-items: baseline;
        gap: 4px 16px;
        margin: 0;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
        text-align: right;
      }
      .output {
        padding-top: 4px;
        border-top: 1px solid var(--ink);
        font-size: 20px;
        font-weight: 600;
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
  }

  /** @param {UnitArithmetic} story */
  #channels({ sums }) {
    if (sums.length < 2) return nothing;
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
  #softmax({ logits, preactivation, output }) {
    if (logits.length === 0) return nothing;
    return html`
      <details>
        <summary class="quiet small">
          softmax: e to the power of ${number(preactivation)} over the sum of it over all ${logits.length} units
        </summary>
        <table>
          <thead>
            <tr>
              <th scope="col">unit</th>
              <th scope="col">Σ + bias</th>
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
    const { operation, sum, bias, preactivation, activation, output, kernel } = story;
    const summed = operation === "weighted-sum" || operation === "normalization";
    const kind = { maximum: "largest of the window", mean: "mean of the window" }[/** @type {string} */ (operation)];
    return html`
      ${this.#channels(story)}
      <dl class="steps">
        ${
          summed || kind
            ? html`<dt>${kind ?? (kernel.length > 1 ? "Σ of all products" : "product")}</dt>
                <dd>${number(sum)}</dd>`
            : nothing
        }
        ${
          summed
            ? html`<dt>${operation === "normalization" ? "+ shift" : "+ bias"}</dt>
                <dd>${number(bias)}</dd>
                <dt>before the activation</dt>
                <dd>${number(preactivation)}</dd>`
            : nothing
        }
        <dt class="output">${activation === "linear" ? "output" : `${activation} of it: output`}</dt>
        <dd class="output">${number(output)}</dd>
      </dl>
      ${this.#softmax(story)}
    `;
  }
}

customElements.define("convscope-unit-sum", UnitSum);
