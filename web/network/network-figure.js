import { css, html, nothing, svg, unsafeCSS } from "lit";
import { feeders } from "../session/layers.js";
import { samePlace } from "../session/place.js";
import { SessionElement } from "../session/session-element.js";
import { base } from "../ui/theme.js";
import { COLUMN_GAP, scaleFor } from "./tile-layout.js";
import { Width } from "../ui/width.js";
import { MORE_LAYERS } from "./words.js";
import { tell, tellOn } from "../ui/events.js";
import "./layer-column.js";

/** @import { Told } from "../ui/events.js" */
/** @typedef {import("../session/layers.js").Column} Column */
/** @typedef {import("./layer-column.js").LayerColumn} LayerColumn */
/** @typedef {import("../session/view.js").Place} Place */
/** @typedef {import("../lens/lens.js").Lens} Lens */

/** How strongly a map is linked with the answer, as a share of the strongest, for a line that is always there. */
const LINKED = 0.6;

/** Layers as columns of maps, read from left to right; the one that is opened can be seen through a lens. */
export class NetworkFigure extends SessionElement {
  static properties = {
    only: { attribute: false },
    opened: { attribute: false },
    scope: { attribute: false },
    weights: { attribute: false },
    lens: { attribute: false },
    outputRect: { attribute: false },
    current: { state: true },
    more: { state: true },
    pointed: { state: true },
  };

  static styles = [
    base,
    css`
      :host {
        position: relative;
        min-width: 0;
      }
      .scroll {
        overflow-x: auto;
        padding: 2px 2px 10px;
        scrollbar-width: thin;
      }
      /* What goes on beyond an edge fades towards it. */
      .scroll.more {
        mask-image: linear-gradient(
          to right,
          transparent,
          #000 var(--left, 0),
          #000 calc(100% - var(--right, 0px)),
          transparent
        );
      }
      .columns {
        position: relative;
        display: grid;
        grid-template-rows: repeat(4, auto);
        grid-auto-flow: column;
        grid-auto-columns: max-content;
        justify-content: space-between;
        column-gap: ${unsafeCSS(COLUMN_GAP)}px;
        width: max-content;
        min-width: 100%;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
        pointer-events: none;
      }
      .answer path {
        stroke-opacity: 0.35;
        animation: none;
      }
      path {
        fill: none;
        stroke: var(--accent);
        animation: appear 200ms;
      }
      @keyframes appear {
        from {
          opacity: 0;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        path {
          animation: none;
        }
      }
    `,
  ];

  // Asking for the width while rendering would have the page laid out at once.
  #width = new Width(this);
  /** The lens' code, once it is asked for. @type {Promise<void> | undefined} */
  #lens;

  constructor() {
    super();
    /** @type {string | undefined} the only layer to show; all, if undefined */
    this.only = undefined;
    /** @type {Place | undefined} the map that is enlarged */
    this.opened = undefined;
    /** @type {import("./layer-column.js").Scope} */
    this.scope = "layer";
    this.weights = true;
    /** Whether the map that is opened is shown enlarged, with the arithmetic of its cells. */
    this.lens = false;
    /**
     * Where a unit of the last layer stands, which is shown elsewhere.
     * @type {((unit: number) => DOMRect | undefined) | undefined}
     */
    this.outputRect = undefined;
    /** Whether layers go on beyond the left and the right edge. */
    this.more = { left: false, right: false };
    /** @type {Place | undefined} the map that Tab reaches */
    this.current = undefined;
    /** @type {Place | undefined} the map under the pointer */
    this.pointed = undefined;
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    // The columns show their weights themselves; how strongly maps are linked is on view while one is pointed at.
    if (kind === "weights" && this.pointed) this.requestUpdate();
    // Then all columns are drawn, and the answer is known.
    if (kind === "settled") this.requestUpdate();
    if (kind !== "model") return;
    this.current = this.pointed = undefined;
    this.requestUpdate();
  }

