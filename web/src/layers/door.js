// Layers: the legend of what is drawn, with its opacities; and the catalogue of all there is, each layer with whose it is, its
// files and the addresses for other programs.
import { hidden, HOME_STYLE, legendOf, onStyle, opacities, repaint, showStyle } from "../map/paint.js";
import { drawTiles, erase } from "../map/own.js";
import { goTo } from "../map/open.js";
import { address, ask } from "../shell/api.js";
import { h, unique } from "../shell/dom.js";
import { copyable } from "../shell/files.js";
import { language, number, percent, told, word } from "../shell/language.js";
import { go, param } from "../shell/route.js";
import { entry } from "./key.js";
import { provenanceOf, titleOf } from "./legend.js";

/** @typedef {import("../types").LayerProvenance} LayerProvenance */

const ROLES = /** @type {const} */ (["candidate", "constraint", "infrastructure", "territory", "table"]);
/** Told apart by any eye, and by the layer's place in the list. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9"];
/** Layers that the reader put on the map. @type {Set<string>} */
const added = new Set();

/** @param {import("../types").Place} place @returns {import("../shell/doors.js").Door} */
export function layers({ map, provenance }) {
  /** @type {HTMLElement} */
  let view;
  /** @type {{ id: string, title: unknown, address: string }[]} */
  let styles = [];
  let style_path = HOME_STYLE;
  /** @type {(() => void) | undefined} */
  let forget;

  const show = () => {
    const id = param("layer");
    const layer = provenance.layers.find((one) => one.id === id);
    view.replaceChildren(...(layer ? sheet(layer) : catalogue()));
  };

  const catalogue = () => {
    const found = h("div", { class: "catalogue" });
    const box = h("input", { type: "search", placeholder: word("layerSearch"), "aria-label": word("layerSearch"), oninput: () => fill() });
    const plain = (/** @type {string} */ text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const fill = () => {
      const wanted = plain(box.value.trim());
      const matches = provenance.layers.filter((layer) => plain([titleOf(layer), told(layer.description), layer.publisher, layer.id].join(" ")).includes(wanted));
      found.replaceChildren(...ROLES.flatMap((role) => {
        const of = matches.filter((layer) => layer.role === role);
        return of.length ? [h("h3", {}, word(`role-${role}`)), h("ul", {}, ...of.map(row))] : [];
      }), ...(matches.length ? [] : [h("p", { class: "hint" }, word("nothingFound", { text: box.value }))]));
    };
    fill();
    return [h("h2", {}, word("drawn")), themes(), shown(), h("h2", {}, word("catalogue", { count: provenance.layers.length })), box, found];
  };

  /** The server's styles, to look at the same land otherwise. */
  const themes = () => {
    const id = unique("theme");
    const choice = h("select", { id }, ...styles.map((one) => h("option", { value: `styles/${one.id}.json`, selected: style_path === `styles/${one.id}.json` }, told(one.title).replace(/^Emprise,? /, ""))));
    choice.addEventListener("change", () => showStyle(map, (style_path = choice.value)));
    return h("div", { class: "field" }, h("label", { for: id }, word("theme")), choice);
  };

  const shown = () => {
    const place = h("ul", { class: "legend" });
    forget?.();
    forget = onStyle((style) => place.replaceChildren(...legendOf(style).map((group) => {
      const row = entry(map, group);
      const share = h("input", { type: "range", min: 10, max: 100, step: 5, value: Math.round((opacities.get(group.id) ?? 1) * 100), "aria-label": word("opacityOf", { title: group.title }), disabled: hidden.has(group.id) });
      share.addEventListener("input", () => {
        opacities.set(group.id, Number(share.value) / 100);
        share.setAttribute("aria-valuetext", percent(Number(share.value) / 100));
        repaint(map, group.id);
      });
      row.querySelector("input")?.addEventListener("change", () => (share.disabled = hidden.has(group.id)));
      row.querySelector("label")?.after(share);
      return row;
    })));
    return place;
  };

  const row = (/** @type {LayerProvenance} */ layer) => {
    const on = h("input", { type: "checkbox", checked: added.has(layer.id), "aria-label": word("show", { title: titleOf(layer) }), disabled: layer.geometry === "none" });
    on.addEventListener("change", () => (on.checked ? add(layer) : drop(layer)));
    const open = h("button", { type: "button", class: "plain", onclick: () => go({ layer: layer.id }) }, h("span", { class: "name" }, titleOf(layer)), h("span", { class: "where" }, [layer.publisher, layer.vintage, number(layer.counts.features)].join(" · ")));
    return h("li", {}, on, open);
  };

  const add = (/** @type {LayerProvenance} */ layer) => {
    added.add(layer.id);
    const color = COLOURS[provenance.layers.indexOf(layer) % COLOURS.length];
    const source = { "source-layer": layer.id };
    const drawings = {
      polygon: [{ type: "fill", paint: { "fill-color": color, "fill-opacity": 0.25 } }, { type: "line", paint: { "line-color": color, "line-width": 1.2 } }],
      line: [{ type: "line", paint: { "line-color": color, "line-width": 2 } }],
      point: [{ type: "circle", paint: { "circle-color": color, "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 1 } }],
      none: [],
    };
    drawTiles(map, `layer-${layer.id}`, address(`tiles/${layer.id}.json`), drawings[layer.geometry].map((one) => ({ ...one, ...source })));
  };
  const drop = (/** @type {LayerProvenance} */ layer) => {
    added.delete(layer.id);
    erase(map, `layer-${layer.id}`);
  };

  const sheet = (/** @type {LayerProvenance} */ layer) => {
    const on = h("button", { type: "button", class: "quiet", "aria-pressed": String(added.has(layer.id)), onclick: () => {
      if (added.has(layer.id)) drop(layer);
      else add(layer);
      on.setAttribute("aria-pressed", String(added.has(layer.id)));
    } }, word("onMap"));
    const see = layer.extent_lonlat && h("button", { type: "button", class: "quiet", onclick: () => layer.extent_lonlat && goTo(map, layer.extent_lonlat, 13) }, word("seeAll"));
    const file = (/** @type {string} */ form, /** @type {string} */ text) => h("li", {}, h("a", { href: `collections/${layer.id}/items?f=${form}`, download: `${layer.id}.${form}` }, text));
    const columns = Object.entries(layer.columns).map(([id, column]) => h("tr", {}, h("th", { scope: "row" }, told(column.title) || id), h("td", {}, id), h("td", {}, [column.type, column.unit].filter(Boolean).join(", "))));
    return [
      h("button", { type: "button", class: "back", onclick: () => go({ layer: undefined }) }, word("backToLayers")),
      h("p", { class: "kind" }, word(`role-${layer.role}`)),
      h("h2", { tabindex: "-1" }, titleOf(layer)),
      h("p", { class: "lead" }, told(layer.description)),
      h("div", { class: "actions" }, layer.geometry !== "none" && on, see || undefined, h("a", { class: "quiet", href: `collections/${layer.id}/items?f=html&lang=${language}`, target: "_blank" }, word("asTable"))),
      h("h3", {}, word("about")),
      provenanceOf(layer),
      h("h3", {}, word("download")),
      h("ul", { class: "forms" }, file("geojson", "GeoJSON"), file("csv", "CSV"), file("gpkg", "GeoPackage"), file("fgb", "FlatGeobuf"), file("parquet", "GeoParquet")),
      h("h3", {}, word("elsewhere")),
      h("p", { class: "hint" }, word("elsewhereHint")),
      ...(layer.geometry === "none" ? [] : [copyable(word("tilesAddress"), `${address("tiles/")}${layer.id}/{z}/{x}/{y}.mvt`), copyable("TileJSON", address(`tiles/${layer.id}.json`))]),
      copyable("OGC API Features", address("")),
      h("details", {}, h("summary", {}, word("columns", { count: Object.keys(layer.columns).length })), h("table", { class: "columns" }, h("tbody", {}, ...columns))),
    ];
  };

  return {
    async open(place) {
      view = place;
      styles = (await ask("styles")).styles;
      show();
      if (!param("layer")) await showStyle(map, style_path);
    },
    update: show,
    leave: () => forget?.(),
  };
}
