// What the menu of the views gets when it opens: a picture of each, and arrow keys from one to the next.

import { linkedView } from "./address.js";
import { resource } from "./engine/resources.js";
import { steps } from "./ui/keys.js";

/** @type {Map<string, Promise<string>>} addresses by file */
const addresses = new Map();

/** @param {string} file below pictures/ @returns {Promise<string>} its address, also where the page has it inside */
function addressOf(file) {
  const address =
    addresses.get(file) ??
    resource(`pictures/${file}`).then((bytes) => URL.createObjectURL(new Blob([bytes], { type: "image/webp" })));
  addresses.set(file, address);
  return address;
}

/** @param {HTMLElement} menu @returns {HTMLAnchorElement[]} its links to views */
const linksOf = (menu) => Array.from(menu.querySelectorAll("li a"));

/** @param {KeyboardEvent} event */
function move(event) {
  const [across, down] = steps(event) ?? [0, 0];
  const links = linksOf(/** @type {HTMLElement} */ (event.currentTarget));
  const from = links.indexOf(/** @type {HTMLAnchorElement} */ (event.target));
  const to = links[from + across + down];
  if (from < 0 || !to || to === event.target) return;
  to.focus();
  event.preventDefault();
}

/**
 * @param {HTMLElement} menu
 * @param {boolean} dark whether the pictures are on dark paper
 */
export function equip(menu, dark) {
  menu.addEventListener("keydown", move);
  for (const link of linksOf(menu)) {
    const picture = link.querySelector("img") ?? document.createElement("img");
    picture.alt = "";
    link.prepend(picture);
    addressOf(`${linkedView(link)}-${dark ? "dark" : "light"}.webp`).then(
      (address) => (picture.src = address),
      // A link has its words, with or without a picture.
      () => picture.remove(),
    );
  }
}
