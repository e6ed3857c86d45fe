import { css, html, nothing } from "lit";
import { counted } from "../ui/counted.js";
import { SessionElement } from "../session/session-element.js";
import { base } from "../ui/theme.js";
import { percent } from "../ui/numbers.js";

/** @param {import("../session/session.js").Kind} kind */
function concerns(kind) {
  return kind === "status" || kind === "model";
}

/** Which network is on view. */
export class ModelChoice extends SessionElement {
  static properties = { fixed: { attribute: false } };

  static styles = [
    base,
    css`
      /* As high as the list that is to come, so that what stands on the same line stays there. */
      :host {
        display: flex;
        align-items: center;
        min-height: 28px;
        gap: 8px;
      }
      select {
        min-width: 0;
      }
      strong {
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** Whether the reader cannot choose. */
    this.fixed = false;
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (concerns(kind)) this.requestUpdate();
  }

  updated() {
    const select = this.renderRoot.querySelector("select");
    // While another model loads, the list shows what was chosen; if that fails, what stays.
    if (select && !this.session?.loading) select.value = this.session?.shown?.name ?? "";
  }

  /** @param {Event} event */
  #choose(event) {
    void this.session?.open({ name: /** @type {HTMLSelectElement} */ (event.target).value });
  }

  render() {
    const { session } = this;
    const shown = session?.shown;
    const waiting = session?.loading ? html`<span class="quiet">loading…</span>` : nothing;
    if (!session || !shown) return waiting;
    if (this.fixed) return html`<strong>${shown.title}</strong>${waiting}`;
    const listed = session.catalogue.filter(({ name, unlisted }) => !unlisted || name === shown.name);
    const [own, shipped] = [true, false].map((isOwn) => listed.filter((entry) => Boolean(entry.own) === isOwn));
    const options = (/** @type {typeof listed} */ entries) =>
      entries.map(({ name, title }) => html`<option value=${name}>${title}</option>`);
    return html`
      <label class="quiet" for="choice">Model</label>
      <select id="choice" @change=${this.#choose}>
        ${shown.name ? nothing : html`<option value="">${shown.title}</option>`} ${options(shipped)}
        ${own.length ? html`<optgroup label="Your own">${options(own)}</optgroup>` : nothing}
      </select>
      ${waiting}
    `;
  }
}

/** What there is to know about the network on view. */
export class ModelNotes extends SessionElement {
  static styles = [
    base,
    css`
      /* Room for the notes before they are there: nobody draws on a pad that moves. */
      :host {
        min-height: 3lh;
      }
      p {
        max-width: 100ch;
        text-wrap: pretty;
      }
    `,
  ];

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (concerns(kind)) this.requestUpdate();
  }

  render() {
    const shown = this.session?.shown;
    // A line without words stands where the first one will: what is aligned with it does not move then.
    if (!shown) return html`<p> </p>`;
    const { accuracy, description, params } = shown;
    const right = accuracy
      ? html`; right on ${percent(accuracy.mnist)} of MNIST’s test images and on ${percent(accuracy.pen)} of pen strokes
        by people it has never seen`
      : nothing;
    return html`<p>${description} <span class="quiet">${counted(params)} parameters${right}.</span></p>`;
  }
}

customElements.define("convscope-model-choice", ModelChoice);
customElements.define("convscope-model-notes", ModelNotes);
