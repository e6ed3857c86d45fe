import { css, html } from "lit";
import { StagedElement } from "../../ui/staged-element.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { GROWTH } from "./words.js";

/** @typedef {import("../../convscope.js").Summary} Summary */
/**
 * @typedef {object} Step what one layer adds to the receptive field, along a side
 * @property {string} name
 * @property {string} className
 * @property {number} kernel cells of the window, k
 * @property {number} stride s
 * @property {number} jump pixels of the drawing from one unit to the next, j
 * @property {number} field pixels of the drawing that a unit sees, padding included, r
 */

/**
 * The layers with maps, the drawing before them.
 * @param {Summary} summary
 * @returns {Step[]}
 */
export function stepsOf({ layers }) {
  const input = { name: "input", className: "", kernel: 1, stride: 1, jump: 1, field: 1 };
  const steps = layers.flatMap(({ name, className, outputShape, window, receptiveField }) =>
    outputShape.length === 3 && receptiveField
      ? [
          {
            name,
            className,
            kernel: window?.rows.size ?? 1,
            stride: window?.rows.stride ?? 1,
            jump: receptiveField.jump[0],
            field: receptiveField.size[0],
          },
        ]
      : [],
  );
  return [input, ...steps];
}

/**
 * The formula of the receptive field with its numbers, a row for each layer. `convscope-layer` with a name when one is
 * chosen.
 */
export class Growth extends StagedElement {
  static properties = { steps: { attribute: false }, layer: { attribute: false } };

  static styles = [
    base,
    tableStyles,
    css`
      thead th {
        color: var(--quiet);
      }
      tr.later {
        color: var(--quiet);
      }
      tr.current {
        font-weight: 600;
      }
      th,
      td {
        padding: 0 14px 0 0;
        height: 28px;
        font-weight: inherit;
      }
      th:last-child,
      td:last-child {
        text-align: left;
      }
      /* Room for the buttons' borders, so that the names stand where the heading does. */
      .scroll {
        margin-left: -5px;
      }
      thead th:first-child {
        padding-left: 5px;
      }
      button.plain {
        min-height: 24px;
        font-weight: inherit;
      }
      @media (max-width: 480px) {
        table {
          font-size: 12px;
        }
        th,
        td {
          padding-right: 7px;
        }
        button.plain {
          font-size: inherit;
        }
      }
      button[aria-pressed="true"] {
        border-color: var(--ink);
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Step[]} */
    this.steps = [];
    /** The layer on view. */
    this.layer = "";
  }

  /** @param {string} name */
  #choose(name) {
    tell(this, "layer", name);
  }

  render() {
    const { steps, layer } = this;
    const current = steps.findIndex(({ name }) => name === layer);
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label=${GROWTH}>
        <table>
          <thead>
            <tr>
              <th scope="col">layer</th>
              <th scope="col">k</th>
              <th scope="col">s</th>
              <th scope="col">jump j</th>
              <th scope="col">receptive field r</th>
            </tr>
          </thead>
          <tbody>
            ${steps.slice(1).map(({ name, className, kernel, stride, jump, field }, index) => {
              const before = steps[index];
              const classes = index + 1 === current ? "current" : index + 1 > current ? "later" : "";
              return html`<tr class=${classes}>
                <th scope="row">
                  <button
                    class="plain"
                    title=${className}
                    aria-pressed=${index + 1 === current}
                    @click=${() => this.#choose(name)}
                  >
                    ${name}
                  </button>
                </th>
                <td>${kernel}</td>
                <td>${stride}</td>
                <td>${before.jump} · ${stride} = ${jump}</td>
                <td>${before.field} + (${kernel} − 1) · ${before.jump} = <data value=${field}>${field}</data></td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    `;
  }
}

customElements.define("convscope-growth", Growth);
