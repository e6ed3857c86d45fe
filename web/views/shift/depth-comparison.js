import { LitElement, css, html } from "lit";
import { counted } from "../../ui/counted.js";
import { lineStyles } from "../../runs/lines.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { REACH } from "./offset-count.js";
import { percent } from "../../ui/numbers.js";
import "../../runs/curves.js";

/**
 * @typedef {object} Row one network
 * @property {string} title
 * @property {number | undefined} hiddenLayers undefined for a convolutional network
 * @property {number} params
 * @property {number | undefined} accuracy on MNIST's test set, 0 to 1
 * @property {number[]} byDistance share that is right at each distance from 0; NaN where it is not known yet
 */

/** Distances with a column of their own. */
const COLUMNS = [0, 1, 2, 4, 6];
const DISTANCES = Array.from({ length: REACH + 1 }, (_, distance) => distance);

/** @param {number | undefined} share */
function told(share) {
  return share === undefined || Number.isNaN(share) ? "–" : html`<data value=${share}>${percent(share)}</data>`;
}

/** Accuracy by distance for networks of different depth, as curves and as a table. */
export class DepthComparison extends LitElement {
  static properties = { rows: { attribute: false }, dark: { attribute: false } };

  static styles = [
    base,
    lineStyles,
    tableStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px 28px;
      }
      tbody th {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      thead th {
        color: var(--quiet);
        vertical-align: bottom;
        line-height: 1.25;
      }
      @media (min-width: 1100px) {
        :host {
          grid-template-columns: minmax(0, 1fr) auto;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Row[]} */
    this.rows = [];
    this.dark = false;
  }

  render() {
    const lines = this.rows.map(({ title, byDistance }, index) => ({
      label: title,
      line: `line-${index}`,
      sparse: true,
      x: DISTANCES,
      y: byDistance,
    }));
    return html`
      <convscope-curves
        .caption=${"Accuracy by distance, mean over all directions"}
        .unit=${"pixels shifted"}
        .percent=${true}
        .dark=${this.dark}
        .lines=${lines}
      ></convscope-curves>
      <div class="scroll" tabindex="0" role="region" aria-label="Depth, parameters and accuracy">
        <table>
          <thead>
            <tr>
              <th scope="col">network</th>
              <th scope="col">hidden<br />layers</th>
              <th scope="col">parameters</th>
              <th scope="col">MNIST<br />test set</th>
              ${COLUMNS.map((far) => html`<th scope="col">shifted<br />by ${far} px</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.rows.map(
              ({ title, hiddenLayers, params, accuracy, byDistance }, index) => html`
                <tr>
                  <th scope="row">
                    <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true">
                      <path class="line line-${index}" d="M0 4H26" />
                    </svg>
                    ${title}
                  </th>
                  <td>${hiddenLayers ?? "CNN"}</td>
                  <td>${counted(params)}</td>
                  <td>${accuracy === undefined ? "–" : percent(accuracy, 2)}</td>
                  ${COLUMNS.map((far) => html`<td>${told(byDistance[far])}</td>`)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }
}

customElements.define("convscope-depth-comparison", DepthComparison);