  /** @returns {Column[]} in the order of the network; the last layer is the prediction's to show */
  get #columns() {
    const columns = this.session?.shown?.columns ?? [];
    return this.only ? columns.filter(({ name }) => name === this.only) : columns.slice(0, -1);
  }

  /** @param {string} name */
  #element(name) {
    const elements = /** @type {NodeListOf<LayerColumn>} */ (
      this.renderRoot.querySelectorAll("convscope-layer-column")
    );
    return Array.from(elements).find(({ column }) => column?.name === name);
  }

  /** @param {Place} place */
  focusPlace({ layer, unit }) {
    this.#element(layer)?.focusUnit(unit);
  }

  /** @param {string} name @returns {Column | undefined} the column that feeds it */
  #before(name) {
    const columns = this.session?.shown?.columns ?? [];
    return columns[columns.findIndex((column) => column.name === name) - 1];
  }

  /** What the lens needs loads when a map is opened. */
  updated() {
    if (this.lens && this.opened) void this.#loadLens();
    this.#look();
    const { style } = this;
    style.setProperty("--left", this.more.left ? "28px" : "0px");
    style.setProperty("--right", this.more.right ? "28px" : "0px");
  }

  #loadLens() {
    this.#lens ??= import("../lens/lens.js").then(
      () => {},
      (error) =>
        this.session?.report({
          message: `The lens could not be loaded (${error}). Reload the page to try again.`,
          code: "load",
        }),
    );
    return this.#lens;
  }

  /** Whether there is more to scroll to. */
  #look() {
    const scroll = this.renderRoot.querySelector(".scroll");
    if (!scroll) return;
    const { scrollLeft, scrollWidth, clientWidth } = scroll;
    const [left, right] = [scrollLeft > 1, scrollLeft + clientWidth < scrollWidth - 1];
    if (left !== this.more.left || right !== this.more.right) this.more = { left, right };
  }

  /** Brings the lens into view and gives it the keys. */
  async showLens() {
    await Promise.all([this.updateComplete, this.#loadLens()]);
    const lens = /** @type {Lens | null} */ (this.renderRoot.querySelector("convscope-lens"));
    await lens?.updateComplete;
    lens?.scrollIntoView({ block: "nearest", behavior: "instant" });
    await lens?.focusMap?.();
  }

  /** @param {string} layer @param {Told<"open">["detail"]} detail */
  #open(layer, detail) {
    const place = { layer, ...detail };
    tell(this, "place", samePlace(place, this.opened) ? undefined : place);
  }

  /** @param {string} layer @param {number} unit */
  #focused(layer, unit) {
    this.current = this.pointed = { layer, unit };
    const { opened } = this;
    if (opened && (opened.layer !== layer || opened.unit !== unit)) tell(this, "place", { layer, unit });
  }

  /** @param {string} layer @param {{ row: number, direction: number }} detail */
  #leave(layer, { row, direction }) {
    const columns = this.#columns;
    const next = columns[columns.findIndex(({ name }) => name === layer) + direction];
    const element = next && this.#element(next.name);
    element?.focusUnit(element.unitAt(row, direction > 0 ? "first" : "last"));
  }

  /** Hairlines from the maps that feed the one under the pointer, darker where its kernel weighs more. */
  #links() {
    const place = this.pointed;
    const column = this.#columns.find(({ name }) => name === place?.layer);
    const before = place && this.#before(place.layer);
    const to = place && this.#element(place.layer)?.rectOf(place.unit);
    const origin = this.renderRoot.querySelector(".columns")?.getBoundingClientRect();
    if (!column || !place || !before || !to || !origin) return [];
    return this.#lines(column, place.unit, { from: this.#element(before.name), to, origin });
  }

  /** The same from the last maps to the answer, if that stands beside them and none is out of sight. */
  #answerLinks() {
    if (this.more.left || this.more.right) return [];
    const { observation, shown } = this.session ?? {};
    const column = shown?.columns.at(-1);
    const to = observation && this.outputRect?.(observation.digit);
    const origin = this.getBoundingClientRect();
    const before = column && this.#before(column.name);
    if (!column || !to || !before || to.left < origin.right) return [];
    return this.#lines(column, observation.digit, { from: this.#element(before.name), to, origin, weakest: LINKED });
  }

  /**
   * @param {Column} column
   * @param {number} unit of it
   * @param {{ from: LayerColumn | undefined, to: DOMRect, origin: DOMRect, weakest?: number }} places
   */
  #lines(column, unit, { from, to, origin, weakest = 0 }) {
    const [x2, y2] = [to.left - origin.left - 1, to.top + to.height / 2 - origin.top];
    return feeders(column, unit).flatMap(({ map, strength }) => {
      const rect = strength >= weakest ? from?.rectOf(map) : undefined;
      if (!rect) return [];
      const [x1, y1] = [rect.right - origin.left + 1, rect.top + rect.height / 2 - origin.top];
      const bend = Math.max(14, (x2 - x1) / 2);
      return svg`<path
        d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"
        stroke-width=${0.5 + strength}
        stroke-opacity=${0.1 + 0.7 * strength ** 2}
      />`;
    });
  }

  render() {
    const { session, dark, opened } = this;
    const columns = this.#columns;
    if (!session || columns.length === 0 || this.#width.current === 0) return;
    const current = this.current ?? { layer: columns[Math.min(1, columns.length - 1)].name, unit: 0 };
    const space = this.#width.current - 4;
    const scale = scaleFor(columns, space);
    return html`
      <p class="quiet small" ?hidden=${!this.more.left && !this.more.right}>${MORE_LAYERS}</p>
      <div class="scroll ${this.more.left || this.more.right ? "more" : ""}" @scroll=${this.#look}>
        <div class="columns">
          ${columns.map(
            (column) => html`
              <convscope-layer-column
                .session=${session}
                .dark=${dark}
                .column=${column}
                .scale=${scale}
                .space=${this.only ? space : undefined}
                .scope=${this.scope}
                .weights=${this.weights}
                .current=${current.layer === column.name ? current.unit : undefined}
                .opened=${opened?.layer === column.name ? opened.unit : undefined}
                .pointed=${this.pointed?.layer === column.name ? this.pointed.unit : undefined}
                @open=${(/** @type {Told<"open">} */ { detail }) => this.#open(column.name, detail)}
                @current=${(/** @type {Told<"current">} */ { detail }) => this.#focused(column.name, detail.unit)}
                @pointmap=${(/** @type {Told<"pointmap">} */ { detail: unit }) =>
                  (this.pointed = unit === undefined ? undefined : { layer: column.name, unit })}
                @leave=${(/** @type {Told<"leave">} */ { detail }) => this.#leave(column.name, detail)}
              ></convscope-layer-column>
            `,
          )}
          <svg aria-hidden="true">${this.#links()}</svg>
        </div>
      </div>
      <svg class="answer" aria-hidden="true">${this.#answerLinks()}</svg>
      ${
        this.lens && session.shown?.columns.some(({ name }) => name === opened?.layer)
          ? html`<convscope-lens
              .session=${session}
              .dark=${dark}
              .place=${opened}
              @place=${tellOn(this)}
              @view=${tellOn(this)}
              @close=${tellOn(this)}
            ></convscope-lens>`
          : nothing
      }
    `;
  }
}

customElements.define("convscope-network-figure", NetworkFigure);
