// The sites on the map: a numbered disc each, and the lines from the chosen one to what it was measured against.

/** @typedef {import("./types").Site} Site */
/** @typedef {import("maplibre-gl").Map} Map */

const FONT = ["Noto Sans Bold"];

/** The page's colours, for what is drawn by the map. @param {string} name */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * @param {Map} map
 * @param {Site[]} sites
 * @param {(index: number) => void} choose
 */
export function drawSites(map, sites, choose) {
  const features = sites.flatMap(({ rank, lon, lat }, id) => (lon === null || lat === null ? [] : [point([lon, lat], { rank: String(rank), order: -rank }, id)]));
  whenStyled(map, () => {
    map.addSource("witness", { type: "geojson", data: collection([]) });
    map.addSource("sites", { type: "geojson", data: collection(features) });
    const disc = /** @type {any} */ (["case", ["boolean", ["feature-state", "chosen"], false], colour("--accent"), colour("--ink")]);
    map.addLayer({ id: "witness-line", type: "line", source: "witness", layout: { "line-cap": "round" }, paint: { "line-color": colour("--accent"), "line-width": 2, "line-dasharray": [0.2, 2] } });
    map.addLayer({ id: "witness-end", type: "circle", source: "witness", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 4, "circle-color": colour("--paper"), "circle-stroke-color": colour("--accent"), "circle-stroke-width": 2 } });
    map.addLayer({ id: "witness-name", type: "symbol", source: "witness", filter: ["==", ["geometry-type"], "Point"], layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-offset": [0, 0.8], "text-anchor": "top", "text-max-width": 12 }, paint: { "text-color": colour("--accent"), "text-halo-color": colour("--paper"), "text-halo-width": 1.6 } });
    map.addLayer({ id: "sites-disc", type: "circle", source: "sites", layout: { "circle-sort-key": ["get", "order"] }, paint: { "circle-radius": 11, "circle-color": disc, "circle-stroke-color": colour("--paper"), "circle-stroke-width": 2 } });
    // Of discs that lie on each other the best keeps its number.
    map.addLayer({ id: "sites-rank", type: "symbol", source: "sites", layout: { "text-field": ["get", "rank"], "text-font": FONT, "text-size": 12, "text-padding": 6, "symbol-sort-key": ["-", ["get", "order"]] }, paint: { "text-color": colour("--paper") } });
  });
  map.on("click", "sites-disc", (event) => {
    event.preventDefault();
    choose(Number(event.features?.[0].id));
  });
  map.on("mouseenter", "sites-disc", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "sites-disc", () => (map.getCanvas().style.cursor = ""));
  return {
    /** @param {Site | undefined} chosen */
    select: (chosen) => {
      sites.forEach((site, id) => map.setFeatureState({ source: "sites", id }, { chosen: site === chosen }));
      outline(map, chosen);
    },
  };
}

/** Draws the chosen site's edge, from the tiles that hold it. @param {Map} map @param {Site | undefined} site */
function outline(map, site) {
  if (map.getLayer("site-edge")) map.removeLayer("site-edge");
  const drawn = map.getStyle().layers.find((layer) => "source-layer" in layer && layer["source-layer"] === site?.layer);
  if (!site || !drawn || !("source" in drawn)) return;
  const paint = { "line-color": colour("--accent"), "line-width": 3.5 };
  map.addLayer({ id: "site-edge", type: "line", source: String(drawn.source), "source-layer": site.layer, filter: ["==", ["get", "id"], site.id], paint }, "witness-line");
}

/** @param {Map} map @param {Site | undefined} site nothing clears them */
export function drawWitnesses(map, site) {
  const lines = (site?.findings ?? []).flatMap(({ witness }) => {
    if (!witness?.way) return [];
    return [line(witness.way), point(witness.way[1], { name: witness.name ?? witness.id })];
  });
  /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (map.getSource("witness"))?.setData(collection(lines));
}

/** @param {Map} map @param {() => void} draw */
function whenStyled(map, draw) {
  if (map.isStyleLoaded()) draw();
  else map.once("load", draw);
}

/** @param {[number, number]} coordinates @param {Record<string, unknown>} properties @param {number} [id] @returns {GeoJSON.Feature} */
function point(coordinates, properties, id) {
  return { type: "Feature", id, properties, geometry: { type: "Point", coordinates } };
}

/** @param {[number, number][]} coordinates @returns {GeoJSON.Feature} */
function line(coordinates) {
  return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } };
}

/** @param {GeoJSON.Feature[]} features @returns {GeoJSON.FeatureCollection} */
function collection(features) {
  return { type: "FeatureCollection", features };
}
