import { css, html, nothing } from "lit";
import { meaningOf, planeOf, unitWord } from "../../session/layers.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { TRACE_LABEL, borderWords, seesWords } from "./words.js";
import "../../cells/plane.js";

/** @typedef {import("../../convscope.js").UnitArithmetic} UnitArithmetic */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../session/session.js").Observation} Observation */
/**
 * @typedef {{ column: Column, map: number, values: Float32Array, rows: [number, number], columns: [number, number] }}
 * Stop
 */

/** The receptive field of one unit, traced back through every layer to the drawing. */
export class UnitTrace extends StagedElement {
  static properties = {
    regions: { attribute: false },
    columns: { attribute: false },
    observation: { attribute: false },
    unit: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      ol {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-end;
        gap: 12px 16px;
        margin: 0;
        padding: 2px;
        list-style: none;
      }
      li {
        display: grid;
        gap: 4px;
      }
      .name {
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {UnitArithmetic["regions"]} the unit's layer first, the input last */
    this.regions = [];
    /** @type {Column[]} of the network on view */
    this.columns = [];
    /** @type {Observation | undefined} */
    this.observation = undefined;
    /** The unit's map in its layer. */
    this.unit = 0;
    this.dark = false;
  }

  /**
   * From the drawing to the unit; in each layer between, the map that answers most strongly in the region.
   * @returns {Stop[]}
   */
  #stops() {
    const stops = this.regions.flatMap(({ layer, rows, columns }, index) => {
      const column = this.columns.find(({ name }) => name === layer);
      if (!column) return [];
      const map = index === 0 ? this.unit : this.#strongest(column, rows, columns);
      return [{ column, map, values: planeOf(this.observation, column, map), rows, columns }];
    });
    return stops.reverse();
  }

  /** @param {Column} column @param {[number, number]} rows @param {[number, number]} columns */
  #strongest(column, rows, columns) {
    let [best, most] = [0, -Infinity];
    for (let map = 0; map < column.count; map++) {
      const values = planeOf(this.observation, column, map);
      for (let row = rows[0]; row < rows[1]; row++) {
        for (let cell = columns[0]; cell < columns[1]; cell++) {
          const value = values[row * column.width + cell];
          if (value > most) [best, most] = [map, value];
        }
      }
    }
    return best;
  }

  /** @param {Stop} stop */
  #stop({ column, map, values, rows, columns }) {
    const [height, width] = [rows[1] - rows[0], columns[1] - columns[0]];
    const size = `${height}×${width}`;
    const what = column.count === 1 ? "" : `, ${unitWord(column)} ${map + 1}`;
    const meaning = meaningOf(column);
    return html`<li class="small">
      <convscope-plane
        .values=${values}
        .width=${column.width}
        .height=${column.height}
        .meaning=${meaning}
        .limit=${meaning === "ink" ? 1 : (this.observation?.limits.get(column.name) ?? 1)}
        .space=${column.width === 1 ? 24 : 64 + 1.25 * column.width}
        .window=${{ row: rows[0], column: columns[0], height, width }}
        .label=${`${column.name}${what}: the unit sees ${size} cells, from row ${rows[0] + 1} and column ${columns[0] + 1} on`}
        .dark=${this.dark}
      ></convscope-plane>
      <span><span class="name">${column.name}</span><span class="quiet">${what}</span></span>
      <span class="quiet">${seesWords(height, width, column)}</span>
    </li>`;
  }

  /** @param {Stop[]} stops */
  #border(stops) {
    const field = stops.at(-1)?.column.receptiveField;
    const { rows, columns } = stops[0] ?? {};
    if (!field || !rows || !columns) return nothing;
    const [height, width] = [rows[1] - rows[0], columns[1] - columns[0]];
    if (height === field[0] && width === field[1]) return nothing;
    return html`<p class="quiet small">${borderWords(field, height, width)}</p>`;
  }

  render() {
    const stops = this.#stops();
    return html`<ol aria-label=${TRACE_LABEL}>
        ${stops.map((stop) => this.#stop(stop))}
      </ol>
      ${this.#border(stops)}`;
  }
}

customElements.define("convscope-unit-trace", UnitTrace);
