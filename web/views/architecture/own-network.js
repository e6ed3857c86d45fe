// The title of a network of the reader's own, and its end.

import { css, html, nothing } from "lit";
import { fieldStyles } from "../../ui/fields.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { DELETE_IT } from "./words.js";

/** @typedef {import("../../session/own-networks.js").OwnNetworks} OwnNetworks */
/** @typedef {import("../../session/session.js").Session} Session */

const LONGEST_TITLE = 60;

export class OwnNetworkElement extends StagedElement {
  static properties = {
    session: { attribute: false },
    kept: { attribute: false },
    name: { attribute: false },
    asked: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
      }
      input[type="text"] {
        width: 24ch;
        max-width: 100%;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Session | undefined} */
    this.session = undefined;
    /** @type {OwnNetworks | undefined} */
    this.kept = undefined;
    /** Of the network on view, where that is the reader's own. @type {string | undefined} */
    this.name = undefined;
    /** Whether it was asked to be deleted. */
    this.asked = false;
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    if (changes.has("name")) this.asked = false;
  }

  /** @param {Event} event */
  #rename({ target }) {
    const field = /** @type {HTMLInputElement} */ (target);
    const title = field.value.trim().slice(0, LONGEST_TITLE);
    const { name, kept, session } = this;
    if (!name || !kept) return;
    if (title) void kept.rename(name, title);
    else field.value = kept.get(name)?.title ?? "";
    session?.retitle(kept.get(name)?.title ?? "");
  }

  async #delete() {
    const { name, kept, session } = this;
    if (!name || !kept) return;
    await session?.open({});
    await kept.remove(name);
  }

  render() {
    const network = this.name && this.kept?.get(this.name);
    if (!network) return nothing;
    return html`<div>
      <label>Title <input type="text" autocomplete="off" .value=${network.title} @change=${this.#rename} /></label>
      ${
        this.asked
          ? html`<span>${DELETE_IT}</span>
              <button @click=${this.#delete}>Delete</button>
              <button @click=${() => (this.asked = false)}>Keep</button>`
          : html`<button @click=${() => (this.asked = true)}>Delete…</button>`
      }
    </div>`;
  }
}

customElements.define("convscope-own-network", OwnNetworkElement);
