import { css, html, nothing } from "lit";
import { largest } from "../../ui/heat-map.js";
import { number } from "../../ui/numbers.js";
import { PixelRatio } from "../../ui/pixel-ratio.js";
import { SessionElement } from "../../session/session-element.js";
import { base } from "../../ui/theme.js";
import { asked } from "../../questions/asked.js";
import { exampleImage } from "../../questions/examples.js";
import { paintKernels } from "./filter-grid.js";
import { cut } from "./regions.js";
import { imagePlane } from "../../cells/image-plane.js";
import { overChannels } from "../../ui/image.js";
import "../../ui/legend.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";
import * as words from "./words.js";

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../session/layers.js").Column} Column */
/** @typedef {import("../../questions/examples.js").Taken} Taken */
/** @typedef {import("./regions.js").Region} Region */
/** @typedef {import("./regions.js").Regions} Regions */
/** @typedef {import("./strongest.js").Strongest} Strongest */
/** @typedef {{ place: Strongest, region: Region, patch: Float32Array, projection: Float32Array }} Patch */
/**
 * @typedef {{ column: Column, unit: number, region: Region, image: Float32Array, before: number, after: number }}
 * Maximum
 */
/** @typedef {{ image: Float32Array, value: number, region: Region }} Own the strongest place in the drawing */

const PATCH_SPACE = 72;
const SPACE = 140;

/** One filter: its kernels, the image that it likes best, and what it sees and reconstructs at its strongest places. */
export class FilterDetail extends SessionElement {
  static properties = {
    column: { attribute: false },
    unit: { attribute: false },
    places: { attribute: false },
    taken: { attribute: false },
    regions: { attribute: false },
    model: { attribute: false },
    patches: { state: true },
    maximum: { state: true },
    own: { state: true },
  };

  static styles = [
    base,
    css`
      :host {
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      h2 {
        margin: 0 0 10px;
        font-size: 16px;
        font-weight: 600;
      }
      .detail,
      .alone {
        display: flex;
        flex-wrap: wrap;
        gap: 18px 36px;
      }
      .alone {
        flex: 0 1 492px;
      }
      figure {
        width: 140px;
        margin: 0;
      }
      figcaption {
        margin-top: 6px;
      }
      .strongest {
        flex: 1 1 520px;
        min-width: 0;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(152px, max-content));
        gap: 14px 22px;
        margin: 10px 0 0;
        padding: 0;
        list-style: none;
      }
      .pair {
        display: flex;
        gap: 6px;
        margin-bottom: 4px;
      }
      convscope-legend {
        margin-top: 8px;
      }
    `,
  ];

  #askPatches = asked(this, (/** @type {Model} */ model) => this.#patchesOf(model));
  #askMaximum = asked(this, (/** @type {Model} */ model) => this.#maximumOf(model));
  #askOwn = asked(this, (/** @type {Model} */ model, /** @type {Float32Array} */ image) => this.#ownOf(model, image));

