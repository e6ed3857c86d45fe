// Networks for views that train several from the start: those that learn within seconds, and the one on view.

import lenet5 from "../models/lenet5.json" with { type: "json" };
import mlp from "../models/mlp.json" with { type: "json" };

/** @typedef {import("../session/session.js").Session} Session */

export const NETWORKS = [
  { name: "lenet5", title: "LeNet-5", config: lenet5 },
  { name: "mlp", title: "MLP", config: mlp },
];
/** What stands for the network on view where it is none of these. */
const ON_VIEW = "on view";

/**
 * The network on view where it was chosen: the one that every page begins with learns too slowly to be trained again and
 * again.
 *
 * @param {Session | undefined} session
 * @returns {string | undefined} its name among those to choose from
 */
export function chosenNetwork(session) {
  const { shown, catalogue = [] } = session ?? {};
  if (!shown || catalogue.find(({ name }) => name === shown.name)?.default) return undefined;
  return NETWORKS.find(({ name }) => name === shown.name)?.name ?? ON_VIEW;
}

/** What there is to choose from. @param {Session | undefined} session @param {string} network the name of the chosen */
export function networkOptions(session, network) {
  const named = NETWORKS.map(({ name, title }) => ({ value: name, text: title }));
  return network === ON_VIEW ? [...named, { value: ON_VIEW, text: titleOf(session, network) }] : named;
}

/** @param {Session | undefined} session @param {string} network its name */
export function titleOf(session, network) {
  return NETWORKS.find(({ name }) => name === network)?.title ?? session?.shown?.title ?? "";
}

/** What Keras writes of a network. @param {Session | undefined} session @param {string} network its name */
export async function configOf(session, network) {
  return NETWORKS.find(({ name }) => name === network)?.config ?? (await session?.config);
}
