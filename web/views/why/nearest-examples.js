import { css, html, nothing } from "lit";
import { number } from "../../ui/numbers.js";
import { pageEngine } from "../../session/page-engine.js";
import { base } from "../../ui/theme.js";
import { classNameOf } from "../../questions/class-names.js";
import { Examples, exampleImage, learntFrom } from "../../questions/examples.js";
import { Explanation } from "./explanation.js";
import { featuresOf, lastHidden } from "../../questions/last-hidden.js";
import { imagePlane } from "../../cells/image-plane.js";
import * as words from "./words.js";

/** @typedef {import("../../convscope.js").RemoteModel} Model */
/** @typedef {import("../../session/session.js").Observation} Observation */
/** @typedef {import("../../questions/examples.js").Taken} Taken */
/** @typedef {import("../../questions/last-hidden.js").Features} Features */
/**
 * @typedef {{ taken: Taken, width: number, layer: string, answer: number, near: { index: number, distance: number }[]
 * }} Neighbours
 */

/** Training examples that are compared. */
const COMPARED = 2000;
const SHOWN = 10;
const SPACE = 56;

/**
 * The training examples that the last hidden layer takes for most like the drawing.
 *
 * @extends {Explanation<Neighbours>}
 */
export class NearestExamples extends Explanation {
  static styles = [
    base,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 14px;
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        min-width: 56px;
      }
      .other {
        color: var(--alarm);
        font-weight: 600;
      }
    `,
  ];

  #examples = new Examples(this, { part: "training", count: COMPARED, changed: () => this.#forget() });
  /** What the examples are in the eyes of the model on view, until it learns. @type {Features | undefined} */
  #features;

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model" || kind === "weights") this.#features = undefined;
    super.changed(kind);
  }

  #forget() {
    this.#features = undefined;
    void this.ask();
  }

  /**
   * @param {Model} model
   * @param {Observation} observation
   * @returns {Promise<Neighbours | undefined>}
   */
  async explain(model, { image, digit }) {
    const { session } = this;
    const column = lastHidden(session?.shown?.columns ?? []);
    const { taken } = this.#examples;
    if (!column || !taken) return undefined;
    const count = taken.images.labels.length;
    const wanted = async () => model === session?.model && taken === this.#examples.taken;
    const features = this.#features ?? (await featuresOf(model, column, taken.dataset, count, wanted));
    if (!features) return undefined;
    this.#features = features;
    const { nearestRows } = await pageEngine();
    const { indices, distances } = await nearestRows(features.rows, await model.features(image, column.name), {
      count: SHOWN,
    });
    const near = Array.from(indices, (index, place) => ({ index, distance: distances[place] }));
    return { taken, width: features.width, layer: column.name, answer: digit, near };
  }

  /** @param {Neighbours} neighbours */
  #list({ taken, near, answer }) {
    return html`<ul>
      ${near.map(({ index, distance }) => {
        const label = taken.images.labels[index];
        const name = taken.classes[label];
        return html`<li class="small">
          ${imagePlane(exampleImage(taken.images, index), taken.images.shape, {
            space: SPACE,
            label: `Training example ${index + 1}, a ${name}`,
            dark: this.dark,
          })}
          ${label === answer ? html`<span>✓ ${name}</span>` : html`<span class="other">✗ ${name}</span>`}<br />
          <span class="quiet">at ${number(distance)}</span>
        </li>`;
      })}
    </ul>`;
  }

  render() {
    const { answer, session } = this;
    if (!lastHidden(session?.shown?.columns ?? [])) {
      return html`<p class="quiet">${words.NO_HIDDEN}</p>`;
    }
    const { misfit, taken: images } = this.#examples;
    if (misfit) return html`<p>${misfit}</p>`;
    if (!answer) return html`<p class="quiet">${images ? nothing : words.WAITING}</p>`;
    const { taken, near, width, layer } = answer;
    const same = near.filter(({ index }) => taken.images.labels[index] === answer.answer).length;
    const learnt = learntFrom(session?.shown, taken);
    const compared = words.compared({ count: taken.images.labels.length, title: taken.title, learnt });
    const name = classNameOf(session, answer.answer);
    return html`
      <p>${words.nearest({ images: compared, width, layer, same, of: near.length, name })}</p>
      ${this.#list(answer)}
    `;
  }
}

customElements.define("convscope-nearest-examples", NearestExamples);
