// A layer to add, found by its name or by what it does.

import { css, html } from "lit";
import { LAYER_GROUPS } from "../../exchange/layer-groups.js";
import { pageEngine } from "../../session/page-engine.js";
import { tell } from "../../ui/events.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { knownLayers } from "./judging.js";
import { NO_SUCH_LAYER, SEARCH } from "./words.js";

/** @typedef {import("../../exchange/layer-groups.js").LayerKind} LayerKind */

/** Tells `add` and `close`. */
export class LayerSearch extends OwnTaskElement {
  static properties = { wanted: { state: true }, known: { state: true } };

  static styles = [
    base,
    css`
      :host {
        padding: 8px 4px 10px 34px;
        border-top: 1px solid var(--hairline);
      }
      .search {
        display: flex;
        gap: 8px;
        align-items: center;
        margin-bottom: 6px;
      }
      input {
        flex: 1 1 auto;
        min-width: 0;
        min-height: 30px;
        padding: 2px 8px;
        border: 1px solid var(--hairline);
        border-radius: 3px;
        background: var(--paper);
        color: inherit;
        font: inherit;
      }
      .groups {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr));
        gap: 8px 16px;
        max-height: 340px;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      h3 {
        margin: 0 0 2px;
        font: inherit;
        font-size: 12px;
        color: var(--quiet);
      }
      .groups button {
        display: block;
        width: 100%;
        padding: 2px 4px;
        border-color: transparent;
        background: none;
        text-align: left;
      }
      .groups button:hover,
      .groups button:focus-visible {
        border-color: var(--accent);
      }
      @media (max-width: 560px) {
        :host {
          padding-left: 4px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** What was typed. */
    this.wanted = "";
    /** The classes that the engine knows. @type {Set<string> | undefined} */
    this.known = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    const all = LAYER_GROUPS.flatMap(({ kinds }) => kinds.map(({ className }) => className));
    void pageEngine().then(async (engine) => (this.known = await knownLayers(engine, all)));
  }

  firstUpdated() {
    this.renderRoot.querySelector("input")?.focus();
  }

  get #groups() {
    const words = this.wanted.toLowerCase().split(/\s+/).filter(Boolean);
    return LAYER_GROUPS.map(({ title, kinds }) => ({
      title,
      kinds: kinds.filter(
        ({ className, does }) =>
          (this.known?.has(className) ?? true) &&
          words.every((word) => `${className} ${does} ${title}`.toLowerCase().includes(word)),
      ),
    })).filter(({ kinds }) => kinds.length > 0);
  }

  /** @param {LayerKind} kind */
  #add({ className, begins }) {
    tell(this, "add", { className, config: { ...begins } });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, target } = event;
    const buttons = Array.from(this.renderRoot.querySelectorAll(".groups button"));
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (target));
    const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    if (key === "Escape") tell(this, "close");
    else if (key === "Enter" && at < 0) {
      const [first] = this.#groups;
      if (first) this.#add(first.kinds[0]);
    } else if (step) {
      const next = at + step < 0 ? this.renderRoot.querySelector("input") : buttons[at + step];
      /** @type {HTMLElement | null | undefined} */ (next)?.focus();
    } else return;
    event.preventDefault();
  }

  render() {
    const groups = this.#groups;
    const count = groups.reduce((sum, { kinds }) => sum + kinds.length, 0);
    return html`
      <div @keydown=${this.#key}>
        <div class="search">
          <input
            type="text"
            aria-label=${SEARCH}
            placeholder="Search: pooling, dropout, 1×1 …"
            autocomplete="off"
            .value=${this.wanted}
            @input=${(/** @type {Event} */ { target }) =>
              (this.wanted = /** @type {HTMLInputElement} */ (target).value)}
          />
          <button @click=${() => tell(this, "close")}>Cancel</button>
        </div>
        <p class="unseen" role="status">${count === 1 ? "1 layer" : `${count} layers`}</p>
        <div class="groups">
          ${groups.map(
            ({ title, kinds }) => html`
              <section>
                <h3>${title}</h3>
                ${kinds.map(
                  (kind) =>
                    html`<button @click=${() => this.#add(kind)}>
                      ${kind.className} <span class="quiet small">${kind.does}</span>
                    </button>`,
                )}
              </section>
            `,
          )}
        </div>
        <p class="quiet small" ?hidden=${count > 0}>${NO_SUCH_LAYER}</p>
      </div>
    `;
  }
}

customElements.define("convscope-layer-search", LayerSearch);
