// Functions that run inside the page: what can be used there, found by its name.

const USABLE =
  "button, select, input:not([type=file]), summary, textarea, [tabindex], [role=button], [role=img], canvas, svg";

/**
 * Chooses a control by its name and a number, scrolls to it and says where it is. A control that is there or not changes the
 * choice only if it is the one chosen: each has a rank of its own, so that the same numbers find the same controls though a
 * page draws a little sooner or later.
 *
 * @param {string} selector
 * @param {number} number from 0 to 1
 * @param {number} share of a list's options, that of which is chosen where it is a list
 */
function reach(selector, number, share) {
  const rank = (text) => {
    let hash = Math.imul(number * 2 ** 32, 0x9e3779b1);
    for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193);
    return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
  };
  const seen = new Map();
  const controls = finder
    .all(selector)
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled"))
    .map((element) => {
      const kind = element.localName === "input" ? element.type : element.localName;
      const label = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
      const name = `${kind} "${label.trim().replace(/\s+/g, " ").slice(0, 40)}"`;
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return { element, kind, name: count > 1 ? `${name} ${count}` : name };
    })
    .sort((one, other) => rank(one.name) - rank(other.name));
  if (!controls.length) return undefined;
  const [{ element, kind, name }] = controls;
  element.scrollIntoView({ block: "center", behavior: "instant" });
  if (kind === "select" && element.options.length) {
    element.selectedIndex = Math.floor(share * element.options.length);
    element.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const { x, y, width, height } = element.getBoundingClientRect();
  return { kind, name, x, y, width, height };
}

/** @param {import("../browser.mjs").Browser} browser @param {number} number @param {number} share */
export const reached = (browser, number, share) => browser.evaluate(reach, USABLE, number, share);

/** Follows the menu's link to a view. */
export function openView(name) {
  finder.all("dialog[open]").forEach((dialog) => dialog.close());
  document.getElementById("views").showPopover();
  finder
    .all("li a")
    .find(({ hash }) => new URLSearchParams(hash.slice(1)).get("view") === name)
    .click();
}

/** Presses a button by its text, if it is there and can be pressed. */
export function press(text) {
  const button = finder
    .all("button:not(:disabled)")
    .find((one) => one.textContent.trim() === text && one.checkVisibility());
  button?.click();
  return Boolean(button);
}

/** The run on view in the view of training. */
export function run() {
  const { run } = finder.one("convscope-train") ?? {};
  if (!run) return undefined;
  const { state, step, epoch, problem } = run;
  const { all } = run.snapshots;
  const snapshotBytes = all.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { state, step, epoch, problem, snapshots: all.length, snapshotBytes, points: run.curve.steps.length };
}
