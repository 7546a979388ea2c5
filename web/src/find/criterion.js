// The card of a criterion: how its measure spreads over the candidates, what is required of it, what it weighs.
import { histogram } from "../chart/histogram.js";
import { h, styled, unique } from "../shell/dom.js";
import { percent, plural, word } from "../shell/language.js";
import { readBound, readQuantity, readWords, scaleOf, writeBound, writeQuantity, writeWords } from "./bound.js";
import { definition } from "./fields.js";
import { firstBound, firstWorth } from "./guess.js";
import { amount, describe, required, wordName } from "./naming.js";
import { at, changed, having } from "./spec.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("../types").Criterion} Criterion */
/** @typedef {import("../types").Spread} Spread */

/** @param {Desk} desk @param {string} path */
export function card(desk, path) {
  const title = unique("criterion");
  const reading = h("span", { class: "reading" });
  const modes = h("div", { class: "modes", role: "group", "aria-labelledby": title });
  const chart = h("div", { class: "chart" });
  const cost = h("p", { class: "cost" });
  const weight = h("div", { class: "weighing" });
  const element = h(
    "li",
    { class: "criterion" },
    h("div", { class: "head" }, h("h3", { id: title }, path.replaceAll("/", " › ")), reading),
    h("p", { class: "what" }, ""),
    modes,
    chart,
    cost,
    weight,
    definition(desk, path),
  );
  /** What the chart was made of: it is made again only for another measure or another form of requirement. */
  let made = "";

  const update = () => {
    const criterion = at(desk.spec, path);
    if (!criterion) return;
    const spread = desk.spread(path);
    element.querySelector(".what")?.replaceChildren(describe(criterion, desk.provenance));
    reading.replaceChildren(criterion.required ? required(criterion.required, desk.provenance) : "");
    const form = JSON.stringify([spread?.scale, spread?.from, spread?.to, spread?.bins, Boolean(criterion.required), Boolean(criterion.value), Boolean(desk.spec.weights), criterion.value && Object.keys(criterion.value)]);
    if (form !== made) {
      made = form;
      keepFocus(element, () => {
        modes.replaceChildren(...toggles(desk, path, criterion, spread));
        chart.replaceChildren(...(spread ? control(desk, path, criterion, spread) : [h("div", { class: "wait" })]));
        weight.replaceChildren(...(criterion.value ? weighing(desk, path) : []));
      });
    }
    for (const follow of chart.querySelectorAll("[data-follow]")) follow.dispatchEvent(new CustomEvent("follow"));
    for (const follow of weight.querySelectorAll("[data-follow]")) follow.dispatchEvent(new CustomEvent("follow"));
    cost.textContent = criterion.required ? costOf(desk, path) : "";
  };
  return { element, update };
}

/** Whoever had the focus has it again, by its place in the card. @param {HTMLElement} element @param {() => void} change */
function keepFocus(element, change) {
  const name = element.contains(document.activeElement) ? document.activeElement?.getAttribute("data-part") : null;
  change();
  if (name) /** @type {HTMLElement | null} */ (element.querySelector(`[data-part="${name}"]`))?.focus();
}

/** @param {Desk} desk @param {string} path */
function costOf(desk, path) {
  const removal = desk.answer?.requirements.find(({ criterion }) => criterion === path);
  if (!removal) return "";
  const removed = plural("removesOne", "removesMany", removal.removed, { tested: removal.tested });
  return removal.unknown > 0 ? `${removed} · ${plural("unknownOne", "unknownMany", removal.unknown)}` : removed;
}

/** Required, weighed, or both. @param {Desk} desk @param {string} path @param {Criterion} criterion @param {Spread | undefined} spread */
function toggles(desk, path, criterion, spread) {
  const toggle = (/** @type {"required" | "weighed"} */ mode, /** @type {boolean} */ on, /** @type {() => void} */ turn) =>
    h("button", { type: "button", class: "toggle", "data-part": mode, "aria-pressed": String(on), disabled: (on && !(criterion.required && criterion.value)) || (!spread && !on), onclick: turn }, word(mode));
  const change = (/** @type {Partial<Criterion>} */ values) => desk.change(changed(desk.spec, path, (before) => having(before, values)), true);
  return [
    toggle("required", Boolean(criterion.required), () => change({ required: criterion.required ? undefined : spread && firstBound(criterion, spread) })),
    toggle("weighed", Boolean(criterion.value), () => change(criterion.value ? { value: undefined, weight: undefined } : { value: spread && firstWorth(criterion, spread), weight: desk.spec.weights ? undefined : 1 })),
  ];
}

/** The chart with what moves over it. @param {Desk} desk @param {string} path @param {Criterion} criterion @param {Spread} spread */
function control(desk, path, criterion, spread) {
  if (spread.scale === "words") return [wordBoxes(desk, path, spread)];
  const bound = readBound(criterion.required);
  const worths = () => Object.entries(at(desk.spec, path)?.value ?? {}).flatMap(([text, worth]) => {
    const read = readQuantity(text);
    return read ? [/** @type {[number, number]} */ ([read.value, worth])] : [];
  });
  const values = [spread.from, spread.to, ...(bound ? [bound.value] : []), ...worths().map(([value]) => value)];
  const scale = scaleOf(Math.min(...values), Math.max(...values), spread.bins.length > 0 && Number.isInteger(spread.from) && Number.isInteger(spread.to) && spread.to - spread.from > 40);
  const drawn = h("div", { class: "bars", "data-follow": true });
  const passes = (/** @type {number} */ value) => admits(readBound(at(desk.spec, path)?.required), value);
  const draw = () => drawn.replaceChildren(histogram(spread, scale, passes, worths()));
  drawn.addEventListener("follow", draw);
  draw();
  const ends = h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, amount(scale.from, shownUnit(spread))), h("span", {}, `${amount(scale.to, shownUnit(spread))}${spread.above ? " +" : ""}`));
  const far = criterion.value && worthEnds(desk, path);
  return [h("div", { class: "plot" }, drawn, bound && slider(desk, path, bound, spread, scale)), ends, ...(far ? [far] : [])];
}

