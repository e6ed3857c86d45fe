import { css, html, nothing } from "lit";
import { shiftedImage } from "../../session/drawing.js";
import { presetKernel, presets } from "../../questions/kernel-presets.js";
import { IMAGES, SIDE, patternImage } from "../../questions/patterns.js";
import { Pooling } from "./pooled.js";
import { Stepper } from "../../ui/stepper.js";
import { WorkedExample } from "../../questions/worked-example.js";
import { choiceField, fieldStyles, numberField, unsent, withheld } from "../../ui/fields.js";
import { number } from "../../ui/numbers.js";
import { base } from "../../ui/theme.js";
import "../../ui/lesson.js";
import "../../cells/number-grid.js";
import "./pooling-panel.js";
import "../../questions/shift-buttons.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./pooled.js").Pooled} Pooled */
/** @typedef {import("./pooled.js").Setting} Setting */
/** @typedef {{ map: Float32Array, shifted: boolean, size: number, pooled: Pooled }} Shown */
/** @typedef {{ signal: Shown, image: Shown, kernel: Float32Array }} Answer `kernel` of the convolution */

const CELLS = 12;
const SIGNAL = Float32Array.of(0, 1, 3, 2, 0, 0, 5, 4, 1, 0, 2, 6);
const LARGEST_WINDOW = 4;
const OWN = "own";
/** What the convolution can begin with: what makes sense in a window of any size. */
const KERNELS = presets("vertical-edge", "horizontal-edge", "blur", "identity");

/** @type {import("../../ui/lesson.js").Lesson} */
const LESSON = {
  caption:
    "Pooling puts one number for each window: the largest, or the mean. Both make the map smaller without a parameter and let later layers see more of the input; a convolution with a stride does the same, but learns what to keep.",
  question: {
    text: "the input moves by one cell. Which of the three changes least?",
    answers: ["max pooling", "average pooling", "strided convolution"],
    right: 0,
    because:
      "As long as the largest value stays within its window, its output stays as it is. Move the input and compare the counts; it is no rule without exceptions.",
  },
};

/**
 * Max pooling, average pooling and strided convolution on the same map.
 *
 * @extends {WorkedExample<Answer>}
 */
