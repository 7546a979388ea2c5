// Hostile texts as titles, attributions, names, links, parameters and imported files: none of them may run.
// node test/hostile.mjs http://127.0.0.1:8080, over data whose texts are those of payloads.json (tests/it/http/hostile.rs).
//
// The policy of the pages is switched off: it is the last wall, and what is tried here is the page before it.
import { readFileSync } from "node:fs";

import { idle, launch, open } from "./browser.mjs";

const server = process.argv[2].replace(/\/$/, "");
const payloads = JSON.parse(readFileSync(new URL("payloads.json", import.meta.url), "utf8"));
const faults = [];
const browser = await launch();
const json = async (path) => (await fetch(server + path)).json();
const encoded = encodeURIComponent;

/** Texts that a page shows are no fault; what the browser made of them would be. */
async function look(page, where) {
  const found = await page.evaluate(() => {
    const live = (element) => [...element.attributes].some(({ name, value }) => name.startsWith("on") || (["href", "src", "action", "formaction", "data", "xlink:href", "to"].includes(name) && /^\s*(java\s*script|vbscript|data:text)/i.test(value)));
    const foreign = [...document.querySelectorAll("*")].filter((element) => live(element) || /__ran/.test(element.tagName === "SCRIPT" ? element.textContent : ""));
    return { ran: window.__ran, foreign: foreign.map((element) => element.outerHTML.slice(0, 160)) };
  });
  if (found.ran !== undefined) faults.push(`${where}: payload ${found.ran} ran`);
  for (const html of found.foreign) faults.push(`${where}: became an element: ${html}`);
}

/** The map application, and whatever is not its own noise about odd data. */
async function application(where) {
  const page = await open(browser, server, (fault) => /dialog|page:/.test(fault) && faults.push(`${where}: ${fault}`), { bypassCSP: true, locale: "en-GB" });
  return page;
}

async function pages() {
  const { collections } = await json("/collections");
  const page = await application("pages");
  const addresses = ["/api?f=html", "/collections?f=html"];
  for (const { id } of collections) addresses.push(`/collections/${id}?f=html`, `/collections/${id}/items?f=html&limit=100`, `/collections/${id}/items?f=html&limit=20&lang=fr`);
  const { features } = await json("/collections/business-zones/items?limit=100");
  for (const { id } of features) addresses.push(`/collections/business-zones/items/${encoded(id)}?f=html`);
  const places = [(text) => `/collections/${text}?f=html`, (text) => `/collections/communes/items?f=html&name=${text}`, (text) => `/${text}`];
  for (const [at, payload] of payloads.entries()) addresses.push(places[at % places.length](encoded(payload)));
  for (const address of addresses) {
    await page.goto(server + address, { waitUntil: "domcontentloaded" });
    await look(page, address);
  }
  return addresses.length;
}

/** Dossiers, laid into a page without any policy. */
async function dossiers() {
  const page = await application("dossiers");
  const zones = (await json("/collections/business-zones/items?limit=100")).features;
  const specification = JSON.stringify({ emprise: 1, title: payloads[0], candidates: { layers: ["business-zones"] }, criteria: { area: { kind: "area", value: { "0 ha": 0, "5 ha": 1 }, weight: 1 } } });
  const post = (path, body) => fetch(server + path, { method: "POST", headers: { "content-type": "application/json" }, body });
  const answer = await (await post("/siting", specification)).json();
  const texts = [await (await fetch(`${server}/siting/${answer.id}.html?lang=en`)).text(), await (await fetch(`${server}/siting/${answer.id}.html?lang=fr`)).text()];
  for (const { id } of zones.slice(0, 12)) texts.push(await (await post("/zoning?f=html&lang=en", JSON.stringify({ plot: `business-zones/${id}`, project: { activity: payloads[0] } }))).text());
  for (const [at, html] of texts.entries()) {
    await page.setContent(html);
    if (!html.includes("<main")) faults.push(`dossier ${at}: is none: ${html.slice(0, 200)}`);
    await look(page, `dossier ${at}`);
  }
  return texts.length;
}

