// Opens every view of a running server in headless Chromium at desktop and phone width, light and dark, and enlarged to 200 %: no
// error, nothing that axe finds, nothing out of reach, and the picture as it is in test/reference: node test/look.mjs http://127.0.0.1:8080 FOLDER [--keep] [VIEW]
//
// FOLDER gets the pictures in full; what is compared is 480 pixels wide, so that the references stay small. A picture is the same
// when at most 2 % of its pixels differ by more than 40 of 255 in a band. With --keep they become the references.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { differing, shrunk } from "./alike.mjs";
import { inaccessible, launch, open, still } from "./browser.mjs";
import { outOfReach } from "./reach.mjs";

const [address, folder, ...rest] = process.argv.slice(2);
const keep = rest.includes("--keep");
const only = rest.find((word) => word !== "--keep");
const server = address.replace(/\/$/, "");
const reference = fileURLToPath(new URL("reference/views/", import.meta.url));
const [WIDTH, APART, SHARE] = [480, 40, 0.02];
mkdirSync(folder, { recursive: true });
mkdirSync(reference, { recursive: true });
const faults = [];

const PLOT = "POLYGON((3.716 46.553,3.731 46.553,3.731 46.562,3.716 46.562,3.716 46.553))";
const found = async (page) => {
  await page.click("[data-template=logistics-platform]");
  await page.waitForSelector(".ranking button");
  await page.waitForSelector(".threshold", { state: "attached" });
  await page.waitForSelector(".offers");
};
/** Each view by its address, and what is done there. */
const views = {
  home: { at: "" },
  templates: { at: "?door=find", then: (page) => page.waitForSelector("[data-template]") },
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
  check: { at: "?door=check", then: (page) => page.waitForSelector(".ways-in") },
  checked: { at: `?door=check&plot=${encodeURIComponent(PLOT)}`, then: (page) => page.waitForSelector(".checked") },
  know: { at: "?door=know", then: (page) => page.waitForSelector(".flows .hint:not(:empty)") },
  territory: { at: "?door=know&at=epci/000960011", then: (page) => page.waitForSelector(".specific .quotients") },
  layers: { at: "?door=layers", then: (page) => page.waitForSelector(".catalogue") },
  layer: { at: "?door=layers&layer=brownfields", then: (page) => page.waitForSelector(".provenance") },
  feature: { at: "?feature=brownfields/96034_00022", then: (page) => page.waitForSelector("#feature dl") },
};
const looks = {
  fr: {},
  "en-dark": { locale: "en-GB", colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
  // A window of 1280 by 800 at 200 %: no picture, but all must be there.
  enlarged: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
};

const browser = await launch();
const judge = await browser.newPage();
// Each look is a lane of its own with one page: while one waits for its map, another is drawn or looked through.
await Promise.all(Object.entries(looks).map(async ([look, options]) => {
  const at = { name: "" };
  const page = await open(browser, server, (sentence) => faults.push(`${at.name}: ${sentence}`), { reducedMotion: "reduce", ...options });
  page.setDefaultTimeout(60_000);
  for (const [name, view] of Object.entries(views)) if (!only || name === only) await take(page, (at.name = `${name}-${look}`), view);
}));
await browser.close();
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "every view: no error, no outside request, no breach of the policy, nothing inaccessible, as it was");
process.exit(faults.length ? 1 : 0);

async function take(page, name, { at, then }) {
  const fault = (sentence) => faults.push(`${name}: ${sentence}`);
  try {
    // Another address alone would keep what the view before left behind.
    await page.goto("about:blank");
    await page.goto(`${server}/${at}`);
    await page.waitForSelector("#view > *", { state: "attached" });
    await then?.(page);
    await still(page);
    const picture = await page.screenshot({ path: join(folder, `${name}.png`) });
    if (name.endsWith("enlarged")) (await outOfReach(page)).forEach(fault);
    else await compare(name, picture, fault);
    (await inaccessible(page)).forEach(fault);
  } catch (error) {
    fault(error.message.split("\n")[0]);
  }
}

async function compare(name, picture, fault) {
  const known = join(reference, `${name}.jpg`);
  const small = await shrunk(judge, picture, WIDTH);
  if (keep) return writeFileSync(known, small);
  if (!existsSync(known)) return fault("there is no reference");
  const share = await differing(judge, [readFileSync(known), small], "image/jpeg", APART);
  if (share > SHARE) fault(`${(100 * share).toFixed(1)} % of the picture differs from the reference`);
}
