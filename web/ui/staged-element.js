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
