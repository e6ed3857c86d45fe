import { css, html, nothing } from "lit";
import { shiftedImage } from "../../session/drawing.js";
import { CHANNELS } from "../../questions/channels.js";
import { PictureChoice } from "../../questions/picture-choice.js";
import { IMAGES, KERNEL } from "../../questions/patterns.js";
import { WorkedExample } from "../../questions/worked-example.js";
import { choiceField, fieldStyles, switchField, unsent, withheld } from "../../ui/fields.js";
import { largest, range } from "../../ui/heat-map.js";
import { Stepper } from "../../ui/stepper.js";
import { base } from "../../ui/theme.js";
import { Convolution } from "./filters.js";
import { FULL_WEIGHT, OWN, anotherFilter } from "./filter-presets.js";
import { BROUGHT, DRAWN, FIRST, PICTURE_SIDE, drawn, withPattern, withPicture } from "./scenes.js";
import { NOT_FLIPPED, ONE_CHANNEL, SEVERAL_CHANNELS, filtersAndMaps, layerWords } from "./words.js";
import "../../ui/lesson.js";
import "../../ui/legend.js";
import "../../questions/shift-buttons.js";
import "./filter-card.js";
import "./input-image.js";
import "./patch-sum.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("./filters.js").Filter} Filter */
/** @typedef {import("./filters.js").Convolved} Convolved */
/** @typedef {import("./scenes.js").Scene} Scene */
/** @typedef {import("./scenes.js").Channels} Channels */
/** @typedef {Convolved & { scene: Scene }} Answer a scene with what comes of it */

