import { LitElement, css, html, svg } from "lit";
import { base } from "../../ui/theme.js";
import * as words from "./words.js";

/** Inputs x₁…x₅ and as many outputs s₁…s₅, as Goodfellow, Bengio and Courville draw them. */
const UNITS = 5;
/** Weights of the kernel. */
const KERNEL = 3;
const [WIDTH, HEIGHT, STEP, RADIUS] = [300, 150, 60, 15];
const [TOP, BOTTOM] = [24, HEIGHT - 24];

const SUBSCRIPTS = "₁₂₃";

/** @typedef {{ from: number, to: number, weight: number }} Connection */

/** Each output sees its own input and its neighbours, through the same weights. @type {Connection[]} */
const SPARSE = Array.from({ length: UNITS }, (_, to) =>
  Array.from({ length: KERNEL }, (_, weight) => ({ from: to + weight - 1, to, weight })),
)
  .flat()
  .filter(({ from }) => from >= 0 && from < UNITS);

/** Each output sees each input, through a weight of its own. @type {Connection[]} */
const DENSE = Array.from({ length: UNITS * UNITS }, (_, weight) => ({
  from: weight % UNITS,
  to: Math.floor(weight / UNITS),
  weight,
}));

/** The weight of {@link DENSE} that its button lights: the one from x₃ to s₃. */
const ONE = Math.floor((UNITS * UNITS) / 2);

/** @param {number} unit */
const across = (unit) => WIDTH / 2 + (unit - (UNITS - 1) / 2) * STEP;

/** Few units, all their connections, and one weight lit wherever it is used: sparse and shared, beside dense. */
export class WeightSharing extends LitElement {
  static properties = { weight: { state: true }, denseWeight: { state: true } };

  static styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 48px;
      }
      figure {
        width: min(100%, 340px);
        margin: 0;
      }
      svg {
        display: block;
        width: 100%;
        height: auto;
      }
      line {
        stroke: var(--quiet);
        stroke-width: 1.25;
        opacity: 0.45;
      }
      line.hit {
        stroke: transparent;
        stroke-width: 12;
        cursor: pointer;
      }
      line.lit {
        stroke: var(--accent);
        stroke-width: 3.5;
        opacity: 1;
      }
      circle {
        fill: var(--paper);
        stroke: var(--ink);
        stroke-width: 1.25;
      }
      text {
        fill: var(--ink);
        font-size: 13px;
        font-style: italic;
        text-anchor: middle;
        dominant-baseline: central;
      }
      tspan {
        font-size: 12px;
        font-style: normal;
      }
      .weights {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        min-height: 30px;
      }
      .weights button {
        min-width: 36px;
      }
      button[aria-pressed="true"] {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    /** The weight of the kernel that is lit. */
    this.weight = 1;
    /** The weight of the dense layer that is lit. */
    this.denseWeight = ONE;
  }

  /**
   * @param {string} label
   * @param {Connection[]} connections
   * @param {number} lit
   * @param {(weight: number) => void} choose
   */
  #picture(label, connections, lit, choose) {
    /** @param {Connection} connection @param {string} kind */
    const line = ({ from, to, weight }, kind) =>
      svg`<line class=${kind} x1=${across(from)} y1=${BOTTOM} x2=${across(to)} y2=${TOP}
        @pointerenter=${() => choose(weight)} @click=${() => choose(weight)}></line>`;
    const row = (/** @type {string} */ name, /** @type {number} */ y) =>
      Array.from(
        { length: UNITS },
        (_, unit) => svg`<circle cx=${across(unit)} cy=${y} r=${RADIUS}></circle>
          <text x=${across(unit)} y=${y}>${name}<tspan dy="3">${unit + 1}</tspan></text>`,
      );
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
      ${connections.filter(({ weight }) => weight !== lit).map((one) => line(one, "free"))}
      ${connections.filter(({ weight }) => weight === lit).map((one) => line(one, "lit"))}
      ${connections.map((one) => line(one, "hit"))} ${row("s", TOP)} ${row("x", BOTTOM)}
    </svg>`;
  }

  /** @param {Connection[]} connections @param {number} lit */
  #uses(connections, lit) {
    return connections.filter(({ weight }) => weight === lit).length;
  }

  render() {
    const { weight, denseWeight } = this;
    return html`
      <figure>
        <figcaption><strong>${words.SMALL.dense}</strong></figcaption>
        ${this.#picture(words.SMALL.denseLabel, DENSE, denseWeight, (chosen) => (this.denseWeight = chosen))}
        <p class="small" role="status">${words.small(DENSE.length, DENSE.length, this.#uses(DENSE, denseWeight))}</p>
      </figure>
      <figure>
        <figcaption><strong>${words.SMALL.sparse}</strong></figcaption>
        ${this.#picture(words.SMALL.sparseLabel, SPARSE, weight, (chosen) => (this.weight = chosen))}
        <div class="weights small">
          ${words.SMALL.weights}
          ${Array.from(
            { length: KERNEL },
            (_, one) =>
              html`<button
                aria-pressed=${one === weight}
                @click=${() => (this.weight = one)}
                @focus=${() => (this.weight = one)}
                @pointerenter=${() => (this.weight = one)}
              >
                w${SUBSCRIPTS[one]}
              </button>`,
          )}
        </div>
        <p class="small" role="status">${words.small(SPARSE.length, KERNEL, this.#uses(SPARSE, weight))}</p>
      </figure>
    `;
  }
}

customElements.define("convscope-weight-sharing", WeightSharing);
