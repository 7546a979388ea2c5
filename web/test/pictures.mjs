// Draws six views of a running server's styles in headless Chromium and compares each with its picture in test/reference/:
// node test/pictures.mjs http://127.0.0.1:8080 FOLDER [--keep]
//
// FOLDER gets the pictures; with --keep they become the references. Rasterisers differ in the last bits of an edge: a picture is
// the same when at most 1 % of its pixels differ by more than 32 of 255 in a band.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { differing } from "./alike.mjs";
import { launch } from "./browser.mjs";

const [address, folder, keep] = process.argv.slice(2);
const server = address.replace(/\/$/, "");
const reference = fileURLToPath(new URL("reference/", import.meta.url));
const [SIZE, APART, SHARE] = [{ width: 480, height: 360 }, 32, 0.01];
mkdirSync(folder, { recursive: true });
mkdirSync(reference, { recursive: true });
const faults = [];

const views = {
  "land-fr-light": { style: "land-availability", lang: "fr", scheme: "light", zoom: 12.2, over: "business-plots" },
  "land-en-dark": { style: "land-availability", lang: "en", scheme: "dark", zoom: 10.5, over: "business-plots" },
  "zoning-fr-light": { style: "zoning-constraints", lang: "fr", scheme: "light", zoom: 12.5, over: "zoning-plans" },
  "zoning-en-dark": { style: "zoning-constraints", lang: "en", scheme: "dark", zoom: 11.5, over: "zoning-plans" },
  "basemap-fr-dark": { style: "basemap", lang: "fr", scheme: "dark", zoom: 9, over: "communes" },
  "basemap-en-light": { style: "basemap", lang: "en", scheme: "light", zoom: 10.8, over: "communes" },
};

const browser = await launch();
const page = await (await browser.newContext({ viewport: SIZE, locale: "fr-FR" })).newPage();
page.on("request", (request) => {
  if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server)) faults.push(`asked for ${request.url()}`);
});
page.on("response", (response) => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`));
page.on("console", (message) => {
  if (["error", "warning"].includes(message.type()) && !/GPU stall|swiftshader|WebGL/i.test(message.text())) faults.push(message.text());
});
await page.goto(server);
await page.waitForFunction(() => window.__map?.loaded(), undefined, { timeout: 60_000 });
for (const [name, view] of Object.entries(views)) await draw(name, view);
await browser.close();
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : `${Object.keys(views).length} pictures are as they were`);
process.exit(faults.length ? 1 : 0);

/** The page's own map, filling the window, with another style over the middle of a layer. */
async function draw(name, { style, lang, scheme, zoom, over }) {
  const json = await (await fetch(`${server}/styles/${style}.json?lang=${lang}&scheme=${scheme}`)).json();
  const [west, south, east, north] = (await (await fetch(`${server}/tiles/${over}.json`)).json()).bounds;
  await page.evaluate(
    ([json, center, zoom]) => {
      for (const element of document.querySelectorAll("#panel, #key, .maplibregl-control-container")) element.remove();
      const map = window.__map;
      // On a narrow page the panel is a sheet below the map: without it the map has all of the page.
      document.body.style.setProperty("--sheet", "16px");
      map.resize();
      map.jumpTo({ center, zoom, padding: 0 });
      map.setStyle(json, { diff: false });
    },
    [json, [(west + east) / 2, (south + north) / 2], zoom],
  );
  await page.waitForTimeout(300);
  await page.waitForFunction(() => window.__map.loaded() && window.__map.areTilesLoaded() && !window.__map.isMoving(), undefined, { timeout: 60_000 });
  await page.waitForTimeout(700);
  const picture = await page.screenshot();
  writeFileSync(join(folder, `${name}.png`), picture);
  const known = join(reference, `${name}.png`);
  if (keep) return writeFileSync(known, picture);
  if (!existsSync(known)) return faults.push(`${name} has no reference`);
  const share = await differing(page, [readFileSync(known), picture], "image/png", APART);
  console.log(`${name}: ${(100 * share).toFixed(3)} % of the pixels differ`);
  if (share > SHARE) faults.push(`${name}: ${(100 * share).toFixed(1)} % of the pixels differ from the reference`);
}
