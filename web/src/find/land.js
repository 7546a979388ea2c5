// Among which land to choose: layers, a territory, how many sites are listed.
import { h, unique } from "../shell/dom.js";
import { told, word } from "../shell/language.js";
import { searchBox } from "../shell/search.js";
import { having } from "./spec.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk */
export function land(desk) {
  const title = h("input", { type: "text", id: unique("title"), onchange: () => desk.change(having(desk.spec, { title: title.value.trim() || undefined }), true) });
  const limit = h("input", { type: "number", id: unique("limit"), min: 1, max: 10000, step: 1, onchange: () => limit.reportValidity() && desk.change({ ...desk.spec, limit: Number(limit.value) }, true) });
  const where = h("textarea", { id: unique("where"), rows: 2, spellcheck: "false", onchange: () => desk.change(withCandidates(desk, { where: where.value.trim() || undefined }), true) });
  const within = h("div", { class: "within" });
  const layers = desk.provenance.layers.filter(({ role, geometry }) => role === "candidate" && geometry === "polygon");
  const boxes = layers.map((layer) => {
    const box = h("input", { type: "checkbox", value: layer.id, onchange: () => {
      const chosen = boxes.filter(({ box: one }) => one.checked).map(({ box: one }) => one.value);
      if (chosen.length === 0) return void (box.checked = true);
      desk.change(withCandidates(desk, { layers: chosen }), true);
    } });
    return { box, row: h("li", {}, h("label", {}, box, told(layer.title))) };
  });
  const element = h(
    "details",
    { class: "land" },
    h("summary", {}, word("landTitle")),
    h("div", { class: "fields" }, h("div", { class: "field" }, h("label", { for: title.id }, word("title")), title), h("fieldset", {}, h("legend", {}, word("candidateLayers")), h("ul", {}, ...boxes.map(({ row }) => row))), h("div", { class: "field" }, h("span", { class: "label" }, word("within")), within), h("div", { class: "field" }, h("label", { for: where.id }, word("where")), where), h("div", { class: "field" }, h("label", { for: limit.id }, word("limit")), limit)),
  );
  const update = () => {
    const { candidates } = desk.spec;
    if (document.activeElement !== title) title.value = desk.spec.title ?? "";
    if (document.activeElement !== limit) limit.value = String(desk.spec.limit ?? 50);
    if (document.activeElement !== where) where.value = candidates.where ?? "";
    for (const { box } of boxes) box.checked = candidates.layers.includes(box.value);
    const place = typeof candidates.within === "string" ? candidates.within : candidates.within ? word("drawnPlace") : undefined;
    if (place) within.replaceChildren(h("span", { class: "chip" }, place, h("button", { type: "button", "aria-label": word("everywhere"), onclick: () => desk.change(withCandidates(desk, { within: undefined }), true) }, "×")));
    else if (!within.querySelector("input")) within.replaceChildren(searchBox({ label: word("withinSearch"), layers: territories(desk), choose: (hit) => desk.change(withCandidates(desk, { within: `${hit.layer}/${hit.id}` }), true) }));
  };
  return { element, update };
}

/** @param {Desk} desk */
function territories(desk) {
  return desk.provenance.layers.filter(({ role, geometry }) => role === "territory" && geometry === "polygon").map(({ id }) => id).join(",");
}

/** @param {Desk} desk @param {Partial<import("../types").Spec["candidates"]>} values */
function withCandidates(desk, values) {
  return { ...desk.spec, candidates: having(desk.spec.candidates, values) };
}
