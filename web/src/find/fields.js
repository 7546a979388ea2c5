// Fields made from the schema: what a kind of criterion asks for, and what a criterion was given.
import { h, unique } from "../shell/dom.js";
import { language, told, word } from "../shell/language.js";
import { words } from "../words/index.js";
import { kindName } from "./naming.js";
import { kinds } from "./schema.js";
import { added, at, changed } from "./spec.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {import("./schema.js").Kind} Kind */

/** Names of fields that hold layers, and which layers they may hold. */
const LAYER_FIELDS = ["to", "from", "of", "with", "in", "plan", "table", "through"];

/** @param {string} name */
function fieldName(name) {
  const key = `field-${name}`;
  return key in words ? word(/** @type {any} */ (key)) : name;
}

/** A field of a kind: an element and what it holds. @param {Desk} desk @param {Kind["fields"][number]} field @param {unknown} [value] */
function fieldOf(desk, { name, schema, needed }, value) {
  const id = unique("field");
  const choices = schema.enum ?? schema.oneOf?.map((/** @type {any} */ one) => one.const).filter(Boolean) ?? schema.anyOf?.map((/** @type {any} */ one) => one.const).filter(Boolean);
  let input;
  if (LAYER_FIELDS.includes(name) && !choices?.length) {
    const wanted = name === "table" ? desk.provenance.layers.filter(({ geometry }) => geometry === "none") : name === "in" ? desk.provenance.layers.filter(({ role }) => role === "territory") : desk.provenance.layers.filter(({ geometry }) => geometry !== "none");
    input = h("select", { id, name, required: needed }, !needed && h("option", { value: "" }, "–"), ...wanted.map((layer) => h("option", { value: layer.id }, told(layer.title))));
  } else if (name === "column" || name === "field") {
    const columns = new Map(desk.provenance.layers.filter(({ role }) => (name === "column" ? role === "candidate" : true)).flatMap(({ columns: all }) => Object.entries(all).filter(([, column]) => name === "column" || ["number", "integer"].includes(column.type)).map(([key, column]) => /** @type {const} */ ([key, told(column.title) || key]))));
    input = h("select", { id, name, required: needed }, ...[...columns].map(([key, title]) => h("option", { value: key }, title)));
  } else if (choices?.length) {
    input = h("select", { id, name, required: needed }, !needed && h("option", { value: "" }, "–"), ...choices.map((/** @type {string} */ one) => h("option", { value: one }, one)));
  } else {
    const type = schema.type === "integer" || schema.type === "number" ? "number" : name === "asked" ? "date" : "text";
    input = h("input", { id, name, type, required: needed, step: "any", min: schema.minimum, placeholder: name === "radius" ? "5 km" : undefined });
  }
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === "string" || typeof first === "number") input.value = String(first);
  return h("div", { class: "field" }, h("label", { for: id }, fieldName(name)), input, schema.description && language === "en" && h("small", {}, schema.description.split("\n")[0]));
}

/** @param {HTMLElement} form @param {Kind} kind */
function valuesOf(form, kind) {
  const values = kind.fields.flatMap(({ name, schema }) => {
    const text = /** @type {HTMLInputElement | null} */ (form.querySelector(`[name="${name}"]`))?.value.trim() ?? "";
    return text === "" ? [] : [[name, schema.type === "integer" || schema.type === "number" ? Number(text) : text]];
  });
  return Object.fromEntries(values);
}

/** Fields whose form the page makes; the others are written in a file. @param {Kind["fields"][number]} field */
const isSimple = ({ schema }) => schema.type !== "object" && schema.type !== "array";

/** A form for one more criterion. @param {Desk} desk */
export function adding(desk) {
  const place = h("details", { class: "adding" }, h("summary", { class: "quiet" }, word("addCriterion")));
  place.addEventListener("toggle", async () => {
    if (!place.open || place.childElementCount > 1) return;
    const all = await kinds();
    const usual = all.filter((kind) => kind.fields.filter(({ needed }) => needed).every(isSimple));
    const choice = h("select", { id: unique("kind") }, ...usual.map(({ kind }) => h("option", { value: kind }, kindName(kind))));
    const fields = h("div", { class: "fields" });
    const name = h("input", { type: "text", id: unique("name"), required: true });
    const show = () => {
      const kind = usual.find((one) => one.kind === choice.value) ?? usual[0];
      fields.replaceChildren(...kind.fields.filter(isSimple).map((field) => fieldOf(desk, field)));
      suggest();
    };
    // A column says better what is measured than the kind does.
    const suggest = () => {
      const column = /** @type {HTMLSelectElement | null} */ (fields.querySelector("[name=column]"));
      name.value = column?.selectedOptions[0]?.text || kindName(choice.value);
    };
    fields.addEventListener("change", (event) => /** @type {HTMLElement} */ (event.target).matches("[name=column]") && suggest());
    choice.value = "proximity";
    choice.addEventListener("change", show);
    show();
    const form = h("form", { class: "fields" }, h("div", { class: "field" }, h("label", { for: choice.id }, word("measure")), choice), fields, h("div", { class: "field" }, h("label", { for: name.id }, word("name")), name), h("button", { type: "submit" }, word("add")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const kind = usual.find((one) => one.kind === choice.value) ?? usual[0];
      // Whatever it measures, it asks for something: a value that is refined once its spread is known.
      const criterion = { kind: kind.kind, ...valuesOf(fields, kind) };
      desk.add(added(desk.spec, name.value, criterion), name.value);
      place.open = false;
    });
    place.append(form);
  });
  return place;
}

/** What a criterion was given, to be changed, and the way out. @param {Desk} desk @param {string} path */
export function definition(desk, path) {
  const place = h("details", { class: "definition" }, h("summary", {}, word("definition")));
  place.addEventListener("toggle", async () => {
    const criterion = at(desk.spec, path);
    if (!place.open || !criterion) return;
    const kind = (await kinds()).find((one) => one.kind === criterion.kind);
    const fields = (kind?.fields ?? []).filter(isSimple).map((field) => fieldOf(desk, field, criterion[field.name]));
    const form = h("form", { class: "fields" }, ...fields, h("div", { class: "row" }, fields.length > 0 && h("button", { type: "submit", class: "quiet" }, word("apply")), h("button", { type: "button", class: "quiet", onclick: () => desk.change(changed(desk.spec, path, () => undefined), true) }, word("removeCriterion"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!kind) return;
      const values = valuesOf(form, kind);
      desk.change(changed(desk.spec, path, (before) => {
        const kept = Object.entries(before).filter(([key]) => !kind.fields.some((field) => field.name === key && isSimple(field)));
        const several = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.isArray(before[key]) && before[key][0] === value ? before[key] : value]));
        return { .../** @type {any} */ (Object.fromEntries(kept)), ...several };
      }), true);
    });
    place.querySelector("form")?.remove();
    place.append(form);
  });
  return place;
}
