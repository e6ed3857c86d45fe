// A network under construction: what its reader has made of it, step by step, what the engine says of it, and what it is on view
// once it fits.

import { latest } from "../../engine/latest.js";
import { pageData } from "../../session/page-data.js";
import { pageEngine } from "../../session/page-engine.js";
import { problemOf } from "../../session/problem.js";
import { designOf, isDesign, isSame } from "./design.js";
import { judge } from "./judging.js";
import { Rebuilding } from "./rebuilding.js";

/** @typedef {import("./design.js").Design} Design */
/** @typedef {import("./judging.js").Judgement} Judgement */
/** @typedef {import("../../session/session.js").Session} Session */

const MOST_UNDONE = 200;
/** More weights are made only when somebody asks: 61 million take seconds. */
export const MANY_WEIGHTS = 5_000_000;

/** Events: "change". */
export class Editor extends EventTarget {
  /** @type {Design | undefined} */
  design;
  /** @type {Judgement | undefined} */
  judgement;
  /** The design whose network is on view, or was asked for last. @type {Design | undefined} */
  built;
  /** Whether a network is being made of the design. */
  building = false;
  /** Why the network could not be made, or what was passed over on opening. */
  told = "";
  /** Where networks of the reader's own are kept. @type {import("../../session/own-networks.js").OwnNetworks | undefined} */
  kept;
  /** What the reader writes and cannot be read yet. @type {string | undefined} */
  code;
  #session;
  /** @type {Design[]} */
  #past = [];
  /** @type {Design[]} */
  #future = [];
  #rebuilding;
  /** The model that the design was made of last. @type {unknown} */
  #known;
  #judge = latest(async (/** @type {Design} */ design) =>
    judge(await pageEngine(), design, pageData().current?.classes.length),
  );

  /** @param {Session} session */
  constructor(session) {
    super();
    this.#session = session;
    this.#rebuilding = new Rebuilding(session);
    session.addEventListener("model", () => void this.follow());
    void session.own().then((own) => {
      this.kept = own;
      own.addEventListener("change", () => this.#changed());
      this.#changed();
    });
  }

  /** Takes up the network on view where that is another than the editor's own. */
  async follow() {
    const { model, shown, config } = this.#session;
    if (!model || !shown || !config || model === this.#known || this.building) return;
    this.#known = model;
    const own = shown.own ? (await this.#session.own()).get(shown.name) : undefined;
    const described = await config;
    if (model !== this.#session.model) return;
    const design = designOf(own && !own.learntConfig ? own.config : described);
    // A training shows the same network again.
    if (this.built && isSame(design, this.built) && this.#rebuilding.name === shown.name) return this.#changed();
    this.#past = [];
    this.#future = [];
    this.told = "";
    this.code = own?.draft?.code;
    this.built = design;
    this.#rebuilding.begin();
    const draft = isDesign(own?.draft?.design) ? own.draft.design : undefined;
    this.#become(draft ?? design);
    if (draft) this.#past = [design];
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** @param {Design} design @param {{ renamed?: [from: string, to: string] }} [how] */
  change(design, { renamed } = {}) {
    if (!this.design || isSame(design, this.design)) return;
    if (renamed) this.#rebuilding.rename(...renamed);
    this.#past = [...this.#past.slice(1 - MOST_UNDONE), this.design];
    this.#future = [];
    this.told = "";
    this.code = undefined;
    this.#become(design);
  }

  undo() {
    const before = this.#past.pop();
    if (!before || !this.design) return;
    this.#future.push(this.design);
    this.code = undefined;
    this.#become(before);
  }

  redo() {
    const next = this.#future.pop();
    if (!next || !this.design) return;
    this.#past.push(this.design);
    this.code = undefined;
    this.#become(next);
  }

  /** What the reader writes cannot be read yet: it is kept as it stands. @param {string} code */
  keepCode(code) {
    this.code = code;
    void this.#keep({ code, design: this.design });
  }

  /** @param {string} sentence */
  tell(sentence) {
    this.told = sentence;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Design} design */
  #become(design) {
    this.design = design;
    this.#changed();
    void this.#ask(design);
  }

  /** @param {Design} design */
  async #ask(design) {
    const judgement = await this.#judge(design);
    if (!judgement || design !== this.design) return;
    this.judgement = judgement;
    this.#changed();
    const { summary, fault } = judgement;
    if (this.built && isSame(this.built, design)) return void this.#rebuilding.keepDraft(undefined);
    if (fault || !summary || summary.params > MANY_WEIGHTS) await this.#keep({ design });
    else await this.build();
  }

  /** Keeps what is no network yet. @param {import("../../session/own-networks.js").Draft} draft */
  async #keep(draft) {
    // It becomes the reader's own with the first change, though that does not fit yet.
    if (!this.#rebuilding.name && this.built) await this.#make(this.built);
    await this.#rebuilding.keepDraft(draft);
  }

  /** Makes a network of the design and puts it on view. */
  async build() {
    const { design, building } = this;
    if (!design || building) return;
    await this.#make(design);
    // It was changed meanwhile.
    if (this.design && !isSame(this.design, design)) await this.#ask(this.design);
  }

  /**
   * Begins another network; the one before stays among the reader's own.
   *
   * @param {Design} design
   * @param {import("./rebuilding.js").Start} start
   */
  async start(design, start) {
    if (this.building) return;
    this.#past = [];
    this.#future = [];
    this.told = "";
    this.code = undefined;
    this.built = undefined;
    this.judgement = undefined;
    this.design = design;
    this.#changed();
    await this.#rebuilding.start(design, start);
    await this.#ask(design);
  }

  /** @param {Design} design */
  async #make(design) {
    if (this.building) return;
    this.building = true;
    this.#changed();
    try {
      await this.#rebuilding.build(design);
      this.built = design;
      this.#known = this.#session.model;
    } catch (error) {
      this.told = problemOf(error).message;
    }
    this.building = false;
    this.#changed();
  }
}

/** @type {WeakMap<Session, Editor>} */
const editors = new WeakMap();

/** The editor of a session, which goes on where it was. @param {Session} session */
export function editorOf(session) {
  const editor = editors.get(session) ?? new Editor(session);
  editors.set(session, editor);
  return editor;
}
