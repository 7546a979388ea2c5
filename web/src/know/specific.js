// What is made here more than elsewhere: each activity's share beside that of the reference, with how sure it is.
import { quotients } from "../chart/quotients.js";
import { ask } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { number, told, word } from "../shell/language.js";

const SHOWN = 8;

/** @param {string} at @param {AbortSignal} signal */
export async function specific(at, signal) {
  const answer = await ask(`territories/${at}/specificity`, { signal });
  const rows = answer.rows.filter((/** @type {any} */ { against_rest, against_whole, count }) => (against_rest ?? against_whole) && count > 0);
  if (rows.length === 0) return undefined;
  const row = (/** @type {any} */ { name, against_rest, against_whole, count, reliable }) => {
    const { quotient, low, high } = against_whole ?? against_rest;
    return { name: told(name), value: quotient, low: low ?? quotient, high: high ?? quotient, text: `× ${number(quotient, quotient < 10 ? 1 : 0)}`, faint: !reliable, count };
  };
  const all = h("details", {}, h("summary", {}, word("inTable")), h("table", { class: "near" }, h("tbody", {}, ...rows.map((/** @type {any} */ one) => h("tr", { class: one.reliable ? undefined : "faint" }, h("th", { scope: "row" }, told(one.name)), h("td", {}, number(one.count, 0)), h("td", {}, row(one).text))))));
  return h(
    "section",
    { class: "specific" },
    h("h3", {}, word("specificTitle")),
    h("p", { class: "hint" }, word("specificHint", { name: told(answer.reference.name) })),
    quotients(rows.slice(0, SHOWN).map(row), word("specificTitle")),
    all,
    h("p", { class: "hint" }, [answer.source?.publisher, answer.source?.vintage].filter(Boolean).join(" · "), ". ", answer.notes.map(told).join(" ")),
  );
}
