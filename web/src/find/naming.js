// How criteria, layers and readings are called.
import { date, language, number, quantity, told, word } from "../shell/language.js";
import { words } from "../words/index.js";
import { dateOf, readBound, readWords } from "./bound.js";

/** @typedef {import("../types").Criterion} Criterion */
/** @typedef {import("../types").Provenance} Provenance */

/** @param {string} kind */
export function kindName(kind) {
  const key = `kind-${kind}`;
  return key in words ? word(/** @type {any} */ (key)) : kind;
}

/** @param {string} id @param {Provenance} provenance */
export function layerName(id, provenance) {
  return told(provenance.layers.find((layer) => layer.id === id)?.title) || id;
}

/** The layers that a criterion is measured against. @param {Criterion} criterion */
export function layersOf(criterion) {
  return ["to", "from", "of", "with", "plan", "table", "in"].flatMap((key) => {
    const value = criterion[key];
    return Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  });
}

/** What is measured, in a few words. @param {Criterion} criterion @param {Provenance} provenance */
export function describe(criterion, provenance) {
  const layers = layersOf(criterion).filter((id) => provenance.layers.some((layer) => layer.id === id)).map((id) => layerName(id, provenance));
  const column = criterion.column && columnName(String(criterion.column), provenance);
  return [kindName(criterion.kind), ...layers, column, criterion.field && columnName(String(criterion.field), provenance), criterion.radius && quantityText(String(criterion.radius))].filter(Boolean).join(" · ");
}

/** @param {string} id @param {Provenance} provenance */
export function columnName(id, provenance) {
  return told(provenance.layers.find((layer) => layer.columns[id]?.title)?.columns[id].title) || id;
}

/** The source's own word, in French, for one of ours. @param {string} text @param {Provenance} provenance @param {string} [column] */
export function wordName(text, provenance, column) {
  if (text === "true" || text === "false") return word(text === "true" ? "yes" : "no");
  if (language === "en") return text;
  for (const layer of provenance.layers) for (const [id, { words: known }] of Object.entries(layer.columns)) if ((!column || id === column) && known[text]) return known[text];
  return told(provenance.layers.find((layer) => layer.id === text)?.title) || text;
}

const SIGNS = /** @type {Record<string, string>} */ ({ "<=": "≤", ">=": "≥" });

/** A requirement as a person reads it. @param {string} text @param {Provenance} provenance */
export function required(text, provenance) {
  return text.split(" and ").map((part) => {
    const bound = readBound(part);
    if (bound) return `${SIGNS[bound.operator] ?? bound.operator}\u202f${amount(bound.value, bound.unit)}`;
    const listed = readWords(part);
    return listed ? listed.map((one) => wordName(one, provenance)).join(", ") : part;
  }).join(language === "fr" ? " et " : " and ");
}

/** @param {number} value @param {string} [unit] */
export function amount(value, unit) {
  if (unit === "date") return date(Date.parse(dateOf(value)));
  if (unit === "%") return `${number(value)}${language === "fr" ? "\u202f" : ""}%`;
  return quantity(value, unit === "ratio" ? "ratio" : unit || undefined);
}

/** @param {string} text such as `5 km` */
export function quantityText(text) {
  const bound = readBound(`= ${text}`);
  return bound ? amount(bound.value, bound.unit) : text;
}

/** A reading of a site. @param {import("../types").Finding} finding @param {Provenance} provenance */
export function reading({ value, unit, at_least }, provenance) {
  if (value === null) return word("unknown");
  if (typeof value === "number") return (at_least ? "≥\u202f" : "") + amount(value, unit);
  if (typeof value === "boolean") return word(value ? "yes" : "no");
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return amount(Date.parse(value) / 86_400_000, "date");
  return wordName(value, provenance);
}

/** @param {{ name: string | null, id: string, commune?: { code: string, name: string | null } | null }} site */
export function siteName({ name, commune, id }) {
  return name ?? commune?.name ?? id;
}

/** Why nothing is known, in the reader's language. @param {string | undefined} sentence */
export function reason(sentence) {
  const key = `why: ${sentence}`;
  return key in words ? word(/** @type {any} */ (key)) : (sentence ?? word("unknown"));
}
