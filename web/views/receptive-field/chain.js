import { css, html } from "lit";
import { largest, range } from "../../ui/heat-map.js";
import { feeders, meaningOf, planeOf } from "../../session/layers.js";
import { SessionElement } from "../../session/session-element.js";
import { tellOn } from "../../ui/events.js";
import { base } from "../../ui/theme.js";
import { SCALES, unitOnView, withField } from "./words.js";
import "../../cells/plane.js";
import "../../ui/legend.js";

/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../convscope.js").UnitArithmetic["regions"][number]} Region */

/** CSS pixels for the drawing. */
const DRAWING = 196;
/** On a phone two pictures stand side by side. */
const NARROW = 0.8;
/** CSS pixels for a map: smaller maps are drawn smaller, but a finger can still tell their cells apart. */
const spaceOf = (/** @type {Column} */ { height, width }) => 48 + 4 * Math.max(height, width);

/** @param {Region} region @returns {import("../../cells/plane.js").Window} */
export function regionWindow({ rows, columns }) {
  return { row: rows[0], column: columns[0], height: rows[1] - rows[0], width: columns[1] - columns[0] };
}

/**
 * The drawing and a map of every layer up to the one on view, with what a unit of it sees framed on each. Of the layers
 * between it shows the map that gives most to the next one here. `convscope-cell` when another unit is chosen.
 */
export class Chain extends SessionElement {
  static properties = {
    columns: { attribute: false },
    unit: { attribute: false },
    cell: { attribute: false },
    regions: { attribute: false },
    narrow: { attribute: false },
  };

  static styles = [
    base,
    css`
      .chain {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 16px 6px;
      }
      /* With the figure behind it, so that no arrow ends a line. */
      .link {
        display: flex;
        align-items: end;
        gap: 6px;
      }
      .arrow {
        padding-bottom: 64px;
        color: var(--quiet);
        font-size: 16px;
        line-height: 1;
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
        width: max-content;
        min-width: 104px;
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
    /** Whether there is no room for more than two pictures side by side. */
    this.narrow = false;
  }

  /** The map of each column that is shown. @returns {number[]} */
  get #maps() {
    const maps = [this.unit];
    for (let index = this.columns.length - 1; index > 0; index--) {
      const before = this.columns[index - 1];
      const links = feeders(this.columns[index], maps[0]).map(({ map, strength }) => ({
        map,
        given: strength * this.#largestSeen(before, map),
      }));
      maps.unshift(links.reduce((best, link) => (link.given > best.given ? link : best)).map);
    }
    return maps;
  }

  /** The largest value that the unit sees of a map. @param {Column} column @param {number} map */
  #largestSeen(column, map) {
    const region = this.regions.get(column.name);
    if (!region) return 1;
    const values = planeOf(this.session?.observation, column, map);
    const rows = Array.from({ length: region.rows[1] - region.rows[0] }, (_, row) => {
      const start = (region.rows[0] + row) * column.width;
      return range(values.subarray(start + region.columns[0], start + region.columns[1])).max;
    });
    return Math.max(0, ...rows);
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
    return html`<div class="link">
      <span class="arrow" aria-hidden="true" ?hidden=${index === 0}>→</span>
      <figure>
        <convscope-plane
          .values=${values}
          .width=${width}
          .height=${height}
          .meaning=${meaningOf(column)}
          .limit=${index === 0 ? 1 : largest(values)}
          .space=${(index === 0 ? DRAWING : spaceOf(column)) * (this.narrow ? NARROW : 1)}
          .window=${last ? undefined : seen}
          .cell=${last ? cell : undefined}
          .movable=${last}
          .label=${last ? unitOnView(name, map) : withField(title)}
          .dark=${dark}
        ></convscope-plane>
        <figcaption class="small">
          ${index === 0 ? "drawing" : name}<br />
          <span class="quiet"
            >${index === 0 ? "" : `map ${map + 1}, `}${height}×${width}<br />${last ? `row ${cell.row + 1}, column ${cell.column + 1}` : `${seen?.height ?? 0}×${seen?.width ?? 0} seen`}</span
          >
        </figcaption>
      </figure>
    </div>`;
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
        <span class="quiet small">${SCALES}</span>
      </div>
    `;
  }
}

customElements.define("convscope-field-chain", Chain);
