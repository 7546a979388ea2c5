// Language and scheme: the reader's own, kept in the address and remembered.
import { byId, h } from "./dom.js";
import { addressIn, language, word } from "./language.js";

const REMEMBERED = "emprise-scheme";

/** @returns {"light" | "dark"} */
function choose() {
  const asked = new URLSearchParams(location.search).get("scheme") ?? remembered();
  if (asked === "light" || asked === "dark") return asked;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

export const scheme = choose();
document.documentElement.dataset.scheme = scheme;

/** Everything drawn has its colour from the scheme: a change of it starts the page again, at the same place. @param {"light" | "dark"} other */
function turn(other) {
  try {
    localStorage.setItem(REMEMBERED, other);
  } catch {}
  const address = new URL(location.href);
  address.searchParams.delete("scheme");
  history.replaceState(null, "", address);
  location.reload();
}

export function showSwitches() {
  const choice = (/** @type {"fr" | "en"} */ other, /** @type {string} */ name) =>
    h("a", { href: addressIn(other), lang: other, hreflang: other, "aria-current": other === language && "true", title: name, onclick: (/** @type {any} */ event) => (event.currentTarget.href = addressIn(other)) }, other.toUpperCase());
  const other = scheme === "dark" ? "light" : "dark";
  byId("switches").append(
    h("button", { type: "button", class: "scheme", "aria-label": word(other), title: word(other), onclick: () => turn(other) }),
    h("nav", { "aria-label": word("language") }, choice("fr", "Français"), choice("en", "English")),
  );
  if (!remembered()) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
}
