import { css, html, nothing } from "lit";
import { asked } from "../questions/asked.js";
import { meaningOf, planeOf, strongestPlace } from "../session/layers.js";
import { samePlace } from "../session/place.js";
import { SessionElement } from "../session/session-element.js";
import { probability, rounded } from "../ui/numbers.js";
import { base } from "../ui/theme.js";
import { tell } from "../ui/events.js";
import * as words from "./words.js";
import "../cells/plane.js";
import "./unit-channels.js";
import "./unit-sum.js";

/** @import { Told } from "../ui/events.js" */
/** @typedef {import("../session/layers.js").Column} Column */
/** @typedef {import("../session/view.js").Place} Place */
/** @typedef {Required<Place>} Spot one unit of a map */
/** @typedef {{ spot: Spot, observation: object, story: import("../convscope.js").UnitArithmetic }} Answer */

/** So many channels are shown at first, and windows of so many cells across in numbers. */
const FIRST_CHANNELS = 2;
const PRINTED = 5;

/**
 * One map enlarged, and how the cell that is chosen comes about: window × kernel = sum, + bias, through the activation.
 * It lies over the lower part of what it stands in, so that the drawing and the answer stay in sight.
 */
export class Lens extends SessionElement {
  static properties = { place: { attribute: false }, answer: { state: true } };

  static styles = [
    base,
    css`
      :host {
        position: sticky;
        z-index: 1;
        bottom: 0;
        max-height: min(66vh, 520px);
        overflow: auto;
        border: 1px solid var(--quiet);
        border-radius: 4px 4px 0 0;
        background: var(--paper);
        box-shadow: 0 -6px 18px rgb(0 0 0 / 18%);
        container-type: inline-size;
      }
      header {
        position: sticky;
        z-index: 1;
        top: 0;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 14px;
        padding: 6px 12px;
        border-bottom: 1px solid var(--hairline);
        background: var(--paper);
      }
      h2 {
        margin: 0;
        font-size: 14px;
        font-weight: 600;
      }
      header button:first-of-type {
        margin-left: auto;
      }
      .body {
        display: grid;
        grid-template-columns: 180px minmax(0, 1fr);
        gap: 12px 16px;
        padding: 10px 12px 12px;
      }
      .left {
        display: flex;
        flex-wrap: wrap;
        align-content: start;
        gap: 8px;
      }
      convscope-unit-channels {
        --cell: 38px;
        --cell-height: 28px;
        --between: 7px;
      }
      .seen {
        display: flex;
        align-items: center;
        gap: 10px;
        margin-top: 12px;
      }
      .left p {
        margin-top: 4px;
      }
      @container (max-width: 640px) {
        .body {
          grid-template-columns: minmax(0, 1fr);
        }
        header {
          display: grid;
          grid-template:
            "title title close" auto
            "value open open" auto / minmax(0, 1fr) auto auto;
          gap: 2px 8px;
        }
        h2 {
          grid-area: title;
        }
        .open {
          grid-area: open;
        }
        .close {
          grid-area: close;
          justify-self: end;
        }
      }
      /* A sheet of one height, which is known before what it shows is. */
      @media (max-width: 860px) {
        :host {
          height: min(62vh, 520px);
        }
      }
      @media print {
        :host {
          position: static;
          height: auto;
          max-height: none;
        }
      }
    `,
  ];

