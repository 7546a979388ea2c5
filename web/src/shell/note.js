// One line for what happens beside the view: a lost connection, a thing saved, a failure.
import { byId } from "./dom.js";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} sentence nothing hides the note @param {number} [lasts_ms] for ever where absent */
export function say(sentence, lasts_ms) {
  const note = byId("note");
  clearTimeout(timer);
  note.textContent = sentence;
  note.hidden = sentence === "";
  if (lasts_ms) timer = setTimeout(() => say(""), lasts_ms);
}
