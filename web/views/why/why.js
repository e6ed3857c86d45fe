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

/** @type {import("../../ui/lesson.js").Lesson} */
const LESSON = {
  caption:
    "An answer rests on pixels: lay a square over them and it falls, follow the gradient back and they light up. What the last hidden " +
    "layer holds decides; drawings that it cannot tell apart get the same answer.",
  question: {
    text: "where must a square lie to turn a 3 into something else?",
    answers: ["anywhere on the ink", "on the open side at the left", "on a few spots that tell digits apart"],
    right: 2,
    because:
      "Most of the ink can be hidden: what remains is still like no other digit. The map below shows the spots that count.",
  },
};

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
  }

  firstUpdated() {
    this.session?.paper.begin();
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
        <convscope-lesson .lesson=${LESSON} ?hidden=${this.hides("about")}></convscope-lesson>
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
            <h2>From the drawing to what the network sees</h2>
            <convscope-raster-stages .session=${session} .dark=${dark}></convscope-raster-stages>
          </div>
        </div>
        ${this.#choice()}
        <section>
          <h2>Hide a part of it: occlusion</h2>
          <convscope-occlusion .session=${session} .dark=${dark} .chosen=${chosen}></convscope-occlusion>
        </section>
        <section>
          <h2>Go back from the answer: saliency</h2>
          <convscope-saliency .session=${session} .dark=${dark} .chosen=${chosen}></convscope-saliency>
        </section>
        <section>
          <h2>What separates it from the runner-up</h2>
          <convscope-runner-up .session=${session} .dark=${dark} .chosen=${chosen}></convscope-runner-up>
        </section>
        <section>
          <h2>The most similar training examples</h2>
          <convscope-nearest-examples .session=${session} .dark=${dark}></convscope-nearest-examples>
          <convscope-data-summary ?hidden=${this.hides("controls")}></convscope-data-summary>
        </section>
      </div>
    `;
  }
}

customElements.define("convscope-why", WhyView);
