import { LitElement, css, html } from "lit";
import { cellSize, paintPatches } from "../ui/heat-map.js";
import { base } from "../ui/theme.js";

/** @typedef {import("../session/layers.js").KernelBank} KernelBank */

const TALLEST = 220;
const WIDEST = 480;
/** What can be told from noise, in CSS pixels: a patch of several weights, a single one. */
const SMALLEST_PATCH = 15;
const SMALLEST_WEIGHT = 4;

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

/** @param {KernelBank} bank @param {number} perRow @param {number} space CSS pixels across @returns {number} the side of a cell */
function cellOf(bank, perRow, space) {
  const { cellsAcross, cellsDown } = layoutOf(bank, perRow);
  return Math.max(1, Math.min(cellSize(cellsAcross, space), cellSize(cellsDown, Math.max(TALLEST, cellsDown)), 8));
}

/**
 * Whether all patches of a layer can be seen at once beside its maps, and told from noise.
 * @param {KernelBank} bank
 * @param {number} perRow
 * @param {number} space CSS pixels across
 */
export function isLegible(bank, perRow, space) {
  const { cellsAcross, cellsDown } = layoutOf(bank, perRow);
  const side = Math.min(bank.width, bank.height) * cellOf(bank, perRow, space);
  const least = bank.width * bank.height === 1 ? SMALLEST_WEIGHT : SMALLEST_PATCH;
  return cellsAcross <= WIDEST && cellsDown <= 1.3 * TALLEST && side >= least;
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
    const cell = cellOf(bank, this.perRow, this.space);
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
