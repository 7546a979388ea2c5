// The reader's language: asked for in the address, else remembered, else the browser's. Numbers and units follow it.
import { units, words } from "./words.js";

/** @typedef {"fr" | "en"} Language */

/** @returns {Language} */
function choose() {
  const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
  return asked.toLowerCase().startsWith("fr") ? "fr" : "en";
}

export const language = choose();
document.documentElement.lang = language;

/** @param {keyof typeof words} key @param {Record<string, string>} [values] put in place of `{name}` */
export function word(key, values = {}) {
  return words[key][language].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Fills the elements of the page that carry `data-word` or `data-label`. */
export function fillPage() {
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = word(/** @type {keyof typeof words} */ (element.getAttribute("data-word")));
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", word(/** @type {keyof typeof words} */ (element.getAttribute("data-label"))));
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
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** Metres and square metres as a person would say them; other units follow their number. @param {number} value @param {string | null | undefined} unit */
export function quantity(value, unit) {
  const space = "\u202f";
  if (unit === "m" && Math.abs(value) >= 1000) return number(value / 1000, value >= 10_000 ? 1 : 2) + space + "km";
  if (unit === "m") return number(value, 0) + space + "m";
  if (unit === "m2" && Math.abs(value) >= 1000) return number(value / 10_000, 2) + space + "ha";
  if (unit === "ratio") return number(value * 100, 1) + space + "%";
  const name = unit && unit in units ? units[/** @type {keyof typeof units} */ (unit)][language] : unit;
  return number(value, Math.abs(value) >= 100 ? 0 : 2) + (name ? space + name : "");
}
