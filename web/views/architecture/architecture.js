import { css, html, nothing } from "lit";
import { View } from "../../session/view.js";
import { tell } from "../../ui/events.js";
import { Following } from "../../ui/following.js";
import { base } from "../../ui/theme.js";
import { editorOf } from "./editor.js";
import { memoryOf, memoryWords } from "./formulas.js";
import * as words from "./words.js";
import "../../network/model-choice.js";
import "./code-pane.js";
import "./layer-list.js";
import "./model-files.js";
import "./own-network.js";

/** @import { Told } from "../../ui/events.js" */

/** Where a network that was built goes on. */
const WAYS = [
  { view: "train", text: "Train it" },
  { view: "playground", text: "Draw for it" },
  { view: "unit", text: "Look into a unit" },
  { view: "race", text: "Race optimisers" },
];

/** A network as a list of layers and as code, both of which can be changed. */
export class ArchitectureView extends View {
  static properties = { pointed: { state: true } };

  static styles = [
    base,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      convscope-model-notes {
        min-height: 0;
      }
      .about {
        align-items: start;
      }
      .row h2 {
        margin: 0 auto 0 0;
        font: inherit;
        font-weight: 600;
      }
      .desk {
        display: grid;
        grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr);
        align-items: start;
        gap: 10px 28px;
      }
      section > .row {
        min-height: 34px;
      }
      .code {
        position: sticky;
        top: 8px;
      }
      .totals {
        padding: 8px 4px 8px 34px;
      }
      .fault {
        padding-left: 8px;
        border-left: 3px solid var(--alarm);
        color: var(--alarm);
      }
      .ways {
        padding-top: 10px;
        border-top: 1px solid var(--hairline);
      }
      @media (max-width: 860px) {
        .desk {
          grid-template-columns: minmax(0, 1fr);
        }
        .code {
          position: static;
        }
      }
      @media (max-width: 560px) {
        .totals {
          padding-left: 4px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** The layer that a pointer, the focus or the caret is on. @type {string | undefined} */
    this.pointed = undefined;
    new Following(
      this,
      ["change"],
      () => this.editor,
      () => this.#show(),
    );
  }

  get editor() {
    return this.session && editorOf(this.session);
  }

  firstUpdated() {
    void this.editor?.follow();
  }

  #show() {
    this.requestUpdate();
    for (const name of ["layer-list", "code-pane", "model-files", "own-network"]) {
      /** @type {import("lit").LitElement | null} */ (
        this.renderRoot.querySelector(`convscope-${name}`)
      )?.requestUpdate();
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, ctrlKey, metaKey, shiftKey } = event;
    // In a field these keys are for what is typed there.
    const isTyped = event
      .composedPath()
      .some((one) => one instanceof HTMLElement && /^(?:INPUT|TEXTAREA)$/.test(one.tagName));
    if (isTyped || !(ctrlKey || metaKey)) return;
    const wanted = key.toLowerCase();
    if (wanted === "z" && !shiftKey) this.editor?.undo();
    else if (wanted === "y" || wanted === "z") this.editor?.redo();
    else return;
    event.preventDefault();
  }

  #totals() {
    const { summary, fault } = this.editor?.judgement ?? {};
    if (!summary || fault) return html`<p class="totals small quiet">${words.STILL_ON_VIEW}</p>`;
    const memory = summary.layers.reduce((sum, layer) => sum + memoryOf(layer), 0);
    return html`<p class="totals small">${words.totals(summary, memoryWords(memory))}</p>`;
  }

  /** A fault of no layer in particular. */
  #fault() {
    const { fault } = this.editor?.judgement ?? {};
    const layers = this.editor?.design?.layers ?? [];
    const isElsewhere = !fault || layers.some(({ name }) => name === fault.layer);
    const told = isElsewhere ? this.editor?.told : fault.sentence;
    return told ? html`<p class="fault small" role="alert">${told}</p>` : nothing;
  }

  render() {
    const { session, editor } = this;
    if (!session) return;
    const { judgement, canUndo, canRedo, building } = editor ?? {};
    const doubtful = Boolean(judgement?.fault) || building;
    return html`
      <div class="view" @keydown=${this.#key}>
        <div class="row about" ?hidden=${this.hides("about")}>
          <convscope-model-choice .session=${session} .fixed=${this.hides("model")}></convscope-model-choice>
          <convscope-own-network
            ?hidden=${this.hides("controls")}
            .session=${session}
            .kept=${editor?.kept}
            .name=${session.shown?.own ? session.shown.name : undefined}
          ></convscope-own-network>
          <convscope-model-notes .session=${session}></convscope-model-notes>
        </div>
        <convscope-model-files
          ?hidden=${this.hides("controls")}
          .session=${session}
          .editor=${editor}
        ></convscope-model-files>
        <div class="desk" @pointlayer=${(/** @type {Told<"pointlayer">} */ { detail }) => (this.pointed = detail)}>
          <section aria-label="Layers">
            <div class="row">
              <h2>Layers</h2>
              <button ?disabled=${!canUndo} aria-keyshortcuts="Control+Z" @click=${() => editor?.undo()}>Undo</button>
              <button ?disabled=${!canRedo} aria-keyshortcuts="Control+Y" @click=${() => editor?.redo()}>Redo</button>
            </div>
            ${this.#fault()}
            <convscope-layer-list .editor=${editor} .marked=${this.pointed}></convscope-layer-list>
            ${this.#totals()}
            <p class="small quiet">${words.ABOUT} ${words.KEYS}</p>
          </section>
          <section class="code" aria-label="Code">
            <div class="row"><h2>The same in Keras</h2></div>
            <convscope-code-pane .editor=${editor} .marked=${this.pointed}></convscope-code-pane>
          </section>
        </div>
        <p class="unseen" role="status" aria-label="Network">${this.#spoken()}</p>
        <div class="row ways" ?hidden=${this.hides("controls")}>
          ${WAYS.map(
            ({ view, text }) =>
              html`<button ?disabled=${doubtful} @click=${() => tell(this, "view", { view })}>${text}</button>`,
          )}
        </div>
        ${this.#kept()}
      </div>
    `;
  }

  /** What a screen reader is told of a change. */
  #spoken() {
    const { summary, fault } = this.editor?.judgement ?? {};
    if (fault) return `Does not fit: ${fault.sentence}`;
    return summary ? `Fits: ${summary.layers.length} layers, ${summary.params} parameters` : "";
  }

  /** What the browser does not keep. */
  #kept() {
    const { unkept: reason = "", unread = [] } = this.editor?.kept ?? {};
    const unkept = this.session?.shown?.own ? reason : "";
    return html`
      ${unkept ? html`<p class="fault small" role="alert">${words.unkept(unkept)}</p>` : nothing}
      ${
        unread.length
          ? html`<p class="fault small" role="alert">
              ${words.unread(unread.length)}
              <button @click=${() => this.editor?.kept?.forgetUnread()}>Discard</button>
            </p>`
          : nothing
      }
    `;
  }
}

customElements.define("convscope-architecture", ArchitectureView);
