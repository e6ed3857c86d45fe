import { css, html, nothing } from "lit";
import { paintTiles } from "../ui/heat-map.js";
import { legendBelow } from "../ui/legend.js";
import { meaningOf, planeOf, strongestPlace, unitWord } from "../session/layers.js";
import { nextTask } from "../ui/next-task.js";
import { counted } from "../ui/counted.js";
import { PixelRatio } from "../ui/pixel-ratio.js";
import { SessionElement } from "../session/session-element.js";
import { base } from "../ui/theme.js";
import { GAP, layoutOf } from "./tile-layout.js";
import { fieldWords, pooledWords } from "./words.js";
import { tell } from "../ui/events.js";
import "./layer-weights.js";

/** @typedef {import("../session/layers.js").Column} Column */
/** @typedef {"map" | "layer" | "all"} Scope over which maps one colour means one number */

/** One layer: its name and numbers, its maps, their legend, its kernels. */
export class LayerColumn extends SessionElement {
  static properties = {
    column: { attribute: false },
    scale: { attribute: false },
    space: { attribute: false },
    scope: { attribute: false },
    current: { attribute: false },
    opened: { attribute: false },
    pointed: { attribute: false },
    weights: { attribute: false },
  };

  static styles = [
    base,
    legendBelow,
    css`
      :host {
        display: grid;
        grid-row: span 4;
        grid-template-rows: subgrid;
        align-content: start;
      }
      header {
        line-height: 17px;
        white-space: nowrap;
      }
      .name {
        font-weight: 600;
        white-space: normal;
      }
      .field {
        min-height: 24px;
        margin: -4px 0 -3px;
        padding: 0;
        border: 0;
        text-decoration: underline dotted;
        text-underline-offset: 3px;
        cursor: help;
      }
      .field:focus-visible {
        outline-offset: -5px;
      }
      .sees {
        position: relative;
        width: max-content;
      }
      [role="tooltip"] {
        display: none;
        position: absolute;
        z-index: 2;
        width: 180px;
        padding: 6px 8px;
        border: 1px solid var(--quiet);
        background: var(--paper);
        white-space: normal;
      }
      .field:hover + [role="tooltip"],
      .field:focus + [role="tooltip"] {
        display: block;
      }
      /* Of the last columns it grows to the left. */
      :host(:nth-last-child(-n + 3):not(:first-child)) [role="tooltip"] {
        right: 0;
      }
      .maps {
        display: grid;
        grid-template-columns: repeat(var(--per-row), var(--side));
        grid-auto-rows: var(--side);
        align-content: start;
        position: relative;
        isolation: isolate;
        margin: 0 -2px;
      }
      canvas {
        position: absolute;
        z-index: -1;
      }
      .map {
        display: grid;
        place-content: center;
        min-height: 0;
        padding: 0;
        border: 0;
        border-radius: 0;
        background: none;
      }
      .frame {
        width: var(--width);
        height: var(--height);
        outline: 1px solid var(--hairline);
      }
      .map:hover .frame {
        outline-color: var(--quiet);
      }
      .map[aria-pressed="true"] .frame {
        outline: 2px solid var(--accent);
      }
      .map:focus-visible {
        outline-offset: -1px;
      }
      convscope-layer-weights {
        margin-top: 14px;
      }
      /* A name breaks where it can. */
      .name {
        width: min-content;
        min-width: 100%;
      }
    `,
  ];