  #ask = asked(
    this,
    async (
      /** @type {import("../convscope.js").RemoteModel} */ model,
      /** @type {import("../session/session.js").Observation} */ observation,
      /** @type {Spot} */ spot,
    ) => ({ spot, observation, story: await model.explainUnit(observation.image, spot) }),
  );

  constructor() {
    super();
    /** The map that is enlarged, and the cell of it that is explained: where it responds most, if none is named. @type {Place | undefined} */
    this.place = undefined;
    /** @type {Answer | undefined} */
    this.answer = undefined;
  }

  /** @returns {Column | undefined} */
  get column() {
    return this.session?.shown?.columns.find(({ name }) => name === this.place?.layer);
  }

  /** @returns {Spot | undefined} */
  get spot() {
    const { session, place, column } = this;
    if (!place || !column) return undefined;
    const { layer, unit } = place;
    const strongest = strongestPlace(session?.observation, column, unit);
    const { row, column: across } = place.row === undefined ? strongest : place;
    const inside = (/** @type {number} */ value, /** @type {number} */ count) => Math.min(value, count - 1);
    return { layer, unit, row: inside(row ?? 0, column.height), column: inside(across ?? 0, column.width) };
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model") this.answer = undefined;
    if (kind === "model" || kind === "observation") void this.#explain();
    if (kind !== "drawing" && kind !== "settled") this.requestUpdate();
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("place") || changes.has("session")) void this.#explain();
  }

  async #explain() {
    const { session, spot, column } = this;
    const { model, observation } = session ?? {};
    if (!model || !observation || !spot || !column || column.isInput) return void (this.answer = undefined);
    const answer = await this.#ask(model, observation, spot);
    if (answer) this.answer = answer;
  }

  /** Gives the keys to the map, so that arrows go from cell to cell. */
  async focusMap() {
    const plane = /** @type {import("../cells/plane.js").Plane | null} */ (
      this.renderRoot.querySelector("convscope-plane.map")
    );
    await plane?.updateComplete;
    if (plane) plane.focusField();
    else /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".close"))?.focus({ preventScroll: true });
  }

  /** @param {Column} column @param {Spot} spot */
  #map(column, spot) {
    if (column.width * column.height === 1) return nothing;
    const { observation } = /** @type {import("../session/session.js").Session} */ (this.session);
    const meaning = meaningOf(column);
    return html`<div>
      <convscope-plane
        class="map"
        .values=${planeOf(observation, column, spot.unit)}
        .width=${column.width}
        .height=${column.height}
        .meaning=${meaning}
        .limit=${meaning === "ink" ? 1 : (observation?.limits.get(column.name) ?? 1)}
        .space=${160}
        .cell=${spot}
        .movable=${true}
        .label=${`Values of ${this.#title(column, spot.unit)}: arrow keys go from cell to cell`}
        .dark=${this.dark}
        @cell=${(/** @type {Told<"cell">} */ { detail }) => tell(this, "place", { ...spot, ...detail })}
      ></convscope-plane>
      <p class="quiet small">${words.MOVE}</p>
    </div>`;
  }

  /** @param {Column} column @param {number} unit */
  #title(column, unit) {
    const { shown } = this.session ?? {};
    const last = column === shown?.columns.at(-1);
    return words.titleOf(column, unit, last ? (shown?.classes?.[unit] ?? String(unit)) : undefined);
  }

  /** The part of the drawing that the cell sees, and what the network answers. @param {Answer} answer */
  #seen({ story }) {
    const { session } = this;
    const input = session?.shown?.columns[0];
    const field = story.regions.at(-1);
    if (!session?.observation || !input || !field) return nothing;
    const { probabilities, digit } = session.observation;
    const [rows, columns] = [field.rows, field.columns];
    return html`<div class="seen small">
      <convscope-plane
        .values=${session.observation.image}
        .width=${input.width}
        .height=${input.height}
        .meaning=${"ink"}
        .space=${84}
        .window=${{ row: rows[0], column: columns[0], height: rows[1] - rows[0], width: columns[1] - columns[0] }}
        .label=${words.SEES}
        .dark=${this.dark}
      ></convscope-plane>
      <div>
        <p>${words.answerWords(session.shown?.classes?.[digit] ?? String(digit), probability(probabilities[digit]))}</p>
        <p class="quiet">${words.SEES}</p>
      </div>
    </div>`;
  }

  /** @param {Column} column @param {Spot} spot */
  #arithmetic(column, spot) {
    const { answer, session } = this;
    if (column.isInput) return html`<p>${words.PIXEL}</p>`;
    if (!session?.observation) return html`<p class="quiet">${words.NOTHING_DRAWN}</p>`;
    // Until the answer for another unit is there, nothing of the one before is shown as if it were its.
    if (!answer || answer.spot.layer !== spot.layer) return nothing;
    return html`<convscope-unit-channels
      .story=${answer.story}
      .columns=${session.shown?.columns ?? []}
      .layer=${spot.layer}
      .observation=${session.observation}
      .first=${FIRST_CHANNELS}
      .printed=${PRINTED}
      .space=${92}
      .dark=${this.dark}
    ></convscope-unit-channels>`;
  }

  /** @param {Column} column @param {Spot} spot */
  #readout(column, spot) {
    const { observation } = /** @type {import("../session/session.js").Session} */ (this.session);
    if (!observation) return nothing;
    const value = planeOf(observation, column, spot.unit)[spot.row * column.width + spot.column];
    return column.width * column.height === 1 ? rounded(value) : `${words.cellName(spot)}: ${rounded(value)}`;
  }

  render() {
    const { column, spot, answer } = this;
    if (!column || !spot) return;
    const title = this.#title(column, spot.unit);
    const isUnit = column.width * column.height === 1;
    const explained = answer && samePlace(answer.spot, spot) ? answer : undefined;
    return html`
      <section aria-label="Lens: ${title}">
        <header>
          <h2>${title}</h2>
          <output aria-label="Value">${this.#readout(column, spot)}</output>
          <button
            class="open"
            ?hidden=${column.isInput}
            @click=${() => tell(this, "view", { view: "unit", place: spot })}
          >
            ${words.OPEN_UNIT}
          </button>
          <button class="close" @click=${() => tell(this, "close")}>${words.CLOSE}</button>
        </header>
        <div class="body">
          <div class="left">
            ${this.#map(column, spot)}
            ${
              explained
                ? html`<convscope-unit-sum brief .story=${explained.story} .unit=${spot.unit}></convscope-unit-sum>`
                : nothing
            }
            ${explained && isUnit ? this.#seen(explained) : nothing}
          </div>
          <div>${this.#arithmetic(column, spot)} ${explained && !isUnit ? this.#seen(explained) : nothing}</div>
        </div>
      </section>
    `;
  }
}

customElements.define("convscope-lens", Lens);
