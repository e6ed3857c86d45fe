import { css, html } from "lit";
import { shining } from "../../questions/channels.js";
import { largest } from "../../ui/heat-map.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { tell, tellOn } from "../../ui/events.js";
import { peakOf } from "./pooled.js";
import { NOT_SHIFTED, changed, missed, parameters, peak, sees, valuesHere } from "./words.js";
import "../../cells/colour-picture.js";
import "../../cells/number-grid.js";
import "../../cells/plane.js";
import "../../ui/legend.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./pooled.js").Pooled} Pooled */
/** @typedef {import("./pooled.js").Kind} Kind */

/** CSS pixels for a picture, and for what becomes of it; on a phone three of these stand side by side. */
const [PICTURE, POOLED, NARROW] = [256, 168, 112];
/** More outputs than these have no room on a phone side by side. */
const FEW = 4;

/**
 * One map and what the three kinds of pooling make of it, in numbers or as pictures. Events: "edit" of a cell of the map;
 * "window" with `{ row, column }` of the output that is pointed at.
 */
export class PoolingPanel extends StagedElement {
  static properties = {
    planes: { attribute: false },
    width: { attribute: false },
    height: { attribute: false },
    size: { attribute: false },
    pooled: { attribute: false },
    place: { attribute: false },
    shifted: { attribute: false },
    pictured: { attribute: false },
    narrow: { attribute: false },
    editable: { attribute: false },
    label: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        --cell: 34px;
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
      .flat .kind > :is(p, dl) {
        max-width: 250px;
      }
      .kind > p {
        margin-top: 6px;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 1px 10px;
        margin: 2px 0 0;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
      }
      convscope-legend {
        width: 150px;
        max-width: 100%;
        margin-top: 8px;
      }
      .sees {
        margin-top: 12px;
      }
      .flat convscope-number-grid {
        max-width: 100%;
        overflow-x: auto;
        padding: 3px;
      }
      @media (max-width: 720px) {
        .kinds {
          gap: 14px 10px;
        }
        /* Input and outputs on one screen, so that they can be compared. */
        .few .kinds {
          display: grid;
          grid-template-columns: repeat(3, minmax(0, 1fr));
          --cell: 28px;
        }
        .kind {
          width: auto;
        }
        .few .kinds h3 {
          display: flex;
          align-items: end;
          min-height: 3em;
        }
        .few dl {
          grid-template-columns: minmax(0, 1fr);
        }
        .few dd {
          margin-bottom: 4px;
        }
        .flat {
          --cell: 30px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** [height × width] each. @type {Float32Array[]} */
    this.planes = [];
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
    /** Whether there are too many cells for their numbers. */
    this.pictured = false;
    /** Whether there is no room for more than a phone has. */
    this.narrow = false;
    this.editable = true;
    /** What the map is called. */
    this.label = "";
    this.dark = false;
  }

  /** @param {number} row @param {number} column */
  #tell(row, column) {
    tell(this, "window", { row, column });
  }

  /** The last window that begins no later is meant. @param {number} row of a cell of the map @param {number} column */
  #pointAtMap(row, column) {
    const window = (/** @type {number} */ cell) => this.pooled?.starts.findLastIndex((start) => start <= cell) ?? 0;
    this.#tell(this.height === 1 ? 0 : window(row), window(column));
  }

