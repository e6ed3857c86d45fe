// Finds elements by what a screen reader would say about them, through open shadow roots too.

/**
 * The elements with that accessible name, and that role if one is given. Runs inside the page.
 * @param {string} name
 * @param {string} [role]
 */
export function locate(name, role) {
  const implicitRoles = {
    A: "link",
    BUTTON: "button",
    DIALOG: "dialog",
    IMG: "img",
    METER: "meter",
    OUTPUT: "status",
    PROGRESS: "progressbar",
    SELECT: "combobox",
    SUMMARY: "button",
    TABLE: "table",
    TEXTAREA: "textbox",
  };
  const inputRoles = { checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", button: "button" };
  const roleOf = (element) =>
    element.getAttribute("role") ??
    (element.tagName === "INPUT" ? (inputRoles[element.type] ?? "textbox") : implicitRoles[element.tagName]);
  const text = (element) => element.textContent.trim().replace(/\s+/g, " ");
  const nameOf = (element) => {
    const labelledBy = element.getAttribute("aria-labelledby");
    if (labelledBy) {
      const ids = labelledBy.trim().split(/\s+/);
      return ids.map((id) => text(element.getRootNode().getElementById(id))).join(" ");
    }
    return (
      element.getAttribute("aria-label") ??
      element.getAttribute("alt") ??
      (element.labels?.length ? text(element.labels[0]) : text(element) || element.title)
    );
  };
  const everything = (root) =>
    Array.from(root.querySelectorAll("*")).flatMap((element) => [
      element,
      ...(element.shadowRoot ? everything(element.shadowRoot) : []),
    ]);
  return everything(document)
    .filter((element) => (role ? roleOf(element) === role : element.hasAttribute("aria-label") || roleOf(element)))
    .filter((element) => nameOf(element) === name && element.checkVisibility({ visibilityProperty: true }))
    .map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return {
        role: roleOf(element),
        text: text(element),
        value: element.getAttribute("aria-valuenow") ?? element.value,
        disabled: element.matches(":disabled, [aria-disabled=true]"),
        focused: element.matches(":focus"),
        x,
        y,
        width,
        height,
      };
    });
}

/**
 * Chooses in the list whose label has that text, as its user would. Runs inside the page.
 * @param {string} label
 * @param {string} value
 */
export function choose(label, value) {
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      const found = element.labels?.[0]?.textContent.includes(label)
        ? element
        : element.shadowRoot && search(element.shadowRoot);
      if (found) return found;
    }
  };
  const select = search(document);
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
