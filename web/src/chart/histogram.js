// Small bars of how many candidates have which value, what passes told from what does not, and the value function over them.
import { svg } from "../shell/dom.js";

/** @typedef {{ from: number, to: number, bins: number[] }} Bins */
const [WIDTH, HEIGHT] = [320, 44];

/**
 * @param {Bins} spread
 * @param {{ from: number, to: number }} scale what the slider under it runs over
 * @param {(value: number) => boolean} passes
 * @param {[number, number][]} worths points of the value function: at, worth
 */
export function histogram(spread, scale, passes, worths) {
  const most = Math.max(1, ...spread.bins);
  const span = scale.to - scale.from || 1;
  const x = (/** @type {number} */ value) => ((Math.min(Math.max(value, scale.from), scale.to) - scale.from) / span) * WIDTH;
  const step = (spread.to - spread.from) / (spread.bins.length || 1);
  const bars = spread.bins.map((count, at) => {
    const [left, right] = [x(spread.from + at * step), x(spread.from + (at + 1) * step)];
    // A square root: one candidate alone is still seen beside a hundred.
    const height = count === 0 ? 0 : Math.max(2, Math.sqrt(count / most) * HEIGHT);
    const middle = spread.from + (at + 0.5) * step;
    return svg("rect", { x: left.toFixed(1), y: (HEIGHT - height).toFixed(1), width: Math.max(1, right - left - 1).toFixed(1), height: height.toFixed(1), class: passes(middle) ? "in" : "out" });
  });
  const bend = worths.length > 1 && svg("path", { d: path(worths, x), class: "worth" });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", class: "histogram", "aria-hidden": "true" }, ...bars, bend);
}

/** @param {[number, number][]} worths @param {(value: number) => number} x */
function path(worths, x) {
  const y = (/** @type {number} */ worth) => HEIGHT - 1 - worth * (HEIGHT - 2);
  const sorted = [...worths].sort(([a], [b]) => a - b);
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const points = [[0, y(first[1])], ...sorted.map(([at, worth]) => [x(at), y(worth)]), [WIDTH, y(last[1])]];
  return `M${points.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L")}`;
}
