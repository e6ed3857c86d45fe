import { css, html, nothing } from "lit";
import { CHANNELS, channelColours, shining } from "../../questions/channels.js";
import { KERNEL } from "../../questions/patterns.js";
import { tell } from "../../ui/events.js";
import { StagedElement } from "../../ui/staged-element.js";
import { base } from "../../ui/theme.js";
import { EDITABLE, MOVABLE, TOGETHER_MAKE } from "./words.js";
import "../../cells/number-grid.js";
import "../../cells/colour-picture.js";
import "../../ui/legend.js";

/** @import { Told } from "../../ui/events.js" */
/** @typedef {import("../../questions/channels.js").Channel} Channel */

/** CSS pixels for a picture, for a channel of it, and for what the channels of a pattern make together. */
const [PICTURE, CHANNEL, TOGETHER] = [288, 96, 120];

/**
 * The image: its channels in their colours with the picture that they make, in numbers or, where there are too many, as
 * pictures. Events: "cell" that the window is to be centred on, "edit" with the index in all planes one after the other.
 */
export class InputImage extends StagedElement {
  static properties = {
    planes: { attribute: false },
    side: { attribute: false },
    place: { attribute: false },
    pictured: { attribute: false },
    dark: { attribute: false },
  };

  static styles = [
    base,
    css`
      :host {
        --cell: 26px;
      }
      h2 {
        margin: 0 0 8px;
        font-size: inherit;
        font-weight: 600;
      }
      h2 span {
        font-weight: 400;
      }
      .image {
        margin-bottom: 10px;
      }
      .shining {
        --frame: #fff;
      }
      .channels.pictured {
        display: flex;
        gap: 0;
      }
      convscope-legend {
        width: 120px;
        margin-bottom: 8px;
      }
      .note {
        max-width: 26ch;
      }
    `,
  ];

  constructor() {
    super();
    /** [side × side] each. @type {Float32Array[]} */
    this.planes = [];
    this.side = 1;
    /** The window's first cell. */
    this.place = { row: 0, column: 0 };
    /** Whether there are too many cells for their numbers. */
    this.pictured = false;
    this.dark = false;
  }

  /** What stands for a channel. @param {number} channel @returns {Channel | undefined} undefined: ink */
  #light(channel) {
    if (this.planes.length === 1) return this.pictured ? "grey" : undefined;
    return CHANNELS[channel];
  }

  /** @param {Float32Array[]} planes red, green and blue @param {number} space @param {string} label */
  #picture(planes, space, label) {
    const { side, place } = this;
    const last = side - 1;
    return html`<convscope-colour-picture
      .planes=${planes}
      .width=${side}
      .height=${side}
      .space=${space}
      .window=${{ ...place, width: KERNEL, height: KERNEL }}
      .cell=${{ row: Math.min(last, place.row + 1), column: Math.min(last, place.column + 1) }}
      .movable=${true}
      .follows=${true}
      .label=${label}
    ></convscope-colour-picture>`;
  }

  /** @param {number} channel */
  #channel(channel) {
    const { planes, side, pictured, dark } = this;
    const light = this.#light(channel);
    const single = planes.length === 1;
    const label = single ? "Input" : `Input, ${light}`;
    return html`<div class="image ${light ? "shining" : ""}">
      <p class="quiet small" ?hidden=${single}>${light}</p>
      ${
        pictured && light
          ? this.#picture(shining(planes[channel], light), single ? PICTURE : CHANNEL, label)
          : html`<convscope-number-grid
              .values=${planes[channel]}
              .width=${side}
              .height=${side}
              .meaning=${"ink"}
              .scale=${light && channelColours(light)}
              .editable=${"binary"}
              .window=${{ ...this.place, width: KERNEL, height: KERNEL }}
              .label=${label}
              .dark=${dark}
              @pointnumber=${(/** @type {Told<"pointnumber">} */ { detail: index }) =>
                index !== undefined && tell(this, "cell", { row: Math.floor(index / side), column: index % side })}
              @edit=${(/** @type {Told<"edit">} */ { detail: { index, value } }) =>
                tell(this, "edit", { index: channel * side * side + index, value })}
            ></convscope-number-grid>`
      }
    </div>`;
  }

  render() {
    const { planes, side, pictured, dark } = this;
    const several = planes.length > 1;
    return html`
      <h2>Input <span class="quiet">· ${side}×${side}×${planes.length}</span></h2>
      ${
        several
          ? html`<div class="image">
              <p class="quiet small">${TOGETHER_MAKE}</p>
              ${this.#picture(planes, pictured ? PICTURE : TOGETHER, "Input, all channels together")}
            </div>`
          : nothing
      }
      <div class="channels ${pictured ? "pictured" : ""}">${planes.map((_, channel) => this.#channel(channel))}</div>
      ${
        several || pictured
          ? nothing
          : html`<convscope-legend .meaning=${"ink"} .limit=${1} .dark=${dark}></convscope-legend>`
      }
      <p class="quiet small note">${pictured ? MOVABLE : EDITABLE}</p>
    `;
  }
}

customElements.define("convscope-input-image", InputImage);
