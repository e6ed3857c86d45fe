import { LitElement, css, html, nothing } from "lit";
import { number } from "../ui/numbers.js";
import { tableStyles } from "../ui/tables.js";
import { base } from "../ui/theme.js";
import { contributionsTitle, restWords, valueName } from "./words.js";

/** @typedef {import("../convscope.js").UnitArithmetic} UnitArithmetic */
/** @typedef {import("../session/layers.js").Column} Column */

/** So many inputs are listed. */
const LISTED = 10;

/** What single values give to a unit that sees all of a layer: value × weight = product, the strongest first. */
export class Contributions extends LitElement {
  static properties = { story: { attribute: false }, source: { attribute: false } };

  static styles = [
    base,
    tableStyles,
    css`
      h3 {
        margin: 0 0 6px;
        font-size: inherit;
        font-weight: 600;
      }
      .sign {
        padding-left: 0;
        color: var(--quiet);
      }
      th,
      td {
        padding: 1px 10px 1px 0;
      }
      td:last-child {
        width: 96px;
        padding: 0;
      }
      .bar {
        width: var(--share);
        height: 12px;
        background: var(--accent);
      }
      .bar.takes {
        background: var(--alarm);
      }
      /* The signs are above, in words. */
      @container (max-width: 640px) {
        .sign,
        td:last-child {
          display: none;
        }
        th,
        td {
          padding-right: 8px;
        }
      }
      tfoot th {
        color: var(--quiet);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {UnitArithmetic | undefined} */
    this.story = undefined;
    /** @type {Column | undefined} */
    this.source = undefined;
  }

  /** @param {import("lit").PropertyValues} _changes */
  updated(_changes) {
    const bars = /** @type {NodeListOf<HTMLElement>} */ (this.renderRoot.querySelectorAll(".bar"));
    for (const bar of bars) bar.style.setProperty("--share", `${bar.dataset["share"]}%`);
  }

  render() {
    const { story, source } = this;
    if (!story || !source) return;
    const { channels, patches, kernel, products } = story;
    const order = Array.from(products.keys()).sort((one, other) => Math.abs(products[other]) - Math.abs(products[one]));
    const cells = source.width * source.height;
    const listed = order.slice(0, LISTED);
    const most = Math.abs(products[order[0]]) || 1;
    const rest = order.slice(LISTED).reduce((sum, index) => sum + products[index], 0);
    return html`
      <h3 id="title">${contributionsTitle(source, listed.length, order.length)}</h3>
      <div class="scroll">
        <table aria-labelledby="title">
          <thead class="quiet">
            <tr>
              <th scope="col">from</th>
              <th scope="col">value</th>
              <td class="sign">×</td>
              <th scope="col">weight</th>
              <td class="sign">=</td>
              <th scope="col">product</th>
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${listed.map(
              (index) =>
                html`<tr>
                  <th scope="row">${valueName(source, channels[Math.floor(index / cells)], index % cells)}</th>
                  <td>${number(patches[index])}</td>
                  <td class="sign">×</td>
                  <td>${number(kernel[index])}</td>
                  <td class="sign">=</td>
                  <td>${number(products[index])}</td>
                  <td aria-hidden="true">
                    <div
                      class="bar ${products[index] < 0 ? "takes" : ""}"
                      data-share=${(100 * Math.abs(products[index])) / most}
                    ></div>
                  </td>
                </tr>`,
            )}
          </tbody>
          ${
            order.length > LISTED
              ? html`<tfoot>
                  <tr>
                    <th scope="row">+ ${restWords(order.length - LISTED)}</th>
                    <td></td>
                    <td class="sign"></td>
                    <td></td>
                    <td class="sign"></td>
                    <td>${number(rest)}</td>
                    <td></td>
                  </tr>
                </tfoot>`
              : nothing
          }
        </table>
      </div>
    `;
  }
}

customElements.define("convscope-contributions", Contributions);
