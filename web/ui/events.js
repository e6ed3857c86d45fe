// What an element of the page tells the one around it, whose template listens. None of these events leaves the shadow
// root that its element stands in: the page around hears only what `<conv-scope>` tells itself.

/**
 * Each event's detail, by its name.
 * @typedef {object} Details
 * @property {{ className: string, config: Record<string, unknown> }} add a layer like that shall be one more
 * @property {undefined} all everything shall be shown again
 * @property {Record<string, unknown>} arguments of a layer are others; undefined: the default again
 * @property {Cell} cell one cell is chosen
 * @property {undefined} choose
 * @property {undefined} close
 * @property {{ unit: number }} current a map of the layer has the focus
 * @property {undefined} drawn
 * @property {{ index: number, value: number }} edit a number is another
 * @property {Epoch} epoch a network on view has learnt for another epoch
 * @property {{ index: number, kept: boolean }} example
 * @property {{ title: string, kernels: Float32Array[], bias: number }} filter
 * @property {string[]} inputs the layers that a layer takes its input from
 * @property {string} layer
 * @property {{ row: number, direction: number }} leave the focus shall go to the layer before or after, in that row
 * @property {{ written: number, read: number } | undefined} mistake what it is and what it was taken for; none any more
 * @property {number} move a layer is to be so many places later
 * @property {string} network the name of another
 * @property {[right: number, down: number]} offset
 * @property {{ unit: number, row?: number, column?: number }} open
 * @property {Place | undefined} place the map, or the unit of it, that shall be on view
 * @property {Cell | undefined} pointcell a pointer is there; undefined: nowhere, as in all that follow
 * @property {string | undefined} pointlayer
 * @property {number | undefined} pointmap
 * @property {number | undefined} pointnumber
 * @property {[right: number, down: number] | undefined} pointoffset
 * @property {number} rate of learning, from now on
 * @property {undefined} ready a view that shows no model is drawn
 * @property {undefined} remove
 * @property {string} rename
 * @property {{ right: number, down: number }} shift
 * @property {[number, number]} start where descent begins
 * @property {number} step
 * @property {{ view: string, place?: Place }} view another view shall show that unit, or the network
 * @property {{ channel: number, cell: number, value: number }} weight a weight of a kernel is another
 * @property {Cell} window the output whose window is chosen
 */
/** @typedef {{ row: number, column: number }} Cell */
/** @typedef {{ layer: string, unit: number, row?: number, column?: number }} Place a map; with row and column a unit of it */
/**
 * @typedef {{ epoch: number, loss: number, accuracy: number, valLoss: number, valAccuracy: number }} Epoch from 1; the
 *   means over its steps, and those of the validation
 */

/**
 * One of these events. (A `CustomEvent` would make null of a detail that is undefined.)
 * @template {keyof Details} Name
 */
export class Told extends Event {
  /** @param {Name} name @param {Details[Name]} detail */
  constructor(name, detail) {
    super(name, { bubbles: true });
    this.detail = detail;
  }
}

/**
 * @template {keyof Details} Name
 * @param {EventTarget} element that tells it
 * @param {Name} name
 * @param {undefined extends Details[Name] ? [detail?: Details[Name]] : [detail: Details[Name]]} details
 */
export function tell(element, name, ...details) {
  element.dispatchEvent(new Told(name, /** @type {Details[Name]} */ (details[0])));
}

/**
 * A listener that tells on what an element within has told.
 * @param {EventTarget} element
 */
export const tellOn =
  (element) =>
  (/** @type {Told<any>} */ { type, detail }) =>
    element.dispatchEvent(new Told(/** @type {keyof Details} */ (type), detail));
