import { css, html, nothing } from "lit";
import { counted } from "../../ui/counted.js";
import { Following } from "../../ui/following.js";
import { pageData, wantData } from "../../session/page-data.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { AUGMENTATION, LESSON, NOT_AUGMENTED, PURPOSES, WHY_AUGMENT } from "./words.js";
import { isDrawable } from "../../data/image-size.js";
import "./augmentation-preview.js";
import "../../runs/data-summary.js";
import "./example-strip.js";
import "./my-drawings.js";

/** @typedef {import("./words.js").Part} Part */

/** @type {Part[]} */
const PARTS = ["training", "validation", "test"];

/** Images of one class on view at a time. */
const COLUMNS = 12;

/** What the networks learn from: examples of each class, and how many there are. */
export class DataView extends View {
  static properties = { shown: { state: true }, page: { state: true } };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        gap: 14px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
        padding-top: 10px;
        border-top: 1px solid var(--hairline);
      }
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
        gap: 8px 14px;
      }
      .parts button {
        padding: 8px 10px;
        text-align: left;
      }
      .parts button[aria-pressed="true"] {
        border-color: var(--accent);
        outline: 1px solid var(--accent);
        outline-offset: 0;
      }
      .parts .small {
        display: block;
      }
      p {
        max-width: 100ch;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
      }
      caption {
        text-align: left;
      }
      th,
      td {
        padding: 2px 12px 2px 0;
        font-weight: 400;
        text-align: left;
      }
      th {
        overflow-wrap: break-word;
      }
      .class {
        width: 6.5em;
      }
      .count {
        width: 7.5em;
      }
      meter {
        display: block;
        width: 100%;
        height: 8px;
      }
      summary {
        min-height: 24px;
        margin-bottom: 6px;
        cursor: pointer;
      }
      h2 {
        margin: 0 0 6px;
        font-size: inherit;
      }
      @media (max-width: 560px) {
        .class {
          width: 4em;
        }
        .named .class {
          width: 6em;
        }
        .count {
          width: 5em;
        }
      }
    `,
  ];

  #data = pageData();
  /** Of the part on view, the indices of each class. @type {{ of: Uint8Array | undefined, indices: number[][] }} */
  #classes = { of: undefined, indices: [] };
  #told = false;

  constructor() {
    super();
    /** @type {Part} */
    this.shown = "training";
    this.page = 0;
    new Following(
      this,
      ["change"],
      () => this.#data,
      () => this.#begin(),
    );
  }

  connectedCallback() {
    super.connectedCallback();
    void wantData(this);
  }

  /** Shows the first page of the data, which is another. */
  #begin() {
    this.page = 0;
    if (!this.#data.current?.[this.shown]) this.shown = "training";
    this.requestUpdate();
  }

  updated() {
    if (this.#told || !this.#data.current) return;
    this.#told = true;
    this.tellReady();
  }

  /** @param {Uint8Array} labels @param {number} count of classes */
  #indicesByClass(labels, count) {
    if (this.#classes.of !== labels) {
      /** @type {number[][]} */
      const indices = Array.from({ length: count }, () => []);
      labels.forEach((label, index) => indices[label].push(index));
      this.#classes = { of: labels, indices };
    }
    return this.#classes.indices;
  }

  /** @param {number} pages @returns {(event: KeyboardEvent) => void} */
  #turn(pages) {
    return (event) => {
      const turns = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!turns) return;
      event.preventDefault();
      this.page = Math.max(0, Math.min(pages - 1, this.page + turns));
    };
  }

  /** @param {Part} part */
  #choosePart(part) {
    this.shown = part;
    this.page = 0;
  }

  /** What the three parts are, how large, and which of them is on view. */
  #parts() {
    const { current } = this.#data;
    if (!current) return nothing;
    return html`
      <div class="parts" role="group" aria-label="Part of the data">
        ${PARTS.filter((part) => current[part]).map(
          (part) => html`
            <button aria-pressed=${this.shown === part} @click=${() => this.#choosePart(part)}>
              <strong>${part}</strong> ${counted(current[part]?.labels.length ?? 0)} images
              <span class="small">${PURPOSES[part]}</span>
            </button>
          `,
        )}
      </div>
      <p class="quiet small">${current.title}: ${current.note}</p>
    `;
  }

  #examples() {
    const { current } = this.#data;
    if (!current) return nothing;
    const { classes } = current;
    const { pixels, labels, shape } = current[this.shown] ?? current.training;
    const byClass = this.#indicesByClass(labels, classes.length);
    const most = Math.max(...byClass.map(({ length }) => length));
    const pages = Math.ceil(most / COLUMNS);
    const size = shape[0] * shape[1] * shape[2];
    const image = (/** @type {number} */ index) => pixels.subarray(index * size, (index + 1) * size);
    const rows = byClass.map((indices) => indices.slice(this.page * COLUMNS, (this.page + 1) * COLUMNS));
    const turn = this.#turn(pages);
    const original = rows.flat()[0];
    return html`
      <div class="row">
        <strong>The ${this.shown} images</strong>
        <button @keydown=${turn} ?disabled=${this.page === 0} @click=${() => (this.page -= 1)}>Previous</button>
        <button @keydown=${turn} ?disabled=${this.page >= pages - 1} @click=${() => (this.page += 1)}>Next</button>
        <span class="quiet">page ${counted(this.page + 1)} of ${counted(pages)}</span>
      </div>
      <table class=${classes.some(({ length }) => length > 6) ? "named" : ""}>
        <caption class="unseen">
          Examples of each class
        </caption>
        <thead class="quiet">
          <tr>
            <th class="class" scope="col">class</th>
            <th class="count" scope="col">images</th>
            <th scope="col">examples</th>
          </tr>
        </thead>
        <tbody>
          ${classes.map(
            (name, index) => html`
              <tr>
                <th scope="row">${name}</th>
                <td>
                  ${counted(byClass[index].length)}
                  <meter max=${most} .value=${byClass[index].length} aria-label="Images of ${name}"></meter>
                </td>
                <td>
                  <convscope-example-strip
                    .images=${rows[index].map(image)}
                    .shape=${shape}
                    .label=${`Examples of ${name}`}
                    .dark=${this.dark}
                    ?hidden=${rows[index].length === 0}
                  ></convscope-example-strip>
                </td>
              </tr>
            `,
          )}
        </tbody>
      </table>
      <div ?hidden=${original === undefined}>
        <h2>${AUGMENTATION}</h2>
        <p class="quiet">${isDrawable(shape) ? WHY_AUGMENT : NOT_AUGMENTED}</p>
        <convscope-augmentation-preview
          .image=${original === undefined || !isDrawable(shape) ? undefined : image(original)}
          .dark=${this.dark}
        ></convscope-augmentation-preview>
      </div>
    `;
  }

  render() {
    return html`
      <div class="view">
        <p>${LESSON}</p>
        <convscope-data-summary ?hidden=${this.hides("controls")}></convscope-data-summary>
        <details ?hidden=${this.hides("controls")}>
          <summary>My drawings</summary>
          <convscope-my-drawings .session=${this.session} .dark=${this.dark}></convscope-my-drawings>
        </details>
        ${this.#parts()} ${this.#examples()}
      </div>
    `;
  }
}

customElements.define("convscope-data", DataView);
