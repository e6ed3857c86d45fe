// Pictures as people bring them.

/** Runs inside the page. */
async function brought(view, how, { colours, name = "columns.png", type = "image/png", bytes }) {
  const host = finder.one(view);
  const painted = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 16 * colours.length, height: 64 });
    const context = canvas.getContext("2d");
    colours.forEach((colour, index) => {
      context.fillStyle = colour;
      context.fillRect(16 * index, 0, 16, 64);
    });
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  };
  const transfer = new DataTransfer();
  transfer.items.add(new File([colours ? await painted() : new Uint8Array(bytes)], name, { type }));
  const options = { bubbles: true, composed: true, cancelable: true };
  if (how === "choose") {
    const input = finder.one("input[type=file]", host);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (how === "drop") {
    for (const kind of ["dragover", "drop"])
      host.dispatchEvent(new DragEvent(kind, { ...options, dataTransfer: transfer }));
  } else {
    // Firefox makes no event with files on its clipboard.
    const paste = Object.defineProperty(new ClipboardEvent("paste", options), "clipboardData", { value: transfer });
    host.dispatchEvent(paste);
  }
}

/**
 * Brings a picture to a view.
 * @param {import("./browser.mjs").Browser} browser
 * @param {string} view  Its element.
 * @param {"drop" | "paste" | "choose"} how
 * @param {{ colours?: string[], name?: string, type?: string, bytes?: number }} picture  A PNG of equal columns in these
 *   colours, or a file of so many zeros.
 */
export const bring = (browser, view, how, picture) => browser.evaluate(brought, view, how, picture);
