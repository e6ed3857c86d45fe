import { css, html, nothing } from "lit";
import { asked } from "../../questions/asked.js";
import { Examples, learntFrom } from "../../questions/examples.js";
import { OnScreen } from "../../ui/on-screen.js";
import { Pace } from "../../ui/pace.js";
import { Regions } from "./regions.js";
import { strongest, strongestOf } from "./strongest.js";
import { choiceField, unsent } from "../../ui/fields.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { tell, tellOn } from "../../ui/events.js";
import { strongestPatches } from "../../questions/shipped-results.js";
import * as words from "./words.js";
import "../../runs/data-summary.js";
import "./filter-detail.js";
import "./filter-grid.js";
import "./layer-plate.js";
import "../../ui/lesson.js";
import "../../network/model-choice.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../questions/examples.js").Taken} Taken */
/** @typedef {import("./strongest.js").Found} Found */
/** @typedef {import("./strongest.js").Strongest} Strongest */
/** @typedef {import("../../session/layers.js").Column} Column */
/**
 * @typedef {{ found: Found, taken: Taken, model: Model, regions: Regions }} Seen what was found, in which examples, by
 * which network
 */

/** Examples that are looked through: all where the network is at rest, few while it learns. */
const ALL = 10_000;
const FEW = 500;
/** Milliseconds without a step after which a network is at rest. */
const REST = 1200;
/** Milliseconds between two pictures of a search. */
const PICTURE = 400;

/** What each filter of a layer looks for, over the data that the page learns from. */
export class FiltersView extends View {
  static properties = { seen: { state: true }, done: { state: true }, total: { state: true } };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 18px;
        min-height: 30px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      /* On lines of its own, so that nothing moves when it changes. */
      .found {
        flex: 1 0 100%;
      }
      @media (max-width: 480px) {
        .found {
          min-height: 2lh;
        }
      }
      progress {
        width: 160px;
        accent-color: var(--accent);
      }
    `,
  ];

  #onScreen = new OnScreen(this);
  #examples = new Examples(this, { part: "training", count: ALL, changed: () => void this.#look(ALL) });
  #pace = new Pace(() => this.#lookBriefly());
  /** What {@link strongestOf} gave. @type {{ seen: Seen | undefined, byLayer: Map<string, Strongest[][]> }} */
  #places = { seen: undefined, byLayer: new Map() };
  #rest = 0;
  #wanted = 0;
  /** Whether the weights on view are others than those of the file. */
  #changed = false;
  #search = asked(this, (/** @type {Model} */ model, /** @type {Taken} */ taken, /** @type {number} */ count) =>
    this.#find(model, taken, count),
  );

  constructor() {
    super();
    /** @type {Seen | undefined} */
    this.seen = undefined;
    /** Examples looked through so far. */
    this.done = 0;
    this.total = ALL;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#wanted += 1;
    this.#pace.stop();
    clearTimeout(this.#rest);
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model") {
      this.#changed = false;
      this.seen = undefined;
      this.requestUpdate();
      void this.#look(ALL);
    }
    if (kind === "weights") {
      this.#changed = true;
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => {
        // A brief look that is still due would cut the whole one short.
        this.#pace.stop();
        void this.#look(ALL);
      }, REST);
      this.#pace.call(true);
    }
  }

  /** Looks through the examples anew. @param {number} count at most */
  async #look(count) {
    const model = this.session?.model;
    const { taken } = this.#examples;
    this.#wanted += 1;
    if (model && taken && this.#layers.length)
      await this.#search(model, taken, Math.min(count, taken.images.labels.length));
  }

  /** Whether what was found before the network was shipped still holds. */
  get #shipped() {
    const { shown } = this.session ?? {};
    return Boolean(shown?.name && !shown.own && !shown.learning && !this.#changed && this.#examples.taken?.sample);
  }

  /** While the network learns; a brief look that is under way is not cut short by the next. */
  #lookBriefly() {
    const underWay = this.total === FEW && this.done < FEW;
    if (!underWay) void this.#look(FEW);
  }

  /** @param {Model} model @param {Taken} taken @param {number} count */
  async #find(model, taken, count) {
    const wanted = this.#wanted;
    const regions = new Regions(model);
    if (this.#shipped) {
      const { found } = await strongestPatches(this.session?.shown?.name ?? "");
      if (wanted !== this.#wanted) return;
      this.done = this.total = found.examples;
      this.seen = { found: { ...found, ranking: Float32Array.from(found.ranking) }, taken, model, regions };
      return;
    }
    const stillWanted = async () => {
      await this.#onScreen.seen();
      return wanted === this.#wanted;
    };
    this.done = 0;
    this.total = count;
    let shown = 0;
    for await (const found of strongest(model, taken.dataset, count, stillWanted)) {
      if (wanted !== this.#wanted) return;
      this.done = found.examples;
      const now = performance.now();
      // While a network learns, the last picture stays until the next is complete.
      if (found.examples < count && (now - shown < PICTURE || count === FEW)) continue;
      shown = now;
      this.seen = { found, taken, model, regions };
    }
  }

  /** The layers whose units have places. */
  get #layers() {
    const columns = this.session?.shown?.columns ?? [];
    return columns.filter(({ bank, shape }) => bank && shape.length === 3);
  }

  /**
   * The strongest places of each filter of a layer; the same array as long as they are the same.
   * @param {Column} column
   */
  #placesIn({ name, count }) {
    const { seen } = this;
    if (this.#places.seen !== seen) this.#places = { seen, byLayer: new Map() };
    const { byLayer } = this.#places;
    const places =
      byLayer.get(name) ??
      Array.from({ length: count }, (_, filter) => (seen ? strongestOf(seen.found, name, filter) : []));
    byLayer.set(name, places);
    return places;
  }

  /** @param {string} layer @param {number} unit */
  #open(layer, unit) {
    tell(this, "place", { layer, unit });
  }

  #progress() {
    const { done, total } = this;
    const { taken } = this.#examples;
    if (!taken) return html`<span class="quiet">${this.#examples.misfit || words.WAITING}</span>`;
    if (done < total)
      return html`<progress max=${total} .value=${done} aria-label="Examples looked through"></progress>
        <span class="quiet">${words.searched(done, total)}</span>`;
    const learnt = learntFrom(this.session?.shown, taken);
    return html`<span class="quiet">${words.strongestAmong({ count: total, title: taken.title, learnt })}</span>`;
  }

