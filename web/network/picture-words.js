// What is said of pictures that people bring.

export const SEEN_AS = "As the network sees it";
export const SOURCES =
  "Or drop a picture on the pad, or paste one while the pointer is on it. It stays on this device; links do not carry it.";
export const INVERT = "dark on light: invert";
export const CENTRE = "size and centre as in MNIST";
export const CAMERA_PICTURE = "picture of the camera";

/** @param {Blob} file */
export const nameOf = (file) => ("name" in file && file.name ? String(file.name) : "picture");

/** @param {import("../session/picture.js").Picture} picture */
export const pictureLabel = ({ title, example }) => (example ? `Sample of the data: ${title}` : `Picture: ${title}`);

/** Why there is no camera, by the name of the browser's error. @type {Record<string, string>} */
export const CAMERA_PROBLEMS = {
  NotAllowedError: "The camera is not allowed here: allow it in the address bar, or open a picture instead.",
  NotFoundError: "There is no camera here that a page may use. Open a picture instead.",
  NotReadableError: "The camera is in use elsewhere. Close what uses it, or open a picture instead.",
  other: "The camera could not be started. Open a picture instead.",
};
