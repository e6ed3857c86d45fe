import { LitElement } from "lit";
import { nextTask } from "./next-task.js";

/**
 * An element that appears in a task of its own: a view of many of them opens one after the other, and the page is never
 * blocked for long.
 */
export class StagedElement extends LitElement {
  async scheduleUpdate() {
    if (!this.hasUpdated) await nextTask();
    super.scheduleUpdate();
  }
}

/** An element each of whose updates is a task of its own, as for one of many that change at once while a network learns. */
export class OwnTaskElement extends LitElement {
  async scheduleUpdate() {
    await nextTask();
    super.scheduleUpdate();
  }
}
