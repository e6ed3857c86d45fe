import { LitElement, css, html } from "lit";
import { pageEngine } from "../../session/page-engine.js";
import { base } from "../../ui/theme.js";
import { AUGMENTED } from "./words.js";
import "./example-strip.js";

/**
 * @typedef {object} Change of an image
 * @property {"shift" | "rotation" | "scale" | "shear" | "elastic"} name
 * @property {string} title
 * @property {string} unit
 * @property {number} most
 * @property {number} step
 * @property {number} start
 * @property {(amount: number) => number} [meant] the amount as the engine takes it
 */

const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;

/** @type {Change[]} */
const CHANGES = [
  { name: "shift", title: "Shift", unit: " pixels", most: 4, step: 0.5, start: 2 },
  { name: "rotation", title: "Rotation", unit: "°", most: 35, step: 1, start: 12, meant: radians },
  { name: "scale", title: "Scale", unit: " %", most: 40, step: 5, start: 10, meant: (percent) => percent / 100 },
  {
    name: "shear",
    title: "Slant",
    unit: "°",
    most: 30,
    step: 1,
    start: 12,
    meant: (degrees) => Math.tan(radians(degrees)),
  },
  { name: "elastic", title: "Elastic", unit: " pixels", most: 2, step: 0.1, start: 0.6 },
];
const COPIES = 9;

/** One image beside copies of it that were moved and bent, as augmentation does before each epoch. */
export class AugmentationPreview extends LitElement {
  static properties = {
    image: { attribute: false },
    dark: { attribute: false },
    amounts: { state: true },
    copies: { state: true },
  };

  static styles = [
    base,
    css`
      .sliders {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
        gap: 4px 20px;
        margin-bottom: 8px;
      }
      label {
        display: grid;
        grid-template-columns: 1fr auto;
      }
      input {
        grid-column: 1 / -1;
        width: 100%;
        min-height: 24px;
        margin: 0;
      }
    `,
  ];

  /** Counts what was asked for: an older answer is dropped. */
  #asked = 0;

  constructor() {
    super();
    /** Bytes of [28, 28]. @type {Uint8Array | undefined} */
    this.image = undefined;
    this.dark = false;
    /** How much of each change, in its unit. @type {Record<string, number>} */
    this.amounts = Object.fromEntries(CHANGES.map(({ name, start }) => [name, start]));
    /** @type {Uint8Array[]} */
    this.copies = [];
  }

  /** @param {import("lit").PropertyValues} changes */
  updated(changes) {
    if (changes.has("image") || changes.has("amounts")) void this.#augment();
  }

  async #augment() {
    const { image, amounts } = this;
    const augmentation = Object.fromEntries(
      CHANGES.map(({ name, meant = (amount) => amount }) => [name, meant(amounts[name])]),
    );
    const asked = ++this.#asked;
    if (!image) return;
    const engine = await pageEngine();
    const pixels = Float32Array.from(image, (value) => value / 255);
    const copies = await Promise.all(
      Array.from({ length: COPIES }, (_, seed) => engine.augment(pixels, augmentation, { seed })),
    );
    if (asked !== this.#asked) return;
    this.copies = copies.map((copy) => Uint8Array.from(copy, (value) => Math.round(255 * value)));
  }

  /** @param {Change["name"]} name @returns {(event: Event) => void} */
  #set(name) {
    return ({ target }) => {
      this.amounts = { ...this.amounts, [name]: /** @type {HTMLInputElement} */ (target).valueAsNumber };
    };
  }

  render() {
    if (!this.image) return;
    return html`
      <div class="sliders">
        ${CHANGES.map(
          ({ name, title, unit, most, step }) => html`
            <label
              >${title}<output>±${this.amounts[name]}${unit}</output>
              <input
                type="range"
                min="0"
                max=${most}
                step=${step}
                aria-valuetext="${this.amounts[name]}${unit}"
                .value=${String(this.amounts[name])}
                @input=${this.#set(name)}
              />
            </label>
          `,
        )}
      </div>
      <convscope-example-strip
        .images=${[this.image, ...this.copies]}
        .label=${AUGMENTED}
        .dark=${this.dark}
      ></convscope-example-strip>
    `;
  }
}

customElements.define("convscope-augmentation-preview", AugmentationPreview);
