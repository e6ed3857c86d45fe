import { css, html, nothing } from "lit";
import { base } from "../../ui/theme.js";
import { NetworkView } from "../../network/network-view.js";

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
        margin-bottom: 12px;
      }
    `,
  ];

  /** @param {import("../../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "model" || kind === "drawing") this.requestUpdate();
  }

  render() {
    const { session } = this;
    if (!session) return;
    return html`
      <div class="controls">
        <button ?hidden=${this.hides("buttons")} @click=${() => session.paper.sample()}>Sample</button>
        ${this.scopeChoice()}
        ${session.drawing.strokes.length ? nothing : html`<span class="quiet">Nothing is drawn yet.</span>`}
      </div>
      <div @keydown=${this.closeOnEscape}>${this.figure({ only: this.layer, weights: !this.hides("weights") })}</div>
    `;
  }
}

customElements.define("convscope-feature-maps", FeatureMapsView);
