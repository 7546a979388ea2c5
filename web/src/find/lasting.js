// A question that lasts: after a while it is said, with a way to give it up.
import { h } from "../shell/dom.js";
import { word } from "../shell/language.js";

/** What is answered within this time needs no word. */
const PATIENCE_MS = 1000;

/** @param {() => void} giveUp */
export function lasting(giveUp) {
  const element = h("div", { class: "asking", role: "status", hidden: true }, word("computing"), h("button", { type: "button", class: "quiet", onclick: giveUp }, word("cancel")));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  return {
    element,
    /** @param {boolean} busy */
    busy(busy) {
      clearTimeout(patience);
      if (busy) patience = setTimeout(() => (element.hidden = false), PATIENCE_MS);
      else element.hidden = true;
    },
  };
}
