import { css, html } from "lit";
import { shiftedImage } from "../../session/drawing.js";
import { switchField } from "../../ui/fields.js";
import { probability } from "../../ui/numbers.js";
import { pageEngine } from "../../session/page-engine.js";
import { base } from "../../ui/theme.js";
import { classNameOf } from "../../questions/class-names.js";
import { ExplainingView } from "../../questions/explaining-view.js";
import "../../cells/plane.js";
import * as words from "./words.js";

/** @typedef {import("../../convscope.js").RasterStages} RasterStages */
/** @typedef {import("../../convscope.js").Strokes} Strokes */
/**
 * @typedef {{ stages: RasterStages, image: Float32Array, probabilities: Float32Array }} Way to the network, and what it
 * answers then
 */

/** CSS pixels for the side of the pictures: four for a pixel of 28, one for a pixel of the raw drawing. */
const SPACE = 112;

/**
 * How a drawing becomes the image that the network sees, step by step, as MNIST's makers did it.
 *
 * @extends {ExplainingView<Way>}
 */
export class RasterStagesFigure extends ExplainingView {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = { centred: { state: true } };

  static styles = [
    base,
    css`
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 26px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        width: 124px;
      }
      .picture {
        display: grid;
        place-content: end start;
        height: 126px;
        margin-bottom: 6px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 28px;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 18px;
        margin-top: 6px;
      }
    `,
  ];

  constructor() {
    super();
    /** Whether the centre of mass is moved to the middle. */
    this.centred = true;
  }

  firstUpdated() {
    void this.ask();
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("centred") && this.hasUpdated) void this.ask();
  }

  /**
   * @param {import("../../convscope.js").RemoteModel} model
   * @returns {Promise<Way | undefined>}
   */
  async explain(model) {
    const { strokes, shift, picture } = /** @type {import("../../session/session.js").Session} */ (this.session)
      .drawing;
    if (picture) return undefined;
    const engine = await pageEngine();
    const stages = await engine.rasterizeStages(/** @type {Strokes} */ (strokes), { center: this.centred });
    const image = shiftedImage(stages.image, shift);
    return { stages, image, probabilities: await model.predict(image) };
  }

  /** @param {string} name @param {import("../../convscope.js").Picture} picture @param {unknown} text */
  #stage(name, { width, height, pixels }, text) {
    return html`<li>
      <div class="picture">
        <convscope-plane
          .values=${pixels}
          .width=${width}
          .height=${height}
          .meaning=${"ink"}
          .space=${Math.max(SPACE, width, height)}
          .label=${`${name}, ${height} by ${width} pixels`}
          .dark=${this.dark}
        ></convscope-plane>
      </div>
      <strong>${name}</strong>
      <div class="quiet small">${text}</div>
    </li>`;
  }

  render() {
    const { answer, centred, session } = this;
    if (session?.drawing.picture) return html`<p class="quiet">${words.NO_STROKES}</p>`;
    const placement = answer?.stages.placement;
    if (!answer || !placement) return html`<p class="quiet">${words.BLANK}</p>`;
    const { raw, cropped, scaled } = answer.stages;
    const [across, down] = placement.centerOfMass;
    const [left, top] = placement.offset;
    const best = answer.probabilities.indexOf(Math.max(...answer.probabilities));
    const moved = session?.drawing.shift.some((pixels) => pixels !== 0) ?? false;
    return html`
      <ol aria-label=${words.STAGES}>
        ${this.#stage("1 Raw", raw, words.raw(raw))} ${this.#stage("2 Cropped", cropped, words.cropped(cropped))}
        ${this.#stage("3 Scaled", { width: 20, height: 20, pixels: scaled }, words.SCALED)}
        ${this.#stage(
          centred ? "4 Centred" : "4 Not centred",
          { width: 28, height: 28, pixels: answer.image },
          centred ? words.centred(across, down, moved) : words.notCentred(left, top, moved),
        )}
      </ol>
      <div class="line">
        ${switchField({ text: words.CENTRED, checked: centred, change: (on) => (this.centred = on) })}
        <span class="read"
          >read as <strong>${classNameOf(session, best)}</strong> (<data value=${answer.probabilities[best]}
            >${probability(answer.probabilities[best])}</data
          >)</span
        >
      </div>
    `;
  }
}

customElements.define("convscope-raster-stages", RasterStagesFigure);
