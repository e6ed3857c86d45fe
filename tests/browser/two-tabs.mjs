// Two pages of the site at once, as two tabs show them. Frames of a page without a policy are as good: each is a page of its
// own, with the same database.

/** Opens the same page twice: afterwards the global `tabs` are their windows. */
export async function openTwice(browser, site, page) {
  await browser.open(`${site.origin}/pages/tabs.html`);
  await browser.evaluate(async (url) => {
    const open = async () => {
      const frame = document.createElement("iframe");
      frame.width = frame.height = 600;
      frame.src = url;
      const loaded = new Promise((resolve) => (frame.onload = resolve));
      document.body.append(frame);
      await loaded;
      return frame.contentWindow;
    };
    globalThis.tabs = [await open(), await open()];
  }, site.url + page);
}
