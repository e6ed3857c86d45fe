import { LitElement, css, html } from "lit";
import { Following } from "../ui/following.js";
import { pageData } from "../session/page-data.js";
import { base } from "../ui/theme.js";
import "./data-choice.js";

/** What the networks of the page learn, in a line that opens to choose something else. */
export class DataSummary extends LitElement {
  static properties = { unread: { attribute: false } };

  static styles = [
    base,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      progress {
        flex: 0 1 240px;
        accent-color: var(--accent);
      }
      summary {
        min-height: 24px;
        cursor: pointer;
      }
    `,
  ];

  #data = pageData();

  constructor() {
    super();
    /** What is shown of data that nothing has read yet. */
    this.unread = "none yet";
    new Following(this, ["progress", "change"], () => this.#data);
  }

  render() {
    const { current, loading } = this.#data;
    return html`
      <p class="row" ?hidden=${!loading}>
        ${loading?.title || "Data"}…
        <progress max="1" .value=${loading?.part ?? 0} aria-label="Data loaded"></progress>
      </p>
      <details>
        <summary>Data: ${current?.title ?? this.unread}. Choose other data</summary>
        <convscope-data-choice></convscope-data-choice>
      </details>
    `;
  }
}

customElements.define("convscope-data-summary", DataSummary);
