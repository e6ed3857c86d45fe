import { css, html, nothing } from "lit";
import { shiftedImage } from "../../session/drawing.js";
import { Convolution } from "./filters.js";
import { OWN } from "./filter-card.js";
import { FIRST, kernelNamed } from "./scenes.js";
import { IMAGES, KERNEL, SIDE, patternImage } from "../../questions/patterns.js";
import { Stepper } from "../../ui/stepper.js";
import { WorkedExample } from "../../questions/worked-example.js";
import { choiceField, fieldStyles, switchField, unsent, withheld } from "../../ui/fields.js";
import { largest } from "../../ui/heat-map.js";
import { counted } from "../../ui/counted.js";
import { base } from "../../ui/theme.js";
import "../../ui/lesson.js";
import "../../ui/legend.js";
import "../../cells/number-grid.js";
import "./patch-sum.js";
import "../../questions/shift-buttons.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./filters.js").Filter} Filter */
/** @typedef {import("./filters.js").Convolved} Convolved */
/** @typedef {import("./scenes.js").Scene} Scene */
/** @typedef {Convolved & { scene: Scene }} Answer a scene with what comes of it */

const CHANNELS = ["red", "green", "blue"];
const MOST_FILTERS = 6;

/** @type {import("../../ui/lesson.js").Lesson} */
const ONE_CHANNEL = {
  caption:
    "A kernel is laid over a patch of the image, multiplied cell by cell and summed: where the patch looks like the kernel, the response is high. The same few weights slide over the whole image, and every filter makes a feature map of its own.",
  question: {
    text: "the image moves one cell to the right. What happens to the map?",
    answers: ["It stays as it is", "It moves one cell to the right", "It gets weaker"],
    right: 1,
    because:
      "The same weights are used at every place, so the same pattern gets the same response, one cell further. Try it with the arrows.",
  },
};
/** @type {import("../../ui/lesson.js").Lesson} */
const SEVERAL_CHANNELS = {
  caption:
    "With three channels a filter has three kernels, one for each. Each makes a map of its channel, and the three maps are summed into one: however many channels go in, a filter makes one map.",
  question: {
    text: "three channels go in and there are two filters. How many feature maps come out?",
    answers: ["2", "3", "6"],
    right: 0,
    because: "One a filter: its three kernels' maps are summed. The number of filters is the number of maps.",
  },
};

/**
 * Convolution from nothing: an image and kernels to edit, and each cell of each map worked out.
 *
 * @extends {WorkedExample<Answer>}
 */
export class ConvolutionView extends WorkedExample {
  /** @type {import("lit").PropertyDeclarations} */
  static properties = {
    ...WorkedExample.properties,
    channels: { state: true },
    scenes: { state: true },
    window: { state: true },
  };

  static styles = [
    base,
    fieldStyles,
    css`
      .view {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
        --cell: 26px;
      }
      form {
        padding-bottom: 12px;
        border-bottom: 1px solid var(--hairline);
      }
      .scene {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 16px 40px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: inherit;
        font-weight: 600;
      }
      h2 span {
        font-weight: 400;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        justify-content: space-between;
      }
      convscope-legend {
        width: 150px;
        margin-bottom: 8px;
      }
      .image {
        margin-bottom: 10px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, var(--card, 182px));
        gap: 18px 24px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .several ul {
        --card: 262px;
      }
      .apart {
        margin-top: 18px;
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      .input {
        max-width: 210px;
      }
      @media (max-width: 720px) {
        .scene {
          grid-template-columns: minmax(0, 1fr);
        }
        ul {
          --card: 160px;
          gap: 16px 18px;
        }
      }
    `,
  ];

  #convolution = new Convolution();
  #stepper = new Stepper(this, () => this.#step());
  models = this.#convolution.models;

  constructor() {
    super();
    /** @type {1 | 3} */
    this.channels = 1;
    this.scenes = FIRST;
    /** Where the window's first cell is, which is the cell of the maps. */
    this.window = { row: 2, column: 2 };
  }

