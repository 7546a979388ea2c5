// The three who use the page, in both languages, from opening to dossier.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { idle } from "../browser.mjs";
import { PLOT, LOCALES, SAYS, enter, journey, passing, server, settled, template } from "../journey.mjs";

for (const [lang, locale] of Object.entries(LOCALES)) {
  const says = SAYS[lang];

  journey(`industrialist ${lang}`, async (page) => {
    await enter(page);
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    await page.click(`.ways >> text="${says.find}"`);
    await template(page);
    assert.match(await page.locator(".summary").innerText(), says.passing);
    const before = await passing(page);
    // The area's threshold goes down to its least: more sites, in the list and on the map.
    await page.locator(".threshold").first().focus();
    await page.keyboard.press("Home");
    await page.waitForFunction((before) => Number(document.querySelector(".summary b").textContent.replace(/\D/g, "")) > before, before);
    await settled(page);
    const more = await passing(page);
    assert.ok(more > before, `${more} > ${before}`);
    await page.waitForFunction((count) => document.querySelectorAll(".ranking li").length === Math.min(count, 50), more);
    // A site, its reasons, and whose numbers they are.
    await page.locator(".ranking li > button").first().click();
    await page.waitForSelector(".findings");
    await page.locator(".findings .number").nth(1).click();
    await page.waitForSelector(".bubble:not([hidden]) dl");
    assert.ok((await page.locator(".bubble:not([hidden])").innerText()).includes("IGN"));
    assert.ok(await page.evaluate(() => window.__map.getSource("own-witness") !== undefined));
    await page.click(".back");
    // Two of them side by side.
    await page.locator(".ranking input").nth(0).check();
    await page.locator(".ranking input").nth(1).check();
    await page.click(".compare-now");
    await page.waitForSelector(".comparison tbody tr");
    assert.equal(await page.locator(".comparison thead th").count(), 3);
    await page.click(".comparison .back");
    // One click relaxes; the specification goes to a file and comes back; every form can be fetched.
    const few = await passing(page);
    const offer = page.locator(".offers button").first();
    if (await offer.count()) {
      await offer.click();
      await page.waitForFunction((few) => Number(document.querySelector(".summary b").textContent.replace(/\D/g, "")) > few, few);
      await settled(page);
    }
    const kept = await passing(page);
    const [file] = await Promise.all([page.waitForEvent("download"), page.click(".files button >> nth=0")]);
    const spec = JSON.parse(readFileSync(await file.path(), "utf8"));
    assert.equal(spec.emprise, 1);
    await page.goto(`${server.address}/?door=find`);
    await page.locator(".templates input[type=file]").setInputFiles({ name: "spec.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(spec)) });
    await page.waitForSelector(".ranking button");
    assert.equal(await passing(page), kept);
    for (const link of await page.locator(".files .forms a").all()) {
      const form = await page.request.get(new URL(await link.getAttribute("href"), server.address).href);
      assert.equal(form.status(), 200, await link.innerText());
    }
    const dossier = page.locator(".files .forms a").first();
    assert.equal(await dossier.innerText(), says.dossier);
    const html = await (await page.request.get(new URL(await dossier.getAttribute("href"), server.address).href)).text();
    assert.ok(html.includes(`lang="${lang}"`) && html.includes("<table"));
    // The same address shows the same to somebody else.
    const shared = page.url();
    await page.goto("about:blank");
    await page.goto(shared);
    await page.waitForSelector(".ranking button");
    assert.equal(await passing(page), kept);
  }, { locale });

  journey(`planner ${lang}`, async (page) => {
    await enter(page);
    await page.click(`.ways >> text="${says.check}"`);
    await page.click(`text="${says.draw}"`);
    await page.waitForSelector("#map.drawing");
    await page.evaluate(() => window.__map.jumpTo({ center: [3.7236, 46.5574], zoom: 13 }));
    await idle(page);
    for (const [x, y] of [[760, 360], [960, 380], [940, 560], [780, 540], [760, 360]]) {
      await page.mouse.move(x, y, { steps: 4 });
      await page.mouse.click(x, y);
      await page.waitForTimeout(150);
    }
    await page.waitForSelector(".bearing li");
    assert.ok((await page.locator(".checked").innerText()).includes(says.net));
    const effects = await page.locator(".bearing").first().locator("> li").evaluateAll((rows) => rows.map((row) => row.className.split(" ").at(-1)));
    const order = ["forbidden", "subject-to-assessment", "case-by-case", "action-required", "to-be-checked"];
    const ranks = effects.map((effect) => order.indexOf(effect));
    assert.deepEqual(ranks, [...ranks].sort((a, b) => a - b), "the strictest first");
    // Hovering a finding lights it on the map.
    await page.locator(".bearing > li .plain").first().hover();
    await page.waitForFunction(() => window.__map.getSource("own-lit")?.serialize().data.features.length === 1);
    await page.locator(".bearing > li summary").first().click();
    assert.match(await page.locator(".rules").first().innerText(), /art\. |Code|Directive/);
    // The project says more; the dossier is kept as a file.
    await page.locator(".project summary").click();
    await page.locator(".project select").first().selectOption("51");
    await page.waitForFunction(() => location.search.includes("use=51"));
    await page.waitForSelector(".checked");
    const [paper] = await Promise.all([page.waitForEvent("popup"), page.click(`.checked >> text="${says.dossier}"`)]);
    await paper.waitForSelector("main table");
    assert.deepEqual([await paper.locator("html").getAttribute("lang"), await paper.evaluate(() => document.compatMode)], [lang, "CSS1Compat"]);
    assert.match(await paper.title(), lang === "fr" ? /Examen d’un terrain dessiné/ : /Check of a drawn plot/);
    assert.ok(await paper.evaluate(() => document.adoptedStyleSheets[0].cssRules.length > 20 && document.querySelector("style, script") === null), "its own style, under the policy of the page");
    assert.ok((await paper.pdf()).length > 20_000, "it can be printed");
    await paper.close();
    const [file] = await Promise.all([page.waitForEvent("download"), page.click(`.checked >> text="${says.save}"`)]);
    assert.match(file.suggestedFilename(), lang === "fr" ? /^verification.*\.html$/ : /^check.*\.html$/);
    assert.ok(readFileSync(await file.path(), "utf8").includes(`lang="${lang}"`));
    // The other ways to give a plot: text, name, file.
    await page.click(".back");
    await page.locator(".ways-in textarea").fill(PLOT);
    await page.click(".ways-in form [type=submit]");
    await page.waitForSelector(".bearing li");
    await page.click(".back");
    await page.locator(".ways-in [role=combobox]").fill("96034000AB");
    await page.locator(".ways-in [role=option]").first().click();
    await page.waitForSelector(".checked");
    await page.click(".back");
    const square = { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[[3.72, 46.55], [3.725, 46.55], [3.725, 46.555], [3.72, 46.55]]] } };
    await page.locator(".ways-in input[type=file]").setInputFiles({ name: "plot.geojson", mimeType: "application/geo+json", buffer: Buffer.from(JSON.stringify(square)) });
    await page.waitForSelector(".checked");
  }, { locale });

  journey(`officer ${lang}`, async (page) => {
    await enter(page);
    await page.click(`.ways >> text="${says.know}"`);
    await page.locator(".know [role=combobox]").fill("CA Val");
    await page.locator(".know [role=option]").first().click();
    await page.waitForSelector(".labour .bars li");
    assert.ok((await page.locator(".sides").innerText()).includes(says.come));
    assert.ok((await page.locator(".sankey .ribbon").count()) > 4);
    await page.waitForSelector(".specific .quotients li");
    // Beside another territory.
    await page.locator(".know header [role=combobox]").fill("CC Br");
    await page.locator(".know [role=option]").first().click();
    await page.waitForSelector(".beside");
    assert.ok((await page.locator(".bars .two").count()) >= 5);
    // Fewer workers a flow: fewer flows are hidden, and the legend says how many.
    const hidden = () => page.locator(".flows .hint").innerText();
    const before = await hidden();
    await page.locator(".flows input[type=range]").focus();
    await page.keyboard.press("End");
    await page.waitForFunction((before) => document.querySelector(".flows .hint").textContent !== before, before);
    assert.ok((await page.locator("#key").innerText()).includes("50"));
    await idle(page);
    const counts = await page.evaluate(() => window.__map.querySourceFeatures("commuting", { sourceLayer: "flows" }).map((flow) => flow.properties.count));
    assert.ok(counts.length > 0);
    await page.locator(".flows select").first().selectOption("in");
    await page.waitForFunction(() => location.search.includes("direction=in"));
  }, { locale });
}
