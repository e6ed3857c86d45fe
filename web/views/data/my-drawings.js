import { css, html, nothing } from "lit";
import { DIGITS } from "../../data/digits.js";
import { LEAST_DRAWINGS, MyDrawings } from "../../data/my-drawings.js";
import { shiftedImage } from "../../session/drawing.js";
import { Following } from "../../ui/following.js";
import { counted } from "../../ui/counted.js";
import { pageData } from "../../session/page-data.js";
import { pageEngine } from "../../session/page-engine.js";
import { SessionElement } from "../../session/session-element.js";
import { base } from "../../ui/theme.js";
import { DISCARD, DRAW_AND_SAY, NOT_KEPT, howMany, imported, taken, unread } from "./words.js";
import "./example-strip.js";
import "../../network/pad.js";

/** @typedef {import("../../data/my-drawings.js").Drawing} Drawing */

/** The last so many of each digit are on view. */
const SHOWN = 12;

/** @type {MyDrawings | undefined} */
let drawings;

/** Those of the page, taken up once. */
function pageDrawings() {
  if (!drawings) {
    drawings = new MyDrawings();
    void drawings.open();
  }
  return drawings;
}

/** Digits of one's own: drawn, labelled, kept, and learnt from. */
export class MyDrawingsElement extends SessionElement {
  static properties = { removed: { state: true }, told: { state: true }, problem: { state: true } };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 220px) minmax(0, 1fr);
        gap: 12px 24px;
        align-items: start;
      }
      .side {
        display: grid;
        gap: 8px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
      }
      .label {
        min-width: 36px;
      }
      .problem {
        color: var(--alarm);
      }
      ul {
        display: grid;
        gap: 4px;
        max-width: 720px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 5.5em minmax(0, 1fr) auto;
        align-items: center;
        gap: 8px;
      }
      @media (max-width: 560px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  #drawings = pageDrawings();

  constructor() {
    super();
    /** What was removed last, to be taken back. @type {Drawing | undefined} */
    this.removed = undefined;
    this.told = "";
    this.problem = "";
    new Following(this, ["change"], () => this.#drawings);
  }

  /** Does what may fail in words. @param {() => void | Promise<void>} act */
  async #attempt(act) {
    this.problem = "";
    try {
      await act();
    } catch (error) {
      this.problem = /** @type {Error} */ (error).message;
    }
  }

  /** @param {number} label */
  #keep(label) {
    return this.#attempt(async () => {
      const { session } = this;
      if (!session) return;
      const { strokes, shift } = session.drawing;
      const { image } = await (await pageEngine()).rasterize(strokes.map((stroke) => [...stroke]));
      const pixels = Uint8Array.from(shiftedImage(image, shift), (value) => Math.round(255 * value));
      const adding = this.#drawings.add({ label, pixels });
      session.paper.clear();
      await adding;
      this.told = taken(label, this.#drawings);
    });
  }

  /** @param {number} label */
  #removeLast(label) {
    const last = this.#drawings.all.findLast((drawing) => drawing.label === label);
    if (!last) return;
    void this.#drawings.remove(last);
    this.removed = last;
    this.told = `Removed the last ${label}.`;
  }

  #takeBack() {
    const { removed } = this;
    this.removed = undefined;
    if (removed) void this.#attempt(() => this.#drawings.add(removed));
  }

  #export() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(this.#drawings.export());
    link.download = "drawings.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  /** @param {Event} event */
  #import(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const [file] = input.files ?? [];
    if (!file) return;
    void this.#attempt(async () => {
      this.told = imported(await this.#drawings.import(file));
    });
    // So that the same file can be taken again once it is mended.
    input.value = "";
  }

  /** @param {number} label */
  #ofDigit(label) {
    const own = this.#drawings.all.filter((drawing) => drawing.label === label);
    if (!own.length) return nothing;
    return html`
      <li>
        <span>${label}: ${counted(own.length)}</span>
        <convscope-example-strip
          .images=${own.slice(-SHOWN).map(({ pixels }) => pixels)}
          .label=${`My drawings of ${label}`}
          .dark=${this.dark}
        ></convscope-example-strip>
        <button class="plain small" @click=${() => this.#removeLast(label)}>Remove last ${label}</button>
      </li>
    `;
  }

  /** What the browser does not keep, or nobody can read. */
  #lost() {
    const drawings = this.#drawings;
    return html`
      <div role="alert" aria-label="Kept drawings">
        ${
          drawings.kept
            ? nothing
            : html`<p class="row problem">
                <span>${NOT_KEPT}</span><button @click=${() => drawings.keep()}>Try again</button>
              </p>`
        }
        ${
          drawings.unread
            ? html`<p class="row problem">
                <span>${unread(drawings.unread)}</span>
                <button @click=${() => drawings.forgetUnread()}>${DISCARD}</button>
              </p>`
            : nothing
        }
      </div>
    `;
  }

  render() {
    const { session, removed } = this;
    if (!session) return;
    const { all } = this.#drawings;
    const blank = session.drawing.strokes.length === 0;
    return html`
      <convscope-pad .session=${session} .dark=${this.dark}></convscope-pad>
      <div class="side">
        <p class="quiet">${DRAW_AND_SAY}</p>
        <div class="row" role="group" aria-label="Which digit it is">
          This is a
          ${DIGITS.map(
            (digit, label) =>
              html`<button
                class="label"
                aria-label="This is a ${digit}"
                ?disabled=${blank}
                @click=${() => this.#keep(label)}
              >
                ${digit}
              </button>`,
          )}
        </div>
        <p class="problem" role="alert">${this.problem}</p>
        ${this.#lost()}
        <p role="status" aria-label="My drawings">${this.told}</p>
        <ul>
          ${DIGITS.map((_, label) => this.#ofDigit(label))}
        </ul>
        <div class="row">
          <button
            ?disabled=${all.length < LEAST_DRAWINGS}
            @click=${() => pageData().choose((engine) => this.#drawings.source(engine))}
          >
            Learn my drawings
          </button>
          ${removed ? html`<button @click=${this.#takeBack}>Put back</button>` : nothing}
          <button ?disabled=${all.length === 0} @click=${this.#export}>Export</button>
          <button @click=${() => /** @type {HTMLElement} */ (this.renderRoot.querySelector("input")).click()}>
            Import
          </button>
          <input
            type="file"
            accept=".json,application/json"
            hidden
            aria-label="File of drawings"
            @change=${this.#import}
          />
          <span class="quiet">${howMany(all.length, LEAST_DRAWINGS)}</span>
        </div>
      </div>
    `;
  }
}

customElements.define("convscope-my-drawings", MyDrawingsElement);
