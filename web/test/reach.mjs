// What a reader who enlarges the page can no longer read or reach.

/** One sentence for each thing that is cut, covered, or only there by scrolling sideways. */
export function outOfReach(page) {
  return page.evaluate(() => {
    const panel = document.getElementById("panel");
    const found = [];
    const name = (element) => element.outerHTML.slice(0, 120);
    const sideways = (element) => element.scrollWidth > element.clientWidth + 1;
    for (const element of [document.documentElement, panel]) if (sideways(element)) found.push(`scrolls sideways: ${name(element)}`);
    // A table of sites side by side may scroll in a region of its own.
    const own = (element) => element.closest(".scroll, .visually-hidden, [aria-hidden=true], svg") !== null;
    for (const element of panel.querySelectorAll("*")) {
      if (own(element) || !element.checkVisibility()) continue;
      const { overflowX, textOverflow } = getComputedStyle(element);
      if (overflowX !== "visible" && textOverflow === "ellipsis" && sideways(element)) found.push(`is cut: ${name(element)}`);
    }
    for (const element of panel.querySelectorAll("a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary")) {
      if (own(element) || !element.checkVisibility()) continue;
      element.scrollIntoView({ block: "center" });
      const { left, right, top, width, height } = element.getBoundingClientRect();
      if (left < -1 || right > innerWidth + 1) found.push(`lies outside: ${name(element)}`);
      const hit = document.elementFromPoint(left + Math.min(width / 2, 30), top + Math.min(height / 2, 12));
      const reached = hit && (element.contains(hit) || hit.contains(element) && hit !== document.body || hit.closest("label")?.control === element);
      if (!reached) found.push(`is covered by ${hit ? name(hit) : "nothing"}: ${name(element)}`);
    }
    return found;
  });
}
