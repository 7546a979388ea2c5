// The map application: opens the map, then the panel beside it; each part is a file of its own.
import "maplibre-gl/dist/maplibre-gl.css";
import "./style.css";

import { ApiError, ask, ready } from "./api.js";
import { byId, h } from "./dom.js";
import { addressIn, fillPage, language, word } from "./language.js";
import { showLegend } from "./legend.js";
import { openMap } from "./map.js";
import { inspectOn } from "./sheet.js";
import { showSites } from "./sites.js";

/** @typedef {import("./types").Provenance} Provenance */

async function start() {
  fillPage();
  languageSwitch();
  await ready((state) => say(word(state === "unreachable" ? "unreachable" : "opening")));
  say("");
  const [style, provenance] = await Promise.all([loadStyle(), /** @type {Promise<Provenance>} */ (ask("provenance"))]);
  const map = openMap(style, provenance);
  showLegend(map, style, provenance);
  inspectOn(map, style, provenance);
  showSources(provenance);
  followScheme();
  await showSites(map);
}

function loadStyle() {
  const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  return ask(`styles/land-availability.json?lang=${language}&scheme=${scheme}`);
}

/** Everything drawn has its colour from the scheme: a change of it starts the page again, at the same place. */
function followScheme() {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
}

function languageSwitch() {
  const choice = (/** @type {"fr" | "en"} */ other, /** @type {string} */ name) =>
    h("a", { href: addressIn(other), lang: other, hreflang: other, "aria-current": other === language && "true", title: name }, other.toUpperCase());
  byId("switches").append(h("nav", { "aria-label": word("language") }, choice("fr", "Français"), choice("en", "English")));
}

/** @param {Provenance} provenance */
function showSources({ layers, snapshot }) {
  const publishers = [...new Set(layers.map((layer) => layer.attribution ?? layer.publisher))];
  const line = word("data", { list: publishers.join(" · ") });
  byId("sources").replaceChildren(line, h("br"), word("snapshot", { id: snapshot }));
}

/** @param {string} sentence nothing hides the note */
function say(sentence) {
  const note = byId("note");
  note.textContent = sentence;
  note.hidden = sentence === "";
}

start().catch((error) => {
  say(word("failed", { why: error instanceof ApiError ? error.message : String(error) }));
  if (!(error instanceof ApiError)) throw error;
});
