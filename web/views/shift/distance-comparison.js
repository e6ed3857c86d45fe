import { LitElement, css, html } from "lit";
import { lineStyles } from "../../runs/lines.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { REACH } from "./offset-count.js";
import { percent } from "../../ui/numbers.js";
import * as words from "./words.js";
import "../../runs/curves.js";

/**
 * @typedef {object} Row one network
 * @property {string} title
 * @property {number | undefined} hiddenLayers undefined for a convolutional network
 * @property {number} params
 * @property {number[]} byDistance share that is right at each distance from 0; NaN where it is not known yet
 */

/** Distances with a column of their own. */
const COLUMNS = [0, 1, 2, 4, 6];
const DISTANCES = Array.from({ length: REACH + 1 }, (_, distance) => distance);

/** @param {number | undefined} share */
function told(share) {
  return share === undefined || Number.isNaN(share) ? "–" : html`<data value=${share}>${percent(share)}</data>`;
}

/** Accuracy by distance for networks of different kinds, as curves and as a table: all of it on the same images. */
export class DistanceComparison extends LitElement {
  static properties = { rows: { attribute: false }, measured: { attribute: false }, dark: { attribute: false } };

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
      caption {
        margin-bottom: 6px;
        text-align: left;
        caption-side: top;
      }
      tbody th {
        line-height: 1.3;
      }
      tbody th .quiet {
        display: block;
        font-weight: 400;
      }
      thead th {
        color: var(--quiet);
        vertical-align: bottom;
        line-height: 1.25;
      }
      @media (max-width: 480px) {
        th,
        td {
          padding-right: 6px;
          padding-left: 0;
          font-size: 12px;
        }
        tbody th {
          white-space: normal;
        }
      }
      @media (min-width: 1100px) {
        :host {
          grid-template-columns: minmax(0, 1fr) minmax(0, max-content);
        }
        caption {
          max-width: 60ch;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Row[]} */
    this.rows = [];
    /** @type {import("./offset-count.js").Measured} */
    this.measured = { title: "", images: 0 };
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
        .caption=${words.DISTANCES.chart}
        .unit=${words.DISTANCES.unit}
        .percent=${true}
        .dark=${this.dark}
        .lines=${lines}
      ></convscope-curves>
      <div class="scroll" tabindex="0" role="region" aria-label=${words.DISTANCES.chart}>
        <table>
          <caption class="small quiet">
            ${words.distancesMeasured(this.measured)}
          </caption>
          <thead>
            <tr>
              <th scope="col">shifted by</th>
              ${COLUMNS.map((far) => html`<th scope="col">${far} px</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.rows.map(
              ({ title, hiddenLayers, params, byDistance }, index) => html`
                <tr>
                  <th scope="row">
                    <svg class="swatch" viewBox="0 0 26 8" aria-hidden="true">
                      <path class="line line-${index}" d="M0 4H26" />
                    </svg>
                    ${title}<span class="quiet small">${words.size(hiddenLayers, params)}</span>
                  </th>
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

customElements.define("convscope-distance-comparison", DistanceComparison);
