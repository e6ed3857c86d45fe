import { LitElement, css, html } from "lit";
import { counted } from "../../ui/counted.js";
import { base } from "../../ui/theme.js";
import { NETWORKS } from "./contest.js";
import { OffsetShares } from "./offset-count.js";
import { tell, tellOn } from "../../ui/events.js";
import "../../network/prediction.js";
import "../../session/problem-line.js";
import "./accuracy-map.js";

/** @typedef {import("./contestant.js").Contestant} Contestant */
/** @typedef {import("./offset-count.js").Offset} Offset */

/**
 * One of two networks side by side: its probabilities, and its accuracy by offset. `convscope-name` with a name of the
 * catalogue when another network is chosen; the events of its map go on.
 */
export class Lane extends LitElement {
  static properties = {
    side: { attribute: false },
    contestant: { attribute: false },
    shown: { attribute: false },
    counts: { attribute: false },
    offset: { attribute: false },
    pointed: { attribute: false },
    meant: { attribute: false },
    fixed: { attribute: false },
    silent: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      .lane {
        display: grid;
        grid-template-columns: minmax(130px, 1fr) 238px;
        gap: 8px 20px;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      select {
        flex: 1 1 auto;
        min-width: 0;
      }
      header {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
      }
      @media (max-width: 860px) {
        .lane {
          grid-template-columns: minmax(0, 1fr);
          gap: 8px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("./contest.js").Side} */
    this.side = "mlp";
    /** @type {Contestant | undefined} */
    this.contestant = undefined;
    /** The contestant's model, when it is there. @type {import("../../session/shown.js").Shown | undefined} */
    this.shown = undefined;
    /** What it reads right by offset: another object whenever that went on. */
    this.counts = new OffsetShares();
    /** @type {Offset} */
    this.offset = [0, 0];
    /** @type {Offset | undefined} */
    this.pointed = undefined;
    /** What digit it is meant to be. @type {number | undefined} */
    this.meant = undefined;
    /** Whether no other network can be chosen. */
    this.fixed = false;
    /** Whether the probabilities are left out. */
    this.silent = false;
    this.dark = false;
  }

  /** @param {string} word @param {Contestant} contestant */
  #choice(word, { name, session }) {
    const titleOf = (/** @type {string} */ one) => session.catalogue.find((entry) => entry.name === one)?.title ?? one;
    if (this.fixed) return html`<strong>${word}: ${titleOf(name)}</strong>`;
    const changed = (/** @type {Event} */ { target }) =>
      tell(this, "network", /** @type {HTMLSelectElement} */ (target).value);
    return html`<label
      ><strong>${word}</strong>
      <select @change=${changed}>
        ${NETWORKS[this.side].map((one) => html`<option value=${one} ?selected=${one === name}>${titleOf(one)}</option>`)}
      </select></label
    >`;
  }

  render() {
    const { contestant, shown, dark } = this;
    if (!contestant) return;
    const { session } = contestant;
    const word = this.side === "mlp" ? "MLP" : "CNN";
    return html`
      <div class="lane" role="group" aria-label=${word}>
        <header>
          ${this.#choice(word, contestant)}
          <span class="quiet">${shown ? `${counted(shown.params)} parameters` : "loading…"}</span>
        </header>
        <convscope-prediction
          .session=${session}
          .truth=${this.meant}
          .dark=${dark}
          ?hidden=${this.silent}
        ></convscope-prediction>
        <convscope-accuracy-map
          .counts=${this.counts}
          .offset=${this.offset}
          .pointed=${this.pointed}
          .label=${`${word}: accuracy by offset`}
          .dark=${dark}
          @offset=${tellOn(this)}
          @pointoffset=${tellOn(this)}
        ></convscope-accuracy-map>
        <convscope-problem .session=${session}></convscope-problem>
      </div>
    `;
  }
}

customElements.define("convscope-shift-lane", Lane);
