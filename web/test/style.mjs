// Every style in styles/ is valid, and so is what a running server answers, in each language and scheme:
// node test/style.mjs [http://127.0.0.1:8080]
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../styles/", import.meta.url);
const styles = readdirSync(folder).filter((name) => name.endsWith(".json"));
const server = process.argv[2]?.replace(/\/$/, "");
let wrong = 0;

for (const name of styles) {
  const template = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
  check(name, template);
  everyColourHasADarkPartner(name, template);
  for (const lang of server ? ["fr", "en"] : []) {
    for (const scheme of ["light", "dark"]) {
      const address = `${server}/styles/${name}?lang=${lang}&scheme=${scheme}`;
      check(address, await (await fetch(address)).json());
    }
  }
}
if (server) await answerIsDrawn();
console.log(wrong ? `${wrong} faults in the styles` : `${styles.length} styles are valid`);
process.exit(wrong ? 1 : 0);

/** The style of a siting answer, in each language and scheme. */
async function answerIsDrawn() {
  const body = await (await fetch(`${server}/siting/example`)).text();
  const asked = await fetch(`${server}/siting`, { method: "POST", body, headers: { "content-type": "application/yaml" } });
  // A snapshot without the layers of the example has no answer to draw.
  if (!asked.ok) return;
  const { id } = await asked.json();
  for (const query of ["lang=fr&scheme=light", "lang=en&scheme=dark"]) {
    const address = `${server}/siting/${id}/style.json?${query}`;
    check(address, await (await fetch(address)).json());
  }
}

function check(name, style) {
  for (const { message } of validateStyleMin(style)) complain(`${name}: ${message}`);
}

function everyColourHasADarkPartner(name, { metadata, layers }) {
  const used = new Set(JSON.stringify([layers, metadata["emprise:legend"]]).match(/#[0-9a-f]{3,8}\b/gi));
  for (const colour of used) if (!metadata["emprise:dark"][colour]) complain(`${name}: ${colour} has no partner in emprise:dark`);
}

function complain(sentence) {
  console.error(sentence);
  wrong += 1;
}
