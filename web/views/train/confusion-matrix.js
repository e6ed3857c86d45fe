import { LitElement, css, html } from "lit";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { mistook, onlyMistaken } from "./words.js";

/** Rows and columns that a page has room for; of more classes only those are shown that are mistaken most. */
const MOST_CLASSES = 26;

/** @typedef {import("./wrong-gallery.js").Cell} Cell */

/**
 * What each class was taken for: rows are what it was, columns what was read. `convscope-cell` when a mistake is
 * chosen.
 */
export class ConfusionMatrix extends LitElement {
  static properties = { counts: { attribute: false }, classes: { attribute: false }, cell: { attribute: false } };

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
      th[scope="row"] {
        min-width: 30px;
        padding-right: 4px;
        white-space: nowrap;
      }
      td {
        border: 1px solid var(--hairline);
        background: color-mix(in srgb, var(--mark) var(--share), var(--paper));
        --mark: var(--alarm);
      }
      td button {
        width: 100%;
        min-width: 24px;
        min-height: 24px;
        padding: 0;
        border: 0;
        border-radius: 0;
        background: none;
        font: inherit;
      }
      td button[aria-pressed="true"] {
        outline: 2px solid var(--ink);
        outline-offset: -2px;
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
    /** What the labels stand for. @type {string[]} */
    this.classes = [];
    /** @type {Cell | undefined} the mistake that is chosen */
    this.cell = undefined;
  }

  /** @param {Cell} cell */
  #choose(cell) {
    tell(this, "mistake", this.#chosen(cell) ? undefined : cell);
  }

  /** @param {Cell} cell */
  #chosen({ written, read }) {
    return this.cell?.written === written && this.cell.read === read;
  }

  /** @param {Cell} cell */
  #count(cell) {
    const { written, read } = cell;
    const { classes } = this;
    const count = this.counts[written * Math.sqrt(this.counts.length) + read];
    if (count === 0 || written === read) return count || "";
    return html`<button
      aria-pressed=${this.#chosen(cell) ? "true" : "false"}
      aria-label=${mistook(count, classes[written], classes[read])}
      @click=${() => this.#choose(cell)}
    >
      ${count}
    </button>`;
  }

  /** The classes on view, in their order. */
  get #shown() {
    const all = Array.from(this.classes.keys());
    const count = Math.sqrt(this.counts.length);
    if (all.length <= MOST_CLASSES || count !== all.length) return all;
    const mistakes = all.map((one) =>
      all.reduce(
        (sum, other) => sum + (one === other ? 0 : this.counts[one * count + other] + this.counts[other * count + one]),
        0,
      ),
    );
    return all
      .sort((a, b) => mistakes[b] - mistakes[a])
      .slice(0, MOST_CLASSES)
      .sort((a, b) => a - b);
  }

  updated() {
    const classes = Math.sqrt(this.counts.length);
    const shown = this.#shown;
    this.renderRoot.querySelectorAll("td").forEach((cell, place) => {
      const row = shown[Math.floor(place / shown.length)];
      const column = shown[place % shown.length];
      const total = this.counts.subarray(row * classes, (row + 1) * classes).reduce((sum, count) => sum + count, 0);
      const share = total ? this.counts[row * classes + column] / total : 0;
      // Faint enough for the number in it to be read, and never so faint that a single one is overlooked.
      cell.style.setProperty("--share", `${share ? 8 + 32 * Math.sqrt(share) : 0}%`);
    });
  }

  render() {
    const { classes } = this;
    const shown = this.#shown;
    return html`
      <table ?hidden=${this.counts.length === 0}>
        <caption>
          Written (rows), read (columns)
          ${shown.length < classes.length ? onlyMistaken(shown.length, classes.length) : ""}
        </caption>
        <thead>
          <tr>
            <th scope="col"><span class="unseen">written</span></th>
            ${shown.map((read) => html`<th scope="col" title=${classes[read]}>${classes[read].slice(0, 4)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (written) => html`
              <tr>
                <th scope="row">${classes[written]}</th>
                ${shown.map((read) => html`<td class=${written === read ? "right" : ""}>${this.#count({ written, read })}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}

customElements.define("convscope-confusion-matrix", ConfusionMatrix);
