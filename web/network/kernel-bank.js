import { LitElement, css, html } from "lit";
import { cellSize, paintPatches } from "../ui/heat-map.js";
import { base } from "../ui/theme.js";

/** @typedef {import("../session/layers.js").KernelBank} KernelBank */

const TALLEST = 220;
const WIDEST = 480;

/**
 * How a layer's patches are laid out: one row a unit and one column an input map, or, where a unit has one patch only,
 * a grid in the order of the maps above.
 * @param {KernelBank} bank
 * @param {number} perRow maps in a row of the column above
 */
function layoutOf({ units, channels, height, width }, perRow) {
  const gap = height * width > 1 ? 1 : 0;
  const columns = channels > 1 ? channels : perRow;
  const rows = Math.ceil((units * channels) / columns);
  return { columns, rows, gap, cellsAcross: columns * (width + gap) - gap, cellsDown: rows * (height + gap) - gap };
}

/**
 * Whether all patches of a layer can be seen at once beside its maps.
 * @param {KernelBank} bank
 * @param {number} perRow
 */
export function fits(bank, perRow) {
  const { cellsAcross, cellsDown } = layoutOf(bank, perRow);
  return cellsAcross <= WIDEST && cellsDown <= 1.3 * TALLEST;
}

/** All kernels of a layer in one picture, those of one unit framed. */
export class KernelBankPicture extends LitElement {
  static properties = {
    bank: { attribute: false },
    perRow: { attribute: false },
    space: { attribute: false },
    unit: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      .picture {
        position: relative;
        width: max-content;
      }
      .frame {
        position: absolute;
        outline: 1.5px solid var(--accent);
        pointer-events: none;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {KernelBank | undefined} */
    this.bank = undefined;
    this.perRow = 1;
    /** CSS pixels across. */
    this.space = 120;
    /** @type {number | undefined} the unit to frame */
    this.unit = undefined;
    this.dark = false;
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    const { bank, dark } = this;
    const canvas = this.renderRoot.querySelector("canvas");
    if (!bank || !canvas) return;
    const { columns, rows, gap, cellsAcross, cellsDown } = layoutOf(bank, this.perRow);
    const tall = Math.max(TALLEST, cellsDown);
    const cell = Math.max(1, Math.min(cellSize(cellsAcross, this.space), cellSize(cellsDown, tall), 8));
    if (changes.has("bank") || changes.has("dark") || changes.has("perRow") || changes.has("space")) {
      const patches = Array.from({ length: bank.units * bank.channels }, (_, i) => ({
        values: bank.patch(Math.floor(i / bank.channels), i % bank.channels),
        row: Math.floor(i / columns),
        column: i % columns,
      }));
      paintPatches(canvas, patches, { ...bank, rows, columns, gap, meaning: "weight", dark });
      canvas.style.width = `${cellsAcross * cell}px`;
      canvas.style.height = `${cellsDown * cell}px`;
    }
    const frame = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".frame"));
    frame.hidden = this.unit === undefined;
    const first = (this.unit ?? 0) * bank.channels;
    frame.style.left = `${(first % columns) * (bank.width + gap) * cell}px`;
    frame.style.top = `${Math.floor(first / columns) * (bank.height + gap) * cell}px`;
    frame.style.width = `${(bank.channels * (bank.width + gap) - gap) * cell}px`;
    frame.style.height = `${bank.height * cell}px`;
  }

  render() {
    return html`<div class="picture">
      <canvas aria-hidden="true"></canvas>
      <div class="frame"></div>
    </div>`;
  }
}

customElements.define("convscope-kernel-bank", KernelBankPicture);