/** @param {Spread} spread */
function shownUnit(spread) {
  return spread.scale === "date" ? "date" : spread.unit;
}

/** @param {import("./bound.js").Bound | undefined} bound @param {number} value */
function admits(bound, value) {
  if (!bound) return true;
  return { "<=": value <= bound.value, "<": value < bound.value, ">=": value >= bound.value, ">": value > bound.value }[bound.operator] ?? value === bound.value;
}

/** @param {Desk} desk @param {string} path @param {import("./bound.js").Bound} bound @param {Spread} spread @param {{ from: number, to: number, step: number }} scale */
function slider(desk, path, bound, spread, scale) {
  const input = h("input", { type: "range", class: "threshold", "data-part": "threshold", "data-follow": true, min: scale.from, max: scale.to, step: scale.step, value: bound.value, "aria-label": word("threshold", { name: path }) });
  const tell = (/** @type {number} */ value) => input.setAttribute("aria-valuetext", `${bound.operator === "<=" || bound.operator === "<" ? word("atMost") : word("atLeast")} ${amount(value, shownUnit(spread))}`);
  const move = (/** @type {boolean} */ settled) => {
    const value = Number(input.value);
    tell(value);
    desk.change(changed(desk.spec, path, (before) => ({ ...before, required: writeBound({ ...bound, value }) })), settled);
  };
  input.addEventListener("input", () => move(false));
  input.addEventListener("change", () => move(true));
  input.addEventListener("follow", () => {
    const now = readBound(at(desk.spec, path)?.required);
    if (now && document.activeElement !== input) input.value = String(now.value);
  });
  tell(bound.value);
  return input;
}

/** The words that candidates have, each with how many; those ticked are admitted. @param {Desk} desk @param {string} path @param {Spread} spread */
function wordBoxes(desk, path, spread) {
  const most = Math.max(1, ...spread.words.map(({ count }) => count));
  const admitted = () => readWords(at(desk.spec, path)?.required);
  const rows = spread.words.map(({ word: one, count }) => {
    const box = h("input", { type: "checkbox", "data-follow": true, "data-part": `word-${one}`, checked: admitted()?.includes(one) ?? true, disabled: !admitted() });
    box.addEventListener("change", () => {
      const ticked = spread.words.map((row) => row.word).filter((other) => (other === one ? box.checked : admitted()?.includes(other)));
      if (ticked.length === 0) return void (box.checked = true);
      desk.change(changed(desk.spec, path, (before) => ({ ...before, required: writeWords(ticked) })), true);
    });
    box.addEventListener("follow", () => (box.checked = admitted()?.includes(one) ?? true));
    return h("li", {}, h("label", {}, box, h("span", {}, wordName(one, desk.provenance)), styled(h("i", { "aria-hidden": "true" }), { width: `${(count / most) * 100}%` }), h("b", {}, String(count))));
  });
  return h("ul", { class: "words" }, ...rows);
}

/** Where the value begins and ends. @param {Desk} desk @param {string} path */
function worthEnds(desk, path) {
  const entries = Object.entries(at(desk.spec, path)?.value ?? {});
  if (entries.length !== 2 || !entries.every(([text]) => readQuantity(text))) return undefined;
  const field = (/** @type {number} */ which) => {
    const [text, worth] = entries[which];
    const read = /** @type {{ value: number, unit: string }} */ (readQuantity(text));
    const input = h("input", { type: read.unit === "date" ? "date" : "number", step: "any", value: read.unit === "date" ? text : read.value, "data-part": `worth-${which}`, "aria-label": word("worthAt", { share: percent(worth) }) });
    input.addEventListener("change", () => {
      if (input.value === "") return;
      const next = read.unit === "date" ? input.value : writeQuantity(Number(input.value), read.unit);
      const value = Object.fromEntries(Object.entries(at(desk.spec, path)?.value ?? {}).map(([key, worthy], place) => [place === which ? next : key, worthy]));
      if (Object.keys(value).length === 2) desk.change(changed(desk.spec, path, (before) => ({ ...before, value })), true);
    });
    return h("label", {}, word("worthAt", { share: percent(worth) }), input, h("span", {}, read.unit === "date" ? "" : read.unit));
  };
  return h("div", { class: "worths" }, h("span", {}, word("value")), field(0), field(1));
}

/** @param {Desk} desk @param {string} path */
function weighing(desk, path) {
  const share = h("b", { "data-follow": true });
  share.addEventListener("follow", () => (share.textContent = percent(desk.shares().get(path) ?? 0)));
  share.textContent = percent(desk.shares().get(path) ?? 0);
  if (desk.spec.weights) return [h("span", {}, word("weightByOrder")), share];
  const input = h("input", { type: "range", "data-part": "weight", "data-follow": true, min: 0, max: 5, step: 0.5, value: at(desk.spec, path)?.weight ?? 1, "aria-label": word("weightOf", { name: path }) });
  const move = (/** @type {boolean} */ settled) => desk.change(changed(desk.spec, path, (before) => ({ ...before, weight: Number(input.value) })), settled);
  input.addEventListener("input", () => move(false));
  input.addEventListener("change", () => move(true));
  input.addEventListener("follow", () => {
    if (document.activeElement !== input) input.value = String(at(desk.spec, path)?.weight ?? 1);
  });
  return [h("span", {}, word("weight")), input, share];
}
