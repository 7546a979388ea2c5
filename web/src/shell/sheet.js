// On a phone the panel is a sheet from below: three heights, by its grip.
import { byId } from "./dom.js";

const HEIGHTS = ["low", "half", "high"];

export function openSheet() {
  const grip = byId("grip");
  const panel = byId("panel");
  set("half");
  grip.addEventListener("click", () => set(HEIGHTS[(HEIGHTS.indexOf(panel.dataset.height ?? "half") + 1) % HEIGHTS.length]));
  let from = 0;
  grip.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointerup", (event) => {
    const by = event.clientY - from;
    if (Math.abs(by) < 24) return;
    const at = HEIGHTS.indexOf(panel.dataset.height ?? "half") + (by < 0 ? 1 : -1);
    set(HEIGHTS[Math.max(0, Math.min(HEIGHTS.length - 1, at))]);
    // The click that follows is part of the pull.
    grip.addEventListener("click", (click) => click.stopImmediatePropagation(), { once: true, capture: true });
  });
}

/** Raises the sheet where it would hide what was just asked for. */
export function raiseSheet() {
  if (byId("panel").dataset.height === "low") set("half");
}

/** @param {string} height */
function set(height) {
  byId("panel").dataset.height = height;
  document.body.dataset.sheet = height;
  byId("grip").setAttribute("aria-expanded", String(height !== "low"));
}
