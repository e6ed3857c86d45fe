import { css, html, nothing } from "lit";
import { cellSize } from "../../ui/heat-map.js";
import { paintImage } from "../../ui/image.js";
import { counted } from "../../ui/counted.js";
import { base } from "../../ui/theme.js";
import { NetworkView } from "../../network/network-view.js";
import { OPEN_A_MAP } from "../../network/words.js";
import { PixelRatio } from "../../ui/pixel-ratio.js";
import "../../network/model-choice.js";
import "../../network/pad.js";
import "../../network/prediction.js";
import { SEEN, SEEN_CAPTION, pictureSeen } from "./words.js";

/** @import { Told } from "../../ui/events.js" */
/** The whole network at work: pad, what the network sees, every layer, the answer. */
export class PlaygroundView extends NetworkView {
  static properties = { weights: { state: true } };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: baseline;
        gap: 10px 20px;
      }
      /* Everything appears at once, in its place: nobody draws on a pad that moves. */
      .view[data-opening] {
        visibility: hidden;
      }
      .controls,
      .body {
        grid-column: 1 / -1;
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 24px;
        padding-top: 10px;
        border-top: 1px solid var(--hairline);
      }
      .controls label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 28px;
      }
      .body {
        display: grid;
        grid-template: "pad figure prediction" auto / clamp(196px, 15.3vw, 280px) minmax(0, 1fr) 144px;
        align-items: start;
        gap: 20px 24px;
        margin-top: 4px;
      }
      .pad {
        grid-area: pad;
      }
      .seen {
        margin: 14px 0 0;
      }
      .seen figcaption {
        margin-top: 6px;
      }
      .seen canvas {
        outline: 1px solid var(--hairline);
      }
      .prediction {
        grid-area: prediction;
      }
      .prediction header {
        padding-top: 2px;
        margin-bottom: 4px;
        line-height: 17px;
      }
      .prediction .name {
        font-weight: 600;
      }
      convscope-network-figure {
        grid-area: figure;
      }
      @media (max-width: 860px) {
        .view {
          grid-template-columns: minmax(0, 1fr);
        }
        convscope-model-notes,
        .controls {
          order: 1;
        }
        .prediction {
          max-width: 280px;
        }
        .body {
          grid-template:
            "pad prediction" auto
            "figure figure" auto / minmax(0, 260px) minmax(124px, 1fr);
          gap: 16px;
        }
      }
    `,
  ];

  constructor() {
    super();
    new PixelRatio(this);
    /** Whether the weights' pictures are shown. */
    this.weights = true;
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind !== "observation" && kind !== "weights") this.requestUpdate();
    if (kind === "observation") this.#paintSeen();
  }

  updated() {
    super.updated();
    this.#paintSeen();
  }

  #paintSeen() {
    const canvas = this.renderRoot.querySelector("canvas");
    if (!canvas) return;
    const { session } = this;
    if (!session) return;
    const shape = session.inputShape;
    const [height, width, channels] = shape;
    const image = session.observation?.image ?? new Float32Array(height * width * channels);
    paintImage(canvas, image, shape, this.dark);
    const cell = cellSize(Math.max(height, width), 112);
    canvas.style.width = `${width * cell}px`;
    canvas.style.height = `${height * cell}px`;
  }

  #output() {
    const last = this.session?.shown?.columns.at(-1);
    if (!last) return nothing;
    return html`
      <header class="small">
        <div class="name">${last.name}</div>
        <div>${last.shape.join("×")}</div>
        <div class="quiet">${last.params ? `${counted(last.params)} params` : "no params"}</div>
        <div class="quiet">${last.passed.length ? `after ${last.passed.join(", ")}` : last.activation}</div>
      </header>
    `;
  }

  /** @param {number} unit */
  #openOutput(unit) {
    const last = this.session?.shown?.columns.at(-1);
    const same = this.place?.layer === last?.name && this.place?.unit === unit;
    this.show(same || !last ? undefined : { layer: last.name, unit });
  }

  /** @param {import("../../session/view.js").Place} place */
  focusPlace(place) {
    const prediction = /** @type {import("../../network/prediction.js").Prediction} */ (
      this.renderRoot.querySelector("convscope-prediction")
    );
    if (place.layer === this.session?.shown?.columns.at(-1)?.name) prediction.focusDigit(place.unit);
    else super.focusPlace(place);
  }

  #controls() {
    return html`
      <div class="controls">
        ${this.scopeChoice()}
        <label ?hidden=${this.hides("weights")}>
          <input
            type="checkbox"
            .checked=${this.weights}
            @change=${(/** @type {Event} */ { target }) =>
              (this.weights = /** @type {HTMLInputElement} */ (target).checked)}
          />
          show weights
        </label>
        <span class="quiet">${OPEN_A_MAP}</span>
      </div>
    `;
  }

  render() {
    const { session, dark, place } = this;
    if (!session) return;
    const last = session.shown?.columns.at(-1)?.name;
    const seen = session.drawing.picture && pictureSeen(session.inputShape);
    return html`
      <div class="view" data-opening=${session.loading && !session.shown && !session.problem ? "true" : nothing}>
        <convscope-model-choice
          .session=${session}
          .fixed=${this.hides("model")}
          ?hidden=${this.hides("about")}
        ></convscope-model-choice>
        <convscope-model-notes .session=${session} ?hidden=${this.hides("about")}></convscope-model-notes>
        ${this.hides("controls") ? nothing : this.#controls()}
        <div class="body" @keydown=${this.closeOnEscape}>
          <div class="pad">
            <convscope-pad
              .session=${session}
              .dark=${dark}
              .buttons=${!this.hides("buttons")}
              .seen=${!this.hides("input")}
            ></convscope-pad>
            <figure class="seen" ?hidden=${this.hides("input")}>
              <canvas role="img" aria-label=${seen ?? SEEN}></canvas>
              <figcaption class="quiet small">${seen ?? SEEN_CAPTION}</figcaption>
            </figure>
          </div>
          ${this.figure({ weights: this.weights && !this.hides("weights") })}
          <div class="prediction" ?hidden=${this.hides("prediction")}>
            ${this.#output()}
            <convscope-prediction
              openable
              explained
              .session=${session}
              .dark=${dark}
              .opened=${place && place.layer === last ? place.unit : undefined}
              @open=${(/** @type {Told<"open">} */ { detail }) => this.#openOutput(detail.unit)}
            ></convscope-prediction>
          </div>
        </div>
      </div>
    `;
  }
}

customElements.define("convscope-playground", PlaygroundView);