export class PoolingView extends WorkedExample {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    ...WorkedExample.properties,
    setting: { state: true },
    kernelName: { state: true },
    shift: { state: true },
    windows: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }
      form {
        padding-bottom: 12px;
        border-bottom: 1px solid var(--hairline);
      }
      input[type="number"] {
        width: 6ch;
      }
      h2 {
        margin: 0 0 10px;
        font-size: inherit;
        font-weight: 600;
      }
      h2 span {
        font-weight: 400;
      }
      section + section {
        padding-top: 14px;
        border-top: 1px solid var(--hairline);
      }
      .kernel {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 14px;
        margin-top: 14px;
        --cell: 40px;
      }
    `,
  ];

  #signalPooling = new Pooling(1, CELLS);
  #imagePooling = new Pooling(SIDE, SIDE);
  models = [...this.#signalPooling.models, ...this.#imagePooling.models];
  #stepper = new Stepper(this, () => this.#step());

  constructor() {
    super();
    /** @type {Setting} */
    this.setting = { size: 2, stride: 2 };
    /** Before they are shifted. */
    this.maps = { signal: SIGNAL, image: patternImage("both", 1)[0] };
    this.imageName = "both";
    this.kernelName = "vertical-edge";
    /** The convolution's kernel on the image. */
    this.kernel = presetKernel(this.kernelName, 2, 2);
    /** @type {readonly [right: number, down: number]} */
    this.shift = [0, 0];
    /** The output whose window is framed, in one dimension and in two. */
    this.windows = { signal: { row: 0, column: 0 }, image: { row: 0, column: 0 } };
  }

  /** The signal, moved to the right; what enters is 0. */
  get #shiftedSignal() {
    const [right] = this.shift;
    return this.maps.signal.map((_, cell) => this.maps.signal[cell - right] ?? 0);
  }

  get #shiftedImage() {
    return shiftedImage(this.maps.image, this.shift, SIDE);
  }

  /** The convolution's kernel on the signal, which has no height: of a kernel of one's own the middle row. */
  get #row() {
    const { size } = this.setting;
    const middle = Math.floor(size / 2);
    return this.kernelName === OWN
      ? this.kernel.slice(middle * size, (middle + 1) * size)
      : presetKernel(this.kernelName, 1, size);
  }

  /** @returns {Promise<Answer>} */
  async work() {
    const { setting, maps, shift, kernel } = this;
    const { size } = setting;
    const [signal, image] = [this.#shiftedSignal, this.#shiftedImage];
    const [flat, square] = await Promise.all([
      this.#signalPooling.answer(signal, maps.signal, setting, this.#row),
      this.#imagePooling.answer(image, maps.image, setting, kernel),
    ]);
    return {
      signal: { map: signal, shifted: shift[0] !== 0, size, pooled: flat },
      image: { map: image, shifted: shift[0] !== 0 || shift[1] !== 0, size, pooled: square },
      kernel,
    };
  }

  #askFromStart() {
    this.windows = { signal: { row: 0, column: 0 }, image: { row: 0, column: 0 } };
    void this.ask();
  }

  /** @param {Partial<Setting>} changes */
  #set(changes) {
    const { size } = this.setting;
    this.setting = { ...this.setting, ...changes };
    if (this.setting.size !== size) {
      if (this.kernelName === OWN) this.kernelName = KERNELS[0].name;
      this.kernel = presetKernel(this.kernelName, this.setting.size, this.setting.size);
    }
    this.#askFromStart();
  }

  /** @param {string} name */
  #chooseKernel(name) {
    this.kernelName = name;
    if (name !== OWN) this.kernel = presetKernel(name, this.setting.size, this.setting.size);
    void this.ask();
  }

  /** @param {string} name */
  #chooseImage(name) {
    if (name === OWN) return;
    this.imageName = name;
    this.maps = { ...this.maps, image: patternImage(name, 1)[0] };
    this.shift = [0, 0];
    void this.ask();
  }

  /** @param {"signal" | "image"} which @param {{ index: number, value: number }} edit */
  #edit(which, { index, value }) {
    // What is edited is the input as it is on view.
    this.maps = { signal: this.#shiftedSignal, image: this.#shiftedImage };
    this.maps[which] = this.maps[which].with(index, value);
    if (which === "image") this.imageName = OWN;
    this.shift = [0, 0];
    void this.ask();
  }

  #step() {
    const { answer, windows } = this;
    if (!answer) return;
    const next = (
      /** @type {{ row: number, column: number }} */ { row, column },
      /** @type {Pooled} */ { height, width },
    ) => (column < width - 1 ? { row, column: column + 1 } : { row: (row + 1) % height, column: 0 });
    this.windows = {
      signal: next(windows.signal, answer.signal.pooled),
      image: next(windows.image, answer.image.pooled),
    };
  }

  #controls() {
    const { size, stride } = this.setting;
    const images = IMAGES.map(({ name, title }) => ({ value: name, text: title }));
    const own = { value: OWN, text: "own" };
    return html`<form ?hidden=${this.hides("controls")} @submit=${unsent} @change=${withheld}>
      ${numberField({ text: "Window k", value: size, min: 1, max: LARGEST_WINDOW, whole: true, change: (size) => this.#set({ size }) })}
      ${numberField({ text: "Stride s", value: stride, min: 1, max: LARGEST_WINDOW, whole: true, change: (stride) => this.#set({ stride }) })}
      ${choiceField({
        text: "Map",
        value: this.imageName,
        options: this.imageName === OWN ? [...images, own] : images,
        change: (name) => this.#chooseImage(name),
      })}
      <convscope-shift-buttons
        @shift=${(/** @type {Told<"shift">} */ { detail }) => {
          this.shift = [this.shift[0] + detail.right, this.shift[1] + detail.down];
          void this.ask();
        }}
      ></convscope-shift-buttons>
      <button type="button" @click=${() => this.#stepper.toggle()}>${this.#stepper.running ? "Pause" : "Play"}</button>
    </form>`;
  }

  #kernel() {
    const { size } = this.setting;
    const options = KERNELS.map(({ name, title }) => ({ value: name, text: title }));
    return html`<div class="kernel" @change=${withheld}>
      ${choiceField({
        text: "Kernel of the strided convolution",
        value: this.kernelName,
        options: [...options, { value: OWN, text: "own" }],
        change: (name) => this.#chooseKernel(name),
      })}
      <convscope-number-grid
        .values=${this.kernel}
        .width=${size}
        .height=${size}
        .meaning=${"weight"}
        .editable=${"three"}
        .label=${"Kernel of the strided convolution"}
        .dark=${this.dark}
        @edit=${(/** @type {Told<"edit">} */ { detail }) => {
          this.kernel = this.kernel.with(detail.index, detail.value);
          this.#chooseKernel(OWN);
        }}
      ></convscope-number-grid>
      <span class="quiet small">in one dimension: ${Array.from(this.#row, (weight) => html`${number(weight)} `)}</span>
    </div>`;
  }

  /** @param {"signal" | "image"} which @param {Shown} shown @param {string} label */
  #panel(which, { map, shifted, size, pooled }, label) {
    return html`<convscope-pooling-panel
      .map=${map}
      .width=${which === "signal" ? CELLS : SIDE}
      .height=${which === "signal" ? 1 : SIDE}
      .size=${size}
      .pooled=${pooled}
      .place=${this.windows[which]}
      .shifted=${shifted}
      .editable=${!this.hides("controls")}
      .label=${label}
      .dark=${this.dark}
      @edit=${(/** @type {Told<"edit">} */ { detail }) => this.#edit(which, detail)}
      @window=${(/** @type {Told<"window">} */ { detail }) => {
        this.#stepper.stop();
        this.windows = { ...this.windows, [which]: detail };
      }}
    ></convscope-pooling-panel>`;
  }

  render() {
    const { answer } = this;
    return html`<div class="view">
      <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSON}></convscope-lesson>
      ${this.#controls()}
      ${
        answer
          ? html`
              <section aria-label="One dimension">
                <h2>One dimension <span class="quiet">· ${CELLS} → ${answer.signal.pooled.width}</span></h2>
                ${this.#panel("signal", answer.signal, "the signal")}
              </section>
              <section aria-label="Two dimensions">
                <h2>
                  Two dimensions
                  <span class="quiet"
                    >· ${SIDE}×${SIDE} → ${answer.image.pooled.height}×${answer.image.pooled.width}</span
                  >
                </h2>
                ${this.#panel("image", answer.image, "the map")} ${this.hides("controls") ? nothing : this.#kernel()}
              </section>
              <p class="quiet small">
                The window follows the pointer and the arrow keys.
                ${this.hides("controls") ? nothing : "A click on a cell of the input lets you type its number; on a weight of the kernel it goes from 0 to 1 to −1, and any other number can be typed."}
              </p>
            `
          : nothing
      }
    </div>`;
  }
}

customElements.define("convscope-pooling", PoolingView);
