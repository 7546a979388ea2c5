// Where a search begins: a template, a file, or a blank one.
import { ask, askText } from "../shell/api.js";
import { h } from "../shell/dom.js";
import { language, word } from "../shell/language.js";
import { loadButton } from "./files.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk @param {(error: unknown) => void} failed */
export async function templates(desk, failed) {
  const { specifications } = await ask(`siting/specifications?lang=${language}`);
  const rows = specifications.map((/** @type {{ name: string, title: string, problem: string | null, address: string }} */ { name, title, problem, address }) => {
    const take = async () => {
      try {
        await desk.put(await askText(`${address}?lang=${language}`));
      } catch (error) {
        failed(error);
      }
    };
    return h("li", {}, h("button", { type: "button", "data-template": name, disabled: Boolean(problem), onclick: take }, h("b", {}, title), h("span", {}, problem ?? word("template"))));
  });
  return h("section", { class: "templates" }, h("h2", {}, word("findTitle")), h("p", { class: "lead" }, word("findStart")), h("ul", { class: "cards" }, ...rows), h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => blank(desk).catch(failed) }, word("blank")), loadButton(desk, failed)));
}

/** @param {Desk} desk */
async function blank(desk) {
  const layers = desk.provenance.layers.filter(({ role, geometry }) => role === "candidate" && geometry === "polygon").map(({ id }) => id).filter((id) => id !== "parcels" && !/zone/.test(id));
  await desk.put(JSON.stringify({ emprise: 1, title: word("mySearch"), candidates: { layers }, criteria: { [word("areaName")]: { kind: "area", required: ">= 1 ha", value: { "1 ha": 0, "10 ha": 1 }, weight: 1 } } }));
}
