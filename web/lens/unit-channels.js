import { css, html, nothing } from "lit";
import { largest } from "../ui/heat-map.js";
import { meaningOf, planeOf } from "../session/layers.js";
import { number } from "../ui/numbers.js";
import { StagedElement } from "../ui/staged-element.js";
import { base } from "../ui/theme.js";
import { tell } from "../ui/events.js";
import { channelsTitle, mapName, restWords } from "./words.js";
import "./contributions.js";
import "./unit-channel.js";

/** @import { Told } from "../ui/events.js" */
/** @typedef {import("../convscope.js").UnitArithmetic} UnitArithmetic */
/** @typedef {import("../session/layers.js").Column} Column */
/** @typedef {import("../session/session.js").Observation} Observation */

/** What each channel gives to a unit, those that give most first, and what the others give together. */
export class UnitChannels extends StagedElement {
  static properties = {
    story: { attribute: false },
    columns: { attribute: false },
    layer: { attribute: false },
    observation: { attribute: false },
    first: { attribute: false },
    printed: { attribute: false },
    space: { attribute: false },
    editable: { attribute: false },
    dark: { attribute: false },
    all: { state: true },
  };

  static styles = [
    base,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 12px;
      }
      h3 {
        margin: 0;
        font-size: inherit;
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {UnitArithmetic | undefined} */
    this.story = undefined;
    /** Of the network on view. @type {Column[]} */
    this.columns = [];
    /** The unit's. */
    this.layer = "";
    /** @type {Observation | undefined} */
    this.observation = undefined;
    /** So many channels are shown at first. */
    this.first = 3;
    /** A window of so many cells across is printed in numbers. */
    this.printed = 7;
    /** CSS pixels across of a channel's map. */
    this.space = 132;
    this.editable = false;
    this.dark = false;
    /** Whether all channels are shown. */
    this.all = false;
  }

  /** @param {UnitArithmetic} story @returns {number[]} the channels that are shown */
  #shown({ channels, sums }) {
    const order = Array.from(channels.keys());
    if (this.all || order.length <= this.first + 1) return order;
    return order.sort((one, other) => Math.abs(sums[other]) - Math.abs(sums[one])).slice(0, this.first);
  }

  /** @param {UnitArithmetic} story @param {number[]} shown */
  #rest({ channels, sums }, shown) {
    const rest = channels.length - shown.length;
    if (rest === 0) return nothing;
    const others = sums.reduce((sum, value, index) => (shown.includes(index) ? sum : sum + value), 0);
    return html`<p>+ ${restWords(rest)}: ${number(others)}</p>`;
  }

  render() {
    const { story, columns, layer, observation } = this;
    const source = columns.find(({ name }) => name === story?.source);
    if (!story || !source) return;
    const own = columns.find(({ name }) => name === layer);
    const seesAll = own && own.width * own.height === 1 && story.operation === "weighted-sum";
    if (seesAll && !this.editable) {
      return html`<convscope-contributions .story=${story} .source=${source}></convscope-contributions>`;
    }
    const shown = this.#shown(story);
    const meaning = meaningOf(source);
    const limits = {
      source: meaning === "ink" ? 1 : (observation?.limits.get(source.name) ?? 1),
      kernel: own?.bank?.limit ?? largest(story.kernel),
      product: largest(story.products),
    };
    return html`
      <h3>
        ${channelsTitle(story, source, shown.length)}
        ${
          story.channels.length > this.first + 1
            ? html`<button class="plain small" @click=${() => (this.all = !this.all)}>
                ${this.all ? "Show fewer" : "Show all"}
              </button>`
            : nothing
        }
      </h3>
      ${shown.map(
        (index) =>
          html`<convscope-unit-channel
            .story=${story}
            .index=${index}
            .plane=${planeOf(observation, source, story.channels[index])}
            .padding=${own?.padding}
            .meaning=${meaning}
            .limits=${limits}
            .name=${mapName(source, story.channels[index])}
            .printed=${this.printed}
            .space=${this.space}
            .editable=${this.editable && story.operation === "weighted-sum"}
            .dark=${this.dark}
            @edit=${(/** @type {Told<"edit">} */ { detail: { index: cell, value } }) =>
              tell(this, "weight", { channel: index, cell, value })}
          ></convscope-unit-channel>`,
      )}
      ${this.#rest(story, shown)}
    `;
  }
}

customElements.define("convscope-unit-channels", UnitChannels);