/** The application over the data, with every payload in its address: in each parameter at once, in one door after another. */
async function addresses() {
  const page = await application("addresses");
  const names = ["feature", "at", "q", "plot", "spec", "site", "territory", "layers", "lang", "scheme", "answer"];
  const doors = ["find", "check", "know", "layers", "home"];
  await page.goto(server);
  await idle(page);
  await look(page, "first view");
  for (const [at, payload] of payloads.entries()) {
    const door = doors[at % doors.length];
    await page.goto(`${server}/?door=${door}&${names.map((name) => `${name}=${encoded(payload)}`).join("&")}#${encoded(payload)}`, { waitUntil: "load" });
    await page.waitForTimeout(60);
    await look(page, `address of ${door} ${payload}`);
  }
  return payloads.length;
}

/** Each door with the hostile data in it; each feature's sheet; each payload searched for. */
async function doors() {
  const page = await application("doors");
  for (const door of ["find", "check", "know", "layers"]) {
    await page.goto(`${server}/?door=${door}`);
    await idle(page);
    await page.waitForTimeout(1500);
    await look(page, `door ${door}`);
  }
  if (!(await page.innerText("body")).includes("__ran")) faults.push("the catalogue shows none of the texts, so that nothing is tried");
  const { features } = await json("/collections/business-zones/items?limit=100");
  for (const { id } of features) {
    await page.evaluate((address) => (history.pushState(null, "", address), dispatchEvent(new PopStateEvent("popstate"))), `/?feature=${encoded(`business-zones/${id}`)}`);
    await page.waitForTimeout(150);
    await look(page, `sheet ${id}`);
  }
  const box = page.locator("input[type=search]").first();
  for (const payload of payloads) {
    await box.fill(payload.slice(0, 40));
    await page.waitForTimeout(60);
  }
  await page.waitForTimeout(500);
  await look(page, "search");
  return features.length;
}

/** Files that are opened in the page: plots and a specification. */
async function files() {
  const page = await application("files");
  const ring = [[3.0002, 46.5002], [3.0006, 46.5002], [3.0006, 46.5006], [3.0002, 46.5006], [3.0002, 46.5002]];
  let tried = 0;
  for (const door of ["check", "find"]) {
    await page.goto(`${server}/?door=${door}`);
    await idle(page);
    await page.waitForTimeout(500);
    let shown = false;
    for (const payload of payloads.filter((_, at) => at % 9 === 0)) {
      const plot = { type: "FeatureCollection", name: payload, features: [{ type: "Feature", id: payload, properties: { name: payload, id: payload }, geometry: { type: "Polygon", coordinates: [ring] } }] };
      const specification = { emprise: 1, title: payload, candidates: { layers: ["business-zones"] }, criteria: { area: { kind: "area", value: { "0 ha": 0, "5 ha": 1 }, weight: 1 } } };
      for (const [name, text] of [[`${payload.replaceAll("/", "_")}.json`, JSON.stringify(door === "check" ? plot : specification)], ["broken.json", payload]]) {
        for (const input of await page.locator("input[type=file]").all()) {
          await input.setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
          await page.waitForTimeout(400);
          await look(page, `${door}: file ${payload}`);
          shown ||= await page.waitForFunction(() => document.querySelector("#view")?.innerText.includes("__ran"), undefined, { timeout: name === "broken.json" ? 1 : 15_000 }).then(() => true, () => false);
          tried += 1;
        }
      }
      for (const area of await page.locator("textarea").all()) if (await area.isVisible()) await area.fill(payload);
    }
    if (!shown) faults.push(`${door}: shows none of the texts, so that nothing is tried`);
  }
  if (tried === 0) faults.push("no file could be given to the page");
  return tried;
}

for (const part of [pages, dossiers, addresses, doors, files]) console.log(`${part.name}: ${await part()}`);
await browser.close();
for (const fault of [...new Set(faults)].slice(0, 40)) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : `none of ${payloads.length} payloads ran or became part of a page`);
process.exit(faults.length ? 1 : 0);
