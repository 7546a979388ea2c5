// A territory in numbers, theme by theme: shares as bars beside those around it, counts with their rank, each with its source.
import { bars } from "../chart/bars.js";
import { ask } from "../shell/api.js";
import { bubble } from "../shell/bubble.js";
import { h, link, list } from "../shell/dom.js";
import { language, number, quantity, told, word } from "../shell/language.js";

/** Numbers that are parts of one whole are drawn together. */
const FAMILIES = ["diploma-", "jobs-"];
/** Diplomas from none to the highest. */
const LADDER = ["none", "lower-secondary", "vocational", "secondary", "two-years", "three-four-years", "five-years"].map((step) => `diploma-${step}`);
/** @param {{ id: string }} one */
const step = ({ id }) => LADDER.indexOf(id);
/** Themes that stand open; the others wait to be asked for. */
const OPEN = ["people", "labour"];

/** @param {string} at @param {string | undefined} other @param {AbortSignal} signal */
export async function profile(at, other, signal) {
  const [own, beside] = await Promise.all([at, other].map((one) => (one ? ask(`territories/${one}`, { signal }) : undefined)));
  const others = new Map((beside?.sections ?? []).flatMap((/** @type {any} */ { numbers }) => numbers.map((/** @type {any} */ one) => [one.id, one])));
  const around = beside ? told(beside.territory.name) : told(own.surroundings?.name);
  const sections = own.sections.filter((/** @type {any} */ { numbers }) => numbers.some((/** @type {any} */ { value }) => value !== null)).map((/** @type {any} */ section) => theme(own, section, (one) => (beside ? others.get(one.id) : one.surroundings)));
  return h(
    "section",
    { class: "profile" },
    h("div", { class: "head" }, h("h3", {}, word("profileTitle")), h("a", { class: "quiet", href: `territories/${at}?f=html&lang=${language}`, target: "_blank" }, word("dossier"))),
    around && h("p", { class: "beside" }, h("i", { class: "two", "aria-hidden": "true" }), around),
    ...sections,
    h("p", { class: "hint" }, own.notes.map(told).join(" ")),
  );
}

/** @param {any} own @param {any} section @param {(number: any) => any} beside */
function theme(own, { theme: id, title, numbers }, beside) {
  const known = numbers.filter((/** @type {any} */ { value }) => value !== null);
  const family = (/** @type {any} */ one) => FAMILIES.find((beginning) => one.id.startsWith(beginning) && one.unit !== "%");
  const together = FAMILIES.map((beginning) => known.filter((/** @type {any} */ one) => family(one) === beginning).sort((/** @type {any} */ a, /** @type {any} */ b) => step(a) - step(b))).filter((of) => of.length > 1);
  const shares = known.filter((/** @type {any} */ { unit }) => unit === "%");
  const plain = known.filter((/** @type {any} */ one) => !shares.includes(one) && !together.some((of) => of.includes(one)));
  return h(
    "details",
    { open: OPEN.includes(id) },
    h("summary", {}, told(title)),
    ...together.map((of) => bars(of.map((/** @type {any} */ one) => ({ name: short(told(one.title)), value: one.value, text: reading(one) })), told(title))),
    shares.length > 0 && bars(shares.map((/** @type {any} */ one) => ({ name: told(one.title), value: one.value, text: reading(one), other: pair(beside(one), one) })), told(title), Math.max(100, ...shares.map((/** @type {any} */ { value }) => value))),
    plain.length > 0 && h("ul", { class: "figures" }, ...plain.map((/** @type {any} */ one) => figure(own, one, beside(one)))),
  );
}

/** @param {any} other @param {any} one */
function pair(other, one) {
  return other && other.value !== null ? { value: other.value, text: reading({ ...one, ...other }) } : undefined;
}

/** Without what the family says already. @param {string} title */
function short(title) {
  return title.replace(/^[^:]+\s?: /, "");
}

/** @param {any} own @param {any} one @param {any} other */
function figure(own, one, other) {
  const source = own.sources.find((/** @type {any} */ { layer }) => layer === one.source.layer) ?? one.source;
  const told_of = () => [list([[word("publisher"), link(source.address, source.publisher)], [word("licence"), source.licence ?? ""], [word("vintage"), source.vintage], [word("knownOf"), `${number(one.known)} / ${number(one.of)}`]])];
  return h("li", {}, h("span", { class: "bar-name" }, told(one.title)), bubble(reading(one), told_of), h("small", {}, one.rank ? word(one.rank.rank === 1 ? "rankFirst" : "rankAmong", { rank: one.rank.rank, among: one.rank.among }) : "", other && other.value !== null ? ` · ${reading({ ...one, ...other })}` : ""));
}

/** @param {any} number_ */
function reading({ value, unit, at_least }) {
  const text = unit === "%" ? `${number(value, 1)}${language === "fr" ? "\u202f" : ""}%` : unit === "persons" || unit === "jobs" ? number(value, 0) : quantity(value, unit);
  return at_least ? `≥\u202f${text}` : text;
}
