// Language and scheme, to be switched.
import { byId, h } from "./dom.js";
import { addressIn, language, word } from "./language.js";
import { onScheme, scheme, turn } from "./reader.js";

export function showSwitches() {
  const choice = (/** @type {"fr" | "en"} */ other, /** @type {string} */ name) =>
    h("a", { href: addressIn(other), lang: other, hreflang: other, "aria-current": other === language && "true", title: name, onclick: (/** @type {any} */ event) => (event.currentTarget.href = addressIn(other)) }, other.toUpperCase());
  const other = () => (scheme === "dark" ? "light" : "dark");
  const button = h("button", { type: "button", class: "scheme", onclick: () => turn(other()) });
  const name = () => {
    button.setAttribute("aria-label", word(other()));
    button.title = word(other());
  };
  name();
  onScheme(name);
  byId("switches").append(button, h("nav", { "aria-label": word("language") }, choice("fr", "Français"), choice("en", "English")));
}
