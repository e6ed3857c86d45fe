import { DataChoice } from "../data/choice.js";
import { pageEngine } from "./page-engine.js";
import { problemOf } from "./problem.js";

/** @typedef {import("./session.js").Session} Session */

/** @type {DataChoice | undefined} */
let choice;

/** What the networks of a page learn. */
export function pageData() {
  choice ??= new DataChoice(pageEngine);
  return choice;
}

/**
 * Has the page's data loaded if nothing is chosen: who wants it hears of its "change". What goes wrong is told by the
 * session of the element that asks, until other data is there or the same is asked for again.
 *
 * @param {{ session?: Session }} host
 */
export async function wantData(host) {
  const data = pageData();
  try {
    await data.ready();
  } catch (error) {
    const { session } = host;
    const problem = { ...problemOf(error), retry: () => void wantData(host) };
    session?.report(problem);
    data.addEventListener("change", () => session?.over(problem), { once: true });
  }
}
