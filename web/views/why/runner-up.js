import { css, html, nothing } from "lit";
import { number, probability as inWords } from "../../ui/numbers.js";
import { tableStyles } from "../../ui/tables.js";
import { base } from "../../ui/theme.js";
import { classNameOf } from "../../questions/class-names.js";
import { Explanation, inkOf } from "./explanation.js";
import { overChannels } from "../../ui/image.js";
import "../../ui/legend.js";
import "../../cells/plane.js";
import * as words from "./words.js";

/** @typedef {import("../../session/session.js").Session} Session */
/** @typedef {import("../../session/session.js").Observation} Observation */
/** @typedef {{ unit: number, probability: number, logit: number, gradient: Float32Array }} Contender */
/**
 * @typedef {{ observation: Observation, contenders: [Contender, Contender] }} Contest the answer, and what comes second
 */

const SPACE = 140;
/** The share of the pixels whose values have colours of their own. */
const TOLD_APART = 0.99;

/** What few values exceed: a scale that the very largest set would hide all others. @param {Float32Array} values */
function strong(values) {
  const sizes = values.map(Math.abs).sort();
  return sizes[Math.floor(TOLD_APART * sizes.length)] || 1;
}

/**
 * What separates the answer from another digit: the most probable other one, or the one that is chosen.
 *
 * @extends {Explanation<Contest>}
 */
export class RunnerUp extends Explanation {
  static styles = [
    base,
    tableStyles,
    css`
      .contest {
        display: flex;
        flex-wrap: wrap;
        gap: 14px 32px;
      }
      .numbers {
        flex: 1 1 280px;
        max-width: 48ch;
      }
      figure {
        width: 140px;
        margin: 0;
      }
      convscope-legend {
        margin-top: 8px;
      }
      p {
        margin-top: 8px;
      }
      .sure {
        padding-left: 10px;
        border-left: 3px solid var(--alarm);
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
   * @returns {Promise<Contest | undefined>}
   */
  async explain(model, observation) {
    const layer = this.session?.shown?.columns.at(-1)?.name;
    if (!layer) return undefined;
    const { image, probabilities, digit } = observation;
    const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
    const rival = this.chosen !== undefined && this.chosen !== digit ? this.chosen : order[1];
    const channels = this.session?.inputShape[2] ?? 1;
    /** @param {number} unit @returns {Promise<Contender>} */
    const contender = async (unit) => {
      const [{ preactivation }, gradient] = await Promise.all([
        model.explainUnit(image, { layer, unit }),
        model.project(image, { layer, unit, rule: "gradient" }),
      ]);
      return {
        unit,
        probability: probabilities[unit],
        logit: preactivation,
        gradient: overChannels(gradient.image, channels),
      };
    };
    return { observation, contenders: await Promise.all([contender(digit), contender(rival)]) };
  }

  /** @param {string} title @param {Float32Array} values */
  #figure(title, values) {
    const limit = strong(values);
    const session = /** @type {Session} */ (this.session);
    const [height, width] = session.inputSize;
    return html`<figure>
      <div class="small">${title}</div>
      <convscope-plane
        .values=${values}
        .width=${width}
        .height=${height}
        .limit=${limit}
        .drawing=${this.answer && inkOf(session, this.answer.observation)}
        .space=${SPACE}
        .label=${title}
        .dark=${this.dark}
      ></convscope-plane>
      <convscope-legend .signed=${true} .limit=${limit} .dark=${this.dark}></convscope-legend>
    </figure>`;
  }

  /** @param {Contender} first @param {Contender} second */
  #numbers(first, second) {
    const [name, rival] = [first, second].map(({ unit }) => classNameOf(this.session, unit));
    const margin = first.logit - second.logit;
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">output</th>
            <th scope="col">probability</th>
            <th scope="col">before the activation</th>
          </tr>
        </thead>
        <tbody>
          ${[first, second].map(
            ({ unit, probability, logit }) =>
              html`<tr>
                <th scope="row">${classNameOf(this.session, unit)}</th>
                <td><data value=${probability}>${inWords(probability)}</data></td>
                <td>${number(logit)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p>
        ${words.lead(name, rival, margin)}
        ${this.session?.shown?.columns.at(-1)?.activation === "softmax" ? words.ratio(name, rival, margin) : nothing}
      </p>
      <p class="sure">${words.SURE}</p>
      <p class="quiet small">${words.difference(name, rival)}</p>
    `;
  }

  render() {
    const { answer, session } = this;
    if (!answer) return nothing;
    const [first, second] = answer.contenders;
    const [name, rival] = [first, second].map(({ unit }) => classNameOf(session, unit));
    const difference = first.gradient.map((value, pixel) => value - second.gradient[pixel]);
    return html`
      <div class="contest">
        ${this.#figure(`gradient of ${name}`, first.gradient)} ${this.#figure(`gradient of ${rival}`, second.gradient)}
        ${this.#figure("their difference", difference)}
        <div class="numbers">${this.#numbers(first, second)}</div>
      </div>
    `;
  }
}

customElements.define("convscope-runner-up", RunnerUp);
