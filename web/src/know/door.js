// Know a territory: found by name or by a click, told in charts, beside another one where that helps; its flows on the map.
import { LEVELS } from "../layers/feature.js";
import { takeClicks } from "../map/inspect.js";
import { boxOf, goTo, positionsOf } from "../map/open.js";
import { collection, colour, draw, erase } from "../map/own.js";
import { ApiError, ask, isAbort } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { plural, word } from "../shell/language.js";
import { go, param } from "../shell/route.js";
import { searchBox } from "../shell/search.js";
import { raiseSheet } from "../shell/sheet.js";
import { words } from "../words/index.js";
import { charging } from "./charging.js";
import { colours } from "./colours.js";
import { flows } from "./flows.js";
import { labour } from "./labour.js";
import { profile } from "./profile.js";
import { specific } from "./specific.js";

/** The layer that holds a level. @param {string} level */
const layerOf = (level) => Object.entries(LEVELS).find(([, name]) => name === level)?.[0];

/** @param {import("../types").Place} place @returns {import("../shell/doors.js").Door} */
export function know({ map, provenance }) {
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const place = h("div", { class: "territory" });
  const commuters = flows(map);
  const drawn = colours(map, () => commuters.show());
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {(() => void) | undefined} */
  let release;
  let followed = "";
  const layers = Object.keys(LEVELS).filter((id) => provenance.layers.some((layer) => layer.id === id)).join(",");
  const chosen = (/** @type {import("../shell/search.js").Hit} */ hit) => `${LEVELS[hit.layer]}/${hit.id}`;

  const failed = (/** @type {unknown} */ error) => {
    if (isAbort(error)) return;
    problem.textContent = error instanceof ApiError ? error.message : word("failed", { why: String(error) });
    problem.hidden = false;
  };
  const stated = () => `${param("at")} ${param("with")} ${param("mode")}`;

  const follow = async () => {
    followed = stated();
    asking?.abort();
    problem.hidden = true;
    const at = param("at");
    if (!at) {
      drawn.show();
      erase(map, "territory");
      return place.replaceChildren(h("p", { class: "lead" }, word("knowStart")), searchBox({ label: word("territorySearch"), layers, choose: (hit) => go({ at: chosen(hit) }) }));
    }
    asking = new AbortController();
    const { signal } = asking;
    place.setAttribute("aria-busy", "true");
    try {
      const other = param("with");
      const query = new URLSearchParams({ min: "50", ...(param("mode") ? { mode: String(param("mode")) } : {}) });
      const [portrait, beside] = await Promise.all([at, other].map((one) => (one ? ask(`commuting/${one}?${query}`, { signal }) : undefined)));
      const more = h("div", {});
      place.replaceChildren(head(portrait, beside), labour(portrait, beside), more);
      drawn.show();
      outline(at, signal).catch(() => {});
      raiseSheet();
      for (const section of await Promise.all([profile(at, other, signal), specific(at, signal), charging(at, signal)].map((one) => one.catch(() => undefined)))) if (section) more.append(section);
    } catch (error) {
      if (isAbort(error)) return;
      place.replaceChildren(searchBox({ label: word("territorySearch"), layers, choose: (hit) => go({ at: chosen(hit) }) }));
      failed(error);
    } finally {
      place.removeAttribute("aria-busy");
    }
  };

  const head = (/** @type {any} */ { territory }, /** @type {any} */ beside) =>
    h(
      "header",
      {},
      h("button", { type: "button", class: "back", onclick: () => go({ at: undefined, with: undefined }) }, word("otherTerritory")),
      h("p", { class: "kind" }, levelName(territory.level), territory.communes > 1 ? ` · ${plural("communesOne", "communesMany", territory.communes)}` : ""),
      h("h2", { tabindex: "-1" }, territory.name),
      beside ? h("p", { class: "beside" }, h("i", { class: "two", "aria-hidden": "true" }), word("besides", { name: beside.territory.name }), h("button", { type: "button", class: "drop", "aria-label": word("dropBeside"), onclick: () => go({ with: undefined }) }, "×")) : searchBox({ label: word("compareWith"), layers, choose: (hit) => go({ with: chosen(hit) }) }),
    );

  const outline = async (/** @type {string} */ at, /** @type {AbortSignal} */ signal) => {
    const [level, code] = at.split("/");
    const layer = layerOf(level);
    if (!layer) return;
    const feature = await ask(`collections/${layer}/items/${encodeURIComponent(code)}`, { signal });
    draw(map, "territory", collection([{ ...feature, properties: {} }]), [{ type: "line", layout: { "line-join": "round" }, paint: { "line-color": colour("--accent"), "line-width": 2.5 } }]);
    goTo(map, boxOf(positionsOf(feature.geometry)), 11);
  };

  return {
    async open(view) {
      view.replaceChildren(h("div", { class: "know" }, h("h2", { class: "visually-hidden" }, word("know")), problem, place, commuters.element, drawn.element));
      release = takeClicks((features) => {
        const hit = hitTerritory(features, map.getZoom());
        if (hit) go({ at: hit });
        return Boolean(hit);
      });
      await Promise.all([follow(), drawn.load()]);
    },
    update() {
      if (stated() !== followed) follow();
      else drawn.show();
    },
    leave() {
      release?.();
      commuters.stop();
      asking?.abort();
      erase(map, "territory");
    },
  };
}

/** Zooms below which a click means the intercommunality rather than the commune. */
const COMMUNES = 10;

/** @param {import("maplibre-gl").MapGeoJSONFeature[]} features @param {number} zoom */
function hitTerritory(features, zoom) {
  const node = features.find(({ sourceLayer }) => sourceLayer === "nodes")?.properties;
  if (node?.level && node.id) return `${node.level}/${node.id}`;
  const commune = features.find(({ sourceLayer }) => sourceLayer === "communes")?.properties;
  if (commune) return zoom < COMMUNES && commune.epci ? `epci/${commune.epci}` : `commune/${commune.code ?? commune.id}`;
  const departement = features.find(({ sourceLayer }) => sourceLayer === "departements")?.properties;
  return departement && `departement/${departement.code ?? departement.id}`;
}

/** @param {string} level */
function levelName(level) {
  const key = `level-${level}`;
  return key in words ? word(/** @type {any} */ (key)) : level;
}

