import { css, html, nothing } from "lit";
import { asked } from "../../questions/asked.js";
import { classColour } from "./class-colours.js";
import { classNameOf } from "../../questions/class-names.js";
import { Examples, exampleImage } from "../../questions/examples.js";
import { ExplainingView } from "../../questions/explaining-view.js";
import { featuresOf, lastHidden } from "../../questions/last-hidden.js";
import { imagePlane } from "../../cells/image-plane.js";
import { OnScreen } from "../../ui/on-screen.js";
import { Pace } from "../../ui/pace.js";
import { choiceField, switchField, unsent } from "../../ui/fields.js";
import { pageEngine } from "../../session/page-engine.js";
import { base } from "../../ui/theme.js";
import "../../runs/data-summary.js";
import "./embedding-tables.js";
import "../../ui/lesson.js";
import "./point-map.js";
import "../../network/model-choice.js";
import "../../network/pad.js";
import "../../network/prediction.js";
import { sumsOf } from "./spaces.js";
import * as words from "./words.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("./embedding-tables.js").Near} Near */
/** @typedef {import("../../questions/examples.js").Taken} Taken */
/** @typedef {import("../../questions/last-hidden.js").Features} Features */
/** @typedef {import("./spaces.js").Space} Space */
/** @typedef {{ features: Float32Array, coordinates: Float32Array }} Drawn */
/**
 * @typedef {object} Chart
 * @property {Taken} taken
 * @property {Features} features of the last hidden layer
 * @property {Space} space that the map shows
 * @property {number} width of that space
 * @property {Float32Array} mean
 * @property {Float32Array} directions
 * @property {number[]} explained each direction's share of the variance
 * @property {Float32Array} coordinates
 * @property {number[]} answers what each example is read as
 * @property {Set<number>} wrong
 */

const COUNT = 1000;
const NEAR = 10;
const SPACE = 140;

/**
 * Examples as the last hidden layer sees them, the drawing among them.
 *
 * @extends {ExplainingView<Drawn>}
 */
