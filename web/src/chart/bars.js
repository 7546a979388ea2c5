// Bars one under the other: a name, a length, a number; two lengths where two are compared.
import { h, styled } from "../shell/dom.js";

/** @typedef {{ name: string | Node, value: number, text: string, other?: { value: number, text: string }, faint?: boolean, title?: string, choose?: () => void }} Bar */

/** @param {Bar[]} bars @param {string} label @param {number} [most] what fills the groove */
export function bars(bars, label, most = Math.max(1e-9, ...bars.flatMap(({ value, other }) => [value, other?.value ?? 0]))) {
  const length = (/** @type {number} */ value, /** @type {string} */ kind) => styled(h("i", { class: kind, "aria-hidden": "true" }), { width: `${(Math.max(0, value) / most) * 100}%` });
  const row = (/** @type {Bar} */ { name, value, text, other, faint, title, choose }) =>
    h(
      "li",
      { class: faint ? "faint" : undefined, title },
      choose ? h("button", { type: "button", class: "bar-name", onclick: choose }, name) : h("span", { class: "bar-name" }, name),
      h("span", { class: "groove" }, length(value, "one"), other && length(other.value, "two")),
      h("span", { class: "bar-value" }, text, other && h("small", {}, other.text)),
    );
  return h("ul", { class: "bars", "aria-label": label }, ...bars.map(row));
}

/** Shares of a whole in one bar, with a key under it. @param {{ name: string, share: number, text: string }[]} parts @param {string} label */
export function shares(parts, label) {
  const piece = (/** @type {{ name: string, share: number, text: string }} */ { name, share, text }, /** @type {number} */ at) => styled(h("i", { class: `tone-${at % 5}`, title: `${name} : ${text}` }), { width: `${share * 100}%` });
  const key = (/** @type {{ name: string, share: number, text: string }} */ { name, text }, /** @type {number} */ at) => h("li", {}, h("i", { class: `tone-${at % 5}`, "aria-hidden": "true" }), h("span", {}, name), h("b", {}, text));
  return h("div", { class: "shares" }, h("div", { class: "whole", "aria-hidden": "true" }, ...parts.map(piece)), h("ul", { "aria-label": label }, ...parts.map(key)));
}
