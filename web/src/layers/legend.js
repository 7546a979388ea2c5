// The signs of a legend, as they are on the map.
import { h, link, list, svg } from "../shell/dom.js";
import { number, quantity, told, word } from "../shell/language.js";
import { refresh } from "./refresh.js";

/** @typedef {import("../types").LegendGroup} Group */
/** @typedef {import("../types").LegendItem} Item */
/** @typedef {import("../types").LayerProvenance} LayerProvenance */

/** @param {Group} group */
export function signs(group) {
  return h("ul", { class: "signs" }, ...group.items.map((item) => h("li", {}, swatch(item), h("span", {}, item.title))));
}

/** Publisher, licence, vintage, precision, refresh, counts and treatment of one layer. @param {LayerProvenance} layer */
export function provenanceOf(layer) {
  const rows = /** @type {[string, Node | string][]} */ ([
    [word("publisher"), link(layer.address, layer.publisher)],
    [word("licence"), link(layer.licence_url, layer.licence)],
    [word("vintage"), layer.vintage],
    [word("refresh"), refresh(layer.refresh)],
    [word("precision"), `± ${quantity(layer.precision_m, "m")}`],
    [word("features"), number(layer.counts.features)],
    [word("treatment"), treatment(layer)],
  ]);
  if (layer.counts.rejected > 0) rows.push([word("rejected"), number(layer.counts.rejected)]);
  return h("div", { class: "provenance" }, list(rows));
}

/** @param {LayerProvenance} layer */
function treatment({ counts }) {
  const left_out = Math.max(0, counts.read - counts.features - counts.rejected);
  return word("treated", { read: counts.read, left_out, rejected: counts.rejected, repaired: counts.repaired });
}

/** @param {{ title: unknown }} layer */
export function titleOf({ title }) {
  return told(title);
}

/** The sign as it is on the map: fill, hatch, edge, dashes or letter, so that it reads without its colour. @param {Item} item */
export function swatch(item) {
  const frame = { x: 2, y: 2, width: 24, height: 14, rx: 2 };
  const edge = { stroke: item.edge, "stroke-width": 1.5, "stroke-dasharray": item.dash?.map((length) => length * 1.5).join(" ") };
  const marks = {
    area: () => [svg("rect", { ...frame, fill: item.color, "fill-opacity": item.opacity ?? 1, ...(!item.hatch && edge) })],
    hatch: () => [],
    line: () => [svg("path", { d: "M1 9 H27", stroke: item.color, "stroke-width": item.width ?? 2, "stroke-dasharray": item.dash?.map((length) => length * (item.width ?? 2)).join(" "), fill: "none" })],
    icon: () => [],
  };
  const icon = item.icon ? [drawing(ICONS[item.icon], item)] : [];
  const letter = item.glyph ? [svg("text", { x: 14, y: 13, "text-anchor": "middle", class: "letter" }, item.glyph)] : [];
  const hatch = item.hatch ? hatching(item.hatch, { ...frame, ...edge }) : [];
  return svg("svg", { viewBox: "0 0 28 18", width: 28, height: 18, "aria-hidden": "true", class: "swatch" }, ...(marks[item.shape] ?? marks.area)(), ...hatch, ...icon, ...letter);
}

/** The icon in the middle; in an area it is the smaller mark. @param {string | undefined} path @param {Item} item */
function drawing(path, { shape, color, edge }) {
  const size = shape === "icon" ? 16 : 9;
  const place = `translate(${14 - size / 2} ${9 - size / 2}) scale(${size / 20})`;
  return svg("path", { d: path, transform: place, fill: shape === "icon" ? color : edge, "fill-rule": "evenodd" });
}

let hatchings = 0;

/** An area filled with a hatch of the map. @param {string} name @param {Record<string, string | number | undefined>} frame */
function hatching(name, frame) {
  const hatch = HATCHES[name];
  if (!hatch) return [];
  const id = `hatch-${(hatchings += 1)}`;
  const line = svg("path", { d: hatch.path, fill: hatch.width ? "none" : hatch.color, stroke: hatch.width ? hatch.color : undefined, "stroke-width": hatch.width });
  const pattern = svg("pattern", { id, width: hatch.size, height: hatch.size, patternUnits: "userSpaceOnUse", patternTransform: "scale(0.6)" }, line);
  return [pattern, svg("rect", { ...frame, fill: `url(#${id})` })];
}
