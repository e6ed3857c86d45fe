import { css, html, nothing } from "lit";
import { DIGITS, areDigits } from "../../data/digits.js";
import { shiftWords, shiftedImage } from "../../session/drawing.js";
import { nextTask } from "../../ui/next-task.js";
import { OnScreen } from "../../ui/on-screen.js";
import { Following } from "../../ui/following.js";
import { pageData } from "../../session/page-data.js";
import { pageEngine } from "../../session/page-engine.js";
import { problemOf } from "../../session/problem.js";
import { Contest } from "./contest.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { PIXELS } from "../../data/image-size.js";
import "../../runs/data-summary.js";
import "../../ui/lesson.js";
import "../../ui/legend.js";
import "../../network/pad.js";
import "./connections.js";
import "./distance-comparison.js";
import "./drag-picture.js";
import "./lane.js";
import "./weight-sharing.js";
import * as words from "./words.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../session/drawing.js").Point} Point */
/** @typedef {import("./contest.js").Side} Side */
/** @typedef {import("./offset-count.js").Offset} Offset */

/** @type {Side[]} */
const SIDES = ["mlp", "cnn"];

/** An MLP and a CNN of like size on one drawing that is moved: the two faults of the MLP. */
export class ShiftView extends View {
  static properties = {
    image: { state: true },
    meant: { state: true },
    pointed: { state: true },
    sections: { state: true },
  };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 20px;
      }
      h2 {
        margin: 0 0 4px;
        font-size: inherit;
      }
      section {
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      section p {
        max-width: 90ch;
        margin-bottom: 12px;
      }
      convscope-weight-sharing {
        margin: 8px 0 16px;
      }
      .body {
        display: grid;
        grid-template-columns: 224px minmax(0, 1fr) minmax(0, 1fr);
        gap: 24px 32px;
        align-items: start;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 8px 0;
      }
      .buttons button {
        flex: 1 1 auto;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      summary {
        min-height: 24px;
        cursor: pointer;
      }
      .lane {
        display: grid;
        grid-template-columns: minmax(130px, 1fr) 238px;
        gap: 8px 20px;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 20px 32px;
      }
      .counting {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        min-height: 24px;
      }
      progress {
        width: 120px;
        accent-color: var(--accent);
      }
      convscope-legend {
        width: 150px;
      }
      @media (max-width: 1120px) {
        .body {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
        .picture {
          grid-column: 1 / -1;
        }
      }
      @media (max-width: 860px) {
        .body {
          gap: 16px;
        }
      }
    `,
  ];

  #screen = new OnScreen(this);
  #data = pageData();
  contest = new Contest();
  #told = false;
  /** The strokes that {@link image} was made of. */
  #strokes = /** @type {readonly unknown[]} */ ([]);

  constructor() {
    super();
    /** The drawing as it is before it is moved. @type {Float32Array | undefined} */
    this.image = undefined;
    /** What digit it is meant to be. @type {number | undefined} */
    this.meant = undefined;
    /** The offset under a pointer. @type {Offset | undefined} */
    this.pointed = undefined;
    /** How many of the sections further down are drawn: each comes in a task of its own. */
    this.sections = 0;
    new Following(this, ["change"], () => this.contest);
    new Following(
      this,
      ["change"],
      () => this.#data,
      () => {
        this.contest.batch = undefined;
        this.requestUpdate();
      },
    );
  }

  connectedCallback() {
    super.connectedCallback();
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.contest.leave();
  }

  async firstUpdated() {
    this.session?.paper.begin();
    for (const sections of [1, 2]) {
      await nextTask();
      this.sections = sections;
    }
  }

  updated() {
    const { session, contest } = this;
    if (!session || !this.isConnected) return;
    contest.watch(this.#screen.visible);
    contest.read(session.drawing);
    if (session.drawing.strokes !== this.#strokes) void this.#take(session.drawing.strokes);
    // Half a digit is not meant to be one.
    if (this.image && this.meant === undefined && !session.paper.penDown) void this.#readUnmoved(this.image);
    if (this.#screen.visible) void this.#count();
    if (this.#told || !this.image || contest.lanes.some((lane) => !lane.session.shown)) return;
    this.#told = true;
    this.tellReady();
  }

  /** @param {readonly Point[][]} strokes */
  async #take(strokes) {
    this.#strokes = strokes;
    this.meant = undefined;
    try {
      const { image } = await (await pageEngine()).rasterize(/** @type {Point[][]} */ (strokes));
      if (strokes === this.#strokes) this.image = strokes.length ? image : undefined;
    } catch (error) {
      this.session?.report(problemOf(error));
    }
  }

  /**
   * Until someone says otherwise, the digit is what the CNN takes it for where it was drawn.
   * @param {Float32Array} image
   */
  async #readUnmoved(image) {
    const { model } = this.contest.lane("cnn").session;
    if (!model) return;
    try {
      const probabilities = await model.predict(image);
      if (image === this.image && this.meant === undefined)
        this.meant = probabilities.indexOf(Math.max(...probabilities));
    } catch {
      // The network was left meanwhile; the next one is asked when it is there.
    }
  }

  async #count() {
    const { current } = this.#data;
    try {
      if (!current || current.sample) await this.contest.recall();
      else await this.contest.count(current);
    } catch (error) {
      // What was left meanwhile owes no count.
      if (this.isConnected) this.session?.report({ ...problemOf(error), retry: () => void this.#count() });
    }
  }

  /** @param {Offset} offset */
  #moveTo([right, down]) {
    const [atRight, atDown] = this.session?.drawing.shift ?? [0, 0];
    this.session?.paper.shift(right - atRight, down - atDown);
  }

  /** @param {Side} side @param {string} name */
  #choose(side, name) {
    this.contest.names = { ...this.contest.names, [side]: name };
    this.requestUpdate();
  }

  /** @param {Side} side */
  #lane(side) {
    const { contest } = this;
    const contestant = contest.lane(side);
    return html`<convscope-shift-lane
      .side=${side}
      .contestant=${contestant}
      .shown=${contestant.session.shown}
      .counts=${contest.sharesOf(contestant)}
      .offset=${this.session?.drawing.shift ?? [0, 0]}
      .pointed=${this.pointed}
      .meant=${this.meant}
      .fixed=${this.hides("model")}
      .silent=${this.hides("prediction")}
      .dark=${this.dark}
      @network=${(/** @type {Told<"network">} */ { detail }) => this.#choose(side, detail)}
      @offset=${(/** @type {Told<"offset">} */ { detail }) => this.#moveTo(detail)}
      @pointoffset=${(/** @type {Told<"pointoffset">} */ { detail }) => (this.pointed = detail)}
    ></convscope-shift-lane>`;
  }

  #progress() {
    const { current } = this.#data;
    if (current && !areDigits(current)) {
      return html`<p class="quiet">${words.noDigits(current.title)}</p>`;
    }
    const { part } = this.contest;
    return html`
      <p class="counting">
        <span class="quiet">${words.mapsMeasured(this.contest.measured)}</span>
        <convscope-legend .meaning=${"accuracy"} .limit=${1} .percent=${true} .dark=${this.dark}></convscope-legend>
        ${part < 1 ? html`<progress max="1" .value=${part} aria-label="Offsets counted"></progress>` : nothing}
      </p>
    `;
  }

  #picture() {
    const { session, image, meant } = this;
    const shift = session?.drawing.shift ?? [0, 0];
    return html`
      <div class="picture">
        <convscope-drag-picture
          .image=${image ? shiftedImage(image, shift) : new Float32Array(PIXELS)}
          .label=${"Drag the digit"}
          .dark=${this.dark}
          @shift=${(/** @type {Told<"shift">} */ { detail }) => session?.paper.shift(detail.right, detail.down)}
        ></convscope-drag-picture>
        <p class="small quiet">${words.DRAG} <span role="status">${words.moved(shiftWords(shift))}</span></p>
        <div class="buttons" ?hidden=${this.hides("buttons")}>
          <button ?disabled=${shift[0] === 0 && shift[1] === 0} @click=${() => this.#moveTo([0, 0])}>Centre</button>
          <button @click=${() => session?.paper.sample()}>Sample</button>
          <label
            >meant
            <select
              @change=${(/** @type {Event} */ { target }) => (this.meant = Number(/** @type {HTMLSelectElement} */ (target).value))}
            >
              ${DIGITS.map((name, digit) => html`<option value=${digit} ?selected=${digit === meant}>${name}</option>`)}
            </select></label
          >
        </div>
        <details ?hidden=${this.hides("buttons")}>
          <summary>Draw one</summary>
          <convscope-pad .session=${session} .dark=${this.dark}></convscope-pad>
        </details>
      </div>
    `;
  }

  #sharing() {
    return html`
      <section>
        <h2>${words.SHARING.title}</h2>
        <convscope-weight-sharing></convscope-weight-sharing>
        <p ?hidden=${this.hides("about")}>${words.SHARING.about} ${words.SHARING.point}</p>
        <div class="pair">
          ${SIDES.map(
            (side) =>
              html`<convscope-connections
                .session=${this.contest.lane(side).session}
                .label=${side === "mlp" ? "MLP" : "CNN"}
                .dark=${this.dark}
              ></convscope-connections>`,
          )}
        </div>
      </section>
    `;
  }

  #distances() {
    const { contest } = this;
    const rows = contest.compared.map((contestant) => ({
      title: contestant.title,
      hiddenLayers: contestant.hiddenLayers,
      params: contestant.session.shown?.params ?? 0,
      byDistance: contest.sharesOf(contestant).byDistance(),
    }));
    return html`
      <section>
        <h2>${words.DISTANCES.title}</h2>
        <div ?hidden=${this.hides("about")}>
          <p>${words.DISTANCES.invariance}</p>
          <p>${words.DISTANCES.depth} ${words.DISTANCES.learnt}</p>
        </div>
        <convscope-distance-comparison
          .rows=${rows}
          .measured=${contest.measured}
          .dark=${this.dark}
        ></convscope-distance-comparison>
      </section>
    `;
  }

  render() {
    if (!this.session || !this.isConnected) return nothing;
    return html`
      <div class="view">
        <convscope-lesson ?hidden=${this.hides("about")} .lesson=${words.LESSON}></convscope-lesson>
        <div class="body">${this.#picture()} ${SIDES.map((side) => this.#lane(side))}</div>
        <div>
          ${this.#progress()}
          <convscope-data-summary .unread=${words.SHIPPED} ?hidden=${this.hides("about")}></convscope-data-summary>
        </div>
        ${this.sections > 0 ? this.#sharing() : nothing} ${this.sections > 1 ? this.#distances() : nothing}
      </div>
    `;
  }
}

customElements.define("convscope-shift", ShiftView);
