import { DataChoice } from "../data/choice.js";
import { pageEngine } from "./page-engine.js";

/** @type {DataChoice | undefined} */
let choice;

/** What the networks of a page learn. */
export function pageData() {
  choice ??= new DataChoice(pageEngine);
  return choice;
}
