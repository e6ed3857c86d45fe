// What the rooms that views share say.

/** @param {string} name @param {string} type what the browser takes it for */
export const noPicture = (name, type) =>
  `${name} is not a picture${type ? ` but ${type}` : ""}. Choose a PNG, JPEG, WebP or GIF file.`;

/** @param {string} name @param {number} size @param {number} most in bytes */
export const tooLarge = (name, size, most) =>
  `${name} has ${Math.ceil(size / 1e6)} MB; at most ${most / 1e6} MB are read. Make it smaller, or take a screenshot of it.`;

/** @param {string} name */
export const undecodable = (name) =>
  `This browser cannot read ${name} as a picture. Save it as PNG or JPEG and choose it again.`;

export const NO_FILE = "What was dropped is not a file. Save the picture first, then drop the file here.";

export const PICTURE_HINT = "You can also drop a picture here, or paste one. It stays on this computer.";