  #filters() {
    const { session, seen, dark } = this;
    const layers = this.#layers;
    if (!session?.shown) return nothing;
    if (!layers.length) {
      return html`<p>${words.NO_LAYERS}</p>`;
    }
    const column =
      layers.find(({ name }) => name === (this.place?.layer ?? this.layer)) ?? layers[Math.floor(layers.length / 2)];
    const unit = column.name === this.place?.layer ? this.place.unit : 0;
    const places = this.#placesIn(column);
    const [height, width] = column.receptiveField ?? session.inputSize;
    return html`
      ${
        seen
          ? html`<convscope-layer-plate
              .layers=${layers.map((one) => ({ column: one, places: this.#placesIn(one) }))}
              .images=${seen.taken.images}
              .summary=${session.shown.summary}
              .dark=${dark}
              @place=${tellOn(this)}
            ></convscope-layer-plate>`
          : nothing
      }
      <form class="row" @submit=${unsent} ?hidden=${this.hides("controls")}>
        ${choiceField({
          text: "Layer",
          value: column.name,
          options: layers.map(({ name, count }) => ({ value: name, text: `${name}: ${count} filters` })),
          change: (name) => this.#open(name, 0),
        })}
        <span class="quiet">receptive field ${height}×${width}</span>
        <div class="found">${this.#progress()}</div>
      </form>
      ${
        seen
          ? html`
              <convscope-filter-grid
                .column=${column}
                .places=${places}
                .images=${seen.taken.images}
                .summary=${session.shown.summary}
                .unit=${unit}
                .dark=${dark}
                @open=${(/** @type {Told<"open">} */ { detail }) => this.#open(column.name, detail.unit)}
              ></convscope-filter-grid>
              <convscope-filter-detail
                .session=${session}
                .column=${column}
                .unit=${unit}
                .places=${places[unit]}
                .taken=${seen.taken}
                .regions=${seen.regions}
                .model=${seen.model}
                .dark=${dark}
              ></convscope-filter-detail>
            `
          : nothing
      }
    `;
  }

  render() {
    const { session } = this;
    if (!session) return;
    return html`
      <div class="view">
        <convscope-lesson .lesson=${words.LESSON} ?hidden=${this.hides("about")}></convscope-lesson>
        <convscope-model-choice
          .session=${session}
          .fixed=${this.hides("model")}
          ?hidden=${this.hides("about")}
        ></convscope-model-choice>
        ${this.#filters()}
        <convscope-data-summary ?hidden=${this.hides("controls")}></convscope-data-summary>
      </div>
    `;
  }
}

customElements.define("convscope-filters", FiltersView);
