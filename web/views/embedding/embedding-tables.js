import { css, html, LitElement, nothing } from "lit";
import { number } from "../../ui/numbers.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";

/** @typedef {import("../../convscope.js").LabelledImages} LabelledImages */
/** @typedef {{ index: number, distance: number }} Near */

/** A map of examples in numbers: those nearest to the drawing, and where each class lies. */
export class EmbeddingTables extends LitElement {
  static properties = {
    images: { attribute: false },
    classes: { attribute: false },
    coordinates: { attribute: false },
    wrong: { attribute: false },
    near: { attribute: false },
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
      .tables {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 48px;
      }
      caption {
        margin-bottom: 4px;
        font-weight: 600;
        text-align: left;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {LabelledImages | undefined} */
    this.images = undefined;
    /** What the labels stand for. @type {string[]} */
    this.classes = [];
    /** [n, 2] @type {Float32Array} */
    this.coordinates = new Float32Array(0);
    /** Which examples are read as something else. @type {Set<number>} */
    this.wrong = new Set();
    /** The examples nearest to the drawing. @type {Near[]} */
    this.near = [];
    this.open = false;
  }

  #nearest() {
    const { images, classes, coordinates, near } = this;
    return html`<table>
      <caption>
        Nearest to the drawing
      </caption>
      <thead>
        <tr>
          <th scope="col">example</th>
          <th scope="col">class</th>
          <th scope="col">distance</th>
          <th scope="col">first</th>
          <th scope="col">second</th>
        </tr>
      </thead>
      <tbody>
        ${near.map(
          ({ index, distance }) =>
            html`<tr>
              <td>${index + 1}</td>
              <td>${classes[images?.labels[index] ?? 0]}</td>
              <td>${number(distance)}</td>
              <td>${number(coordinates[2 * index])}</td>
              <td>${number(coordinates[2 * index + 1])}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #means() {
    const { images, classes, coordinates, wrong } = this;
    const labels = Array.from(images?.labels ?? []);
    return html`<table>
      <caption>
        Where each class lies
      </caption>
      <thead>
        <tr>
          <th scope="col">class</th>
          <th scope="col">examples</th>
          <th scope="col">read wrongly</th>
          <th scope="col">mean first</th>
          <th scope="col">mean second</th>
        </tr>
      </thead>
      <tbody>
        ${classes.map((name, label) => {
          const members = labels.flatMap((one, index) => (one === label ? [index] : []));
          const mean = (/** @type {0 | 1} */ axis) =>
            members.reduce((sum, index) => sum + coordinates[2 * index + axis], 0) / members.length;
          return html`<tr>
            <th scope="row">${name}</th>
            <td>${members.length}</td>
            <td>${members.filter((index) => wrong.has(index)).length}</td>
            <td>${members.length ? number(mean(0)) : nothing}</td>
            <td>${members.length ? number(mean(1)) : nothing}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  render() {
    return html`
      <details
        @toggle=${(/** @type {Event} */ { target }) => (this.open = /** @type {HTMLDetailsElement} */ (target).open)}
      >
        <summary class="quiet small">The map as tables</summary>
        ${
          this.open
            ? html`<div class="tables">
                <div class="scroll" tabindex="0" role="region" aria-label="Nearest to the drawing">
                  ${this.#nearest()}
                </div>
                <div class="scroll" tabindex="0" role="region" aria-label="Where each class lies">${this.#means()}</div>
              </div>`
            : nothing
        }
      </details>
    `;
  }
}

customElements.define("convscope-embedding-tables", EmbeddingTables);