export class EmbeddingView extends ExplainingView {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    chart: { state: true },
    near: { state: true },
    pointed: { state: true },
    kept: { state: true },
    pictures: { state: true },
    space: { state: true },
  };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
      }
      .body {
        display: grid;
        grid-template-columns: clamp(196px, 15.3vw, 224px) minmax(0, 1fr) 176px;
        align-items: start;
        gap: 20px 24px;
      }
      .own {
        display: grid;
        gap: 12px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 28px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(5, max-content);
        gap: 0 18px;
        margin: 0 0 8px;
        padding: 0;
        list-style: none;
      }
      ul.named {
        grid-template-columns: max-content;
      }
      .class {
        color: var(--colour);
        font-weight: 600;
      }
      .wrong {
        color: var(--alarm);
      }
      .mark {
        display: inline-block;
        width: 14px;
        height: 14px;
        margin-right: 2px;
        border: 2.5px solid var(--ink);
        border-radius: 50%;
        vertical-align: -2px;
      }
      .mark.square {
        border-width: 1.5px;
        border-radius: 0;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 18px;
      }
      .beside > * {
        margin-bottom: 10px;
      }
      .example {
        min-height: 196px;
      }
      @media (max-width: 860px) {
        .example {
          min-height: 0;
        }
        .body {
          grid-template-columns: minmax(0, 1fr);
          gap: 16px;
        }
        .own {
          grid-template-columns: minmax(0, 260px) minmax(124px, 1fr);
          gap: 16px;
        }
      }
    `,
  ];

  #onScreen = new OnScreen(this);
  #examples = new Examples(this, { part: "test", count: COUNT, changed: () => void this.#draw() });
  #pace = new Pace(() => void this.#draw());
  #chart = asked(this, (/** @type {Model} */ model, /** @type {Taken} */ taken) => this.#chartOf(model, taken));
  #nearest = asked(this, (/** @type {Chart} */ chart, /** @type {Float32Array} */ row) => this.#nearestTo(chart, row));

  constructor() {
    super();
    /** @type {Chart | undefined} */
    this.chart = undefined;
    /** The examples nearest to the drawing. @type {Near[]} */
    this.near = [];
    /** The example under the pointer or the keys. @type {number | undefined} */
    this.pointed = undefined;
    /** The example that was clicked, which stays. @type {number | undefined} */
    this.kept = undefined;
    /** Whether examples are drawn as pictures. */
    this.pictures = false;
    /** @type {Space} */
    this.space = "sums";
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#pace.stop();
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    super.changed(kind);
    if (kind === "model") {
      this.chart = undefined;
      void this.#draw();
    }
    if (kind === "weights") this.#pace.call(this.session?.shown?.learning ?? false);
    if (kind === "settled") void this.#findNearest();
  }

  /** Draws the map anew. */
  async #draw() {
    const model = this.session?.model;
    const { taken } = this.#examples;
    if (!model || !taken || !lastHidden(this.session?.shown?.columns ?? [])) return;
    const chart = await this.#chart(model, taken);
    if (!chart) return;
    if (chart.taken !== this.chart?.taken) this.pointed = this.kept = undefined;
    this.chart = chart;
    await this.ask();
    await this.#findNearest();
  }

  /** @param {Model} model @param {Taken} taken @returns {Promise<Chart | undefined>} */
  async #chartOf(model, taken) {
    const column = lastHidden(this.session?.shown?.columns ?? []);
    if (!column) return undefined;
    const { labels } = taken.images;
    const wanted = async () => {
      await this.#onScreen.seen();
      return model === this.session?.model && taken === this.#examples.taken;
    };
    const features = await featuresOf(model, column, taken.dataset, labels.length, wanted);
    const outputs = this.session?.shown?.columns.at(-1);
    const answered = features && outputs && (await featuresOf(model, outputs, taken.dataset, labels.length, wanted));
    if (!features || !answered) return undefined;
    const { principalComponents } = await pageEngine();
    const { space } = this;
    const rows = await this.#rowsOf(features.rows, space);
    const width = rows.length / labels.length;
    const before =
      this.chart?.features.layer === features.layer && this.chart.space === space && this.chart.width === width
        ? this.chart.directions
        : undefined;
    const { mean, directions, variances, total, coordinates } = await principalComponents(rows, {
      width,
      count: 2,
      before,
    });
    const answers = Array.from(labels, (_, index) => {
      const probabilities = answered.rows.subarray(index * answered.width, (index + 1) * answered.width);
      return probabilities.indexOf(Math.max(...probabilities));
    });
    const wrong = new Set(answers.flatMap((answer, index) => (answer === labels[index] ? [] : [index])));
    const explained = Array.from(variances, (variance) => variance / (total || 1));
    return { taken, features, space, width, mean, directions, explained, coordinates, answers, wrong };
  }

  /** Rows of the last hidden layer in the space of the map. @param {Float32Array} rows @param {Space} space */
  async #rowsOf(rows, space) {
    const bank = this.session?.shown?.columns.at(-1)?.bank;
    return space === "sums" && bank ? sumsOf(rows, bank) : rows;
  }

  /**
   * @param {Model} model
   * @param {import("../../session/session.js").Observation} observation
   * @returns {Promise<Drawn | undefined>}
   */
  async explain(model, { image }) {
    const { chart } = this;
    if (!chart) return undefined;
    const features = await model.features(image, chart.features.layer);
    const { mean, directions, space } = chart;
    if (features.length !== chart.features.width) return undefined;
    const { coordinates } = await pageEngine();
    const row = await this.#rowsOf(features, space);
    return { features, coordinates: await coordinates(row, { mean, directions }) };
  }

  async #findNearest() {
    const { chart, answer } = this;
    this.near = (chart && answer && (await this.#nearest(chart, answer.features))) ?? [];
  }

  /** @param {Chart} chart @param {Float32Array} row @returns {Promise<Near[]>} */
  async #nearestTo({ features }, row) {
    const { nearestRows } = await pageEngine();
    const { indices, distances } = await nearestRows(features.rows, row, { count: NEAR });
    return Array.from(indices, (index, place) => ({ index, distance: distances[place] }));
  }

  /** @param {Space} space */
  #show(space) {
    this.space = space;
    void this.#draw();
  }

  /** @param {Told<"example">} event */
  #point({ detail: { index, kept } }) {
    this.pointed = index;
    if (kept) this.kept = this.kept === index ? undefined : index;
  }

  #example() {
    const { chart, kept, pointed, dark } = this;
    const index = kept ?? pointed;
    if (!chart || index === undefined) {
      return html`<div class="example quiet small">${words.POINT}</div>`;
    }
    const { images, classes } = chart.taken;
    const name = classes[images.labels[index]];
    const read = classes[chart.answers[index]];
    return html`<div class="example">
      ${imagePlane(exampleImage(images, index), images.shape, { space: SPACE, label: `Example ${index + 1}, a ${name}`, dark })}
      <span>example ${index + 1}: a <strong>${name}</strong></span
      ><br />
      ${chart.wrong.has(index) ? html`<span class="wrong">✗ read as ${read}</span>` : html`<span>✓ read as ${read}</span>`}
      <span class="quiet">${kept === undefined ? nothing : "· kept"}</span>
    </div>`;
  }

  /** @param {Chart} chart */
  #legend({ taken, wrong, explained, width }) {
    const [first, second] = explained;
    return html`
      <ul class="small ${taken.classes.some(({ length }) => length > 1) ? "named" : ""}" aria-label="Classes">
        ${taken.classes.map((name, index) => html`<li><span class="class">${index}</span>${name === String(index) ? nothing : ` ${name}`}</li>`)}
      </ul>
      <div class="small">
        <span class="mark square"></span> ${words.accuracy(taken.title, taken.images.labels.length, wrong.size)}
      </div>
      <div class="small"><span class="mark"></span> the drawing</div>
      <div class="quiet small">${words.variance(first, second, width)}</div>
      <div class="quiet small">${words.THINNED}</div>
    `;
  }

  updated() {
    for (const [index, element] of this.renderRoot.querySelectorAll(".class").entries()) {
      /** @type {HTMLElement} */ (element).style.setProperty("--colour", classColour(index, this.dark));
    }
  }

  #map() {
    const { chart, answer, session, dark, pictures } = this;
    const digit = session?.observation?.digit;
    if (session?.shown && !lastHidden(session.shown.columns)) {
      return html`<p>${words.NO_HIDDEN}</p>`;
    }
    if (this.#examples.misfit) return html`<p>${this.#examples.misfit}</p>`;
    if (!chart) return html`<p class="quiet">${words.WAITING}</p>`;
    const own =
      answer && digit !== undefined
        ? { coordinates: answer.coordinates, name: classNameOf(session, digit) }
        : undefined;
    return html`
      <convscope-point-map
        .images=${chart.taken.images}
        .coordinates=${chart.coordinates}
        .wrong=${chart.wrong}
        .own=${own}
        .current=${this.pointed}
        .pictures=${pictures}
        .label=${words.MAP}
        .dark=${dark}
        @example=${this.#point}
      ></convscope-point-map>
      <form class="choices" @submit=${unsent} ?hidden=${this.hides("controls")}>
        ${choiceField({
          text: words.SPACE,
          value: chart.space,
          options: [
            { value: "sums", text: words.sums(session?.shown?.columns.at(-1)?.count ?? 0) },
            { value: "hidden", text: words.hidden(chart.features.layer, chart.features.width) },
          ],
          change: (space) => this.#show(/** @type {Space} */ (space)),
        })}
        ${switchField({ text: words.PICTURES, checked: pictures, change: (on) => (this.pictures = on) })}
      </form>
      <convscope-embedding-tables
        .images=${chart.taken.images}
        .classes=${chart.taken.classes}
        .coordinates=${chart.coordinates}
        .wrong=${chart.wrong}
        .near=${this.near}
      ></convscope-embedding-tables>
    `;
  }

  render() {
    const { session, dark, chart } = this;
    if (!session) return;
    return html`
      <div class="view">
        <convscope-lesson .lesson=${words.LESSON} ?hidden=${this.hides("about")}></convscope-lesson>
        <convscope-model-choice
          .session=${session}
          .fixed=${this.hides("model")}
          ?hidden=${this.hides("about")}
        ></convscope-model-choice>
        <div class="body">
          <div class="own">
            <convscope-pad .session=${session} .dark=${dark} .buttons=${!this.hides("buttons")}></convscope-pad>
            <convscope-prediction
              .session=${session}
              .dark=${dark}
              ?hidden=${this.hides("prediction")}
            ></convscope-prediction>
          </div>
          <div>${this.#map()}</div>
          <div class="beside">${chart ? html`${this.#example()} ${this.#legend(chart)}` : nothing}</div>
        </div>
        <convscope-data-summary ?hidden=${this.hides("controls")}></convscope-data-summary>
      </div>
    `;
  }
}

customElements.define("convscope-embedding", EmbeddingView);
