// Check a plot: drawn, pasted, named or from a file; then what bears on it, the strictest first.
import { takeClicks } from "../map/inspect.js";
import { boxOf, goTo, positionsOf } from "../map/open.js";
import { dimmed, HOME_STYLE, showStyle } from "../map/paint.js";
import { ApiError, ask, isAbort } from "../shell/api.js";
import { byId, h } from "../shell/dom.js";
import { language, word } from "../shell/language.js";
import { go, param } from "../shell/route.js";
import { raiseSheet } from "../shell/sheet.js";
import { findingsOf } from "./findings.js";
import { drawPlot, erasePlot, light } from "./plot-map.js";
import { keptFile, plotOf, projectOf } from "./plot.js";
import { projectForm } from "./project.js";
import { ways } from "./ways.js";

const ZONING_STYLE = "styles/zoning-constraints.json";

/** @param {import("../types").Place} place @returns {import("../shell/doors.js").Door} */
export function check({ map, provenance }) {
  /** @type {HTMLElement} */
  let view;
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {(() => void) | undefined} */
  let release;
  let followed = "";
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const place = h("div");
  const giving = ways({ map, provenance, failed });

  function failed(/** @type {unknown} */ error) {
    if (isAbort(error)) return;
    problem.textContent = error instanceof ApiError || error instanceof SyntaxError ? error.message : word("failed", { why: String(error) });
    problem.hidden = false;
  }

  const follow = async () => {
    followed = `${param("plot")} ${projectOf().key}`;
    asking?.abort();
    problem.hidden = true;
    const plot = param("plot");
    giving.stop();
    if (!plot) {
      erasePlot(map);
      place.replaceChildren(giving.element);
      return;
    }
    asking = new AbortController();
    const wait = h("div", { class: "asking", role: "status" }, word("checking"), h("button", { type: "button", class: "quiet", onclick: () => (asking?.abort(), go({ plot: undefined })) }, word("cancel")));
    if (!place.querySelector(".checked")) place.replaceChildren(wait);
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await question("geojson", asking.signal);
      show(answer);
    } catch (error) {
      if (isAbort(error)) return;
      place.replaceChildren(giving.element);
      failed(error);
    } finally {
      place.removeAttribute("aria-busy");
    }
  };

  /** The check in one of its forms. @param {string} form @param {AbortSignal} [signal] */
  const question = async (form, signal) => {
    const file = keptFile(param("plot") ?? "");
    const { project, query } = projectOf();
    const options = file ? { body: file, headers: { "content-type": "application/octet-stream" } } : { body: JSON.stringify({ plot: plotOf(param("plot") ?? ""), project }), headers: { "content-type": "application/json" } };
    const search = new URLSearchParams({ f: form, lang: language, ...(file ? { file: file.name, ...query } : {}) });
    return ask(`zoning?${search}`, { method: "POST", signal, ...options });
  };

  const show = (/** @type {any} */ answer) => {
    const found = findingsOf(answer, { provenance, hover: (id) => light(map, id), see: (geometry) => goTo(map, boxOf(positionsOf(geometry)), 17), dossier: plotRequest });
    place.replaceChildren(h("button", { type: "button", class: "back", onclick: () => go({ plot: undefined }) }, word("otherPlot")), found.element, projectForm());
    drawPlot(map, answer, found.choose);
    raiseSheet();
    const plot = answer.features.find((/** @type {any} */ one) => one.id === "plot");
    goTo(map, boxOf(positionsOf(plot.geometry)), 16);
  };

  /** What the dossier is asked with. @param {string} form */
  const plotRequest = (form) => {
    const file = keptFile(param("plot") ?? "");
    const { project, query } = projectOf();
    const search = new URLSearchParams({ f: form, lang: language, ...(file ? { file: file.name, ...query } : {}) });
    return { path: `zoning?${search}`, options: /** @type {RequestInit} */ ({ method: "POST", body: file ?? JSON.stringify({ plot: plotOf(param("plot") ?? ""), project }), headers: { "content-type": file ? "application/octet-stream" : "application/json" } }) };
  };

  return {
    async open(element) {
      view = element;
      view.replaceChildren(h("div", { class: "check" }, h("h2", { tabindex: "-1" }, word("checkTitle")), problem, place));
      await showStyle(map, ZONING_STYLE, dimmed(0.5)).catch(() => showStyle(map, HOME_STYLE));
      release = takeClicks((features) => {
        if (giving.drawing()) return true;
        const plot = !param("plot") && features.find(({ sourceLayer }) => sourceLayer && provenance.layers.some((layer) => layer.id === sourceLayer && layer.role === "candidate" && layer.geometry === "polygon"));
        if (!plot) return false;
        go({ plot: `${plot.sourceLayer}/${plot.properties.id ?? plot.id}` });
        return true;
      });
      await follow();
    },
    update() {
      if (`${param("plot")} ${projectOf().key}` !== followed) follow();
    },
    leave() {
      release?.();
      giving.stop();
      asking?.abort();
      erasePlot(map);
      byId("map").classList.remove("drawing");
    },
  };
}
