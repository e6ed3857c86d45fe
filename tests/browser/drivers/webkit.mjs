// WebKitGTK over W3C WebDriver: WebKitWebDriver starts MiniBrowser on a screen of its own (Xvfb).
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** MiniBrowser makes no narrower window; below this a page is shown in a frame. */
const narrowest = 450;

/** W3C WebDriver's code points for keys without a character of their own. */
const keys = {
  Backspace: "\uE003", Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Escape: "\uE00C", Space: "\uE00D",
  PageUp: "\uE00E", PageDown: "\uE00F", End: "\uE010", Home: "\uE011",
  ArrowLeft: "\uE012", ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015", Delete: "\uE017",
}; // prettier-ignore

/** @returns {Promise<import("../browser.mjs").Driver>} */
export async function startWebKit(site) {
  const screen = await startScreen();
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
    // Under the C locale `navigator.language` would be "C", which Intl refuses.
    env: { ...process.env, DISPLAY: screen.display, LANG: "en_US.UTF-8", LC_ALL: "" },
    stdio: "ignore",
  });
  const stop = () => [driver, screen.process].forEach((child) => child.kill());
  process.once("exit", stop);

  const server = `http://127.0.0.1:${port}`;
  await ready(server);
  const { sessionId } = await send(`${server}/session`, "POST", {
    capabilities: { alwaysMatch: { timeouts: { script: 300_000, pageLoad: 60_000 } } },
  });
  const session = `${server}/session/${sessionId}`;
  const post = (command, body = {}) => send(`${session}/${command}`, "POST", body);
  let frame = null;

  return {
    engine: "webkit",
    async open(url) {
      await post("frame", { id: null });
      if (!frame) return post("url", { url });
      await post("url", { url: `${site.origin}/pages/frame.html?${new URLSearchParams({ ...frame, url })}` });
      await post("frame", { id: 0 });
    },
    evaluate: (script, ...values) =>
      post("execute/async", { script: asynchronous(script), args: [values] }).then(({ value, error }) => {
        if (error) throw new Error(error);
        return value;
      }),
    pointer: (actions, kind = "mouse") =>
      post("actions", {
        actions: [
          { type: "pointer", id: kind, parameters: { pointerType: kind }, actions: actions.map(pointerAction) },
        ],
      }),
    key: (name, { shift = false } = {}) =>
      post("actions", { actions: [{ type: "key", id: "keyboard", actions: press(name, shift) }] }),
    async screenshot(path) {
      await writeFile(path, Buffer.from(await send(`${session}/screenshot`, "GET"), "base64"));
    },
    async setViewport(width, height) {
      frame = width < narrowest ? { width, height } : null;
      await post("frame", { id: null });
      const inner = () => post("execute/sync", { script: "return [innerWidth, innerHeight]", args: [] });
      const { width: outerWidth, height: outerHeight } = await send(`${session}/window/rect`, "GET");
      const [innerWidth, innerHeight] = await inner();
      await post("window/rect", {
        width: Math.max(width, narrowest) + outerWidth - innerWidth,
        height: height + outerHeight - innerHeight,
      });
    },
    hide() {
      throw new Error("WebKitGTK's driver opens other tabs beside this one, not in front of it");
    },
    emulateMedia() {
      throw new Error("WebKitGTK's driver cannot emulate media features");
    },
    alive: () => send(`${session}/window`, "GET").then(Boolean),
    async close() {
      await send(session, "DELETE").finally(stop);
      process.off("exit", stop);
    },
  };
}

/** A screen without a monitor; it chooses a free display number itself. */
async function startScreen() {
  const child = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("error", reject);
    child.once("exit", () => reject(new Error("Xvfb ended at once")));
  });
  return { process: child, display: `:${String(number).trim()}` };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function ready(server) {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      if ((await send(`${server}/status`, "GET")).ready) return;
    } catch {
      // It does not listen yet.
    }
    await wait(100);
  }
  throw new Error("WebKitWebDriver did not become ready");
}

async function send(url, method, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** A script that waits for what the function returns, and tells an error from a value. */
function asynchronous(script) {
  return `const [values, done] = arguments;
    new Promise((resolve) => resolve((${script})(...values))).then(
      (value) => done({ value }),
      (error) => done({ error: String(error?.stack ? error + "\\n" + error.stack : error) }),
    );`;
}

function pointerAction({ type, x, y }) {
  if (type === "move") return { type: "pointerMove", x: Math.round(x), y: Math.round(y), duration: 0 };
  return { type: type === "down" ? "pointerDown" : "pointerUp", button: 0 };
}

function press(name, shift) {
  const value = keys[name] ?? name;
  const stroke = [
    { type: "keyDown", value },
    { type: "keyUp", value },
  ];
  return shift ? [{ type: "keyDown", value: keys.Shift }, ...stroke, { type: "keyUp", value: keys.Shift }] : stroke;
}
