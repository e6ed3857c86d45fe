import { css, html, nothing } from "lit";
import { base } from "../../ui/theme.js";
import { NetworkView } from "../../network/network-view.js";
import "../../network/pad.js";
import { CAPTION } from "./words.js";

/** The maps of one layer, or of all, for the drawing of the group. */
export class FeatureMapsView extends NetworkView {
  static styles = [
    base,
    css`
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        margin: 8px 0 12px;
      }
      .body {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: 16px 24px;
      }
      convscope-pad {
        flex: 0 1 196px;
      }
      convscope-network-figure {
        flex: 1 1 280px;
        min-width: 0;
      }
    `,
  ];

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model" || kind === "drawing") this.requestUpdate();
  }

  /** Without a pad a sample is still there to be taken. */
  #sample() {
    return html`<button ?hidden=${this.hides("buttons")} @click=${() => this.session?.paper.sample()}>Sample</button>`;
  }

  render() {
    const { session } = this;
    if (!session) return;
    const padless = this.hides("input");
    return html`
      <p ?hidden=${this.hides("about")}>${CAPTION}</p>
      <div class="controls">${padless ? this.#sample() : nothing}${this.scopeChoice()}</div>
      <div class="body" @keydown=${this.closeOnEscape}>
        ${
          padless
            ? nothing
            : html`<convscope-pad
                .session=${session}
                .dark=${this.dark}
                .buttons=${!this.hides("buttons")}
              ></convscope-pad>`
        }
        ${this.figure({ only: this.layer, weights: !this.hides("weights") })}
      </div>
    `;
  }
}

customElements.define("convscope-feature-maps", FeatureMapsView);
