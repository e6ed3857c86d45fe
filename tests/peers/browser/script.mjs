/** Runs a library that is no module: it puts itself into the global scope. */
export function runScript(path) {
  return new Promise((onload, onerror) => {
    const src = new URL(path, import.meta.url).href;
    document.head.append(Object.assign(document.createElement("script"), { src, onload, onerror }));
  });
}
