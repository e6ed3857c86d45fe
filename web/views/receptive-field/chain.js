import { css, html } from "lit";
import { largest } from "../../ui/heat-map.js";
import { feeders, meaningOf, planeOf } from "../../session/layers.js";
import { SessionElement } from "../../session/session-element.js";
import { tellOn } from "../../ui/events.js";
import { base } from "../../ui/theme.js";
import "../../cells/plane.js";
import "../../ui/legend.js";

/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../convscope.js").UnitArithmetic["regions"][number]} Region */

/** CSS pixels for the drawing and for a map. */
const DRAWING = 196;
const MAP = 140;

/** @param {Region} region @returns {import("../../cells/plane.js").Window} */
export function regionWindow({ rows, columns }) {
  return { row: rows[0], column: columns[0], height: rows[1] - rows[0], width: columns[1] - columns[0] };
}

/**
 * The drawing and a map of every layer up to the one on view, with what a unit of it sees framed on each. Of the layers
 * between it shows the map that feeds the next one most. `convscope-cell` when another unit is chosen.
 */
export class Chain extends SessionElement {
  static properties = {
    columns: { attribute: false },
    unit: { attribute: false },
    cell: { attribute: false },
    regions: { attribute: false },
  };

  static styles = [
    base,
    css`
      .chain {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 16px 20px;
      }
      .scale {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        margin-top: 10px;
      }
      convscope-legend {
        width: 150px;
      }
      convscope-plane {
        --halo: var(--paper);
      }
      figure {
        margin: 0;
      }
      figcaption {
        margin-top: 4px;
        line-height: 1.35;
      }
    `,
  ];

  constructor() {
    super();
    /** The drawing first, the layer on view last. @type {Column[]} */
    this.columns = [];
    /** The map of the last layer. */
    this.unit = 0;
    /** @type {{ row: number, column: number }} */
    this.cell = { row: 0, column: 0 };
    /** What the unit sees, by layer. @type {Map<string, Region>} */
    this.regions = new Map();
  }

  /** The map of each column that is shown. @returns {number[]} */
  get #maps() {
    const maps = [this.unit];
    for (let index = this.columns.length - 1; index > 0; index--) {
      const links = feeders(this.columns[index], maps[0]);
      maps.unshift(links.reduce((best, link) => (link.strength > best.strength ? link : best)).map);
    }
    return maps;
  }

  /** @param {Column} column @param {number} map @param {number} index */
  #figure(column, map, index) {
    const { session, cell, dark, columns } = this;
    const { name, width, height } = column;
    const last = index === columns.length - 1;
    const values = planeOf(session?.observation, column, map);
    const region = this.regions.get(name);
    const seen = region && regionWindow(region);
    const title = index === 0 ? "drawing" : `${name}, map ${map + 1}`;
    return html`
      <figure>
        <convscope-plane
          .values=${values}
          .width=${width}
          .height=${height}
          .meaning=${meaningOf(column)}
          .limit=${index === 0 ? 1 : largest(values)}
          .space=${index === 0 ? DRAWING : MAP}
          .window=${last ? undefined : seen}
          .cell=${last ? cell : undefined}
          .movable=${last}
          .label=${last ? `Map ${map + 1} of ${name}: the unit on view` : `${title}, with what the unit sees`}
          .dark=${dark}
        ></convscope-plane>
        <figcaption class="small">
          ${title} <span class="quiet">${height}×${width}</span><br />
          <span class="quiet"
            >${last ? `unit in row ${cell.row + 1}, column ${cell.column + 1}` : `${seen?.height ?? 0}×${seen?.width ?? 0} seen`}</span
          >
        </figcaption>
      </figure>
    `;
  }

  render() {
    const maps = this.#maps;
    return html`
      <div class="chain" @cell=${tellOn(this)}>
        ${this.columns.map((column, index) => this.#figure(column, maps[index], index))}
      </div>
      <div class="scale">
        <convscope-legend
          .meaning=${"activation"}
          .signed=${this.columns.some(({ signed }) => signed)}
          .dark=${this.dark}
        ></convscope-legend>
        <span class="quiet small">each map in its own scale; between, the map that feeds the next one most</span>
      </div>
    `;
  }
}

customElements.define("convscope-field-chain", Chain);
