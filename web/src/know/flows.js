// The flows on the map: from how many workers on they show, in which direction, by which means; and what that hides.
import { legendNote } from "../layers/key.js";
import { HOME_STYLE, showStyle } from "../map/paint.js";
import { address, ask, isAbort } from "../shell/api.js";
import { h, unique } from "../shell/dom.js";
import { number, plural, word } from "../shell/language.js";
import { go, param } from "../shell/route.js";

/** @typedef {import("maplibre-gl").StyleSpecification} Style */

const STYLE = "styles/commuting-flows.json";
const STOPS = [400, 300, 200, 100, 50];
const DIRECTIONS = /** @type {const} */ (["both", "in", "out"]);
const MODES = /** @type {const} */ (["car", "public transport", "walking and cycling", "two wheels"]);

/** The threshold that the address asks for. */
export function threshold() {
  const asked = Number(param("min"));
  return STOPS.includes(asked) ? asked : STOPS[0];
}

/** @param {import("maplibre-gl").Map} map */
export function flows(map) {
  const note = h("p", { class: "hint", role: "status" });
  const slider = h("input", { type: "range", id: unique("min"), min: 0, max: STOPS.length - 1, step: 1 });
  const told = h("b", {});
  const direction = h("select", { id: unique("direction") }, ...DIRECTIONS.map((one) => h("option", { value: one }, word(`direction-${one}`))));
  const mode = h("select", { id: unique("mode") }, h("option", { value: "" }, word("mode-all")), ...MODES.map((one) => h("option", { value: one }, word(`mode-${one}`))));
  slider.addEventListener("input", () => (go({ min: String(STOPS[Number(slider.value)]) }, { replace: true, silent: true }), filter()));
  slider.addEventListener("change", () => hidden());
  direction.addEventListener("change", () => (go({ direction: direction.value === "both" ? undefined : direction.value }, { silent: true }), show()));
  mode.addEventListener("change", () => (go({ mode: mode.value || undefined }, { silent: true }), show()));
  const element = h(
    "section",
    { class: "flows" },
    h("h3", {}, word("flowsTitle")),
    h("div", { class: "field" }, h("label", { for: slider.id }, word("flowsFrom"), " ", told), slider),
    h("div", { class: "pair" }, h("div", { class: "field" }, h("label", { for: direction.id }, word("direction")), direction), h("div", { class: "field" }, h("label", { for: mode.id }, word("mode")), mode)),
    note,
  );
  /** @type {any} */
  let description;
  /** @type {AbortController | undefined} */
  let asking;

  const query = () => new URLSearchParams(Object.entries({ territory: param("at"), direction: param("at") ? param("direction") : undefined, mode: param("mode") }).filter(/** @returns {one is [string, string]} */ (one) => one[1] !== undefined));

  const filtered = (/** @type {Style} */ style) => {
    const from = ["all", [">=", ["get", "count"], threshold()]];
    const layers = style.layers.map((layer) => ("source-layer" in layer && ["flows", "arrows"].includes(layer["source-layer"] ?? "") ? { ...layer, filter: from } : layer));
    const sources = Object.fromEntries(Object.entries(style.sources).map(([id, source]) => [id, id === "commuting" ? { type: "vector", url: address(`tiles/commuting.json?${query()}`) } : source]));
    return /** @type {Style} */ ({ ...style, sources, layers });
  };
  const filter = () => {
    tell();
    for (const layer of map.getStyle().layers) if ("source-layer" in layer && ["flows", "arrows"].includes(layer["source-layer"] ?? "")) map.setFilter(layer.id, ["all", [">=", ["get", "count"], threshold()]]);
  };
  const tell = () => {
    slider.value = String(STOPS.indexOf(threshold()));
    slider.setAttribute("aria-valuetext", word("workers", { count: threshold() }));
    told.textContent = word("workers", { count: threshold() });
  };
  /** How many flows the threshold hides at the level that is drawn, in the panel and in the legend. */
  const hidden = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const { flows: count, workers } = param("at") ? await aroundHidden(asking.signal) : levelHidden();
      note.textContent = count > 0 ? plural("hiddenOne", "hiddenMany", count, { workers: Math.round(workers) }) : word("hiddenNone");
      legendNote(h("p", { class: "hint" }, `${word("flowsFrom")} ${word("workers", { count: threshold() })}. ${note.textContent}`));
    } catch (error) {
      if (!isAbort(error)) note.textContent = "";
    }
  };
  const levelHidden = () => {
    const zoom = Math.floor(map.getZoom());
    const level = description?.commuting.levels.find((/** @type {any} */ one) => zoom >= one.minzoom && zoom <= one.maxzoom) ?? description?.commuting.levels.at(-1);
    const steps = level?.thresholds ?? [];
    return (steps.find((/** @type {any} */ step) => step.min >= threshold()) ?? { hidden: { flows: 0, workers: 0 } }).hidden;
  };
  const aroundHidden = async (/** @type {AbortSignal} */ signal) => {
    const asked = new URLSearchParams({ min: String(threshold()), ...(param("mode") ? { mode: String(param("mode")) } : {}) });
    const { incoming, outgoing } = await ask(`commuting/${param("at")}?${asked}`, { signal });
    const sides = { in: [incoming], out: [outgoing], both: [incoming, outgoing] }[/** @type {"in" | "out" | "both"} */ (param("direction") ?? "both")] ?? [incoming, outgoing];
    return { flows: sides.reduce((sum, side) => sum + side.hidden.flows, 0), workers: sides.reduce((sum, side) => sum + side.hidden.workers, 0) };
  };
  async function show() {
    direction.value = param("direction") ?? "both";
    direction.disabled = !param("at");
    mode.value = param("mode") ?? "";
    tell();
    try {
      await showStyle(map, STYLE, filtered);
      description = await ask(`tiles/commuting.json?${query()}`);
      await hidden();
    } catch (error) {
      if (isAbort(error)) return;
      note.textContent = word("noFlows");
      await showStyle(map, HOME_STYLE);
    }
  }
  const moved = () => !param("at") && hidden();
  map.on("zoomend", moved);
  return {
    element,
    show,
    stop() {
      map.off("zoomend", moved);
      asking?.abort();
      legendNote(undefined);
    },
    count: () => number(threshold()),
  };
}
