// Whether a territory has chargers enough: what is installed beside the regulatory floor and beside the energy that is driven.
import { bars } from "../chart/bars.js";
import { ask } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { number, told, word } from "../shell/language.js";

/** @param {string} at @param {AbortSignal} signal */
export async function charging(at, signal) {
  const [level] = at.split("/");
  const answer = await ask(`needs/charging?${new URLSearchParams({ level, territory: at })}`, { signal });
  const row = answer.rows.find((/** @type {any} */ one) => `${level}/${one.code}` === at);
  if (!row) return undefined;
  const kw = (/** @type {number} */ value) => `${number(value, 0)}\u202fkW`;
  const lengths = [
    { name: word("chargersThere", { count: row.points }), value: row.kw, text: kw(row.kw) },
    { name: word("chargersFloor"), value: row.afir.need_kw, text: kw(row.afir.need_kw) },
    { name: word("chargersEnergy"), value: row.energy.need_kw, text: kw(row.energy.need_kw) },
  ];
  const short = Math.max(row.afir.deficit_kw, row.energy.deficit_kw);
  const assumptions = Object.entries(answer.parameters).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, number(Number(value)))));
  return h(
    "section",
    { class: "charging" },
    h("h3", {}, word("chargingTitle")),
    h("p", {}, short > 0 ? word("chargingShort", { kw: kw(short) }) : word("chargingEnough")),
    bars(lengths, word("chargingTitle")),
    h("p", { class: "hint" }, word("chargingCars", { cars: row.battery_cars + row.plug_in_cars, commuters: Math.round(row.electric_commuters) })),
    h("details", {}, h("summary", {}, word("assumptions")), h("table", { class: "near" }, h("tbody", {}, ...assumptions)), h("p", { class: "hint" }, answer.notes.map(told).join(" "))),
  );
}
