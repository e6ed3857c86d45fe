import { css, html, nothing } from "lit";
import { shiftedImage } from "../../session/drawing.js";
import { greyOf } from "../../questions/channels.js";
import { presetKernel, presets } from "../../questions/kernel-presets.js";
import { PictureChoice } from "../../questions/picture-choice.js";
import { WorkedExample } from "../../questions/worked-example.js";
import { choiceField, fieldStyles, numberField, switchField, unsent, withheld } from "../../ui/fields.js";
import { number } from "../../ui/numbers.js";
import { Stepper } from "../../ui/stepper.js";
import { base } from "../../ui/theme.js";
import { Width } from "../../ui/width.js";
import { BROUGHT, DRAWN, FEATURES, FIRST_MAP, MAPS, OWN, PICTURE_SIDE, SIDE, SIGNAL, drawn, mapNamed } from "./maps.js";
import { Pooling } from "./pooled.js";
import { APART, KERNEL, LESSON, handling, inOneDimension } from "./words.js";
import "../../ui/lesson.js";
import "../../cells/number-grid.js";
import "../../questions/shift-buttons.js";
import "./pooling-panel.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./pooled.js").Pooled} Pooled */
/** @typedef {import("./pooled.js").Setting} Setting */
/** @typedef {{ planes: Float32Array[], shifted: boolean, size: number, pooled: Pooled }} Shown */
/** @typedef {{ signal: Shown, image: Shown, kernel: Float32Array }} Answer `kernel` of the convolution */

