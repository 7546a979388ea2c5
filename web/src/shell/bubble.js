// A number that tells on demand whose it is: a button, and a note under it.
import { h, unique } from "./dom.js";
import { word } from "./language.js";

/** @param {string} text the number @param {() => (Node | string)[]} sources made when they are asked for */
export function bubble(text, sources) {
  const id = unique("source");
  const place = h("div", { class: "bubble", id, hidden: true });
  const button = h("button", { type: "button", class: "number", "aria-expanded": "false", "aria-controls": id, title: word("whoseNumber") }, text);
  const flip = (/** @type {boolean} */ open) => {
    button.setAttribute("aria-expanded", String(open));
    place.hidden = !open;
    if (open && place.childElementCount === 0) place.append(...sources());
  };
  button.addEventListener("click", () => flip(place.hidden));
  button.addEventListener("keydown", (event) => event.key === "Escape" && flip(false));
  return h("span", { class: "value" }, button, place);
}
