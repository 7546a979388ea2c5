// A checked plot on the map: its outline, what may be built on, what bears on it, and the ways to what is near.
import { collection, colour, draw, erase } from "../map/own.js";
import { OWN } from "../map/paint.js";

/** @typedef {import("maplibre-gl").Map} Map */

/** Effects by colour; the words beside say the same. */
const EFFECTS = { block: "--bad", delay: "--doubt", unknown: "--soft", none: "--soft" };

/** @type {any[]} */
let found = [];

/** @param {Map} map @param {any} answer @param {(id: string) => void} choose */
export function drawPlot(map, answer, choose) {
  const of = (/** @type {string} */ id) => collection(answer.features.filter((/** @type {any} */ one) => one.id === id && one.geometry));
  found = answer.features.filter((/** @type {any} */ one) => one.geometry && one.properties.effect).map((/** @type {any} */ one) => ({ type: "Feature", geometry: one.geometry, properties: { key: one.id, weight: one.properties.weight } }));
  const paint = ["match", ["get", "weight"], ...Object.entries(EFFECTS).flatMap(([weight, name]) => [weight, colour(name)]), colour("--soft")];
  draw(map, "bearing", collection(found), [
    { id: "bearing-fill", type: "fill", paint: { "fill-color": paint, "fill-opacity": 0.03 } },
    { type: "line", paint: { "line-color": paint, "line-width": 1, "line-opacity": 0.7 } },
  ]);
  draw(map, "buildable", of("buildable"), [
    { type: "fill", paint: { "fill-color": colour("--good"), "fill-opacity": 0.5 } },
    { type: "line", paint: { "line-color": colour("--good"), "line-width": 2 } },
  ]);
  draw(map, "plot", of("plot"), [
    { type: "line", layout: { "line-join": "round" }, paint: { "line-color": colour("--paper"), "line-width": 5 } },
    { type: "line", layout: { "line-join": "round" }, paint: { "line-color": colour("--ink"), "line-width": 2.5 } },
  ]);
  light(map, undefined);
  map.off("mousemove", `${OWN}bearing-fill`, over);
  map.on("mousemove", `${OWN}bearing-fill`, over);
  chooser = choose;
}

/** @type {(id: string) => void} */
let chooser = () => {};

/** @param {import("maplibre-gl").MapLayerMouseEvent} event */
function over(event) {
  const [first] = event.features ?? [];
  if (first) chooser(String(first.properties.key));
}

/** Marks one finding. @param {Map} map @param {string | undefined} id */
export function light(map, id) {
  const accent = colour("--accent");
  draw(map, "lit", collection(found.filter(({ properties }) => properties.key === id)), [
    { type: "fill", paint: { "fill-color": accent, "fill-opacity": 0.3 } },
    { type: "line", paint: { "line-color": accent, "line-width": 3 } },
  ]);
}

/** @param {Map} map */
export function erasePlot(map) {
  for (const name of ["lit", "plot", "buildable", "bearing"]) erase(map, name);
}
