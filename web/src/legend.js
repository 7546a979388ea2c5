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

/** The sign as it is on the map: fill, edge, dashes or letter, so that it reads without its colour. @param {Item} item */
export function swatch(item) {
  const marks = {
    area: () => svg("rect", { x: 2, y: 2, width: 24, height: 14, rx: 2, fill: item.color, "fill-opacity": item.opacity ?? 1, stroke: item.edge, "stroke-width": 1.5, "stroke-dasharray": item.dash?.map((length) => length * 1.5).join(" ") }),
    line: () => svg("path", { d: "M1 9 H27", stroke: item.color, "stroke-width": item.width ?? 2, "stroke-dasharray": item.dash?.map((length) => length * (item.width ?? 2)).join(" "), fill: "none" }),
    glyph: () => svg("text", { x: 14, y: 14, "text-anchor": "middle", fill: item.color, "font-size": 14, stroke: item.edge, "stroke-width": item.edge ? 2 : undefined, "paint-order": "stroke" }, item.glyph ?? ""),
  };
  const letter = item.shape === "area" && item.glyph ? [svg("text", { x: 14, y: 13, "text-anchor": "middle", class: "letter" }, item.glyph)] : [];
  return svg("svg", { viewBox: "0 0 28 18", width: 28, height: 18, "aria-hidden": "true", class: "swatch" }, marks[item.shape](), ...letter);
}
