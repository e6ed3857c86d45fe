import { css, html, nothing } from "lit";
import { listening } from "./page-engine.js";
import { SessionElement } from "./session-element.js";
import { Following } from "../ui/following.js";
import { base } from "../ui/theme.js";

/** What went wrong, in words, and what to do next. */
export class ProblemLine extends SessionElement {
  static styles = [
    base,
    css`
      p {
        margin-bottom: 12px;
        padding: 8px 0;
        border-top: 1px solid var(--alarm);
        border-bottom: 1px solid var(--alarm);
        overflow-wrap: anywhere;
      }
      button {
        margin-left: 8px;
      }
      strong {
        color: var(--alarm);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    new Following(this, ["silence"], () => listening);
  }

  /** @param {import("./session.js").Kind} kind */
  changed(kind) {
    if (kind === "status") this.requestUpdate();
  }

  render() {
    const problem = listening.problem ?? this.session?.problem;
    return html`
      <div role="alert" aria-label="Problem">
        ${
          problem
            ? html`<p>
                <strong>⚠ That did not work.</strong> ${problem.message}
                ${problem.retry ? html`<button @click=${problem.retry}>Try again</button>` : nothing}
              </p>`
            : nothing
        }
      </div>
    `;
  }
}

customElements.define("convscope-problem", ProblemLine);