const LARGEST_WINDOW = 4;
/** What the convolution can begin with: what makes sense in a window of any size. */
const KERNELS = presets("vertical-edge", "horizontal-edge", "blur", "identity");
/** The weight of full colour: above 1, so that 1 and −1 can be told apart at a glance. */
const FULL_WEIGHT = 2;
/** A page of fewer CSS pixels is a phone's. */
const PHONE = 720;

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
    coloured: { state: true },
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
      .held {
        outline: 3px dashed var(--accent);
        outline-offset: 3px;
      }
      .problem {
        color: var(--alarm);
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

  #signalPooling = new Pooling();
  #imagePooling = new Pooling();
  models = [...this.#signalPooling.models, ...this.#imagePooling.models];
  #stepper = new Stepper(this, () => this.#step());
  #width = new Width(this);
  /** Whether the windows are to go where the largest outputs are. */
  #seeks = true;
  #picture = new PictureChoice(this, { side: PICTURE_SIDE, taken: (colours) => this.#show(BROUGHT, colours) });

  constructor() {
    super();
    /** @type {Setting} */
    this.setting = { size: 2, stride: 2 };
    /** Before they are shifted. */
    this.maps = { signal: SIGNAL, image: [FIRST_MAP] };
    this.imageName = FEATURES;
    /** Red, green and blue of the picture on view, if it is one. @type {Float32Array[] | undefined} */
    this.picture = undefined;
    /** Whether a picture is in colour. */
    this.coloured = true;
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

  get #side() {
    return this.picture ? PICTURE_SIDE : SIDE;
  }

  get #shiftedImage() {
    return this.maps.image.map((plane) => shiftedImage(plane, this.shift, this.#side));
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
    const side = this.#side;
    const flat = { planes: [signal], height: 1, width: signal.length };
    const square = { planes: image, height: side, width: side };
    const [pooledSignal, pooledImage] = await Promise.all([
      this.#signalPooling.answer(flat, [maps.signal], setting, this.#row),
      this.#imagePooling.answer(square, maps.image, setting, kernel),
    ]);
    if (this.#seeks && maps === this.maps && setting === this.setting) this.#seek(pooledSignal, pooledImage);
    return {
      signal: { planes: [signal], shifted: shift[0] !== 0, size, pooled: pooledSignal },
      image: { planes: image, shifted: shift[0] !== 0 || shift[1] !== 0, size, pooled: pooledImage },
      kernel,
    };
  }

  /** @param {Pooled} signal @param {Pooled} image */
  #seek(signal, image) {
    const strongest = (/** @type {Pooled} */ { kinds: [{ outputs }], width, height }) => {
      const cell = outputs.indexOf(Math.max(...outputs)) % (width * height);
      return { row: Math.floor(cell / width), column: cell % width };
    };
    this.#seeks = false;
    this.windows = { signal: strongest(signal), image: strongest(image) };
  }

  #askFromStart() {
    this.windows = { signal: { row: 0, column: 0 }, image: { row: 0, column: 0 } };
    this.#seeks = true;
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
    if (name === DRAWN) return this.#show(DRAWN, drawn());
    if (name === OWN || name === BROUGHT) return;
    this.picture = undefined;
    this.#take(name, [mapNamed(name)]);
  }

  /** @param {string} name @param {Float32Array[]} colours of a picture */
  #show(name, colours) {
    this.picture = colours;
    this.#take(name, this.coloured ? colours : [greyOf(colours)]);
  }

  /** @param {string} name @param {Float32Array[]} planes */
  #take(name, planes) {
    this.imageName = name;
    this.maps = { ...this.maps, image: planes };
    this.shift = [0, 0];
    this.#askFromStart();
  }

  /** @param {boolean} coloured */
  #colour(coloured) {
    this.coloured = coloured;
    if (this.picture) this.#show(this.imageName, this.picture);
  }

  /** @param {"signal" | "image"} which @param {{ index: number, value: number }} edit */
  #edit(which, { index, value }) {
    // What is edited is the input as it is on view.
    const [signal, image] = [this.#shiftedSignal, this.#shiftedImage];
    if (which === "image") this.imageName = OWN;
    this.maps =
      which === "signal"
        ? { signal: signal.with(index, value), image }
        : { signal, image: [image[0].with(index, value)] };
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
    const { imageName } = this;
    const options = [
      ...MAPS,
      ...(imageName === OWN ? [{ value: OWN, text: "own" }] : []),
      ...(imageName === BROUGHT ? [{ value: BROUGHT, text: "your picture" }] : []),
    ];
    const field = (
      /** @type {string} */ text,
      /** @type {number} */ value,
      /** @type {(value: number) => void} */ change,
    ) => numberField({ text, value, min: 1, max: LARGEST_WINDOW, whole: true, stepped: true, change });
    return html`<form ?hidden=${this.hides("controls")} @submit=${unsent} @change=${withheld}>
      ${field("Window k", size, (size) => this.#set({ size }))}
      ${field("Stride s", stride, (stride) => this.#set({ stride }))}
      ${choiceField({ text: "Map", value: imageName, options, change: (name) => this.#chooseImage(name) })}
      ${this.#picture.button()}
      ${
        this.picture
          ? switchField({ text: "in colour", checked: this.coloured, change: (coloured) => this.#colour(coloured) })
          : nothing
      }
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
        text: KERNEL,
        value: this.kernelName,
        options: [...options, { value: OWN, text: "own" }],
        change: (name) => this.#chooseKernel(name),
      })}
      <convscope-number-grid
        .values=${this.kernel}
        .width=${size}
        .height=${size}
        .meaning=${"weight"}
        .limit=${FULL_WEIGHT}
        .editable=${"three"}
        .label=${KERNEL}
        .dark=${this.dark}
        @edit=${(/** @type {Told<"edit">} */ { detail }) => {
          this.kernel = this.kernel.with(detail.index, detail.value);
          this.#chooseKernel(OWN);
        }}
      ></convscope-number-grid>
      <span class="quiet small">${inOneDimension(Array.from(this.#row, (weight) => html`${number(weight)} `))}</span>
    </div>`;
  }

  /** @param {"signal" | "image"} which @param {Shown} shown @param {string} label */
  #panel(which, { planes, shifted, size, pooled }, label) {
    const flat = which === "signal";
    const side = Math.sqrt(planes[0].length);
    const pictured = !flat && side === PICTURE_SIDE;
    return html`<convscope-pooling-panel
      .planes=${planes}
      .width=${flat ? planes[0].length : side}
      .height=${flat ? 1 : side}
      .size=${size}
      .pooled=${pooled}
      .place=${this.windows[which]}
      .shifted=${shifted}
      .pictured=${pictured}
      .narrow=${this.#width.current < PHONE}
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

  /** @param {Answer} answer */
  #panels({ signal, image }) {
    const side = Math.sqrt(image.planes[0].length);
    const { height, width } = image.pooled;
    return html`
      <section aria-label="One dimension">
        <h2>One dimension <span class="quiet">· ${signal.planes[0].length} → ${signal.pooled.width}</span></h2>
        ${this.#panel("signal", signal, "the signal")}
      </section>
      <section aria-label="Two dimensions">
        <h2>Two dimensions <span class="quiet">· ${side}×${side} → ${height}×${width}</span></h2>
        ${this.#panel("image", image, "the map")} ${this.hides("controls") ? nothing : this.#kernel()}
        <p class="small" ?hidden=${image.planes.length === 1}>${APART}</p>
      </section>
      <p class="quiet small">${handling(!this.hides("controls"))}</p>
    `;
  }

  render() {
    const { answer } = this;
    return html`<div class="view ${this.#picture.over ? "held" : ""}">
      <convscope-lesson ?hidden=${this.hides("about")} .lesson=${LESSON}></convscope-lesson>
      ${this.#controls()} ${this.#picture.message()} ${answer ? this.#panels(answer) : nothing}
    </div>`;
  }
}

customElements.define("convscope-pooling", PoolingView);
