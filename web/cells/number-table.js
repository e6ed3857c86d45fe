import { LitElement, css, html, nothing } from "lit";
import { counted } from "../ui/counted.js";
import { number } from "../ui/numbers.js";
import { tableStyles } from "../ui/tables.js";
import { base } from "../ui/theme.js";

/** The numbers of a picture as a table, for those who want to read or hear them; made when it is opened. */
export class NumberTable extends LitElement {
  static properties = {
    values: { attribute: false },
    width: { attribute: false },
    height: { attribute: false },
    first: { attribute: false },
    label: { attribute: false },
    open: { state: true },
  };

  static styles = [
    base,
    tableStyles,
    css`
      summary {
        min-height: 24px;
        cursor: pointer;
      }
      .scroll {
        max-height: 320px;
      }
      th {
        color: var(--quiet);
      }
    `,
  ];

  constructor() {
    super();
    /** [height × width] @type {ArrayLike<number>} */
    this.values = [];
    this.width = 1;
    this.height = 1;
    /** The number of the first row and of the first column. */
    this.first = 1;
    /** What the numbers are. */
    this.label = "";
    this.open = false;
  }

  #table() {
    const { width, height, first, values, label } = this;
    if (values.length < width * height) return nothing;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${label}>
        <table>
          <thead>
            <tr>
              <th scope="col">row</th>
              ${Array.from({ length: width }, (_, column) => html`<th scope="col">${counted(column + first)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${Array.from(
              { length: height },
              (_, row) =>
                html`<tr>
                  <th scope="row">${counted(row + first)}</th>
                  ${Array.from({ length: width }, (_, column) => html`<td>${number(values[row * width + column])}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  render() {
    return html`
      <details
        @toggle=${(/** @type {Event} */ { target }) => (this.open = /** @type {HTMLDetailsElement} */ (target).open)}
      >
        <summary class="quiet small">${this.label} as a table</summary>
        ${this.open ? this.#table() : nothing}
      </details>
    `;
  }
}

customElements.define("convscope-number-table", NumberTable);
