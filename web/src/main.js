// The map application: opens the map, then the panel beside it; each door of the panel is a folder of its own.
import "maplibre-gl/dist/maplibre-gl.css";
import "./shell/style.css";
import "./find/style.css";
import "./check/style.css";
import "./know/style.css";
import "./layers/style.css";

import { openFeature } from "./layers/feature.js";
import { showKey } from "./layers/key.js";
import { inspectOn } from "./map/inspect.js";
import { openMap } from "./map/open.js";
import { recolour } from "./map/own.js";
import { begin, HOME_STYLE, loadStyle, showAgain } from "./map/paint.js";
import { ApiError, ask } from "./shell/api.js";
import { onRecovery, watch } from "./shell/connection.js";
import { openDoors } from "./shell/doors.js";
import { byId, h } from "./shell/dom.js";
import { home } from "./shell/home.js";
import { fillPage, word } from "./shell/language.js";
import { say } from "./shell/note.js";
import { onScheme } from "./shell/reader.js";
import { go } from "./shell/route.js";
import { showSearch } from "./shell/search.js";
import { openSheet } from "./shell/sheet.js";
import { showSwitches } from "./shell/switches.js";

/** @typedef {import("./types").Provenance} Provenance */

async function start() {
  fillPage();
  showSwitches();
  openSheet();
  const [style, provenance] = await Promise.all([loadStyle(HOME_STYLE), /** @type {Promise<Provenance>} */ (ask("provenance"))]);
  const map = openMap(style, provenance);
  begin(style);
  const place = { map, provenance };
  inspectOn(map);
  showKey(map);
  showSources(provenance);
  openFeature(place);
  showSearch((hit) => go({ feature: `${hit.layer}/${hit.id}` }));
  watch();
  onRecovery(() => renew(place));
  onScheme(async () => (await showAgain(map), recolour(map)));
  await openDoors({
    home: async () => home(place),
    find: async () => (await import("./find/door.js")).find(place),
    check: async () => (await import("./check/door.js")).check(place),
    know: async () => (await import("./know/door.js")).know(place),
    layers: async () => (await import("./layers/door.js")).layers(place),
  });
}

/** After a stop the tiles that failed are asked for again; other data start the page anew, at the same place. @param {{ map: import("maplibre-gl").Map, provenance: Provenance }} place */
async function renew({ map, provenance }) {
  const { snapshot } = await ask("health");
  if (snapshot !== provenance.snapshot) return location.reload();
  for (const [id, source] of Object.entries(map.getStyle().sources)) if (source.type === "vector") map.refreshTiles(id);
}

/** @param {Provenance} provenance */
function showSources({ layers, snapshot }) {
  const publishers = [...new Set(layers.map((layer) => layer.attribution ?? layer.publisher))];
  byId("sources").replaceChildren(word("data", { list: publishers.join(" · ") }), h("br"), word("snapshot", { id: snapshot }));
}

start().catch((error) => {
  say(word("failed", { why: error instanceof ApiError ? error.message : String(error) }));
  if (!(error instanceof ApiError)) throw error;
});