  constructor() {
    super();
    new PixelRatio(this);
    /** @type {Column | undefined} */
    this.column = undefined;
    this.unit = 0;
    /** The strongest places of this filter, the strongest first. @type {Strongest[]} */
    this.places = [];
    /** The examples that they are in. @type {Taken | undefined} */
    this.taken = undefined;
    /** @type {Regions | undefined} */
    this.regions = undefined;
    /** @type {Model | undefined} */
    this.model = undefined;
    /** @type {Patch[]} */
    this.patches = [];
    /** @type {Maximum | undefined} */
    this.maximum = undefined;
    /** @type {Own | undefined} */
    this.own = undefined;
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "settled") void this.#findOwn();
    if (kind === "observation" && !this.session?.observation) this.own = undefined;
  }

  /**
   * Whether another filter is on view. One that learns stays the same, and what was found of it stays until there is
   * something newer.
   *
   * @param {import("lit").PropertyValues} changes
   */
  #isOther(changes) {
    const { name } = changes.get("column") ?? {};
    return changes.has("unit") || changes.has("model") || (changes.has("column") && name !== this.column?.name);
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (!this.#isOther(changes)) return;
    this.maximum = this.own = undefined;
    this.patches = [];
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    const { column, model } = this;
    const kernels = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector(".kernels"));
    if (kernels && column?.bank)
      paintKernels(kernels, column.bank, this.unit, { across: SPACE, along: SPACE, dark: this.dark });
    if (!model || !(this.#isOther(changes) || changes.has("places"))) return;
    void this.#findPatches(model);
    void this.#findMaximum(model);
    void this.#findOwn();
  }

  /** @param {Model} model */
  async #findPatches(model) {
    this.patches = (await this.#askPatches(model)) ?? this.patches;
  }

  /** @param {Model} model */
  async #findMaximum(model) {
    this.maximum = (await this.#askMaximum(model)) ?? this.maximum;
  }

  async #findOwn() {
    const { model, session } = this;
    const image = session?.observation?.image;
    if (model && image) this.own = (await this.#askOwn(model, image)) ?? this.own;
  }

  /** @param {Model} model @returns {Promise<Patch[] | undefined>} */
  async #patchesOf(model) {
    const { column, unit, places, taken, regions } = this;
    if (!column || !taken || !regions) return undefined;
    return Promise.all(
      places.map(async (place) => {
        const image = exampleImage(taken.images, place.index);
        const [region, { image: projection }] = await Promise.all([
          regions.of(column, place),
          model.project(image, { layer: column.name, unit, row: place.row, column: place.column, rule: "deconvnet" }),
        ]);
        // What speaks against the pattern is left out, as noise that hides it.
        const { shape } = taken.images;
        const positive = overChannels(
          projection.map((value) => Math.max(0, value)),
          shape[2],
        );
        return {
          place,
          region,
          patch: cut(image, region.seen, shape),
          projection: cut(positive, region.seen, [shape[0], shape[1], 1]),
        };
      }),
    );
  }

  /** @param {Model} model @returns {Promise<Maximum | undefined>} */
  async #maximumOf(model) {
    const { column, unit, regions, session } = this;
    if (!column || !regions || !session) return undefined;
    const middle = { row: Math.floor(column.height / 2), column: Math.floor(column.width / 2) };
    const region = await regions.of(column, middle);
    const { image, before, after } = await model.maximize({ layer: column.name, unit, ...middle });
    return { column, unit, region, image: cut(image, region.seen, session.inputShape), before, after };
  }

  /** @param {Model} model @param {Float32Array} image @returns {Promise<Own | undefined>} */
  async #ownOf(model, image) {
    const { column, unit, regions } = this;
    if (!column || !regions) return undefined;
    const place = await model.project(image, { layer: column.name, unit, rule: "deconvnet" });
    return { image, value: place.value, region: await regions.of(column, place) };
  }

  /**
   * @param {Float32Array} values of the region
   * @param {Region} region
   * @param {{ label: string, space: number, limit?: number, ink?: boolean }} options
   */
  #plane(values, { seen, padding }, { label, space, limit = 1, ink = false }) {
    const channels = this.session?.inputShape[2] ?? 1;
    if (ink) return imagePlane(values, [seen.height, seen.width, channels], { space, label, dark: this.dark, padding });
    return html`<convscope-plane
      .values=${values}
      .width=${seen.width}
      .height=${seen.height}
      .padding=${padding}
      .meaning=${"activation"}
      .limit=${limit}
      .space=${space}
      .label=${label}
      .dark=${this.dark}
    ></convscope-plane>`;
  }

  /** @param {Patch} patch @param {number} rank */
  #patch({ place, region, patch, projection }, rank) {
    const name = this.taken?.classes[this.taken.images.labels[place.index]];
    const at = `row ${place.row + 1}, column ${place.column + 1}`;
    return html`<li class="small">
      <div class="pair">
        ${this.#plane(patch, region, { label: `Patch ${rank + 1}, of a ${name}`, space: PATCH_SPACE, ink: true })}
        ${this.#plane(projection, region, { label: `Its projection ${rank + 1}`, space: PATCH_SPACE, limit: largest(projection) })}
      </div>
      <strong>${number(place.value)}</strong> in a ${name}<br /><span class="quiet">${at}</span>
    </li>`;
  }

  #kernels() {
    const bank = this.column?.bank;
    if (!bank) return nothing;
    const { channels, height, width, limit } = bank;
    return html`<figure>
      <canvas class="kernels" role="img" aria-label=${words.kernel(height, width, channels)}></canvas>
      <convscope-legend .meaning=${"weight"} .signed=${true} .limit=${limit} .dark=${this.dark}></convscope-legend>
      <figcaption class="quiet small">${words.kernel(height, width, channels)}</figcaption>
    </figure>`;
  }

  #maximum() {
    const { maximum } = this;
    if (!maximum) return nothing;
    const { seen } = maximum.region;
    const grey = this.session?.inputShape[2] === 1;
    return html`<figure>
      ${this.#plane(maximum.image, maximum.region, { label: words.ASCENT_LABEL, space: SPACE, ink: true })}
      <figcaption class="quiet small">${words.ascent(maximum.before, maximum.after)}</figcaption>
      <convscope-number-table
        ?hidden=${!grey}
        .values=${maximum.image}
        .width=${seen.width}
        .height=${seen.height}
        .label=${"Its pixels"}
      ></convscope-number-table>
    </figure>`;
  }

  #own() {
    const { own, session } = this;
    if (!own || !session) return nothing;
    return html`<figure>
      ${imagePlane(own.image, session.inputShape, {
        space: SPACE,
        label: words.OWN_LABEL,
        dark: this.dark,
        window: own.region.seen,
      })}
      <figcaption class="quiet small">${words.own(own.value)}</figcaption>
    </figure>`;
  }

  render() {
    const { column, unit, patches } = this;
    if (!column) return nothing;
    return html`
      <h2>${column.name}, filter ${unit + 1}</h2>
      <div class="detail">
        <div class="alone">${this.#kernels()} ${this.#maximum()} ${this.#own()}</div>
        <div class="strongest">
          <p class="quiet small">${words.STRONGEST}</p>
          ${
            patches.length
              ? html`<ul aria-label="Strongest patches">
                  ${patches.map((patch, rank) => this.#patch(patch, rank))}
                </ul>`
              : html`<p>${this.places.length ? nothing : words.NOTHING_FOUND}</p>`
          }
        </div>
      </div>
    `;
  }
}

customElements.define("convscope-filter-detail", FilterDetail);
