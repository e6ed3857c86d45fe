import { css, html, nothing } from "lit";
import { SessionElement } from "../session/session-element.js";
import { base } from "../ui/theme.js";
import { tell } from "../ui/events.js";
import { probability, short } from "../ui/numbers.js";
import { SCORES, softmaxWords } from "./words.js";

/** With more classes than that, only the most probable have room. */
const MOST_CLASSES = 26;
const MOST_SHOWN = 12;

/** The answer and the ten probabilities. A digit's name shows what that unit of the last layer sums up. */
export class Prediction extends SessionElement {
  static properties = {
    openable: { type: Boolean },
    explained: { type: Boolean },
    opened: { attribute: false },
    truth: { attribute: false },
  };

  static styles = [
    base,
    css`
      .answer {
        display: flex;
        align-items: baseline;
        gap: 10px;
        min-height: 64px;
      }
      .digit {
        min-width: 34px;
        color: var(--accent);
        font-size: 56px;
        line-height: 64px;
        font-weight: 300;
      }
      .word {
        font-size: 24px;
      }
      .wrong {
        color: var(--alarm);
      }
      .bars {
        display: grid;
        grid-template-columns: auto minmax(18px, 1fr) auto;
        align-items: center;
        column-gap: 5px;
      }
      .name {
        display: grid;
        place-items: center;
        min-width: 24px;
        min-height: 24px;
        padding: 0;
      }
      .name[aria-pressed="true"] {
        border-color: var(--ink);
      }
      .bar {
        position: relative;
        height: 14px;
        border-left: 1px solid var(--quiet);
      }
      .bar::before {
        content: "";
        position: absolute;
        inset: 0 auto 0 0;
        width: var(--share, 0%);
        background: var(--quiet);
      }
      .row.best .bar::before {
        background: var(--accent);
      }
      .row {
        display: contents;
      }
      .row.best {
        font-weight: 600;
      }
      .value {
        min-width: 66px;
        font-size: 13px;
        text-align: right;
        white-space: nowrap;
      }
      /* Long names stand over their bars. */
      .words {
        grid-template-columns: minmax(0, 1fr);
        row-gap: 3px;
      }
      .words .row {
        display: grid;
        grid-template: "name value" auto "bar bar" auto / minmax(0, 1fr) auto;
      }
      .words .row.out {
        display: none;
      }
      .words .name {
        grid-area: name;
        justify-self: start;
        max-width: 100%;
        padding: 0 3px;
        overflow: hidden;
        white-space: nowrap;
      }
      .words .bar {
        grid-area: bar;
        height: 4px;
      }
      .explanation {
        margin-top: 8px;
      }
    `,
  ];