  constructor() {
    super();
    new PixelRatio(this);
    /** @type {Column | undefined} */
    this.column = undefined;
    /** How large maps are drawn; see tile-layout.js. */
    this.scale = 1;
    /** @type {number | undefined} CSS pixels across, if the column stands alone */
    this.space = undefined;
    /** @type {Scope} */
    this.scope = "layer";
    /** @type {number | undefined} the map that Tab reaches */
    this.current = undefined;
    /** @type {number | undefined} the map that is under the lens */
    this.opened = undefined;
    /** @type {number | undefined} the map under the pointer */
    this.pointed = undefined;
    /** Whether kernels are shown. */
    this.weights = true;
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "observation") this.paint();
  }

  async scheduleUpdate() {
    await nextTask();
    super.scheduleUpdate();
  }

  updated() {
    this.paint();
  }

  get #tiles() {
    return /** @type {NodeListOf<HTMLButtonElement>} */ (this.renderRoot.querySelectorAll(".map"));
  }

  /** @param {number} unit @returns {DOMRect | undefined} where that map stands */
  rectOf(unit) {
    return this.#tiles[unit]?.querySelector(".frame")?.getBoundingClientRect();
  }

  /** @param {number} unit */
  focusUnit(unit) {
    // What is open below stays in view while the keys go from map to map.
    this.#tiles[unit]?.focus({ preventScroll: this.opened !== undefined });
  }

  /** @param {number} row @param {"first" | "last"} end @returns {number} the map there, or the nearest */
  unitAt(row, end) {
    if (!this.column) return 0;
    const { perRow } = layoutOf(this.column, this.scale, this.space);
    return Math.min(row * perRow + (end === "first" ? 0 : perRow - 1), this.column.count - 1);
  }

  /** Draws all maps of the latest observation. */
  paint() {
    const { column, session, dark } = this;
    if (!column) return;
    const { width, height, signed, count } = column;
    const observation = session?.observation;
    const meaning = meaningOf(column);
    const limit = this.#limit();
    const canvas = this.renderRoot.querySelector("canvas");
    const maps = observation ? Array.from({ length: count }, (_, unit) => planeOf(observation, column, unit)) : [];
    if (canvas)
      paintTiles(canvas, maps, {
        count,
        width,
        height,
        ...layoutOf(column, this.scale, this.space),
        meaning,
        dark,
        limit,
      });
    const legend = this.renderRoot.querySelector("convscope-legend");
    if (legend) Object.assign(legend, { limit: observation && limit, signed, meaning, dark });
  }

  /** @returns {number | undefined} the value of full colour, if one for all maps of this column */
  #limit() {
    const limits = this.session?.observation?.limits;
    if (!this.column || meaningOf(this.column) === "ink") return 1;
    if (!limits) return undefined;
    if (this.scope === "all") return Math.max(...limits.values());
    // A single unit by a scale of its own would be in full colour, whatever its value.
    const isUnit = this.column.width * this.column.height === 1;
    return this.scope === "layer" || isUnit ? limits.get(this.column.name) : undefined;
  }

  /**
   * Opens a map at the cell under the pointer; from the keyboard, where it responds most.
   * @param {MouseEvent} event
   */
  #open(event) {
    const { column } = this;
    if (!column) return;
    const unit = this.#unitOf(event);
    const frame = /** @type {DOMRect} */ (this.rectOf(unit));
    const at = (/** @type {number} */ share, /** @type {number} */ cells) =>
      Math.max(0, Math.min(cells - 1, Math.floor(share * cells)));
    const cell =
      event.detail > 0
        ? {
            row: at((event.clientY - frame.top) / frame.height, column.height),
            column: at((event.clientX - frame.left) / frame.width, column.width),
          }
        : strongestPlace(this.session?.observation, column, unit);
    tell(this, "open", { unit, ...cell });
  }

  /** @param {Event} event @returns {number} */
  #unitOf(event) {
    return Number(/** @type {HTMLElement} */ (event.currentTarget).dataset["unit"]);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.column) return;
    const unit = this.#unitOf(event);
    const last = this.column.count - 1;
    const { perRow } = layoutOf(this.column, this.scale, this.space);
    const [row, place] = [Math.floor(unit / perRow), unit % perRow];
    const leave = (/** @type {number} */ direction) => tell(this, "leave", { row, direction });
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => (place > 0 ? this.focusUnit(unit - 1) : leave(-1)),
      ArrowRight: () => (place < perRow - 1 && unit < last ? this.focusUnit(unit + 1) : leave(1)),
      ArrowUp: () => this.focusUnit(unit - perRow),
      ArrowDown: () => this.focusUnit(unit + perRow),
      Home: () => this.focusUnit(0),
      End: () => this.focusUnit(last),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }

  /** @param {Column} column */
  #head(column) {
    const { name, isInput, shape, params, receptiveField, passed, window } = column;
    if (isInput) {
      return html`<div class="name">${name}</div>
        <div class="quiet">${shape.join("×")}</div>`;
    }
    const after = passed.length ? `after ${passed.join(", ")}` : "sees everything";
    return html`
      <div class="name">${name.split(/(?<=_)(?=[a-z])/).map((part) => html`${part}<wbr />`)}</div>
      <div>${shape.join("×")}</div>
      <div class="quiet">${params ? `${counted(params)} params` : window ? pooledWords(column) : "no params"}</div>
      ${
        receptiveField
          ? html`<div class="sees">
              <button class="field quiet" aria-describedby="field">sees ${receptiveField.join("×")}</button>
              <div id="field" role="tooltip">${fieldWords(receptiveField)}</div>
            </div>`
          : html`<div class="quiet">${after}</div>`
      }
    `;
  }

  render() {
    const { column } = this;
    if (!column) return;
    const { cell, side, perRow } = layoutOf(column, this.scale, this.space);
    const word = unitWord(column);
    this.style.setProperty("--side", `${side}px`);
    this.style.setProperty("--per-row", String(perRow));
    this.style.setProperty("--width", `${column.width * cell.width}px`);
    this.style.setProperty("--height", `${column.height * cell.height}px`);
    return html`
      <header class="small">${this.#head(column)}</header>
      <div class="maps" role="group" aria-label="${word === "map" ? "Maps" : "Units"} of ${column.name}">
        <canvas aria-hidden="true"></canvas>
        ${Array.from(
          { length: column.count },
          (_, unit) => html`
            <button
              class="map"
              data-unit=${unit}
              tabindex=${this.current === unit ? 0 : -1}
              aria-label="${column.name}, ${word} ${unit + 1} of ${column.count}"
              aria-pressed=${this.opened === unit}
              @click=${this.#open}
              @focus=${() => tell(this, "current", { unit })}
              @pointerenter=${() => tell(this, "pointmap", unit)}
              @pointerleave=${() => tell(this, "pointmap")}
              @keydown=${this.#key}
            >
              <span class="frame"></span>
            </button>
          `,
        )}
      </div>
      <convscope-legend></convscope-legend>
      ${
        this.weights
          ? html`<convscope-layer-weights
              .session=${this.session}
              .dark=${this.dark}
              .layer=${column.name}
              .perRow=${perRow}
              .space=${Math.max(perRow * side - GAP, 96)}
              .unit=${this.pointed ?? this.opened}
            ></convscope-layer-weights>`
          : nothing
      }
    `;
  }
}

customElements.define("convscope-layer-column", LayerColumn);
