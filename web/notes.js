import { LitElement, css, html } from "lit";
import { hashOf } from "./address.js";
import { copied } from "./clipboard.js";
import { base, tokens } from "./ui/theme.js";
import { GROUPS, viewNamed } from "./views.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

/** Pixels that a frame needs for any view, and for the pad with its answer. */
const [HEIGHT, PAD_HEIGHT] = [820, 400];

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}

/** What a lecturer copies to have a view in notes, with all that is on show. */
class Notes extends LitElement {
  static properties = { state: { attribute: false }, told: { state: true } };

  static styles = [
    tokens,
    base,
    css`
      dialog {
        width: min(720px, calc(100vw - 32px));
        padding: 20px 24px;
        border: 1px solid var(--hairline);
        background: var(--paper);
        color: var(--ink);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 16px;
      }
      .view {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      select {
        flex: 1;
        min-width: 0;
      }
      .what {
        margin-top: 16px;
      }
      textarea {
        display: block;
        width: 100%;
        margin: 4px 0 8px;
        border: 1px solid var(--hairline);
        background: none;
        color: inherit;
        font:
          12px/1.5 ui-monospace,
          "Liberation Mono",
          monospace;
        overflow-wrap: anywhere;
      }
      form {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: 16px;
        margin-top: 20px;
        padding-top: 12px;
        border-top: 1px solid var(--hairline);
      }
      form p {
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    /** What the element on the page shows, by attribute. @type {ConvScope["state"]} */
    this.state = {};
    /** What came of copying. */
    this.told = "";
  }

  open() {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  /** @param {Event} event */
  #choose({ target }) {
    this.state = { ...this.state, view: /** @type {HTMLSelectElement} */ (target).value };
  }

  /** @param {string} snippet */
  async #copy(snippet) {
    this.told = await copied(snippet, "Snippet");
  }

  get #frame() {
    const { view = "" } = this.state;
    const title = viewNamed(view)?.title ?? "";
    const address = `${new URL("embed.html", location.href).href}#${hashOf(this.state)}`;
    const size = `width="100%" height="${view === "draw" ? PAD_HEIGHT : HEIGHT}"`;
    return `<iframe src="${escaped(address)}" ${size} style="border:0" title="convscope: ${escaped(title)}"></iframe>`;
  }

  get #element() {
    const attributes = Object.entries(this.state).map(([key, value]) => `${key}="${escaped(value)}"`);
    return (
      `<script type="module" src="${new URL("convscope.js", location.href).href}"></script>\n` +
      `<conv-scope ${attributes.join(" ")}></conv-scope>`
    );
  }

  /** @param {import("./views.js").ViewEntry} view */
  #option = ({ name, title }) =>
    html`<option value=${name} ?selected=${name === this.state.view}>${name}: ${title}</option>`;

  /** @param {string} kind @param {number} rows @param {string} text @param {string} button */
  #snippet(kind, rows, text, button) {
    return html`
      <textarea readonly rows=${rows} aria-label="Snippet for a ${kind}" spellcheck="false" .value=${text}></textarea>
      <button @click=${() => this.#copy(text)}>${button}</button>
    `;
  }

  render() {
    return html`
      <dialog aria-labelledby="title" @close=${() => this.remove()}>
        <h2 id="title">Use in your notes</h2>
        <p class="view">
          <label for="view">View</label>
          <select id="view" @change=${this.#choose}>
            ${GROUPS.map(({ title, views }) => html`<optgroup label=${title}>${views.map(this.#option)}</optgroup>`)}
          </select>
        </p>
        <p class="what">As a frame, for any page or learning platform; the model and the drawing go along:</p>
        ${this.#snippet("frame", 4, this.#frame, "Copy frame")}
        <p class="what">
          Or as an element, for a page of your own. Elements of the same <code>group</code> share one drawing.
        </p>
        ${this.#snippet("module", 5, this.#element, "Copy element")}
        <form method="dialog">
          <p role="status">${this.told}</p>
          <button>Close</button>
        </form>
      </dialog>
    `;
  }
}

customElements.define("convscope-notes", Notes);

/** @param {ConvScope["state"]} state of the view that is open */
export async function showNotes(state) {
  const notes = new Notes();
  notes.state = state;
  document.body.append(notes);
  await notes.updateComplete;
  notes.open();
}
