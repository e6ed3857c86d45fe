import { LitElement, css, html } from "lit";
import { paint } from "./heat-map.js";
import { rounded } from "./numbers.js";
import { base } from "./theme.js";

const STEPS = 64;

/** Of a legend below pictures whose width it shall not change. */
export const legendBelow = css`
  convscope-legend {
    width: 0;
    min-width: min(100%, 120px);
    margin-top: 10px;
  }
`;

/** What colours mean: a ramp with its ends and its zero in numbers. */
export class Legend extends LitElement {
  static properties = {
    meaning: { attribute: false },
    signed: { attribute: false },
    limit: { attribute: false },
    percent: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        color: var(--quiet);
        font-size: 12px;
        line-height: 14px;
      }
      canvas {
        width: 100%;
        height: 5px;
        outline: 1px solid var(--hairline);
        image-rendering: auto;
      }
      div {
        display: flex;
        justify-content: space-between;
        margin-top: 3px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("./colour-scales.js").Meaning} */
    this.meaning = "activation";
    this.signed = false;
    /** @type {number | undefined} the value of full colour; undefined where each map has its own */
    this.limit = undefined;
    /** Whether the values are shares. */
    this.percent = false;
    this.dark = false;
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    const canvas = this.renderRoot.querySelector("canvas");
    if (!canvas || !(changes.has("meaning") || changes.has("signed") || changes.has("dark"))) return;
    const ramp = Float32Array.from({ length: STEPS }, (_, i) =>
      this.signed ? (2 * i) / (STEPS - 1) - 1 : i / (STEPS - 1),
    );
    paint(canvas, ramp, { width: STEPS, height: 1, meaning: this.meaning, dark: this.dark, limit: 1 });
  }

  render() {
    const { limit, signed, percent } = this;
    const end = limit === undefined ? "max" : percent ? `${100 * limit} %` : rounded(Number(limit.toPrecision(3)));
    return html`
      <canvas aria-hidden="true"></canvas>
      <div>
        <span ?hidden=${!signed}>−${end}</span>
        <span>0</span>
        <span>${end}</span>
      </div>
    `;
  }
}

customElements.define("convscope-legend", Legend);
