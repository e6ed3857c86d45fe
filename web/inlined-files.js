// The single-file page carries the site's files inside, for opening from a disk, where nothing can be fetched.

import { provideFiles } from "./engine/resources.js";

provideFiles((name) => {
  const inlined = document.querySelector(`script[data-resource=${JSON.stringify(name)}]`);
  return inlined ? Uint8Array.from(atob(inlined.textContent ?? ""), (character) => character.charCodeAt(0)) : undefined;
});
