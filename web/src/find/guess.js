// A criterion of which nothing is known yet: what could be asked of it, so that its measure is seen before it is judged.
import { ask, post } from "../shell/api.js";
import { scaleOf, unitFor, writeBound, writeQuantity, writeWords } from "./bound.js";
import { measured } from "./spec.js";

/** @typedef {import("../types").Spec} Spec */
/** @typedef {import("../types").Criterion} Criterion */
/** @typedef {import("../types").Provenance} Provenance */
/** @typedef {import("../types").Spread} Spread */

/** Kinds of which less is better; of the others more is. */
const LESS = ["proximity", "overlap", "availability"];

/** Worth nothing to worth everything, in the units that measures have. @type {Record<string, Record<string, number>>} */
const VALUES = { km: { "0 km": 1, "10 km": 0 }, ha: { "0 ha": 0, "10 ha": 1 }, m: { "0 m": 0, "100 m": 1 }, share: { "0 %": 1, "100 %": 0 }, plain: { 0: 0, 100: 1 }, date: { "2026-01-01": 1, "2036-01-01": 0 }, truth: { true: 1, false: 0 } };
/** What each kind measures in. @type {Record<string, string>} */
const MEASURED_IN = { proximity: "km", clearance: "km", area: "ha", "inscribed-circle": "m", width: "m", rectangle: "m", overlap: "share", availability: "date" };
/** Features looked at for words that a column has. */
const LOOKED_AT = 100;
/** Questions asked before one gives up. */
const MOST = 6;

/** Gives the newest criterion something to ask, where it asks nothing. @param {Spec} spec @param {Provenance} provenance @returns {Promise<Spec>} */
export async function guessed(spec, provenance) {
  const [name, criterion] = measured(spec.criteria).at(-1) ?? [];
  if (!name || !criterion || criterion.required || criterion.value) return spec;
  const having = (/** @type {Partial<Criterion>} */ more) => ({ ...spec, criteria: { ...spec.criteria, [name]: { ...criterion, ...more, ...(more.value && !spec.weights ? { weight: 1 } : {}) } } });
  /** @type {unknown} */
  let refused;
  for (const more of await guesses(spec, criterion, provenance)) {
    try {
      const { id } = await post("siting", { ...having(more), limit: 1 });
      const spread = await spreadOf(id, name);
      // Every word is admitted: the reader then takes out what does not suit.
      if (more.required) return having({ required: spread?.words?.length ? writeWords(spread.words.map(({ word }) => word)) : more.required });
      return having(spread?.known ? { value: firstWorth(criterion, spread) } : more);
    } catch (error) {
      refused ??= error;
    }
  }
  throw refused;
}

/** What the measure of a criterion is likely to take, the likeliest first. @param {Spec} spec @param {Criterion} criterion @param {Provenance} provenance @returns {Promise<Partial<Criterion>[]>} */
async function guesses({ candidates }, { kind, column }, provenance) {
  const likely = (/** @type {string} */ first) => [VALUES[first], ...Object.values(VALUES).filter((value) => value !== VALUES[first])].map((value) => ({ value }));
  if (kind === "layer") return [{ required: writeWords(candidates.layers) }];
  const layers = provenance.layers.filter(({ id, columns }) => candidates.layers.includes(id) && columns[String(column)]);
  const known = layers[0]?.columns[String(column)];
  if (kind !== "attribute" || !known) return likely(MEASURED_IN[kind] ?? "plain");
  if (known.unit) return [{ value: { [`0 ${known.unit}`]: 0, [`100 ${known.unit}`]: 1 } }, ...likely("plain")];
  if (known.type !== "text") return likely({ date: "date", boolean: "truth" }[known.type] ?? "plain");
  const words = await someWords(layers.map(({ id }) => id), String(column));
  return [...words, ...Object.keys(known.words)].slice(0, MOST).map((one) => ({ required: writeWords([one]) }));
}

/** Words that a column of these layers says. @param {string[]} layers @param {string} column @returns {Promise<string[]>} */
async function someWords(layers, column) {
  const pages = await Promise.all(layers.map((layer) => ask(`collections/${encodeURIComponent(layer)}/items?limit=${LOOKED_AT}&properties=${encodeURIComponent(column)}`)));
  const found = pages.flatMap(({ features }) => features.flatMap((/** @type {any} */ { properties }) => (typeof properties[column] === "string" ? [properties[column]] : [])));
  return [...new Set(found)];
}

/** @param {string} id @param {string} name @returns {Promise<Spread | undefined>} */
async function spreadOf(id, name) {
  const { criteria } = await ask(`siting/${id}/spread`);
  return criteria.find((/** @type {Spread} */ one) => one.criterion === name);
}

/** A requirement that three candidates of four meet. @param {Criterion} criterion @param {Spread} spread */
export function firstBound(criterion, spread) {
  if (spread.scale === "words") return writeWords(spread.words.slice(0, 1).map(({ word: one }) => one));
  const less = LESS.includes(criterion.kind);
  const share = less ? 0.75 : 0.25;
  let left = share * spread.known;
  const bin = spread.bins.findIndex((count) => (left -= count) <= 0);
  const { step } = scaleOf(spread.from, spread.to);
  const value = Math.round((spread.from + ((Math.max(bin, 0) + (less ? 1 : 0)) * (spread.to - spread.from)) / (spread.bins.length || 1)) / step) * step;
  return writeBound({ operator: less ? "<=" : ">=", value, unit: spread.scale === "date" ? "date" : unitFor(spread.unit) });
}

/** Straight from the least to the greatest value that candidates have. @param {Criterion} criterion @param {Spread} spread */
export function firstWorth(criterion, spread) {
  if (spread.scale === "words") return Object.fromEntries(spread.words.map(({ word: one }, at) => [one, at === 0 ? 1 : 0]));
  const { from, to } = scaleOf(spread.from, spread.to);
  const unit = spread.scale === "date" ? "date" : unitFor(spread.unit);
  const less = LESS.includes(criterion.kind) ? 1 : 0;
  return { [writeQuantity(from, unit)]: less, [writeQuantity(to === from ? from + 1 : to, unit)]: 1 - less };
}
