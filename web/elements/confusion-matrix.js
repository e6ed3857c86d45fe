import { LitElement, css, html } from "lit";
import { base } from "./theme.js";

/** What each digit was taken for: rows are what was written, columns what was read. */
export class ConfusionMatrix extends LitElement {
  static properties = { counts: { attribute: false } };

  static styles = [
    base,
    css`
      table {
        border-collapse: collapse;
        font-size: 12px;
      }
      caption {
        text-align: left;
        font-weight: 600;
      }
      th,
      td {
        width: 30px;
        height: 24px;
        padding: 0;
        text-align: center;
        font-weight: 400;
      }
      th {
        color: var(--quiet);
      }
      td {
        border: 1px solid var(--hairline);
        background: color-mix(in srgb, var(--mark) var(--share), var(--paper));
        --mark: var(--alarm);
      }
      .right {
        --mark: var(--accent);
        font-weight: 600;
        text-decoration: underline;
        text-underline-offset: 3px;
      }
    `,
  ];

  constructor() {
    super();
    /** [classes, classes] */
    this.counts = new Uint32Array();
  }

  updated() {
    const classes = Math.sqrt(this.counts.length);
    this.renderRoot.querySelectorAll("td").forEach((cell, place) => {
      const row = Math.floor(place / classes);
      const total = this.counts.subarray(row * classes, (row + 1) * classes).reduce((sum, count) => sum + count, 0);
      const share = total ? this.counts[place] / total : 0;
      // Faint enough for the number in it to be read, and never so faint that a single one is overlooked.
      cell.style.setProperty("--share", `${share ? 8 + 32 * Math.sqrt(share) : 0}%`);
    });
  }

  render() {
    const classes = Math.sqrt(this.counts.length);
    const digits = Array.from({ length: classes }, (_, digit) => digit);
    return html`
      <table ?hidden=${classes === 0}>
        <caption>Written (rows), read (columns)</caption>
        <thead>
          <tr>
            <th></th>
            ${digits.map((digit) => html`<th scope="col">${digit}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${digits.map(
            (written) => html`
              <tr>
                <th scope="row">${written}</th>
                ${digits.map(
                  (read) => html`<td class=${written === read ? "right" : ""}>${this.counts[written * classes + read] || ""}</td>`,
                )}
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}

customElements.define("convscope-confusion-matrix", ConfusionMatrix);
