// What the form of a search offers of itself.
import assert from "node:assert/strict";

import { enter, journey, passing, template } from "../journey.mjs";

journey("criteria that suggest themselves", async (page) => {
  await enter(page, "?door=find");
  await template(page);
  const add = async (kind, column) => {
    const before = await page.locator(".criteria > li").count();
    await page.locator(".adding summary").click();
    await page.locator(".adding form select").first().selectOption(kind);
    if (column) await page.locator(".adding [name=column]").selectOption(column);
    await page.click(".adding form [type=submit]");
    await page.waitForFunction((before) => document.querySelectorAll(".criteria > li").length > before, before);
    return page.locator(".criteria > li").last();
  };
  // Of a column of words: those that candidates have, each with how many, all admitted until one is taken out.
  const stages = await add("attribute", "stage");
  await stages.locator(".words input").first().waitFor();
  assert.match(await stages.locator("h3").innerText(), /commercialisation/);
  const boxes = stages.locator(".words input");
  assert.ok((await boxes.count()) >= 2 && (await boxes.evaluateAll((all) => all.every(({ checked }) => checked))));
  await boxes.first().uncheck();
  await page.waitForFunction(() => !/ 0 /.test([...document.querySelectorAll(".criteria > li")].at(-1).querySelector(".cost").textContent));
  // Of a date, and of a kind with numbers of its own: a value over what there is.
  for (const [kind, column] of [["attribute", "updated"], ["compactness"], ["layer"]]) {
    const card = await add(kind, column);
    await card.locator(kind === "layer" ? ".words input" : ".histogram").first().waitFor();
  }
});

journey("ground of several plots", async (page) => {
  await enter(page, "?door=find");
  await template(page);
  await page.locator(".ground > summary").click();
  const asked = () => page.evaluate(async () => (await (await fetch(`siting/${new URLSearchParams(location.search).get("siting")}`)).json()).asked);
  const until = async (holds) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const now = await asked();
      if (holds(now)) return now;
      await page.waitForTimeout(100);
    }
    throw new Error(`not asked: ${holds}`);
  };
  await page.locator(".ground .switch input").first().check();
  const first = await until(({ candidates }) => candidates.assemble);
  assert.equal(first.candidates.assemble.area, first.criteria[Object.keys(first.criteria)[0]].required.replace(">= ", ""), "as much as is required of a plot alone");
  const field = (name) => page.locator(".ground .field", { hasText: name }).locator("input, select");
  await field("Terrains au plus").fill("3");
  await field("Terrains au plus").press("Tab");
  await until(({ candidates }) => candidates.assemble?.plots === 3);
  await page.locator(".ground .switch input").nth(1).check();
  await until(({ buildable }) => buildable?.edge === "5 m");
  await field("Hors de").selectOption("natura2000-birds");
  await until(({ buildable }) => buildable?.minus[0]?.layers === "natura2000-birds");
  await page.locator(".ground .switch input").first().uncheck();
  await until(({ candidates, buildable }) => !candidates.assemble && buildable);
});

journey("a question that lasts is given up", async (page) => {
  await enter(page, "?door=find");
  const never = () => new Promise(() => {});
  const giveUp = async () => {
    await page.locator(".asking:visible button").click();
    await page.waitForSelector(".asking", { state: "hidden" });
  };
  // The first one: the templates stand as before.
  await page.route("**/siting", never);
  await page.click("[data-template=logistics-platform]");
  await giveUp();
  await page.unroute("**/siting");
  await template(page);
  const before = await passing(page);
  const slider = page.locator(".threshold").first();
  const stood = await slider.inputValue();
  // A later one: what was answered last stands, and so does what was asked.
  await page.route("**/siting", never);
  await slider.focus();
  await page.keyboard.press("Home");
  await giveUp();
  assert.deepEqual([await passing(page), await slider.inputValue()], [before, stood]);
  await page.unroute("**/siting");
  await slider.focus();
  await page.keyboard.press("Home");
  await page.waitForFunction((before) => Number(document.querySelector(".summary b").textContent.replace(/\D/g, "")) > before, before);
});
