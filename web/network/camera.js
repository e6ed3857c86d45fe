import { CAMERA_PROBLEMS } from "./picture-words.js";

/** @typedef {import("lit").ReactiveController} ReactiveController */

/**
 * A reactive controller: the camera, on from when it is asked for until its element is left or the page is hidden.
 *
 * @implements {ReactiveController}
 */
export class Camera {
  /** Why it is not on. */
  problem = "";
  #host;
  /** @type {MediaStream | undefined} */
  #stream;
  /** Counts how often it was asked for or stopped. */
  #asked = 0;
  /** @type {HTMLVideoElement | null} */
  #video = null;

  /** @param {import("lit").ReactiveControllerHost} host */
  constructor(host) {
    this.#host = host;
    host.addController(this);
  }

  get on() {
    return this.#stream !== undefined;
  }

  hostConnected() {
    document.addEventListener("visibilitychange", this.#hidden);
  }

  hostDisconnected() {
    document.removeEventListener("visibilitychange", this.#hidden);
    this.stop();
  }

  #hidden = () => {
    if (document.hidden) this.stop();
  };

  async start() {
    const asked = ++this.#asked;
    this.problem = "";
    try {
      const { mediaDevices } = navigator;
      if (!mediaDevices?.getUserMedia) throw new DOMException("", "NotFoundError");
      const stream = await mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      if (asked !== this.#asked) return stopped(stream);
      this.#stream = stream;
    } catch (error) {
      if (asked === this.#asked)
        this.problem = CAMERA_PROBLEMS[/** @type {Error} */ (error).name] ?? CAMERA_PROBLEMS["other"];
    }
    this.#host.requestUpdate();
  }

  stop() {
    this.#asked += 1;
    if (this.#stream) stopped(this.#stream);
    this.#stream = undefined;
    this.#host.requestUpdate();
  }

  /** @param {HTMLVideoElement | null} video that shows it */
  show(video) {
    this.#video = video;
    if (video && this.#stream && video.srcObject !== this.#stream) video.srcObject = this.#stream;
  }

  /** The middle square of what it sees now. @param {number} side @returns {Float32Array | undefined} [side, side, 3], 0 to 1 */
  picture(side) {
    const video = this.#video;
    if (!video?.videoWidth) return undefined;
    const { videoWidth, videoHeight } = video;
    const cut = Math.min(videoWidth, videoHeight);
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context?.drawImage(video, (videoWidth - cut) / 2, (videoHeight - cut) / 2, cut, cut, 0, 0, side, side);
    const data = context?.getImageData(0, 0, side, side).data;
    return (
      data &&
      Float32Array.from({ length: 3 * side * side }, (_, index) => data[4 * Math.floor(index / 3) + (index % 3)] / 255)
    );
  }
}

/** @param {MediaStream} stream */
function stopped(stream) {
  for (const track of stream.getTracks()) track.stop();
}
