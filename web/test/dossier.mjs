// Opens dossiers in headless Chromium, on screen and on paper, and looks for faults: node test/dossier.mjs FILE.html...
import axe from "axe-core";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const faults = [];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
for (const file of process.argv.slice(2)) {
  const address = pathToFileURL(resolve(file)).href;
  await underItsPolicy(file, address);
  await accessible(file, address);
}
await browser.close();
for (const fault of faults) console.error(fault);
console.log(faults.length ? `${faults.length} faults` : "no script, no request, no violation of the policy, nothing inaccessible, nothing cut on paper");
process.exit(faults.length ? 1 : 0);

/** As a reader has it: the page's own policy holds, nothing is asked for, nothing runs, and no table is wider than the paper. */
async function underItsPolicy(file, address) {
  const page = await browser.newPage({ viewport: { width: 794, height: 1123 } });
  page.on("console", (message) => faults.push(`${file}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${file}: ${error}`));
  page.on("request", (request) => request.url() !== address && faults.push(`${file}: asked for ${request.url()}`));
  await page.goto(address);
  await page.emulateMedia({ media: "print" });
  const wide = await page.locator("body *:not(svg *)").evaluateAll((elements) =>
    elements.filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((element) => element.outerHTML.slice(0, 100)),
  );
  for (const element of wide.slice(0, 3)) faults.push(`${file}: wider than the paper: ${element}`);
  await page.close();
}

async function accessible(file, address) {
  // The checker is a script, which the page's policy forbids.
  const context = await browser.newContext({ bypassCSP: true });
  for (const width of [1280, 390]) {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    await page.goto(address);
    await page.addScriptTag({ content: axe.source });
    const { violations } = await page.evaluate(() => window.axe.run());
    for (const { id, help, nodes } of violations) faults.push(`${file} at ${width}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
    await page.close();
  }
  await context.close();
}
