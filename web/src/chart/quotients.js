// Quotients with their intervals on a scale of ratios: 1 is as elsewhere, the dot the estimate, the line how sure it is.
import { h, svg } from "../shell/dom.js";

/** @typedef {{ name: string, value: number, low: number, high: number, text: string, faint: boolean }} Quotient */
const [WIDTH, HEIGHT] = [160, 20];

/** @param {Quotient[]} rows @param {string} label */
export function quotients(rows, label) {
  const values = rows.flatMap(({ value, low, high }) => [value, low, high]).filter((value) => value > 0 && Number.isFinite(value));
  const [least, most] = [Math.min(0.5, ...values), Math.max(2, ...values)].map((value) => Math.log(Math.max(0.05, Math.min(50, value))));
  const x = (/** @type {number} */ value) => 6 + ((Math.log(Math.max(0.05, Math.min(50, value || 0.05))) - least) / (most - least)) * (WIDTH - 12);
  const ticks = [0.25, 0.5, 1, 2, 5, 10, 20].filter((tick) => Math.log(tick) >= least && Math.log(tick) <= most);
  const axis = svg("svg", { viewBox: `0 0 ${WIDTH} 14`, class: "axis", "aria-hidden": "true" }, ...ticks.map((tick) => svg("text", { x: x(tick).toFixed(1), y: 11, "text-anchor": "middle" }, String(tick))));
  const row = (/** @type {Quotient} */ { name, value, low, high, text, faint }) => {
    const more = value >= 1;
    const mark = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "quotient", "aria-hidden": "true" }, svg("path", { d: `M${x(1).toFixed(1)} 0V${HEIGHT}`, class: "one" }), svg("path", { d: `M${x(low).toFixed(1)} 10H${x(high).toFixed(1)}`, class: "sure" }), svg("circle", { cx: x(value).toFixed(1), cy: 10, r: 4.5, class: more ? "more" : "less" }));
    return h("li", { class: faint ? "faint" : undefined }, h("span", { class: "bar-name", title: name }, name), mark, h("b", {}, text));
  };
  return h("div", { class: "quotients" }, h("ul", { "aria-label": label }, ...rows.map(row)), h("div", { class: "foot" }, h("span"), axis, h("span")));
}
