import { css, html } from "lit";
import { classNameOf } from "../../questions/class-names.js";
import { choiceField, unsent } from "../../ui/fields.js";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import "../../runs/data-summary.js";
import "../../ui/lesson.js";
import "./nearest-examples.js";
import "./occlusion.js";
import "./raster-stages.js";
import "./runner-up.js";
import "./saliency.js";
import "../../network/model-choice.js";
import "../../network/pad.js";
import "../../network/prediction.js";
import * as words from "./words.js";

/** The parts of the view below the drawing, in their order. */
const PARTS = /** @type {const} */ (["occlusion", "saliency", "runnerUp", "nearest"]);

/** Why the drawing is read as it is. */
export class WhyView extends View {
  static properties = { chosen: { state: true } };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 18px;
      }
      .body {
        display: grid;
        grid-template-columns: clamp(196px, 15.3vw, 224px) 144px minmax(0, 1fr);
        align-items: start;
        gap: 20px 32px;
      }
      section {
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      h2 {
        margin: 0 0 8px;
        font-size: 16px;
        font-weight: 600;
      }
      h2:focus-visible {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      nav,
      .ask {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
      }
      .ask {
        justify-content: space-between;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      @media (max-width: 860px) {
        .body {
          grid-template-columns: minmax(0, 260px) minmax(124px, 1fr);
          gap: 16px;
        }
        .way {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** The digit that is explained; the answer, if undefined. @type {number | undefined} */
    this.chosen = undefined;
    /** The lesson, until another digit is drawn. */
    this.lesson = words.lesson(undefined);
  }

  /** Asks about the digit that is on the pad. */
  willUpdate() {
    const { session } = this;
    const { digit } = session?.observation ?? {};
    const name = digit === undefined ? undefined : classNameOf(session, digit);
    const lesson = words.lesson(name);
    // A lesson that is the same keeps the answer that was given.
    if (session?.settled !== false && lesson.question?.text !== this.lesson.question?.text) this.lesson = lesson;
  }

  /** @param {typeof PARTS[number]} part */
  #jump(part) {
    const heading = /** @type {HTMLElement} */ (this.renderRoot.querySelector(`#${part}`));
    heading.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  }

  #headings() {
    return html`<nav aria-label=${words.JUMP}>
      <span class="quiet">${words.JUMP}</span>
      ${PARTS.map((part) => html`<button @click=${() => this.#jump(part)}>${words.TITLES[part]}</button>`)}
    </nav>`;
  }

  /** @param {typeof PARTS[number]} part */
  #heading(part) {
    return html`<h2 id=${part} tabindex="-1">${words.TITLES[part]}</h2>`;
  }

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model") this.chosen = undefined;
    if (kind === "model" || kind === "settled") this.requestUpdate();
  }

  #choice() {
    const { session, chosen } = this;
    const { digit } = session?.observation ?? {};
    const outputs = session?.shown?.columns.at(-1)?.count ?? 0;
    const names = Array.from({ length: outputs }, (_, unit) => ({
      value: String(unit),
      text: classNameOf(session, unit),
    }));
    const answer = digit === undefined ? "the answer" : `the answer, ${classNameOf(session, digit)}`;
    return html`<form @submit=${unsent} ?hidden=${this.hides("controls")}>
      ${choiceField({
        text: "Explain",
        value: chosen === undefined ? "" : String(chosen),
        options: [{ value: "", text: answer }, ...names],
        change: (value) => (this.chosen = value === "" ? undefined : Number(value)),
      })}
    </form>`;
  }

  render() {
    const { session, dark, chosen } = this;
    if (!session) return;
    return html`
      <div class="view">
        <convscope-lesson .lesson=${this.lesson} ?hidden=${this.hides("about")}></convscope-lesson>
        <convscope-model-choice
          .session=${session}
          .fixed=${this.hides("model")}
          ?hidden=${this.hides("about")}
        ></convscope-model-choice>
        <div class="body">
          <convscope-pad .session=${session} .dark=${dark} .buttons=${!this.hides("buttons")}></convscope-pad>
          <convscope-prediction
            .session=${session}
            .dark=${dark}
            ?hidden=${this.hides("prediction")}
          ></convscope-prediction>
          <div class="way">
            <h2>${words.TITLES.way}</h2>
            <convscope-raster-stages .session=${session} .dark=${dark}></convscope-raster-stages>
          </div>
        </div>
        <div class="ask">${this.#headings()} ${this.#choice()}</div>
        <section>
          ${this.#heading("occlusion")}
          <convscope-occlusion .session=${session} .dark=${dark} .chosen=${chosen}></convscope-occlusion>
        </section>
        <section>
          ${this.#heading("saliency")}
          <convscope-saliency .session=${session} .dark=${dark} .chosen=${chosen}></convscope-saliency>
        </section>
        <section>
          ${this.#heading("runnerUp")}
          <convscope-runner-up .session=${session} .dark=${dark} .chosen=${chosen}></convscope-runner-up>
        </section>
        <section>
          ${this.#heading("nearest")}
          <convscope-nearest-examples .session=${session} .dark=${dark}></convscope-nearest-examples>
          <convscope-data-summary ?hidden=${this.hides("controls")}></convscope-data-summary>
        </section>
      </div>
    `;
  }
}

customElements.define("convscope-why", WhyView);