  get #scene() {
    return this.scenes[this.channels];
  }

  /** @param {Scene} scene @returns {Float32Array[]} the planes of its image as they are on view */
  #image({ planes, shift }) {
    return planes.map((plane) => shiftedImage(plane, shift, SIDE));
  }

  async work() {
    const scene = this.#scene;
    const convolved = await this.#convolution.answer(this.#image(scene), scene.filters, scene.chosen, this.window);
    return { ...convolved, scene };
  }

  /** @param {import("lit").PropertyValues} changes */
  willUpdate(changes) {
    super.willUpdate(changes);
    // Before the first update the view asks by itself.
    if (this.hasUpdated && changes.has("window")) void this.ask();
  }

  /** @param {Partial<Scene>} changes */
  #change(changes) {
    this.scenes = { ...this.scenes, [this.channels]: { ...this.#scene, ...changes } };
    void this.ask();
  }

  /** @param {boolean} several */
  #switch(several) {
    this.channels = several ? 3 : 1;
    void this.ask();
  }

  #step() {
    const last = SIDE - KERNEL;
    const { row, column } = this.window;
    if (column < last) this.window = { row, column: column + 1 };
    else this.window = { row: row < last ? row + 1 : 0, column: 0 };
  }

  /** @param {number | undefined} index of a cell that is to be the window's middle, as far as the image reaches */
  #centre(index) {
    if (index === undefined) return;
    this.#stepper.stop();
    const first = (/** @type {number} */ middle) => Math.max(0, Math.min(SIDE - KERNEL, middle - 1));
    this.window = { row: first(Math.floor(index / SIDE)), column: first(index % SIDE) };
  }

  /** @param {number} channel @param {{ index: number, value: number }} edit */
  #edit(channel, { index, value }) {
    const planes = this.#image(this.#scene).map((plane, at) => (at === channel ? plane.with(index, value) : plane));
    this.#change({ pattern: OWN, planes, shift: [0, 0] });
  }

  /** @param {number} filter @param {Filter} changed */
  #replace(filter, changed) {
    this.#change({ filters: this.#scene.filters.with(filter, changed), chosen: filter });
  }

  /** @param {number} filter */
  #remove(filter) {
    const filters = this.#scene.filters.filter((_, index) => index !== filter);
    this.#change({ filters, chosen: Math.min(this.#scene.chosen, filters.length - 1) });
  }

  #add() {
    const { filters } = this.#scene;
    const title = "edge";
    const kernels = this.#scene.planes.map(() => kernelNamed(title));
    this.#change({ filters: [...filters, { title, kernels }], chosen: filters.length });
  }

  #controls() {
    const { pattern, filters, shift } = this.#scene;
    const images = IMAGES.map(({ name, title }) => ({ value: name, text: title }));
    return html`<form ?hidden=${this.hides("controls")} @submit=${unsent} @change=${withheld}>
      ${choiceField({
        text: "Image",
        value: pattern,
        options: pattern === OWN ? [...images, { value: OWN, text: "own" }] : images,
        change: (name) =>
          name !== OWN && this.#change({ pattern: name, planes: patternImage(name, this.channels), shift: [0, 0] }),
      })}
      ${switchField({ text: "3 channels", checked: this.channels === 3, change: (several) => this.#switch(several) })}
      <convscope-shift-buttons
        @shift=${(/** @type {Told<"shift">} */ { detail }) =>
          this.#change({ shift: [shift[0] + detail.right, shift[1] + detail.down] })}
      ></convscope-shift-buttons>
      <button type="button" @click=${() => this.#stepper.toggle()}>${this.#stepper.running ? "Pause" : "Play"}</button>
      <button type="button" ?disabled=${filters.length === MOST_FILTERS} @click=${() => this.#add()}>
        Add a filter
      </button>
    </form>`;
  }

  #inputs() {
    return this.#image(this.#scene).map((plane, channel) => {
      const name = this.channels === 1 ? "Input" : `Input, ${CHANNELS[channel]}`;
      return html`<div class="image">
        <p class="quiet small" ?hidden=${this.channels === 1}>${CHANNELS[channel]}</p>
        <convscope-number-grid
          .values=${plane}
          .width=${SIDE}
          .height=${SIDE}
          .meaning=${"ink"}
          .editable=${"binary"}
          .window=${{ ...this.window, width: KERNEL, height: KERNEL }}
          .label=${name}
          .dark=${this.dark}
          @pointnumber=${(/** @type {Told<"pointnumber">} */ { detail }) => this.#centre(detail)}
          @edit=${(/** @type {Told<"edit">} */ { detail }) => this.#edit(channel, detail)}
        ></convscope-number-grid>
      </div>`;
    });
  }

  /** @param {Answer} answer */
  #cards({ maps, width, scene }) {
    const limit = Math.max(...maps.map(largest));
    // What a card changes is the filter as a person has left it, though the maps of that are still being computed.
    const { filters } = this.#scene;
    const shown = filters.length === scene.filters.length ? filters : scene.filters;
    return shown.map(
      (filter, index) =>
        html`<li>
          <convscope-filter-card
            .filter=${filter}
            .number=${index + 1}
            .map=${maps[index]}
            .width=${width}
            .limit=${limit}
            .place=${this.window}
            .chosen=${index === scene.chosen}
            .removable=${scene.filters.length > 1 && !this.hides("controls")}
            .channels=${this.channels === 1 ? ["image"] : CHANNELS}
            .dark=${this.dark}
            @filter=${(/** @type {Told<"filter">} */ { detail }) => this.#replace(index, detail)}
            @choose=${() => this.#change({ chosen: index })}
            @remove=${() => this.#remove(index)}
            @cell=${(/** @type {Told<"cell">} */ { detail }) => {
              this.#stepper.stop();
              this.window = detail;
              if (index !== this.#scene.chosen) this.#change({ chosen: index });
            }}
          ></convscope-filter-card>
        </li>`,
    );
  }

  /** @param {Answer} answer */
  #apart({ maps, width, parts, place: { row, column }, unit, scene }) {
    const cells = KERNEL * KERNEL;
    const shares = parts.map((part, channel) => {
      const ofChannel = (/** @type {Float32Array} */ all) => all.subarray(channel * cells, (channel + 1) * cells);
      return {
        channel: this.channels === 1 ? "image" : CHANNELS[channel],
        patch: ofChannel(unit.patches),
        kernel: ofChannel(unit.kernel),
        products: ofChannel(unit.products),
        sum: unit.sums[channel],
        part,
      };
    });
    return html`<section class="apart" aria-label="One cell worked out">
      <h2>
        Patch × kernel, summed
        <span class="quiet">· filter ${scene.chosen + 1}, row ${row + 1}, column ${column + 1}</span>
      </h2>
      <convscope-patch-sum
        .shares=${shares}
        .values=${maps[scene.chosen]}
        .width=${width}
        .limit=${Math.max(...maps.map(largest))}
        .cell=${row * width + column}
        .map=${`map ${scene.chosen + 1}`}
        .dark=${this.dark}
      ></convscope-patch-sum>
    </section>`;
  }

  /** @param {Answer} answer */
  #outputs(answer) {
    const { shape, params, scene } = answer;
    const count = scene.filters.length;
    const words = `${count} ${count === 1 ? "filter" : "filters"} → ${count} ${count === 1 ? "map" : "maps"}`;
    const weights = `${KERNEL}·${KERNEL}·${this.channels}·${count} = ${counted(params)} weights`;
    return html`<section aria-label="Filters and their maps">
      <div class="head">
        <h2>${words} <span class="quiet">· Conv2D, output ${shape.join("×")}, ${weights}, no bias</span></h2>
        <convscope-legend
          .signed=${true}
          .limit=${Math.max(...answer.maps.map(largest))}
          .dark=${this.dark}
        ></convscope-legend>
      </div>
      <ul>
        ${this.#cards(answer)}
      </ul>
      ${this.#apart(answer)}
    </section>`;
  }

  render() {
    const { answer, channels } = this;
    const current = answer?.scene.planes.length === channels ? answer : undefined;
    const lesson = channels === 1 ? ONE_CHANNEL : SEVERAL_CHANNELS;
    return html`<div class="view ${channels === 1 ? "" : "several"}">
      <convscope-lesson ?hidden=${this.hides("about")} .lesson=${lesson}></convscope-lesson>
      ${this.#controls()}
      <div class="scene">
        <section class="input" aria-label="The image">
          <h2>Input <span class="quiet">· ${SIDE}×${SIDE}×${channels}</span></h2>
          ${this.#inputs()}
          <p class="quiet small">
            A click or Enter switches a cell. The window follows the pointer and the arrow keys.
          </p>
        </section>
        ${current ? this.#outputs(current) : nothing}
      </div>
    </div>`;
  }
}

customElements.define("convscope-convolution", ConvolutionView);
