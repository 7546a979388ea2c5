// The legend: one group per kind of thing, with a switch, what its signs mean, and where the data come from.
import { byId, h, link, svg } from "./dom.js";
import { language, number, quantity, word } from "./language.js";
import { refresh } from "./refresh.js";

/** @typedef {import("./types").LegendGroup} Group */
/** @typedef {import("./types").LegendItem} Item */
/** @typedef {import("./types").Provenance} Provenance */
/** @typedef {import("maplibre-gl").StyleSpecification} Style */

/**
 * @param {import("maplibre-gl").Map} map
 * @param {Style} style
 * @param {Provenance} provenance
 */
export function showLegend(map, style, provenance) {
  const groups = /** @type {Group[]} */ (/** @type {any} */ (style.metadata)?.["emprise:legend"] ?? []);
  const place = byId("layers");
  place.replaceChildren(h("h2", {}, word("layers")), h("ul", { class: "legend" }, ...groups.map((group) => entry(map, style, group, provenance))));
  place.hidden = false;
}

/**
 * @param {import("maplibre-gl").Map} map
 * @param {Style} style
 * @param {Group} group
 * @param {Provenance} provenance
 */
function entry(map, style, group, provenance) {
  const drawn = style.layers.filter((layer) => /** @type {any} */ (layer.metadata)?.["emprise:group"] === group.id).map((layer) => layer.id);
  const toggle = h("input", { type: "checkbox", checked: true, "aria-label": word("show", { title: group.title }) });
  toggle.addEventListener("change", () => {
    for (const id of drawn) map.setLayoutProperty(id, "visibility", toggle.checked ? "visible" : "none");
  });
  const sources = provenance.layers.filter((layer) => group.of.includes(layer.id));
  const single = group.items.length === 1;
  return h(
    "li",
    {},
    h("label", {}, toggle, single && swatch(group.items[0]), h("span", {}, group.title)),
    !single && h("ul", { class: "signs" }, ...group.items.map((item) => h("li", {}, swatch(item), h("span", {}, item.title)))),
    h("details", {}, h("summary", {}, word("about")), ...sources.map(provenanceOf)),
  );
}

/** Publisher, licence, vintage, precision, refresh and counts of one layer. @param {Provenance["layers"][number]} layer */
export function provenanceOf(layer) {
  const rows = /** @type {[string, Node | string][]} */ ([
    [word("publisher"), link(layer.address, layer.publisher)],
    [word("licence"), link(layer.licence_url, layer.licence)],
    [word("vintage"), layer.vintage],
    [word("precision"), `± ${quantity(layer.precision_m, "m")}`],
    [word("refresh"), refresh(layer.refresh)],
    [word("features"), number(layer.counts.features)],
  ]);
  if (layer.counts.rejected > 0) rows.push([word("rejected"), number(layer.counts.rejected)]);
  return h("div", { class: "provenance" }, h("h4", {}, titleOf(layer)), list(rows));
}

/** @param {Provenance["layers"][number]} layer */
export function titleOf({ title }) {
  return typeof title === "string" ? title : title[language];
}

/** @param {[string, Node | string][]} rows */
export function list(rows) {
  return h("dl", {}, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
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
  return svg("svg", { viewBox: "0 0 28 18", width: 28, height: 18, "aria-hidden": "true", class: "swatch" }, ...marks[item.shape](), ...hatch, ...icon, ...letter);
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
