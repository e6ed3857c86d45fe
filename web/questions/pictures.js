// Pictures that a person chooses, drops or pastes, as small squares of red, green and blue.

import { noPicture, tooLarge, undecodable } from "./words.js";

/** Bytes of a file that is given to the browser's decoder at most. */
const MOST_BYTES = 20e6;
/** A picture is decoded this much wider than it is needed, so that scaling down averages well. */
const FINER = 4;

/** What a picture is called. @param {Blob} file */
const nameOf = (file) => ("name" in file && file.name ? `“${file.name}”` : "The picture");

/**
 * The middle square of a picture.
 * @param {Blob} file
 * @param {number} side in pixels that it is scaled to
 * @returns {Promise<Float32Array[]>} red, green and blue, 0 to 1 in hundredths, so that printed numbers are exact;
 *   rejects in words where it is no picture that can be read
 */
export async function readPicture(file, side) {
  if (!file.type.startsWith("image/")) throw new Error(noPicture(nameOf(file), file.type));
  if (file.size > MOST_BYTES) throw new Error(tooLarge(nameOf(file), file.size, MOST_BYTES));
  const bitmap = await createImageBitmap(file, { resizeWidth: FINER * side, resizeQuality: "high" }).catch(() => {
    throw new Error(undecodable(nameOf(file)));
  });
  const { width, height } = bitmap;
  const cut = Math.min(width, height);
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.imageSmoothingQuality = "high";
  // Where a picture is transparent, the paper shows.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, side, side);
  context.drawImage(bitmap, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side);
  bitmap.close();
  const { data } = context.getImageData(0, 0, side, side);
  return [0, 1, 2].map((channel) =>
    Float32Array.from({ length: side * side }, (_, pixel) => Math.round(data[4 * pixel + channel] / 2.55) / 100),
  );
}