const MOST_FILTERS = 6;
/** @type {Channels[]} */
const EITHER = [1, 3];

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
      }
      form {
        padding-bottom: 12px;
        border-bottom: 1px solid var(--hairline);
      }
      .scene {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 16px 36px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: inherit;
        font-weight: 600;
      }
      h2 span {
        font-weight: 400;
      }
      convscope-legend {
        width: 120px;
      }
      .scale {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        margin-top: 10px;
      }
      .held {
        outline: 3px dashed var(--accent);
        outline-offset: 3px;
      }
      .problem {
        color: var(--alarm);
      }
      .note {
        max-width: 76ch;
        margin-top: 10px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, var(--card, 186px));
        gap: 18px 24px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .several ul {
        --card: 290px;
      }
      .apart {
        margin-top: 18px;
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      @media (max-width: 720px) {
        .scene {
          grid-template-columns: minmax(0, 1fr);
        }
        ul {
          --card: 158px;
          gap: 16px 18px;
        }
        .pictured:not(.several) ul {
          --card: 180px;
        }
      }
    `,
  ];

  #convolution = new Convolution();
  #stepper = new Stepper(this, () => this.#step());
  #picture = new PictureChoice(this, { side: PICTURE_SIDE, taken: (colours) => this.#show(BROUGHT, colours) });
  /** Whether the window is to go where the filter that is taken apart responds most. */
  #seeks = false;
  models = this.#convolution.models;

  constructor() {
    super();
    /** @type {Channels} */
    this.channels = 1;
    this.scenes = FIRST;
    /** Where the window's first cell is, which is the cell of the maps. */
    this.window = { row: 2, column: 2 };
  }

  get #scene() {
    return this.scenes[this.channels];
  }

  /** @param {Scene} scene @returns {Float32Array[]} the planes of its image as they are on view */
  #image({ planes, side, shift }) {
    return planes.map((plane) => shiftedImage(plane, shift, side));
  }

  async work() {
    const scene = this.#scene;
    const image = { planes: this.#image(scene), side: scene.side };
    const convolved = await this.#convolution.answer(image, scene.filters, scene.chosen, this.window);
    if (this.#seeks && scene === this.#scene) this.#seek(convolved.maps[scene.chosen], convolved.width);
    return { ...convolved, scene };
  }

  /** @param {Float32Array} map @param {number} width */
  #seek(map, width) {
    const cell = map.indexOf(range(map).max);
    this.#seeks = false;
    this.window = { row: Math.floor(cell / width), column: cell % width };
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

  /** Other scenes, with the window where there is something to see. @param {Partial<Record<Channels, Scene>>} scenes */
  #replaceScenes(scenes, channels = this.channels) {
    this.scenes = { ...this.scenes, ...scenes };
    this.channels = channels;
    this.window = { row: 0, column: 0 };
    this.#seeks = true;
    void this.ask();
  }

  /** A picture, in grey and in colour. @param {string} name @param {Float32Array[]} colours */
  #show(name, colours) {
    const scenes = EITHER.map((channels) => [channels, withPicture(this.scenes[channels], channels, name, colours)]);
    this.#replaceScenes(Object.fromEntries(scenes));
  }

  /** @param {string} name */
  #choose(name) {
    const { channels } = this;
    if (name === DRAWN) this.#show(DRAWN, drawn());
    else if (name !== OWN && name !== BROUGHT)
      this.#replaceScenes({ [channels]: withPattern(this.#scene, channels, name) });
  }

  #step() {
    const last = this.#scene.side - KERNEL;
    const { row, column } = this.window;
    if (column < last) this.window = { row, column: column + 1 };
    else this.window = { row: row < last ? row + 1 : 0, column: 0 };
  }

  /** @param {{ row: number, column: number }} cell that is to be the window's middle, as far as the image reaches */
  #centre({ row, column }) {
    this.#stepper.stop();
    const first = (/** @type {number} */ middle) => Math.max(0, Math.min(this.#scene.side - KERNEL, middle - 1));
    this.window = { row: first(row), column: first(column) };
  }

  /** @param {{ index: number, value: number }} edit in all planes one after the other */
  #edit({ index, value }) {
    const cells = this.#scene.side ** 2;
    const planes = this.#image(this.#scene).map((plane, channel) =>
      channel === Math.floor(index / cells) ? plane.with(index % cells, value) : plane,
    );
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
    this.#change({ filters: [...filters, anotherFilter(filters, this.channels)], chosen: filters.length });
  }

  #controls() {
    const { pattern, filters, shift } = this.#scene;
    const images = [
      ...IMAGES.map(({ name, title }) => ({ value: name, text: title })),
      { value: DRAWN, text: "a balloon, 32×32" },
      ...(pattern === OWN ? [{ value: OWN, text: "own" }] : []),
      ...(pattern === BROUGHT ? [{ value: BROUGHT, text: "your picture" }] : []),
    ];
    return html`<form ?hidden=${this.hides("controls")} @submit=${unsent} @change=${withheld}>
      ${choiceField({ text: "Image", value: pattern, options: images, change: (name) => this.#choose(name) })}
      ${this.#picture.button()}
      ${switchField({
        text: "3 channels",
        checked: this.channels === 3,
        change: (several) => this.#replaceScenes({}, several ? 3 : 1),
      })}
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

  /** Full colour: the largest of all numbers where they are printed, of its own map in pictures. @param {Float32Array[]} maps @param {number} index */
  #limit(maps, index) {
    return this.#scene.side === PICTURE_SIDE ? largest(maps[index]) : Math.max(...maps.map(largest));
  }

  /** @param {Answer} answer */
  #cards({ maps, width, scene }) {
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
            .limit=${this.#limit(maps, index)}
            .place=${this.window}
            .pictured=${scene.side === PICTURE_SIDE}
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
    const pictured = scene.side === PICTURE_SIDE;
    const shares = parts.map((part, channel) => {
      const ofChannel = (/** @type {Float32Array} */ all) => all.subarray(channel * cells, (channel + 1) * cells);
      return {
        channel: this.channels === 1 ? "image" : CHANNELS[channel],
        light: this.channels === 3 ? CHANNELS[channel] : pictured ? /** @type {const} */ ("grey") : undefined,
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
        .bias=${scene.filters[scene.chosen].bias}
        .pictured=${pictured}
        .limit=${this.#limit(maps, scene.chosen)}
        .cell=${row * width + column}
        .map=${`map ${scene.chosen + 1}`}
        .dark=${this.dark}
      ></convscope-patch-sum>
      <div class="scale">
        <span class="quiet small">colours of the weights:</span>
        <convscope-legend
          .meaning=${"weight"}
          .signed=${true}
          .limit=${FULL_WEIGHT}
          .dark=${this.dark}
        ></convscope-legend>
      </div>
      <p class="quiet small note">${NOT_FLIPPED}</p>
    </section>`;
  }

  /** @param {Answer} answer */
  #outputs(answer) {
    const { shape, params, scene } = answer;
    const filters = scene.filters.length;
    const layer = layerWords({ kernel: KERNEL, channels: this.channels, filters, shape, params });
    return html`<section aria-label="Filters and their maps">
      <h2>${filtersAndMaps(filters)} <span class="quiet">${layer}</span></h2>
      <ul>
        ${this.#cards(answer)}
      </ul>
      ${this.#apart(answer)}
    </section>`;
  }

  render() {
    const { answer, channels } = this;
    const scene = this.#scene;
    // While another image is being worked out, the maps of the one before do not stand beside it.
    const current = answer?.scene.planes.length === channels && answer.scene.side === scene.side ? answer : undefined;
    const pictured = scene.side === PICTURE_SIDE;
    const classes = `${channels === 1 ? "" : "several"} ${pictured ? "pictured" : ""} ${this.#picture.over ? "held" : ""}`;
    return html`<div class="view ${classes}">
      <convscope-lesson
        ?hidden=${this.hides("about")}
        .lesson=${channels === 1 ? ONE_CHANNEL : SEVERAL_CHANNELS}
      ></convscope-lesson>
      ${this.#controls()} ${this.#picture.message()}
      <div class="scene">
        <section aria-label="The image">
          <convscope-input-image
            .planes=${this.#image(scene)}
            .side=${scene.side}
            .place=${this.window}
            .pictured=${pictured}
            .dark=${this.dark}
            @cell=${(/** @type {Told<"cell">} */ { detail }) => this.#centre(detail)}
            @edit=${(/** @type {Told<"edit">} */ { detail }) => this.#edit(detail)}
          ></convscope-input-image>
        </section>
        ${current ? this.#outputs(current) : nothing}
      </div>
    </div>`;
  }
}

customElements.define("convscope-convolution", ConvolutionView);
