// Who comes from where, and goes where: ribbons as wide as the flows, into a territory and out of it.
import { svg } from "../shell/dom.js";

/** @typedef {{ name: string, value: number, text: string }} Flow */
const [WIDTH, GAP, BAR, LEAST] = [352, 6, 10, 12];

/** Those who stay are told beside it: drawn, they would press all others together. @param {Flow[]} incoming @param {Flow[]} outgoing @param {string} label */
export function sankey(incoming, outgoing, label) {
  const most = Math.max(1, total(incoming), total(outgoing));
  const scale = 168 / most;
  const middle = { x: WIDTH / 2 - BAR / 2, top: 8 };
  const left = placed(incoming, scale);
  const right = placed(outgoing, scale);
  const height = Math.max(left.height, right.height, most * scale + 8);
  const ribbons = [...bands(left.rows, BAR, middle.x, middle.top, scale, "in"), ...bands(right.rows, WIDTH - BAR, middle.x + BAR, middle.top, scale, "out")];
  const names = [...left.rows.map((row) => nameOf(row, BAR + 6, "start")), ...right.rows.map((row) => nameOf(row, WIDTH - BAR - 6, "end"))];
  const sides = [...left.rows.map((row) => svg("rect", { x: 0, y: row.top, width: BAR, height: row.size, class: "in" })), ...right.rows.map((row) => svg("rect", { x: WIDTH - BAR, y: row.top, width: BAR, height: row.size, class: "out" }))];
  const column = svg("rect", { x: middle.x, y: middle.top, width: BAR, height: Math.max(2, most * scale), class: "middle" });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height.toFixed(0)}`, class: "sankey", role: "img", "aria-label": label }, ...ribbons, column, ...sides, ...names);
}

/** @param {Flow[]} flows */
const total = (flows) => flows.reduce((sum, { value }) => sum + value, 0);

/** @param {Flow[]} flows @param {number} scale */
function placed(flows, scale) {
  let top = 8;
  const rows = flows.map((flow) => {
    const size = Math.max(1.5, flow.value * scale);
    const row = { ...flow, top, size };
    // A name needs its line, however thin its ribbon.
    top += Math.max(size, LEAST * 2.2) + GAP;
    return row;
  });
  return { rows, height: top };
}

/** @param {ReturnType<typeof placed>["rows"]} rows @param {number} from @param {number} to @param {number} start @param {number} scale @param {string} kind */
function bands(rows, from, to, start, scale, kind) {
  let at = start;
  return rows.map(({ top, size, value, name, text }) => {
    const thick = value * scale;
    const bend = (from + to) / 2;
    const path = `M${from} ${top}C${bend} ${top} ${bend} ${at} ${to} ${at}V${(at + thick).toFixed(1)}C${bend} ${(at + thick).toFixed(1)} ${bend} ${(top + size).toFixed(1)} ${from} ${(top + size).toFixed(1)}Z`;
    at += thick;
    return svg("path", { d: path, class: `ribbon ${kind}` }, svg("title", {}, `${name} : ${text}`));
  });
}

/** @param {ReturnType<typeof placed>["rows"][number]} row @param {number} x @param {"start" | "end"} anchor */
function nameOf({ name, text, top, size }, x, anchor) {
  const short = name.length > 21 ? `${name.slice(0, 20)}…` : name;
  const y = top + Math.max(size / 2, 9);
  return svg("text", { x, y: (y - 2).toFixed(1), "text-anchor": anchor }, svg("tspan", {}, short), svg("tspan", { x, dy: 12, class: "figure" }, text));
}
