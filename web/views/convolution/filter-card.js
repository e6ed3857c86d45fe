import { css, html, nothing } from "lit";
import { KERNEL } from "../../questions/patterns.js";
import { fieldStyles, numberField, unsent } from "../../ui/fields.js";
import { range } from "../../ui/heat-map.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { tell, tellOn } from "../../ui/events.js";
import { FULL_WEIGHT, OWN, filterNamed, filterPresets } from "./filter-presets.js";
import { largestResponse, responseHere } from "./words.js";
import "../../cells/number-grid.js";
import "../../cells/plane.js";
import "../../ui/legend.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./filters.js").Filter} Filter */

const LARGEST_BIAS = 99;
/** CSS pixels for a map that is a picture. */
const MAP_SPACE = 180;

/** Which cells hold the largest number, if that is above 0. @param {Float32Array} map */
function strongestOf(map) {
  const { max } = range(map);
  return max > 0 ? Array.from(map.keys()).filter((index) => map[index] === max) : [];
}

/**
 * One filter: its kernel, which can be changed, and the map that it makes, in numbers or as a picture. Events: "filter"
 * with the filter as it is to be, "cell" with `{ row, column }` of the map, "choose", "remove".
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
    pictured: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    fieldStyles,
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
        max-width: 100%;
        margin: 2px 0 8px;
        padding: 2px 4px;
      }
      .kernels {
        display: flex;
        gap: 6px;
        --cell: 30px;
      }
      form {
        margin-top: 6px;
        --field-width: 6ch;
      }
      .map {
        margin-top: 8px;
        --cell: 26px;
      }
      convscope-legend {
        width: 156px;
        margin: 6px 0 2px;
      }
      .small {
        margin: 2px 0;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Filter} */
    this.filter = { title: OWN, kernels: [], bias: 0 };
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
    /** Whether the map has too many cells for their numbers. */
    this.pictured = false;
    this.dark = false;
  }

  /** @param {Partial<Filter>} change */
  #change(change) {
    tell(this, "filter", { ...this.filter, title: OWN, ...change });
  }

  /** @param {number} channel @param {Told<"edit">} event */
  #edit(channel, { detail: { index, value } }) {
    const { kernels } = this.filter;
    this.#change({ kernels: kernels.map((kernel, at) => (at === channel ? kernel.with(index, value) : kernel)) });
  }

  /** @param {Event} event */
  #take({ target }) {
    const title = /** @type {HTMLSelectElement} */ (target).value;
    if (title !== OWN) this.#change(filterNamed(title, this.channels.length));
  }

  /** @param {Told<"pointnumber">} event */
  #point({ detail: index }) {
    if (index !== undefined) tell(this, "cell", { row: Math.floor(index / this.width), column: index % this.width });
  }

  updated() {
    this.toggleAttribute("data-chosen", this.chosen);
  }

  /** @param {Float32Array} map */
  #map(map) {
    const { number, width, limit, place, pictured, dark } = this;
    if (pictured) {
      return html`<convscope-plane
        .values=${map}
        .width=${width}
        .height=${width}
        .limit=${limit}
        .space=${MAP_SPACE}
        .cell=${place}
        .movable=${true}
        .follows=${true}
        .label=${`Map ${number}`}
        .dark=${dark}
        @cell=${tellOn(this)}
      ></convscope-plane>`;
    }
    return html`<convscope-number-grid
      .values=${map}
      .width=${width}
      .height=${width}
      .limit=${limit}
      .movable=${true}
      .marked=${place.row * width + place.column}
      .strongest=${strongestOf(map)}
      .label=${`Map ${number}`}
      .dark=${dark}
      @pointnumber=${this.#point}
    ></convscope-number-grid>`;
  }

  /** @param {Float32Array} map */
  #told(map) {
    const { width, place, pictured } = this;
    const largest = largestResponse(range(map).max, strongestOf(map).length);
    return pictured ? html`${responseHere(map[place.row * width + place.column])}, ${largest}` : largest;
  }

  render() {
    const { filter, number, map, limit, channels, dark } = this;
    const options = filterPresets(channels.length);
    const named = options.some(({ name }) => name === filter.title);
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
        ${options.map(({ name, title }) => html`<option value=${name} ?selected=${name === filter.title}>${title}</option>`)}
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
      <form @submit=${unsent}>
        ${numberField({ text: "bias b", value: filter.bias, min: -LARGEST_BIAS, max: LARGEST_BIAS, change: (bias) => this.#change({ bias }) })}
      </form>
      <div class="map" ?hidden=${!map}>
        ${map ? this.#map(map) : nothing}
        <convscope-legend .signed=${true} .limit=${limit} .dark=${dark}></convscope-legend>
        <p class="quiet small">${map ? this.#told(map) : nothing}</p>
      </div>
    `;
  }
}

customElements.define("convscope-filter-card", FilterCard);
