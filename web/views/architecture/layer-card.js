// One layer of a network under construction: what it is, its numbers with their formulas, and what is wrong with it.

import { css, html, nothing } from "lit";
import { isMerging } from "../../exchange/graph.js";
import { fieldsOf, writtenList } from "../../exchange/layer-fields.js";
import { counted } from "../../ui/counted.js";
import { tell } from "../../ui/events.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { formulasOf, memoryOf, memoryWords } from "./formulas.js";
import { REPAIR } from "./words.js";
import "./argument-fields.js";

/** @typedef {import("../../convscope.js").Layer} Layer */
/** @typedef {import("../../convscope.js").Summary} Summary */
/** @typedef {import("./design.js").DesignedLayer} DesignedLayer */
/** @typedef {import("./repairs.js").Repair} Repair */
/** @typedef {{ sentence: string, repairs: Repair[], isFault: boolean }} Remark */

/** The arguments that make a layer what it is, in a few words. @param {DesignedLayer} layer */
function briefOf({ className, config }) {
  return fieldsOf(className)
    .filter(
      ({ name, more, usual }) => !more && config[name] !== undefined && config[name] !== null && config[name] !== usual,
    )
    .map(({ name, kind }) => {
      const value = config[name];
      if (kind === "sizes") return Array.isArray(value) ? value.join("×") : `${value}×${value}`;
      if (kind === "choice" && typeof value === "string") return value;
      if (kind === "choice") return String(value?.class_name ?? name).toLowerCase();
      return `${name} ${kind === "list" ? writtenList(value) : value}`;
    })
    .join(" · ");
}

/**
 * Tells `layer` (it is to be open or closed), `move`, `remove`, `choose` (a layer to add below), `repair` with a design, and
 * what its fields tell.
 */
