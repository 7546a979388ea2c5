// Sentences, numbers and units in the reader's language.
import { units, words } from "../words/index.js";
import { language } from "./reader.js";

export { language };

/** @typedef {import("./reader.js").Language} Language */
/** @typedef {keyof typeof words} Word */

/** @param {Word} key @param {Record<string, string | number>} [values] put in place of `{name}`, numbers as the reader writes them */
export function word(key, values = {}) {
  return words[key][language].replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number(values[name]) : (values[name] ?? "")));
}

/** A sentence in one form for one and another for more. @param {Word} one @param {Word} many @param {number} count @param {Record<string, string | number>} [values] */
export function plural(one, many, count, values = {}) {
  return word(Math.abs(count) < (language === "fr" ? 2 : 1.5) && count !== 0 ? one : many, { ...values, count });
}

/** What the server says in both languages. @param {unknown} text @returns {string} */
export function told(text) {
  if (text && typeof text === "object") return String(/** @type {any} */ (text)[language] ?? /** @type {any} */ (text).fr ?? "");
  return text === null || text === undefined ? "" : String(text);
}

/** Fills the elements of the page that carry `data-word` or `data-label`. */
export function fillPage() {
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(/** @type {Word} */ (element.getAttribute("data-word")));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(/** @type {Word} */ (element.getAttribute("data-label"))));
  }
}

/** The same page in a language, at the same place. @param {Language} other */
export function addressIn(other) {
  const address = new URL(location.href);
  address.searchParams.set("lang", other);
  return address.href;
}

/** @param {number} value @param {number} [digits] at most so many decimals */
export function number(value, digits = 2) {
  return new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: digits }).format(value === 0 ? 0 : value);
}

/** A day. @param {number} milliseconds since 1970-01-01 */
export function date(milliseconds) {
  return new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(milliseconds));
}

/** @param {number} share */
export function percent(share) {
  return `${number(share * 100, share !== 0 && Math.abs(share) < 0.1 ? 1 : 0)}${language === "fr" ? "\u202f" : ""}%`;
}

/** Metres and square metres as a person would say them; other units follow their number. @param {number} value @param {string | null | undefined} unit */
export function quantity(value, unit) {
  const space = "\u202f";
  if (unit === "m" && Math.abs(value) >= 1000) return number(value / 1000, value >= 10_000 ? 1 : 2) + space + "km";
  if (unit === "m") return number(value, 0) + space + "m";
  if (unit === "m2" && Math.abs(value) >= 1000) return number(value / 10_000, 2) + space + "ha";
  if (unit === "ratio") return percent(value);
  const name = unit && unit in units ? units[/** @type {keyof typeof units} */ (unit)][language] : unit;
  return number(value, Math.abs(value) >= 100 ? 0 : 2) + (name ? space + name : "");
}
