// The reader's own: language and scheme, asked for in the address, else remembered, else the browser's.

/** @typedef {"fr" | "en"} Language */
/** @typedef {"light" | "dark"} Scheme */

const REMEMBERED = { language: "emprise-language", scheme: "emprise-scheme" };

/** A browser may forbid to remember. @param {keyof typeof REMEMBERED} what @param {string} value */
function remember(what, value) {
  try {
    localStorage.setItem(REMEMBERED[what], value);
  } catch {}
}

/** @param {keyof typeof REMEMBERED} what */
function remembered(what) {
  try {
    return localStorage.getItem(REMEMBERED[what]);
  } catch {
    return null;
  }
}

/** @returns {Language} */
function chooseLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) remember("language", asked);
  return (asked ?? remembered("language") ?? navigator.language).toLowerCase().startsWith("fr") ? "fr" : "en";
}

const night = matchMedia("(prefers-color-scheme: dark)");

/** @returns {Scheme} */
function chooseScheme() {
  const asked = new URLSearchParams(location.search).get("scheme") ?? remembered("scheme");
  if (asked === "light" || asked === "dark") return asked;
  return night.matches ? "dark" : "light";
}

export const language = chooseLanguage();
document.documentElement.lang = language;

/** Everybody who reads it reads what it is now. */
export let scheme = chooseScheme();
document.documentElement.dataset.scheme = scheme;

/** @type {Set<() => void>} */
const listeners = new Set();

/** Told when the scheme is another. @param {() => void} listener */
export function onScheme(listener) {
  listeners.add(listener);
}

/** @param {Scheme} other */
function wear(other) {
  if (scheme === other) return;
  scheme = other;
  document.documentElement.dataset.scheme = other;
  for (const listener of listeners) listener();
}

/** The reader's own choice, from now on. @param {Scheme} other */
export function turn(other) {
  remember("scheme", other);
  const address = new URL(location.href);
  address.searchParams.delete("scheme");
  history.replaceState(null, "", address);
  wear(other);
}

night.addEventListener("change", () => wear(chooseScheme()));
