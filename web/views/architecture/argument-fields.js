// The arguments of one layer in fields of the right kind.

import { css, html, nothing } from "lit";
import { fieldsOf, readList, writtenList } from "../../exchange/layer-fields.js";
import { OwnTaskElement } from "../../ui/staged-element.js";
import { choiceField, fieldStyles, numberField, switchField, unsent, withheld } from "../../ui/fields.js";
import { base } from "../../ui/theme.js";
import { tell } from "../../ui/events.js";
import { NAME_RULE } from "./words.js";

/** @typedef {import("../../exchange/layer-fields.js").Field} Field */
/** @typedef {import("./design.js").DesignedLayer} DesignedLayer */

/** @param {string} choice which Keras has as None */
const isNone = (choice) => choice === "" || choice === "linear";
const NAME = /^[A-Za-z0-9][\w.-]*$/;

/** Tells `arguments` with those that change, `rename`, and `inputs`. */
export class ArgumentFields extends OwnTaskElement {
  static properties = {
    layer: { attribute: false },
    taken: { attribute: false },
    sources: { attribute: false },
    apart: { state: true },
    refused: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    css`
      form {
        gap: 6px 16px;
      }
      input[type="text"] {
        width: 18ch;
      }
      input[aria-invalid="true"] {
        border-color: var(--alarm);
      }
      .list input {
        width: 14ch;
      }
      details {
        flex: 1 0 100%;
      }
      details > div {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 16px;
        padding-top: 4px;
      }
      .refused {
        flex: 1 0 100%;
        color: var(--alarm);
      }
      .pair {
        display: inline-flex;
        align-items: center;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {DesignedLayer | undefined} */
    this.layer = undefined;
    /** Names of other layers. @type {string[]} */
    this.taken = [];
    /** What its input can come from, where that is not only the layer before. @type {string[]} */
    this.sources = [];
    /** The argument whose height and width are shown apart, though they are equal. @type {string | undefined} */
    this.apart = undefined;
    /** Why something that was typed is not taken. */
    this.refused = "";
  }

  /** @param {string} name @param {unknown} value undefined: the default */
  #set(name, value) {
    this.refused = "";
    tell(this, "arguments", { [name]: value });
  }

  /** @param {Field} field */
  #valueOf({ name, usual }) {
    const value = this.layer?.config[name];
    return value === undefined ? usual : value;
  }

  /** @param {Field} field */
  #field(field) {
    const { name } = field;
    const value = this.#valueOf(field);
    switch (field.kind) {
      case "whole":
      case "number":
        return numberField({
          text: name,
          value: typeof value === "number" ? value : NaN,
          min: field.min,
          max: field.max ?? 1e6,
          whole: field.kind === "whole",
          stepped: field.kind === "whole",
          optional: field.optional ?? !field.required,
          change: (number) => this.#set(name, Number.isNaN(number) ? undefined : number),
        });
      case "switch":
        return switchField({ text: name, checked: value === true, change: (checked) => this.#set(name, checked) });
      case "choice":
        return this.#choice(field, value);
      case "sizes":
        return this.#sizes(field, value);
      default:
        return this.#list(field, value);
    }
  }

  /** @param {Field} field @param {unknown} value */
  #choice({ name, choices = [], required }, value) {
    const { class_name: className } = /** @type {any} */ (value) ?? {};
    const chosen = String(className ?? value ?? "");
    const is = name === "activation" && chosen === "" ? "linear" : chosen;
    const known = choices.map((choice) => ({ value: choice, text: choice || "none" }));
    // What a file brought is kept as it is until something else is chosen.
    const options = choices.includes(is) ? known : [{ value: is, text: is || "none" }, ...known];
    return choiceField({
      text: name,
      value: is,
      options,
      change: (choice) => choice !== is && this.#set(name, isNone(choice) && !required ? undefined : choice),
    });
  }

  /** One number for a square, or one for each axis. @param {Field} field @param {unknown} value */
  #sizes({ name, axes = 2, min = 1, max = 1024, optional }, value) {
    const list = Array.isArray(value) ? value.map(Number) : Array(axes).fill(typeof value === "number" ? value : NaN);
    const isSquare = list.every((size) => Object.is(size, list[0]));
    const field = { min, max, whole: true, optional };
    const set = (/** @type {number[]} */ sizes) => this.#set(name, axes === 1 ? sizes[0] : sizes);
    if (isSquare && this.apart !== name) {
      const change = (/** @type {number} */ size) =>
        Number.isNaN(size) ? this.#set(name, undefined) : set(list.map(() => size));
      return html`<span class="pair">
        ${numberField({ ...field, text: name, value: list[0], stepped: true, change })}
        ${
          axes === 1
            ? nothing
            : html`<button
                type="button"
                class="plain"
                title="Height and width apart"
                aria-label="${name}: height and width apart"
                @click=${() => (this.apart = name)}
              >
                ×
              </button>`
        }
      </span>`;
    }
    const axis = (/** @type {number} */ at, /** @type {string} */ text) =>
      numberField({
        ...field,
        text,
        value: list[at],
        change: (size) => set(list.map((one, index) => (index === at || Number.isNaN(one) ? size : one))),
      });
    return html`<span class="pair">${axis(0, `${name}: height`)} &nbsp;${axis(1, "width")}</span>`;
  }

  /** @param {Field} field @param {unknown} value */
  #list({ name }, value) {
    const change = (/** @type {Event} */ { target }) => {
      const { value: typed } = /** @type {HTMLInputElement} */ (target);
      const list = readList(typed);
      if (list === undefined) this.refused = `${name}: expected numbers such as 2 or (1, 2), got ${typed}.`;
      else this.#set(name, list ?? undefined);
    };
    return html`<label class="list"
      >${name} <input type="text" autocomplete="off" .value=${writtenList(value)} @change=${change}
    /></label>`;
  }

  /** @param {Event} event */
  #rename({ target }) {
    const field = /** @type {HTMLInputElement} */ (target);
    const name = field.value.trim();
    if (name === this.layer?.name) return;
    if (!NAME.test(name) || name.length > 64) {
      this.refused = NAME_RULE;
    } else if (this.taken.includes(name)) {
      this.refused = `Another layer is called ${name} already.`;
    } else {
      this.refused = "";
      tell(this, "rename", name);
    }
  }

  #inputs() {
    const { layer, sources } = this;
    if (!layer || sources.length === 0) return nothing;
    const change = (/** @type {number} */ at) => (/** @type {string} */ source) =>
      tell(
        this,
        "inputs",
        layer.inputs.map((one, index) => (index === at ? source : one)),
      );
    return layer.inputs.map((source, at) =>
      choiceField({
        text: layer.inputs.length > 1 ? `input ${at + 1}` : "input",
        value: source,
        options: sources.map((one) => ({ value: one, text: one })),
        change: change(at),
      }),
    );
  }

  render() {
    const { layer } = this;
    if (!layer) return;
    const fields = fieldsOf(layer.className);
    const [main, more] = [false, true].map((isMore) => fields.filter((field) => field.more === isMore));
    return html`
      <form @submit=${unsent} @change=${withheld}>
        ${main.map((field) => this.#field(field))} ${this.#inputs()}
        <label>name <input type="text" autocomplete="off" .value=${layer.name} @change=${this.#rename} /></label>
        <p class="refused small" role="alert" ?hidden=${!this.refused}>${this.refused}</p>
        ${
          more.length
            ? html`<details>
                <summary>More arguments</summary>
                <div>${more.map((field) => this.#field(field))}</div>
              </details>`
            : nothing
        }
      </form>
    `;
  }
}

customElements.define("convscope-argument-fields", ArgumentFields);
