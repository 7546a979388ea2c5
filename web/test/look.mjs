// Opens the page of a running server in headless Chromium, looks for faults, and takes pictures:
// node test/look.mjs http://127.0.0.1:8080 FOLDER
import axe from "axe-core";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [address, folder = "pictures", only] = process.argv.slice(2);
const server = address.replace(/\/$/, "");
mkdirSync(folder, { recursive: true });
const faults = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

const desktop = { viewport: { width: 1440, height: 900 } };
const views = {
  "first-fr": { ...desktop, locale: "fr-FR" },
  "first-en-dark": { ...desktop, locale: "en-GB", colorScheme: "dark" },
  "site-fr": { ...desktop, locale: "fr-FR", then: chooseFirstSite },
  "sheet-en": { ...desktop, locale: "en-GB", then: inspectPlot },
  "phone-fr": { viewport: { width: 390, height: 844 }, locale: "fr-FR", hasTouch: true },
};
for (const [name, view] of Object.entries(views)) if (!only || name === only) await look(name, view);
await browser.close();
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "no error, no outside request, no violation of the policy, nothing inaccessible");
process.exit(faults.length ? 1 : 0);

async function look(name, { then, ...options }) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/GPU stall|swiftshader|WebGL/i.test(message.text())) faults.push(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${name}: ${error.stack}`));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(server) && !address.startsWith("data:") && !address.startsWith("blob:")) faults.push(`${name}: asked for ${address}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${name}: ${response.status()} ${response.url()}`);
  });
  const began = Date.now();
  await page.goto(server);
  await idle(page);
  console.log(`${name}: idle after ${Date.now() - began} ms`);
  await page.waitForSelector("#sites h2");
  if (then) {
    await then(page);
    await page.waitForTimeout(1500);
    await idle(page);
  }
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.evaluate(axe.source.replace(/^/, "")).catch(() => page.addScriptTag({ content: axe.source }));
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const { id, help, nodes } of violations) faults.push(`${name}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
  await context.close();
}

function idle(page) {
  return page.waitForFunction(() => window.__map?.loaded() && window.__map.areTilesLoaded() && !window.__map.isMoving(), undefined, { timeout: 40_000 });
}

async function chooseFirstSite(page) {
  await page.click(".ranking button");
}

/** Finds a drawn plot and clicks on it. */
async function inspectPlot(page) {
  await page.evaluate(() => {
    const map = window.__map;
    const plot = map.queryRenderedFeatures({ layers: ["plots-area"] })[0];
    const [ring] = plot.geometry.type === "Polygon" ? plot.geometry.coordinates : plot.geometry.coordinates[0];
    map.jumpTo({ center: ring[0], zoom: 14.2 });
  });
  await idle(page);
  const at = await page.evaluate(() => {
    const map = window.__map;
    const { width, height } = map.getCanvas().getBoundingClientRect();
    for (let x = width * 0.45; x < width * 0.7; x += 12) {
      for (let y = height * 0.3; y < height * 0.7; y += 12) if (map.queryRenderedFeatures([x, y], { layers: ["plots-area"] }).length) return [x, y];
    }
  });
  await page.mouse.click(...at);
}
