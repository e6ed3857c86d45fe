import { css, html } from "lit";
import { base } from "../../ui/theme.js";
import { View } from "../../session/view.js";
import "../../network/pad.js";
import "../../network/prediction.js";

/** The pad and the answer, nothing else. */
export class DrawView extends View {
  static styles = [
    base,
    css`
      .draw {
        display: flex;
        flex-wrap: wrap;
        gap: 16px 24px;
      }
      convscope-pad {
        flex: 0 1 224px;
      }
      convscope-prediction {
        flex: 1 1 120px;
        max-width: 240px;
      }
    `,
  ];

  render() {
    const { session, dark } = this;
    if (!session) return;
    return html`
      <div class="draw">
        <convscope-pad .session=${session} .dark=${dark} .buttons=${!this.hides("buttons")}></convscope-pad>
        <convscope-prediction
          explained
          .session=${session}
          .dark=${dark}
          ?hidden=${this.hides("prediction")}
        ></convscope-prediction>
      </div>
    `;
  }
}

customElements.define("convscope-draw", DrawView);
