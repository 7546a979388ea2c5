// The ways to give a plot: draw it, name it, paste it, or hand over a file.
import { h, unique } from "../shell/dom.js";
import { fileButton } from "../shell/files.js";
import { word } from "../shell/language.js";
import { go } from "../shell/route.js";
import { searchBox } from "../shell/search.js";
import { addressOfPlot, keepFile } from "./plot.js";

/** The click that closes a drawing reaches the map as well, a little later. */
const CLOSING_MS = 500;

/** @param {{ map: import("maplibre-gl").Map, provenance: import("../types").Provenance, failed: (error: unknown) => void }} told */
export function ways({ map, provenance, failed }) {
  /** @type {{ stop: () => void } | undefined} */
  let pen;
  let ended = -Infinity;
  const said = h("p", { class: "hint", role: "status" }, word("drawHint"));
  const start = h("button", { type: "button", class: "primary", onclick: () => (pen ? stop() : draw()) }, word("draw"));

  const draw = async () => {
    start.textContent = word("stopDrawing");
    const { takePen } = await import("./pen.js");
    pen = takePen(map, {
      done: (polygon) => {
        stop();
        go({ plot: addressOfPlot(polygon) });
      },
      cancelled: () => (stop(), start.focus()),
      corners: (count) => (said.textContent = count === 0 ? word("drawing") : word("corners", { count })),
    });
    said.textContent = word("drawing");
  };
  const stop = () => {
    if (pen) ended = performance.now();
    pen?.stop();
    pen = undefined;
    start.textContent = word("draw");
    said.textContent = word("drawHint");
  };

  const text = h("textarea", { id: unique("paste"), rows: 3, spellcheck: "false", placeholder: "POLYGON((3.72 46.55, 3.73 46.55, 3.73 46.56, 3.72 46.55))" });
  const paste = (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = text.value.trim();
    if (!value) return text.focus();
    try {
      go({ plot: addressOfPlot(value.startsWith("{") ? JSON.parse(value) : value) });
    } catch {
      failed(new SyntaxError(word("notJson")));
    }
  };
  const plots = provenance.layers.filter(({ role, geometry }) => role === "candidate" && geometry === "polygon").map(({ id }) => id).join(",");
  const element = h(
    "div",
    { class: "ways-in stacked" },
    h("p", { class: "lead" }, word("checkStart")),
    h("div", { class: "actions" }, start),
    said,
    h("h3", {}, word("byName")),
    searchBox({ label: word("parcelSearch"), layers: plots, choose: (hit) => go({ plot: `${hit.layer}/${hit.id}` }) }),
    h("h3", {}, word("byText")),
    h("form", { class: "fields", onsubmit: paste }, h("label", { class: "visually-hidden", for: text.id }, word("byText")), text, h("div", { class: "actions" }, h("button", { type: "submit", class: "quiet" }, word("checkIt")), fileButton(word("byFile"), ".geojson,.json,.gpkg,.fgb,.zip,.csv,.parquet,.kml", takeFile))),
    h("p", { class: "hint" }, word("fileHint")),
  );

  async function takeFile(/** @type {File} */ file) {
    try {
      if (/json$/i.test(file.name)) return go({ plot: addressOfPlot(JSON.parse(await file.text())) });
      go({ plot: keepFile(file) });
    } catch {
      failed(new SyntaxError(word("notJson")));
    }
  }
  return { element, stop, drawing: () => pen !== undefined || performance.now() - ended < CLOSING_MS };
}