  constructor() {
    super();
    this.openable = false;
    /** Whether it is said how far the probabilities can be trusted. */
    this.explained = false;
    /** @type {number | undefined} the digit whose unit is open */
    this.opened = undefined;
    /** @type {number | undefined} what the answer should be, where that is known */
    this.truth = undefined;
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "observation") this.#show();
    else if (kind !== "status") this.requestUpdate();
  }

  updated() {
    this.#show();
  }

  /** Writes the numbers of the latest answer where they belong; too often for a template. */
  #show() {
    const observation = this.session?.observation;
    // Where the outputs are no numbers, none is the largest.
    const answer = observation && observation.probabilities[observation.digit] >= 0 ? observation.digit : undefined;
    const least = this.#leastShown(observation?.probabilities);
    this.renderRoot.querySelectorAll(".row").forEach((row, digit) => {
      const value = observation?.probabilities[digit] ?? 0;
      const bar = /** @type {HTMLElement} */ (row.querySelector(".bar"));
      row.classList.toggle("best", digit === answer);
      row.classList.toggle("out", value < least);
      bar.style.setProperty("--share", `${100 * value}%`);
      bar.ariaValueNow = value.toFixed(4);
      bar.ariaValueText = probability(value);
      const score = observation?.scores?.[digit];
      const written = score === undefined ? probability(value) : short(score);
      /** @type {HTMLElement} */ (row.querySelector(".value")).textContent = observation ? written : "";
    });
    const live = this.renderRoot.querySelector(".digit");
    if (live) live.textContent = answer === undefined ? "" : this.#nameOf(answer);
    const verdict = this.renderRoot.querySelector(".verdict");
    if (!verdict || this.truth === undefined || !observation) return;
    const right = answer === this.truth;
    for (const element of [verdict, live]) element?.classList.toggle("wrong", !right);
    verdict.textContent = right ? "✓ right" : "✗ wrong";
  }

  /** Of many classes, those below it have no room. @param {Float32Array | undefined} probabilities */
  #leastShown(probabilities) {
    return probabilities && probabilities.length > MOST_CLASSES
      ? probabilities.toSorted()[probabilities.length - MOST_SHOWN]
      : 0;
  }

  /** Whether the classes are called more than a letter. */
  get #isNamed() {
    return this.session?.shown?.classes?.some(({ length }) => length > 1);
  }

  /** @param {number} unit of the last layer */
  #nameOf(unit) {
    return this.session?.shown?.classes?.[unit] ?? String(unit);
  }

  /** @param {number} unit @returns {DOMRect | undefined} where its bar stands */
  rectOf(unit) {
    return this.renderRoot.querySelectorAll(".row")[unit]?.querySelector(".name")?.getBoundingClientRect();
  }

  /** @param {number} digit */
  focusDigit(digit) {
    /** @type {NodeListOf<HTMLElement>} */ (this.renderRoot.querySelectorAll(".name"))[digit]?.focus();
  }

  /** @param {number} unit */
  #open(unit) {
    tell(this, "open", { unit });
  }

  /** @param {number} digit */
  #name(digit) {
    const name = this.#nameOf(digit);
    if (!this.openable) return html`<span class="name" aria-hidden="true">${name}</span>`;
    const label = `What adds to the answer ${name}`;
    return html`<button
      class="name"
      aria-label=${label}
      aria-pressed=${this.opened === digit}
      @click=${() => this.#open(digit)}
    >
      ${name}
    </button>`;
  }

  render() {
    const { session } = this;
    if (!session) return;
    const { blank, draws } = session.paper;
    const spoken = blank
      ? draws
        ? "Draw a digit"
        : "Take a picture"
      : session.settled && session.observation
        ? this.#nameOf(session.observation.digit)
        : "";
    const last = session.shown?.columns.at(-1);
    const count = last?.count ?? 10;
    const answers = session.shown?.summary.answers;
    const isScored = answers === "scores";
    return html`
      <div class="answer">
        <span class="digit ${this.#isNamed ? "word" : ""}" aria-hidden="true" ?hidden=${blank}></span>
        <span class="verdict" ?hidden=${blank || this.truth === undefined}></span>
        <span role="status" aria-label="Prediction" class=${blank ? "quiet" : "unseen"}>${spoken}</span>
      </div>
      <div class="bars ${this.#isNamed || count > MOST_CLASSES ? "words" : ""}">
        ${Array.from(
          { length: count },
          (_, digit) => html`
            <div class="row">
              ${this.#name(digit)}
              <div
                class="bar"
                role="meter"
                aria-label="${isScored ? "Softmax of the score of" : "Probability of"} ${this.#nameOf(digit)}"
                aria-valuemin="0"
                aria-valuemax="1"
                aria-valuenow="0"
              ></div>
              <span class="value" aria-hidden="true"></span>
            </div>
          `,
        )}
      </div>
      ${
        isScored || (this.explained && answers === "probabilities")
          ? html`<p class="explanation quiet small">${isScored ? SCORES : softmaxWords(count)}</p>`
          : nothing
      }
    `;
  }
}

customElements.define("convscope-prediction", Prediction);
