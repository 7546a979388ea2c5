// Files out of the page and into it, and texts into the clipboard.
import { h } from "./dom.js";
import { word } from "./language.js";
import { say } from "./note.js";

/** @param {string} name @param {string} text @param {string} type */
export function save(name, text, type = "application/json") {
  const href = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** A button that asks for a file. @param {string} label @param {string} accept @param {(file: File) => void} take */
export function fileButton(label, accept, take) {
  const input = h("input", { type: "file", accept, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) take(file);
    input.value = "";
  });
  return h("span", {}, h("button", { type: "button", class: "quiet", onclick: () => input.click() }, label), input);
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(word("copied"), 3000);
  } catch {
    say(word("notCopied", { text }));
  }
}

/** A text to be pasted elsewhere, with a button that takes it. @param {string} label @param {string} text */
export function copyable(label, text) {
  const field = h("input", { type: "text", readonly: true, value: text, "aria-label": label, onfocus: (/** @type {any} */ event) => event.target.select() });
  return h("div", { class: "copyable" }, field, h("button", { type: "button", class: "quiet", onclick: () => copy(text) }, word("copy")));
}