  /** Planes as they look: one in grey, three in colour. @param {Float32Array[]} planes */
  #colours(planes) {
    return planes.length === 1 ? shining(planes[0], "grey") : planes;
  }

  /** @param {Float32Array} outputs @param {number} cells of a plane */
  #split(outputs, cells) {
    return Array.from({ length: outputs.length / cells }, (_, plane) =>
      outputs.subarray(plane * cells, (plane + 1) * cells),
    );
  }

  /** @param {Pooled} pooled @param {Kind} kind */
  #picture({ height, width }, { title, learns, outputs }) {
    const { place, narrow, dark } = this;
    const shared = { label: `${title} of ${this.label}`, space: narrow ? NARROW : POOLED };
    const choose = (/** @type {Told<"cell">} */ { detail }) => this.#tell(detail.row, detail.column);
    if (learns) {
      return html`<convscope-plane
          .values=${outputs}
          .width=${width}
          .height=${height}
          .limit=${largest(outputs)}
          .space=${shared.space}
          .cell=${place}
          .movable=${true}
          .follows=${true}
          .label=${shared.label}
          .dark=${dark}
          @cell=${choose}
        ></convscope-plane>
        <convscope-legend class="small" .signed=${true} .limit=${largest(outputs)} .dark=${dark}></convscope-legend>`;
    }
    return html`<convscope-colour-picture
      .planes=${this.#colours(this.#split(outputs, width * height))}
      .width=${width}
      .height=${height}
      .space=${shared.space}
      .window=${{ ...place, width: 1, height: 1 }}
      .cell=${place}
      .movable=${true}
      .follows=${true}
      .label=${shared.label}
      @cell=${choose}
    ></convscope-colour-picture>`;
  }

  /** @param {Pooled} pooled @param {Kind} kind @param {number} limit */
  #grid({ height, width }, { title, outputs }, limit) {
    const { row, column } = this.place;
    return html`<convscope-number-grid
      .values=${outputs}
      .width=${width}
      .height=${height}
      .limit=${limit}
      .marked=${row * width + column}
      .movable=${true}
      .label=${`${title} of ${this.label}`}
      .dark=${this.dark}
      @pointnumber=${(/** @type {Told<"pointnumber">} */ { detail: index }) =>
        index !== undefined && this.#tell(Math.floor(index / width), index % width)}
    ></convscope-number-grid>`;
  }

  /** What is told of a kind beside its numbers. @param {Pooled} pooled @param {Kind} kind */
  #told(pooled, kind) {
    if (kind.learns) return missed(pooled.responses);
    const { value, becomes } = peakOf(this, pooled, kind.outputs, this.size);
    return peak(value, becomes);
  }

  /** @param {Pooled} pooled @param {Kind} kind @param {number} limit */
  #kind(pooled, kind, limit) {
    const { place, pictured } = this;
    const { width, height } = pooled;
    const here = this.#split(kind.outputs, width * height).map((plane) => plane[place.row * width + place.column]);
    return html`<div class="kind" role="group" aria-label="${kind.title} of ${this.label}">
      <h3>${kind.title}</h3>
      ${pictured ? this.#picture(pooled, kind) : this.#grid(pooled, kind, limit)}
      <p class="small">${pictured ? valuesHere(here) : this.#told(pooled, kind)}</p>
      <dl class="small">
        <dt>parameters</dt>
        <dd class="params">${parameters(kind)}</dd>
        <dt>shift changes</dt>
        <dd class="changed">${this.shifted ? changed(kind) : NOT_SHIFTED}</dd>
      </dl>
    </div>`;
  }

  /** @param {Pooled} pooled @param {number} limit */
  #input({ starts }, limit) {
    const { planes, height, width, size, place, pictured, narrow, label, dark } = this;
    const row = height === 1 ? 0 : starts[place.row];
    const window = { row, column: starts[place.column], height: height === 1 ? 1 : size, width: size };
    if (pictured) {
      return html`<convscope-colour-picture
        .planes=${this.#colours(planes)}
        .width=${width}
        .height=${height}
        .space=${narrow ? 2 * NARROW : PICTURE}
        .window=${window}
        .cell=${{ row: window.row, column: window.column }}
        .movable=${true}
        .follows=${true}
        .label=${label}
        @cell=${(/** @type {Told<"cell">} */ { detail }) => this.#pointAtMap(detail.row, detail.column)}
      ></convscope-colour-picture>`;
    }
    return html`<convscope-number-grid
        .values=${planes[0]}
        .width=${width}
        .height=${height}
        .limit=${limit}
        .editable=${this.editable ? "number" : undefined}
        .movable=${true}
        .window=${window}
        .label=${label}
        .dark=${dark}
        @pointnumber=${(/** @type {Told<"pointnumber">} */ { detail: index }) =>
          index !== undefined && this.#pointAtMap(Math.floor(index / width), index % width)}
        @edit=${tellOn(this)}
      ></convscope-number-grid>
      <convscope-legend .signed=${true} .limit=${limit} .dark=${dark}></convscope-legend>`;
  }

  render() {
    const { pooled, planes, height, label } = this;
    if (!pooled) return;
    const flat = height === 1;
    // One scale for all, so that a colour is the same number before and after.
    const limit = Math.max(...[...planes, ...pooled.kinds.map(({ outputs }) => outputs)].map(largest));
    const size = (/** @type {number} */ side) => (flat ? `${side}` : `${side}×${side}`);
    const classes = `${flat ? "flat" : ""} ${this.pictured || (!flat && pooled.width <= FEW) ? "few" : ""}`;
    return html`<div class="panel ${classes}">
        <div>
          <h3>${label[0].toUpperCase()}${label.slice(1)}</h3>
          ${this.#input(pooled, limit)}
        </div>
        <div class="kinds">${pooled.kinds.map((kind) => this.#kind(pooled, kind, limit))}</div>
      </div>
      <p class="small sees">${sees(size, pooled.kinds[0])}</p>`;
  }
}

customElements.define("convscope-pooling-panel", PoolingPanel);
