// Fetches every kind of dossier of a running server, in both languages: node test/dossiers.mjs ADDRESS FOLDER; prints the files.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [given, folder] = process.argv.slice(2);
const address = given.replace(/\/$/, "");
const PLOT = "POLYGON((3.716 46.553,3.731 46.553,3.731 46.562,3.716 46.562,3.716 46.553))";
const JSON_TYPE = "application/json";
const json = async (path) => (await answer(path)).json();
mkdirSync(folder, { recursive: true });

async function answer(path, body, type = JSON_TYPE) {
  const sent = body && { method: "POST", headers: { "content-type": type }, body };
  const response = await fetch(address + path, sent);
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response;
}

const specification = await (await answer("/siting/specifications/logistics-platform")).text();
const { id } = await (await answer("/siting", specification, "application/yaml")).json();
const [first, second] = (await json("/territories/epci")).areas.map(({ code }) => `epci/${code}`);
for (const lang of ["fr", "en"]) {
  const asked = {
    siting: [`/siting/${id}.html?lang=${lang}`],
    zoning: [`/zoning?f=html&lang=${lang}`, JSON.stringify({ plot: PLOT })],
    territory: [`/territories/${first}?f=html&lang=${lang}`],
    compared: [`/territories/compare?territories=${first};${second}&f=html&lang=${lang}`],
  };
  for (const [name, [path, body]] of Object.entries(asked)) {
    const file = join(folder, `${name}-${lang}.html`);
    const page = await (await answer(path, body)).text();
    assert.ok(page.includes(`<html lang="${lang}"`), path);
    writeFileSync(file, page);
    console.log(file);
  }
}