export class LayerCard extends OwnTaskElement {
  static properties = {
    layer: { attribute: false },
    found: { attribute: false },
    summary: { attribute: false },
    remarks: { attribute: false },
    open: { type: Boolean },
    number: { attribute: false },
    count: { attribute: false },
    names: { attribute: false },
    branches: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        padding: 5px 4px 6px;
        border-top: 1px solid var(--hairline);
      }
      :host([marked]) {
        box-shadow: inset 3px 0 var(--accent);
      }
      header {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 0 6px;
      }
      .grip {
        display: grid;
        place-items: center;
        width: 24px;
        min-height: 32px;
        color: var(--quiet);
        cursor: grab;
        touch-action: none;
        user-select: none;
      }
      .name {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 8px;
        min-width: 0;
        padding: 2px 4px;
        border-color: transparent;
        background: none;
        text-align: left;
        overflow-wrap: anywhere;
      }
      strong {
        font-weight: 600;
      }
      .moves {
        display: flex;
        gap: 2px;
      }
      .moves button {
        min-width: 28px;
        padding: 2px 0;
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
        padding-left: 34px;
      }
      .shape {
        color: var(--ink);
      }
      .remark {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        margin: 4px 0 4px 34px;
      }
      .fault {
        padding-left: 8px;
        border-left: 3px solid var(--alarm);
      }
      .fault > span {
        color: var(--alarm);
        font-weight: 600;
      }
      .open {
        display: grid;
        gap: 8px;
        margin: 6px 0 2px 34px;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 1px 12px;
        margin: 0;
      }
      dt {
        color: var(--quiet);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      @media (max-width: 560px) {
        .numbers,
        .remark,
        .open {
          margin-left: 0;
          padding-left: 4px;
        }
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          margin-bottom: 3px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {DesignedLayer | undefined} */
    this.layer = undefined;
    /** What the engine tells of it, where everything before fits. @type {Layer | undefined} */
    this.found = undefined;
    /** Of the network as far as it fits. @type {Summary | undefined} */
    this.summary = undefined;
    /** @type {Remark[]} */
    this.remarks = [];
    /** Whether its fields and formulas are shown. */
    this.open = false;
    /** From 1. */
    this.number = 1;
    /** How many layers there are. */
    this.count = 1;
    /** Names of all layers and the input. @type {string[]} */
    this.names = [];
    /** Whether the network has branches, so that a layer's input is for somebody to say. */
    this.branches = false;
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".name"))?.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, altKey } = event;
    if (altKey && key === "ArrowUp") tell(this, "move", -1);
    else if (altKey && key === "ArrowDown") tell(this, "move", 1);
    else if (key === "Delete" && !altKey) tell(this, "remove");
    else return;
    event.preventDefault();
  }

  /** Where its input comes from, unless that is the layer before. */
  #from() {
    const { layer, names, number } = this;
    const inputs = layer?.inputs ?? [];
    return inputs.length === 1 && inputs[0] === names[number - 1] ? "" : `of ${inputs.join(" and ")}`;
  }

  #numbers() {
    const { found } = this;
    if (!found) return nothing;
    const { outputShape, params, multiplyAdds, receptiveField } = found;
    return html`
      <div class="numbers small quiet">
        <span class="shape">→ ${outputShape.join("×")}</span>
        <span>${params ? `${counted(params)} parameters` : "no parameters"}</span>
        <span ?hidden=${multiplyAdds === 0}>${counted(multiplyAdds)} multiply-adds</span>
        <span>sees ${receptiveField ? receptiveField.size.join("×") : "all"}</span>
        <span>${memoryWords(memoryOf(found))}</span>
      </div>
    `;
  }

  /** @param {Remark} remark */
  #remark({ sentence, repairs, isFault }) {
    return html`
      <div class="remark small ${isFault ? "fault" : "quiet"}" role=${isFault ? "alert" : nothing}>
        <span>${isFault ? "⚠ " : ""}${sentence}</span>
        ${
          repairs.length
            ? html`<span class="quiet">${REPAIR}</span> ${repairs.map(
                  (repair) => html`<button @click=${() => this.#repair(repair)}>${repair.title}</button>`,
                )}`
            : nothing
        }
      </div>
    `;
  }

  /** @param {Repair} repair */
  #repair({ design }) {
    this.dispatchEvent(new CustomEvent("repair", { detail: design, bubbles: true }));
  }

  #fields() {
    const { layer, found, summary, names, branches, number } = this;
    if (!layer) return nothing;
    const formulas = found && summary ? formulasOf(found, summary, layer.config) : [];
    const sources = branches || isMerging(layer.className) ? names.slice(0, number) : [];
    return html`
      <div class="open">
        <convscope-argument-fields
          .layer=${layer}
          .taken=${names.filter((name) => name !== layer.name)}
          .sources=${sources}
        ></convscope-argument-fields>
        <dl class="small" ?hidden=${formulas.length === 0} aria-label="Formulas of ${layer.name}">
          ${formulas.map(
            ({ what, formula }) =>
              html`<dt>${what}</dt>
                <dd>${formula}</dd>`,
          )}
        </dl>
      </div>
    `;
  }

  render() {
    const { layer, number, count, open, remarks } = this;
    if (!layer) return;
    const { name, className } = layer;
    return html`
      <header>
        <span class="grip" aria-hidden="true" title="Drag to move">⠿</span>
        <button
          class="name"
          aria-expanded=${open}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
          @click=${() => tell(this, "layer", name)}
          @keydown=${this.#key}
        >
          <span class="quiet small">${number}</span>
          <strong>${className}</strong>
          <span class="quiet small">${name}</span>
          <span class="small">${briefOf(layer)}</span>
          <span class="quiet small">${this.#from()}</span>
        </button>
        <span class="moves">
          <button aria-label="Move ${name} up" ?disabled=${number === 1} @click=${() => tell(this, "move", -1)}>
            ↑
          </button>
          <button aria-label="Move ${name} down" ?disabled=${number === count} @click=${() => tell(this, "move", 1)}>
            ↓
          </button>
          <button aria-label="Add a layer below ${name}" @click=${() => tell(this, "choose")}>+</button>
          <button aria-label="Remove ${name}" @click=${() => tell(this, "remove")}>✕</button>
        </span>
      </header>
      ${this.#numbers()} ${remarks.map((remark) => this.#remark(remark))} ${open ? this.#fields() : nothing}
    `;
  }
}

customElements.define("convscope-layer-card", LayerCard);
