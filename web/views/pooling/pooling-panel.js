import { css, html } from "lit";
import { largest } from "../../ui/heat-map.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { tell, tellOn } from "../../ui/events.js";
import "../../cells/number-grid.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./pooled.js").Pooled} Pooled */
/** @typedef {import("./pooled.js").Kind} Kind */

/**
 * One map and what the three kinds of pooling make of it. Events: `convscope-edit` of a cell of the map;
 * `convscope-window` with `{ row, column }` of the output that is pointed at.
 */
export class PoolingPanel extends StagedElement {
  static properties = {
    map: { attribute: false },
    width: { attribute: false },
    height: { attribute: false },
    size: { attribute: false },
    pooled: { attribute: false },
    place: { attribute: false },
    shifted: { attribute: false },
    editable: { attribute: false },
    label: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        --cell: 30px;
      }
      .panel {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        gap: 18px 32px;
      }
      h3 {
        margin: 0 0 6px;
        font-size: inherit;
        font-weight: 600;
      }
      .kinds {
        display: flex;
        flex-wrap: wrap;
        gap: 18px 32px;
      }
      .kind {
        width: 250px;
      }
      .flat .kind {
        width: auto;
        min-width: 250px;
        max-width: 100%;
      }
      .flat .kinds {
        gap: 18px 40px;
      }
      dl {
        display: grid;
        grid-template-columns: auto auto;
        justify-content: start;
        gap: 1px 12px;
        margin: 8px 0 0;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
      }
      .flat convscope-number-grid {
        max-width: 100%;
        overflow-x: auto;
        padding: 3px;
      }
    `,
  ];

  constructor() {
    super();
    /** [height × width] @type {Float32Array} */
    this.map = new Float32Array(0);
    this.width = 1;
    this.height = 1;
    /** Cells along a side of the window. */
    this.size = 1;
    /** @type {Pooled | undefined} */
    this.pooled = undefined;
    /** The output whose window is framed. */
    this.place = { row: 0, column: 0 };
    /** Whether the map has been shifted. */
    this.shifted = false;
    this.editable = true;
    /** What the map is called. */
    this.label = "";
    this.dark = false;
  }

  /** @param {number} row @param {number} column */
  #tell(row, column) {
    tell(this, "window", { row, column });
  }

  /** @param {number | undefined} index of a cell of the map: the last window that begins no later is meant */
  #pointAtMap(index) {
    const { pooled, width } = this;
    if (index === undefined || !pooled) return;
    const window = (/** @type {number} */ cell) => pooled.starts.findLastIndex((start) => start <= cell);
    this.#tell(this.height === 1 ? 0 : window(Math.floor(index / width)), window(index % width));
  }

  /** @param {Pooled} pooled @param {Kind} kind */
  #kind({ height, width }, { title, outputs, changed, params, sees, behind }) {
    const size = (/** @type {number} */ side) => (this.height === 1 ? `${side}` : `${side}×${side}`);
    const { row, column } = this.place;
    return html`<div class="kind" role="group" aria-label="${title} of ${this.label}">
      <h3>${title}</h3>
      <convscope-number-grid
        .values=${outputs}
        .width=${width}
        .height=${height}
        .limit=${Math.max(largest(this.map), largest(outputs))}
        .marked=${row * width + column}
        .movable=${true}
        .label=${`${title} of ${this.label}`}
        .dark=${this.dark}
        @pointnumber=${(/** @type {Told<"pointnumber">} */ { detail: index }) =>
          index !== undefined && this.#tell(Math.floor(index / width), index % width)}
      ></convscope-number-grid>
      <dl class="small">
        <dt>parameters</dt>
        <dd><data value=${params}>${params}</data></dd>
        <dt>one output sees</dt>
        <dd>${size(sees)}</dd>
        <dt>a kernel of ${size(3)} behind it sees</dt>
        <dd>${size(behind)}</dd>
        <dt>changed by the shift</dt>
        <dd>${this.shifted ? html`<data value=${changed}>${changed}</data> of ${outputs.length}` : "not shifted"}</dd>
      </dl>
    </div>`;
  }

  render() {
    const { pooled, map, width, height, size, place, label, dark } = this;
    if (!pooled) return;
    const row = height === 1 ? 0 : pooled.starts[place.row];
    const window = { row, column: pooled.starts[place.column], height: height === 1 ? 1 : size, width: size };
    return html`<div class="panel ${height === 1 ? "flat" : ""}">
      <div>
        <h3>${label[0].toUpperCase()}${label.slice(1)}</h3>
        <convscope-number-grid
          .values=${map}
          .width=${width}
          .height=${height}
          .limit=${largest(map)}
          .editable=${this.editable ? "number" : undefined}
          .movable=${true}
          .window=${window}
          .label=${label}
          .dark=${dark}
          @pointnumber=${(/** @type {Told<"pointnumber">} */ { detail }) => this.#pointAtMap(detail)}
          @edit=${tellOn(this)}
        ></convscope-number-grid>
      </div>
      <div class="kinds">${pooled.kinds.map((kind) => this.#kind(pooled, kind))}</div>
    </div>`;
  }
}

customElements.define("convscope-pooling-panel", PoolingPanel);
