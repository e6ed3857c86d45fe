import { css, html } from "lit";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import { SURFACES } from "./experiment.js";
import { NETWORK as NETWORK_WORDS, SURFACE_WORDS } from "./words.js";
import "./surface-descent.js";
import "./weight-plane.js";

/** The choice that is no surface of two parameters. */
const NETWORK = "network";

/** Optimisers on their way over an error: one of two parameters, or that of a network. */
export class ErrorSurfaceView extends View {
  static properties = { chosen: { state: true } };

  static styles = [
    base,
    css`
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        margin-bottom: 8px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {string} */
    this.chosen = SURFACES[0].name;
  }

  render() {
    const surface = SURFACES.find(({ name }) => name === this.chosen);
    const choices = [
      ...SURFACES.map(({ name }) => ({ name: String(name), title: SURFACE_WORDS[name].title })),
      { name: NETWORK, title: NETWORK_WORDS.title },
    ];
    return html`
      <label ?hidden=${this.hides("controls")}>
        <span class="quiet">Surface</span>
        <select
          @change=${(/** @type {Event} */ event) => (this.chosen = /** @type {HTMLSelectElement} */ (event.target).value)}
        >
          ${choices.map(({ name, title }) => html`<option value=${name} ?selected=${name === this.chosen}>${title}</option>`)}
        </select>
      </label>
      ${
        surface
          ? html`<convscope-surface-descent
              .session=${this.session}
              .hide=${this.hide}
              .surface=${surface}
              @drawn=${this.tellReady}
            ></convscope-surface-descent>`
          : html`<convscope-weight-plane .session=${this.session} .hide=${this.hide}></convscope-weight-plane>`
      }
    `;
  }
}

customElements.define("convscope-error-surface", ErrorSurfaceView);
