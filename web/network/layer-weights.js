import { css, html } from "lit";
import { isLegible } from "./kernel-bank.js";
import { legendBelow } from "../ui/legend.js";
import { nextTask } from "../ui/next-task.js";
import { SessionElement } from "../session/session-element.js";
import { base } from "../ui/theme.js";
import { manyWeights, weightsWords } from "./words.js";

/** The weights of one layer of the network on view, as they are now: in one picture, where that is not too large. */
export class LayerWeights extends SessionElement {
  static properties = {
    layer: { attribute: false },
    perRow: { attribute: false },
    space: { attribute: false },
    unit: { attribute: false },
  };

  static styles = [
    base,
    legendBelow,
    css`
      convscope-kernel-bank {
        margin-top: 4px;
      }
      /* A caption takes the width that the maps and numbers need. */
      p {
        width: 0;
        min-width: 100%;
      }
    `,
  ];

  constructor() {
    super();
    /** Its name. */
    this.layer = "";
    /** Maps in a row above. */
    this.perRow = 1;
    /** CSS pixels across. */
    this.space = 120;
    /** @type {number | undefined} the unit whose weights are framed */
    this.unit = undefined;
  }

  /** @param {import("../session/session.js").Kind} kind */
  changed(kind) {
    if (kind === "weights" || kind === "model") this.requestUpdate();
  }

  async scheduleUpdate() {
    await nextTask();
    super.scheduleUpdate();
  }

  render() {
    const { session, layer, perRow, dark } = this;
    const column = session?.shown?.columns.find(({ name }) => name === layer);
    if (!column?.bank) return;
    const { bank } = column;
    if (!isLegible(bank, perRow, this.space)) {
      const count = bank.units * bank.channels * bank.height * bank.width;
      return html`<p class="quiet small">${manyWeights(column, count)}</p>`;
    }
    return html`
      <p class="quiet small">${weightsWords(column, bank)}</p>
      <convscope-kernel-bank
        .bank=${bank}
        .perRow=${perRow}
        .space=${this.space}
        .unit=${this.unit}
        .dark=${dark}
      ></convscope-kernel-bank>
      <convscope-legend .meaning=${"weight"} .signed=${true} .limit=${bank.limit} .dark=${dark}></convscope-legend>
    `;
  }
}

customElements.define("convscope-layer-weights", LayerWeights);
