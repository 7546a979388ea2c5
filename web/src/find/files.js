// A specification as a file, in and out; an answer in every form; its address.
import { h } from "../shell/dom.js";
import { copy, fileButton, save } from "../shell/files.js";
import { language, word } from "../shell/language.js";
import { askAnswer, postAnswer } from "./answers.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {string} text a specification in YAML or JSON @param {AbortSignal} signal @returns {Promise<import("../types").Answer>} */
export function put(text, signal) {
  return askAnswer("siting", { method: "POST", body: text, headers: { "content-type": "application/yaml" }, signal });
}

/** @param {Desk} desk @param {(error: unknown) => void} failed */
export function loadButton(desk, failed) {
  return fileButton(word("loadSpecification"), ".yaml,.yml,.json", (file) => file.text().then((text) => desk.put(text)).catch(failed));
}

/** @param {Desk} desk @param {(error: unknown) => void} failed */
export function filesOf(desk, failed) {
  const forms = h("ul", { class: "forms" });
  const element = h(
    "section",
    { class: "files" },
    h("h3", {}, word("takeAway")),
    h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: () => save(`${fileName(desk)}.json`, JSON.stringify(desk.answer?.asked ?? desk.spec, null, 2)) }, word("saveSpecification")), loadButton(desk, failed), h("button", { type: "button", class: "quiet", onclick: () => share(desk) }, word("share"))),
    forms,
  );
  const update = () => {
    const answer = desk.answer;
    if (!answer) return;
    const names = /** @type {Record<string, string>} */ ({ html: word("dossierToPrint"), csv: "CSV", geojson: "GeoJSON", gpkg: "GeoPackage", fgb: "FlatGeobuf", json: "JSON" });
    const links = ["html", "csv", "geojson", "gpkg", "fgb", "json"].filter((form) => answer.forms[form]).map((form) => h("li", {}, h("a", form === "html" ? { href: `${answer.forms.html}?lang=${language}`, target: "_blank" } : { href: answer.forms[form], download: `${fileName(desk)}.${form}` }, names[form])));
    forms.replaceChildren(...links);
  };
  return { element, update };
}

/** The address holds the answer's id: it must be one that stands. @param {Desk} desk */
async function share(desk) {
  const { id } = await postAnswer(desk.spec);
  const address = new URL(location.href);
  address.searchParams.set("siting", id);
  await copy(address.href);
}

/** @param {Desk} desk */
function fileName(desk) {
  return (desk.spec.title ?? "emprise").normalize("NFD").replace(/[^\w]+/g, "-").replace(/^-|-$/g, "").toLowerCase() || "emprise";
}
