// What counts as the ground of a site: plots that are put together, and what may not be built on. Its fields are those of the
// specification's schema.
import { h, unique } from "../shell/dom.js";
import { told, word } from "../shell/language.js";
import { readBound } from "./bound.js";
import { followed, specificationSchema } from "./schema.js";
import { at, having, measured } from "./spec.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./schema.js").Schema} Schema */
/** @typedef {{ element: HTMLElement, read: () => any }} Part */

/** @param {Desk} desk */
export function ground(desk) {
  const place = h("div", { class: "fields" });
  const element = h("details", { class: "land ground" }, h("summary", {}, word("groundTitle")), place);
  let made = "";

  const show = async () => {
    if (!element.open || !desk.open) return;
    const { candidates, buildable } = desk.spec;
    const form = JSON.stringify([candidates, buildable]);
    if (form === made) return;
    made = form;
    const { Assemble, Buildable } = (await specificationSchema()).$defs;
    const area = readBound(measured(desk.spec.criteria).map(([path]) => at(desk.spec, path)).find((one) => one?.kind === "area")?.required);
    const first = desk.provenance.layers.find(({ role, geometry }) => role === "constraint" && geometry === "polygon");
    place.replaceChildren(
      block(word("assembleTitle"), Assemble, candidates.assemble, { area: area ? `${area.value} ${area.unit}` : "8 ha" }, (assemble) => desk.change({ ...desk.spec, candidates: having(desk.spec.candidates, { assemble }) }, true)),
      block(word("buildableTitle"), Buildable, parted(buildable), { minus: first ? [{ layers: first.id }] : [], edge: "5 m" }, (next) => desk.change(having(desk.spec, { buildable: next }), true)),
    );
  };
  /** A part of the specification that is there or not. @param {string} title @param {Schema} schema @param {any} value @param {object} begin @param {(value: any) => void} change */
  const block = (title, schema, value, begin, change) => {
    const part = value && object(desk, schema, value, () => change(part?.read()));
    const on = h("input", { type: "checkbox", checked: Boolean(value), onchange: () => change(on.checked ? begin : undefined) });
    return h("fieldset", {}, h("label", { class: "switch" }, on, title), part && part.element);
  };
  element.addEventListener("toggle", show);
  return { element, update: () => void show() };
}

/** One layer a row: several of one row count as several rows do. @param {any} buildable */
function parted(buildable) {
  return buildable && { ...buildable, minus: (buildable.minus ?? []).flatMap((/** @type {any} */ row) => [row.layers].flat().map((layers) => ({ ...row, layers }))) };
}

/** @param {Desk} desk @param {Schema} schema @param {Record<string, any>} value @param {() => void} changed @returns {Part} */
function object(desk, schema, value, changed) {
  const parts = Object.entries(schema.properties).map(([name, inner]) => /** @type {const} */ ([name, partOf(desk, name, followed(inner), value?.[name], changed)]));
  return {
    element: h("div", { class: "fields" }, ...parts.map(([, { element }]) => element)),
    read() {
      const said = parts.map(([name, { read }]) => [name, read()]).filter(([, inner]) => inner !== undefined);
      return said.length ? Object.fromEntries(said) : undefined;
    },
  };
}

/** @param {Desk} desk @param {string} name @param {Schema} schema @param {any} value @param {() => void} changed @returns {Part} */
function partOf(desk, name, schema, value, changed) {
  if (schema.type === "object") return object(desk, schema, value, changed);
  if (schema.type === "array") return rows(desk, followed(schema.items), value ?? [], changed);
  const id = unique("ground");
  const input = choices(desk, name, id) ?? h("input", { id, type: schema.type === "integer" ? "number" : "text", min: schema.minimum, max: schema.maximum, placeholder: schema.default });
  if (value !== undefined) input.value = String(value);
  input.addEventListener("change", () => input.reportValidity() && changed());
  return {
    element: h("div", { class: "field" }, h("label", { for: id }, word(/** @type {any} */ (`ground-${name}`))), input),
    read: () => (input.value.trim() === "" ? undefined : schema.type === "integer" ? Number(input.value) : input.value.trim()),
  };
}

/** @param {Desk} desk @param {string} name @param {string} id */
function choices({ provenance: { layers }, spec }, name, id) {
  const option = (/** @type {string} */ value, /** @type {string} */ text) => h("option", { value }, text);
  if (name === "layers") return h("select", { id }, ...layers.filter(({ geometry }) => geometry !== "none").map((layer) => option(layer.id, told(layer.title))));
  if (name !== "by") return undefined;
  const columns = layers.filter(({ id: layer }) => spec.candidates.layers.includes(layer)).flatMap((layer) => Object.entries(layer.columns).filter(([, { type }]) => type === "text"));
  return h("select", { id }, option("", "–"), ...[...new Map(columns)].map(([column, { title }]) => option(column, told(title) || column)));
}

/** @param {Desk} desk @param {Schema} schema @param {any[]} values @param {() => void} changed @returns {Part} */
function rows(desk, schema, values, changed) {
  const parts = values.map((value) => object(desk, schema, value, changed));
  const list = h("ul", {}, ...parts.map((part) => h("li", {}, part.element, h("button", { type: "button", class: "quiet", onclick: () => (parts.splice(parts.indexOf(part), 1), changed()) }, word("groundDrop")))));
  const free = () => desk.provenance.layers.find(({ id, role, geometry }) => role === "constraint" && geometry !== "none" && !values.some(({ layers }) => layers === id))?.id ?? desk.provenance.layers[0].id;
  const more = h("button", { type: "button", class: "quiet", onclick: () => (parts.push({ element: h("div"), read: () => ({ layers: free() }) }), changed()) }, word("groundAdd"));
  return { element: h("div", {}, list, more), read: () => parts.map(({ read }) => read()) };
}
