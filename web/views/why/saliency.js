import { css, html, nothing } from "lit";
import { largest } from "../../ui/heat-map.js";
import { overChannels } from "../../ui/image.js";
import { base } from "../../ui/theme.js";
import { classNameOf } from "../../questions/class-names.js";
import { Explanation, inkOf } from "./explanation.js";
import { lastHidden } from "../../questions/last-hidden.js";
import "../../ui/legend.js";
import "../../cells/number-table.js";
import "../../cells/plane.js";
import * as words from "./words.js";

/** @typedef {import("../../session/session.js").Observation} Observation */
/** @typedef {{ values: Float32Array, width: number, height: number }} Picture */
/**
 * @typedef {object} Salient
 * @property {Observation} observation
 * @property {number} unit
 * @property {Picture} gradient
 * @property {Picture | undefined} guided where the network has a ReLU: without one it is the gradient
 * @property {Picture | undefined} activation the class activation map, where the network has one
 */

const SPACE = 224;

/**
 * What of the drawing speaks for a digit: gradient, guided backpropagation, class activation.
 *
 * @extends {Explanation<Salient>}
 */
export class Saliency extends Explanation {
  static styles = [
    base,
    css`
      .maps {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 32px;
      }
      figure {
        width: 224px;
        margin: 0;
      }
      figcaption {
        margin-bottom: 4px;
        font-weight: 600;
      }
      convscope-legend {
        margin: 8px 0;
      }
      p {
        max-width: 76ch;
        margin-top: 8px;
      }
    `,
  ];

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("chosen") && this.hasUpdated) void this.ask();
  }

  /**
   * @param {import("../../convscope.js").RemoteModel} model
   * @param {Observation} observation
   * @returns {Promise<Salient | undefined>}
   */
  async explain(model, observation) {
    const { session } = this;
    const columns = session?.shown?.columns ?? [];
    const layer = columns.at(-1)?.name;
    if (!session || !layer) return undefined;
    const { image } = observation;
    const unit = this.chosen ?? observation.digit;
    const hidden = lastHidden(columns);
    // The mean over whole maps: it has no window.
    const pooled = hidden?.operation === "mean" && !hidden.window;
    const rectified = columns.some(({ activation }) => activation === "relu");
    const [gradient, guided, activation] = await Promise.all([
      model.project(image, { layer, unit, rule: "gradient" }),
      rectified ? model.project(image, { layer, unit, rule: "guided" }) : undefined,
      pooled ? model.classActivation(image, { unit }) : undefined,
    ]);
    const [height, width, channels] = session.inputShape;
    const picture = (/** @type {Float32Array} */ values) => ({ values: overChannels(values, channels), width, height });
    return {
      observation,
      unit,
      gradient: picture(gradient.image),
      guided: guided && picture(guided.image),
      activation: activation && { values: activation.map, width: activation.width, height: activation.height },
    };
  }

  /** @param {string} title @param {Picture} picture @param {string} text */
  #figure(title, { values, width, height }, text) {
    const limit = largest(values);
    return html`<figure>
      <figcaption>${title}</figcaption>
      <convscope-plane
        .values=${values}
        .width=${width}
        .height=${height}
        .limit=${limit}
        .drawing=${this.session && this.answer && inkOf(this.session, this.answer.observation)}
        .space=${SPACE}
        .label=${`${title}, ${height} by ${width}`}
        .dark=${this.dark}
      ></convscope-plane>
      <convscope-legend .signed=${true} .limit=${limit} .dark=${this.dark}></convscope-legend>
      <div class="quiet small">${text}</div>
      <convscope-number-table
        .values=${values}
        .width=${width}
        .height=${height}
        .label=${title}
      ></convscope-number-table>
    </figure>`;
  }

  render() {
    const { answer, session } = this;
    if (!answer) return nothing;
    const name = classNameOf(session, answer.unit);
    return html`
      <div class="maps">
        ${this.#figure("Gradient", answer.gradient, words.gradient(name))}
        ${answer.guided ? this.#figure("Guided backpropagation", answer.guided, words.GUIDED) : nothing}
        ${answer.activation ? this.#figure("Class activation", answer.activation, words.activation(name)) : nothing}
      </div>
      ${answer.activation ? nothing : html`<p class="quiet small">${words.NO_ACTIVATION}</p>`}
    `;
  }
}

customElements.define("convscope-saliency", Saliency);
