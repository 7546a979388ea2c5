// Opens every view of a running server in headless Chromium at desktop and phone width, light and dark, looks for faults, and
// takes pictures: node test/look.mjs http://127.0.0.1:8080 FOLDER [VIEW]
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { idle, inaccessible, launch, open } from "./browser.mjs";

const [address, folder = "pictures", only] = process.argv.slice(2);
const server = address.replace(/\/$/, "");
mkdirSync(folder, { recursive: true });
const faults = [];

const PLOT = "POLYGON((3.716 46.553,3.731 46.553,3.731 46.562,3.716 46.562,3.716 46.553))";
const found = async (page) => {
  await page.click("[data-template=logistics-platform]");
  await page.waitForSelector(".ranking button");
};
/** Each view by its address, and what is done there. */
const views = {
  home: { at: "" },
  templates: { at: "?door=find" },
  find: { at: "?door=find", then: found },
  site: { at: "?door=find", then: async (page) => (await found(page), await page.click(".ranking li > button"), await page.waitForSelector(".findings")) },
  compare: {
    at: "?door=find",
    then: async (page) => {
      await found(page);
      for (const at of [0, 1, 2]) await page.click(`.ranking li >> nth=${at} >> input`);
      await page.click(".compare-now");
      await page.waitForSelector(".comparison");
    },
  },
  check: { at: "?door=check" },
  checked: { at: `?door=check&plot=${encodeURIComponent(PLOT)}`, then: (page) => page.waitForSelector(".checked") },
  layers: { at: "?door=layers", then: (page) => page.waitForSelector(".catalogue") },
  layer: { at: "?door=layers&layer=brownfields", then: (page) => page.waitForSelector(".provenance") },
  feature: { at: "?feature=brownfields/96034_00022", then: (page) => page.waitForSelector("#feature dl") },
};
const looks = [
  { name: "fr", options: {} },
  { name: "en-dark", options: { locale: "en-GB", colorScheme: "dark" } },
  { name: "phone", options: { viewport: { width: 390, height: 844 }, hasTouch: true } },
];

const browser = await launch();
for (const [name, view] of Object.entries(views)) for (const look of looks) if (!only || name === only) await take(`${name}-${look.name}`, view, look.options);
await browser.close();
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "no error, no outside request, no violation of the policy, nothing inaccessible");
process.exit(faults.length ? 1 : 0);

async function take(name, { at, then }, options) {
  const fault = (sentence) => faults.push(`${name}: ${sentence}`);
  const page = await open(browser, server, fault, options);
  try {
    await page.goto(`${server}/${at}`);
    await page.waitForSelector("#view > *", { state: "attached" });
    await then?.(page);
    await idle(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    (await inaccessible(page)).forEach(fault);
  } catch (error) {
    fault(error.message.split("\n")[0]);
  }
  await page.context().close();
}
