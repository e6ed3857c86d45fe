import { css, html } from "lit";
import { range } from "../../ui/heat-map.js";
import { number as printed } from "../../ui/numbers.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { presetKernel, presets } from "../../questions/kernel-presets.js";
import { KERNEL } from "../../questions/patterns.js";
import { tell } from "../../ui/events.js";
import "../../cells/number-grid.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./filters.js").Filter} Filter */

const KERNELS = presets("vertical-line", "horizontal-line", "cross", "plus", "edge", "diagonal", "zero");

/** The name of kernels that someone has changed. */
export const OWN = "own";

/** The weight of full colour: above 1, so that 1 and −1 can be told apart at a glance. */
export const FULL_WEIGHT = 2;

/** Which cells hold the largest number, if that is above 0. @param {Float32Array} map */
function strongestOf(map) {
  const { max } = range(map);
  return max > 0 ? Array.from(map.keys()).filter((index) => map[index] === max) : [];
}

/**
 * One filter: its kernels, which can be changed, and the map that it makes. Events: `convscope-filter` with the filter
 * as it is to be, `convscope-place` with `{ row, column }` of the map, `convscope-choose`, `convscope-remove`.
 */
export class FilterCard extends StagedElement {
  static properties = {
    filter: { attribute: false },
    number: { attribute: false },
    map: { attribute: false },
    width: { attribute: false },
    limit: { attribute: false },
    place: { attribute: false },
    chosen: { attribute: false },
    removable: { attribute: false },
    channels: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        padding-top: 6px;
        border-top: 2px solid var(--hairline);
      }
      :host([data-chosen]) {
        border-top-color: var(--accent);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      button.name {
        padding-left: 0;
        font-weight: 600;
      }
      .remove {
        min-width: 28px;
      }
      select {
        display: block;
        margin: 2px 0 8px;
        padding: 2px 4px;
      }
      .kernels {
        display: flex;
        gap: 8px;
      }
      .map {
        margin-top: 8px;
      }
      .small {
        margin: 2px 0;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Filter} */
    this.filter = { title: OWN, kernels: [] };
    /** From 1. */
    this.number = 1;
    /** @type {Float32Array | undefined} */
    this.map = undefined;
    /** Cells of the map. */
    this.width = 1;
    /** The value of full colour. */
    this.limit = 1;
    this.place = { row: 0, column: 0 };
    /** Whether it is the one that is taken apart. */
    this.chosen = false;
    this.removable = false;
    /** What the input's channels are called. @type {readonly string[]} */
    this.channels = [];
    this.dark = false;
  }

  /** @param {number} channel @param {Told<"edit">} event */
  #edit(channel, { detail: { index, value } }) {
    const kernels = this.filter.kernels.map((kernel, at) => (at === channel ? kernel.with(index, value) : kernel));
    tell(this, "filter", { title: OWN, kernels });
  }

  /** @param {Event} event */
  #take({ target }) {
    const title = /** @type {HTMLSelectElement} */ (target).value;
    if (title !== OWN)
      tell(this, "filter", { title, kernels: this.filter.kernels.map(() => presetKernel(title, KERNEL, KERNEL)) });
  }

  /** @param {Told<"pointnumber">} event */
  #point({ detail: index }) {
    if (index !== undefined) tell(this, "cell", { row: Math.floor(index / this.width), column: index % this.width });
  }

  updated() {
    this.toggleAttribute("data-chosen", this.chosen);
  }

  render() {
    const { filter, number, map, width, limit, place, channels, dark } = this;
    const strongest = map ? strongestOf(map) : [];
    const named = KERNELS.some(({ name }) => name === filter.title);
    return html`
      <header>
        <button class="plain name" aria-pressed=${this.chosen} @click=${() => tell(this, "choose")}>
          Filter ${number}
        </button>
        <button
          class="plain remove"
          aria-label="Remove filter ${number}"
          ?hidden=${!this.removable}
          @click=${() => tell(this, "remove")}
        >
          ✕
        </button>
      </header>
      <select aria-label="Kernel of filter ${number}" @change=${this.#take}>
        ${KERNELS.map(({ name, title }) => html`<option value=${name} ?selected=${name === filter.title}>${title}</option>`)}
        <option value=${OWN} ?selected=${!named}>own</option>
      </select>
      <div class="kernels">
        ${filter.kernels.map(
          (kernel, channel) =>
            html`<div>
              <p class="quiet small" ?hidden=${channels.length === 1}>${channels[channel]}</p>
              <convscope-number-grid
                .values=${kernel}
                .width=${KERNEL}
                .height=${KERNEL}
                .meaning=${"weight"}
                .limit=${FULL_WEIGHT}
                .editable=${"three"}
                .label=${`Kernel of filter ${number}${channels.length > 1 ? `, ${channels[channel]}` : ""}`}
                .dark=${dark}
                @edit=${(/** @type {Told<"edit">} */ event) => this.#edit(channel, event)}
              ></convscope-number-grid>
            </div>`,
        )}
      </div>
      <div class="map" ?hidden=${!map}>
        <convscope-number-grid
          .values=${map ?? []}
          .width=${width}
          .height=${width}
          .limit=${limit}
          .movable=${true}
          .marked=${place.row * width + place.column}
          .strongest=${strongest}
          .label=${`Map ${number}`}
          .dark=${dark}
          @pointnumber=${this.#point}
        ></convscope-number-grid>
        <p class="quiet small">
          ${
            map && strongest.length
              ? html`strongest:
                ${printed(map[strongest[0]])}${strongest.length > 1 ? `, ${strongest.length} times` : ""}`
              : "no response above 0"
          }
        </p>
      </div>
    `;
  }
}

customElements.define("convscope-filter-card", FilterCard);
