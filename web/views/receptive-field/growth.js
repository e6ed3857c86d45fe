import { css, html } from "lit";
import { StagedElement } from "../../ui/staged-element.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";

/** @typedef {import("../../convscope.js").KerasConfig} KerasConfig */
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
 * @param {unknown} size that Keras writes as a number or as a pair
 * @returns {number | undefined} along the first side
 */
function side(size) {
  return Array.isArray(size) ? Number(size[0]) : typeof size === "number" ? size : undefined;
}

/**
 * The layers with maps, the drawing before them: sizes of windows from the description, fields from the engine's
 * summary.
 * @param {Summary} summary
 * @param {KerasConfig} description
 * @returns {Step[]}
 */
export function stepsOf(summary, description) {
  const described = /** @type {KerasConfig[]} */ (description.config["layers"]);
  /** @type {Step[]} */
  const steps = [{ name: "input", className: "InputLayer", kernel: 1, stride: 1, jump: 1, field: 1 }];
  for (const { name, className, outputShape, receptiveField } of summary.layers) {
    if (outputShape.length !== 3 || !receptiveField) continue;
    const config = described.find((layer) => layer.config["name"] === name)?.config ?? {};
    const window = side(config["kernel_size"]) ?? side(config["pool_size"]) ?? 1;
    const stride = side(config["strides"]) ?? side(config["pool_size"]) ?? 1;
    const { jump } = steps[steps.length - 1];
    steps.push({ name, className, kernel: window, stride, jump: jump * stride, field: receptiveField[0] });
  }
  return steps;
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
      /* The formulas have both numbers too. */
      @media (max-width: 480px) {
        .window {
          display: none;
        }
        th,
        td {
          padding-right: 8px;
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
      <div class="scroll" tabindex="0" role="region" aria-label="How the receptive field grows">
        <table>
          <thead>
            <tr>
              <th scope="col">layer</th>
              <th scope="col" class="window">k</th>
              <th scope="col" class="window">s</th>
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
                <td class="window">${kernel}</td>
                <td class="window">${stride}</td>
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
