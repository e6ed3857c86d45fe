// The layers of a network under construction, in their order: dragged, moved by keys, added and removed.

import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { readList, writtenList } from "../../exchange/layer-fields.js";
import { tell } from "../../ui/events.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { inserted, isSequential, moved, removed, replaced, withArguments, withInput } from "./design.js";
import "./layer-card.js";
import "./layer-search.js";
import { ADD_FIRST, expectedShape } from "./words.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./editor.js").Editor} Editor */
/** @typedef {import("./layer-card.js").LayerCard} LayerCard */
/** @typedef {import("./layer-card.js").Remark} Remark */

/** Tells `pointlayer`. Set `editor` again, or call `requestUpdate`, where that has changed. */
export class LayerList extends StagedElement {
  static properties = {
    editor: { attribute: false },
    marked: { attribute: false },
    opened: { state: true },
    adding: { state: true },
    dragged: { state: true },
    target: { state: true },
    refused: { state: true },
  };

  static styles = [
    base,
    css`
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li.dragged {
        opacity: 0.45;
      }
      li.before {
        box-shadow: 0 -2px var(--accent);
      }
      li.after {
        box-shadow: 0 2px var(--accent);
      }
      .input {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        padding: 4px 4px 6px 34px;
        border-top: 1px solid var(--hairline);
      }
      .input[data-marked] {
        box-shadow: inset 3px 0 var(--accent);
      }
      .input input {
        width: 13ch;
        min-height: 28px;
        padding: 2px 6px;
        border: 1px solid var(--hairline);
        border-radius: 3px;
        background: var(--paper);
        color: inherit;
        font: inherit;
      }
      .input label {
        flex: 1 1 auto;
      }
      .input button {
        min-width: 28px;
        padding: 2px 0;
      }
      .refused {
        flex: 1 0 100%;
        color: var(--alarm);
      }
      .end {
        padding: 8px 4px 0 34px;
        border-top: 1px solid var(--hairline);
      }
      @media (max-width: 560px) {
        .input,
        .end {
          padding-left: 4px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Editor | undefined} */
    this.editor = undefined;
    /** The layer that is pointed at elsewhere. @type {string | undefined} */
    this.marked = undefined;
    /** The layer whose fields are shown. @type {string | undefined} */
    this.opened = undefined;
    /** The place at which a layer is searched for. @type {number | undefined} */
    this.adding = undefined;
    /** @type {number | undefined} */
    this.dragged = undefined;
    /** Where it would come to stand. @type {number | undefined} */
    this.target = undefined;
    this.refused = "";
  }

  get #design() {
    return /** @type {import("./design.js").Design} */ (this.editor?.design);
  }

  get #cards() {
    return /** @type {LayerCard[]} */ (Array.from(this.renderRoot.querySelectorAll("convscope-layer-card")));
  }

  /** @param {string} name of the layer that gets the focus, once it is there */
  async focusLayer(name) {
    await this.updateComplete;
    const card = this.#cards.find(({ layer }) => layer?.name === name);
    await card?.updateComplete;
    card?.focus();
    card?.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} at @param {number} steps */
  #move(at, steps) {
    const { name } = this.#design.layers[at];
    this.editor?.change(moved(this.#design, at, at + steps));
    void this.focusLayer(name);
  }

  /** @param {number} at */
  #remove(at) {
    const { layers } = this.#design;
    const next = layers[at + 1] ?? layers[at - 1];
    this.editor?.change(removed(this.#design, at));
    if (next) void this.focusLayer(next.name);
  }

  /** @param {Told<"add">} event */
  #add({ detail }) {
    const at = this.adding ?? this.#design.layers.length;
    this.adding = undefined;
    const design = inserted(this.#design, at, detail);
    this.editor?.change(design);
    this.opened = design.layers[at].name;
    void this.focusLayer(this.opened);
  }

  /** @param {number} at @param {string} name */
  #rename(at, name) {
    const from = this.#design.layers[at].name;
    if (this.opened === from) this.opened = name;
    this.editor?.change(replaced(this.#design, at, { name }), { renamed: [from, name] });
  }

  /** @param {Event} event */
  #reshape({ target }) {
    const { value } = /** @type {HTMLInputElement} */ (target);
    const shape = readList(value);
    const sizes = Array.isArray(shape) ? shape : [shape];
    const isShape = sizes.length <= 3 && sizes.every((size) => Number.isSafeInteger(size) && size > 0);
    this.refused = isShape ? "" : expectedShape(value);
    if (isShape) this.editor?.change(withInput(this.#design, /** @type {number[]} */ (sizes)));
  }

  /** @param {PointerEvent} event @param {number} at */
  #grasp(event, at) {
    const isGrip = event.composedPath().some((one) => one instanceof Element && one.classList.contains("grip"));
    if (!isGrip || event.button !== 0) return;
    event.preventDefault();
    this.dragged = this.target = at;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.dragged === undefined) return;
    const middles = this.#cards.map((card) => {
      const { top, height } = card.getBoundingClientRect();
      return top + height / 2;
    });
    const above = middles.filter((middle) => middle < event.clientY).length;
    this.target = above > this.dragged ? above - 1 : above;
  }

  #drop() {
    const { dragged, target } = this;
    this.dragged = this.target = undefined;
    if (dragged !== undefined && target !== undefined && target !== dragged) this.#move(dragged, target - dragged);
  }

  /** @param {KeyboardEvent} event */
  #cancel(event) {
    if (event.key !== "Escape" || this.dragged === undefined) return;
    this.dragged = this.target = undefined;
    event.preventDefault();
  }

  /** @param {string} name @returns {Remark[]} */
  #remarksOf(name) {
    const { fault, remarks = [] } = this.editor?.judgement ?? {};
    return [
      ...(fault?.layer === name ? [{ ...fault, isFault: true }] : []),
      ...remarks.filter(({ layer }) => layer === name).map((remark) => ({ ...remark, isFault: false })),
    ];
  }

  /** @param {number} at */
  #search(at) {
    if (this.adding !== at) return nothing;
    return html`<convscope-layer-search
      @add=${this.#add}
      @close=${() => (this.adding = undefined)}
    ></convscope-layer-search>`;
  }

  #input() {
    const { input } = this.#design;
    const point = (/** @type {string | undefined} */ name) => () => tell(this, "pointlayer", name);
    return html`
      <div
        class="input"
        data-marked=${this.marked === input.name ? "true" : nothing}
        @pointerenter=${point(input.name)}
        @pointerleave=${point(undefined)}
      >
        <label
          ><strong>Input</strong> of
          <input type="text" autocomplete="off" .value=${writtenList(input.shape)} @change=${this.#reshape}
        /></label>
        <button aria-label=${ADD_FIRST} @click=${() => (this.adding = 0)}>+</button>
        <p class="refused small" role="alert" ?hidden=${!this.refused}>${this.refused}</p>
      </div>
    `;
  }

  /** @param {import("./design.js").DesignedLayer} layer @param {number} at */
  #item(layer, at) {
    const { judgement } = /** @type {Editor} */ (this.editor);
    const { layers, input } = this.#design;
    const { name } = layer;
    const aimed = this.dragged !== undefined && this.target === at && this.dragged !== at;
    const place = aimed ? (at > Number(this.dragged) ? "after" : "before") : "";
    return html`
      <li class="${place} ${this.dragged === at ? "dragged" : ""}">
        <convscope-layer-card
          .layer=${layer}
          .found=${judgement?.summary?.layers.find((one) => one.name === name)}
          .summary=${judgement?.summary}
          .remarks=${this.#remarksOf(name)}
          .number=${at + 1}
          .count=${layers.length}
          .names=${[input.name, ...layers.map((one) => one.name)]}
          .branches=${!isSequential(this.#design)}
          ?open=${this.opened === name}
          ?marked=${this.marked === name}
          @pointerenter=${() => tell(this, "pointlayer", name)}
          @pointerleave=${() => tell(this, "pointlayer", undefined)}
          @focusin=${() => tell(this, "pointlayer", name)}
          @focusout=${() => tell(this, "pointlayer", undefined)}
          @pointerdown=${(/** @type {PointerEvent} */ event) => this.#grasp(event, at)}
          @pointermove=${this.#drag}
          @pointerup=${this.#drop}
          @pointercancel=${() => (this.dragged = this.target = undefined)}
          @layer=${() => (this.opened = this.opened === name ? undefined : name)}
          @move=${(/** @type {Told<"move">} */ { detail }) => this.#move(at, detail)}
          @remove=${() => this.#remove(at)}
          @choose=${() => (this.adding = at + 1)}
          @arguments=${(/** @type {Told<"arguments">} */ { detail }) =>
            this.editor?.change(withArguments(this.#design, at, detail))}
          @rename=${(/** @type {Told<"rename">} */ { detail }) => this.#rename(at, detail)}
          @inputs=${(/** @type {Told<"inputs">} */ { detail }) =>
            this.editor?.change(replaced(this.#design, at, { inputs: detail }))}
          @repair=${(/** @type {CustomEvent} */ { detail }) => this.editor?.change(detail)}
        ></convscope-layer-card>
        ${this.#search(at + 1)}
      </li>
    `;
  }

  render() {
    if (!this.editor?.design) return;
    const { layers } = this.#design;
    return html`
      <div @keydown=${this.#cancel}>
        ${this.#input()} ${this.#search(0)}
        <ol aria-label="Layers">
          ${repeat(
            layers,
            ({ name }) => name,
            (layer, at) => this.#item(layer, at),
          )}
        </ol>
        <div class="end">
          <button @click=${() => (this.adding = layers.length)}>Add a layer</button>
        </div>
      </div>
    `;
  }
}

customElements.define("convscope-layer-list", LayerList);
