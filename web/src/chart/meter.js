// Bars from 0 to 1, for the eyes: their numbers stand beside them.
import { h, styled } from "../shell/dom.js";

/** @param {number} value @param {number} [whole] the length of the groove */
export function meter(value, whole = 1) {
  const bar = styled(h("i"), { width: `${Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10}%` });
  return styled(h("span", { class: "meter", "aria-hidden": "true" }, bar), { "--whole": `${Math.round(whole * 1000) / 10}%` });
}

/** What each part adds, one after the other. @param {{ value: number, title: string }[]} parts of at most 1 in all */
export function stack(parts) {
  const bars = parts.filter(({ value }) => value > 0).map(({ value, title }) => styled(h("i", { title }), { width: `${value * 100}%` }));
  return h("span", { class: "meter stack", "aria-hidden": "true" }, ...bars);
}
