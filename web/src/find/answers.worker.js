// Reads large answers beside the page, which only gets what it shows: the first sites, where the others are, and pages on demand.

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Site} Site */

/** Sites of the answers that were read last, by answer. @type {Map<string, Site[]>} */
const read = new Map();
const KEPT = 2;

/** What the page shows at once; the rest it asks for by page. @param {ArrayBuffer} bytes @param {number} first */
function take(bytes, first) {
  /** @type {Answer} */
  const answer = JSON.parse(new TextDecoder().decode(bytes));
  const { sites } = answer;
  read.delete(answer.id);
  read.set(answer.id, sites);
  for (const id of [...read.keys()].slice(0, -KEPT)) read.delete(id);
  const places = new Float64Array(2 * sites.length);
  sites.forEach(({ lon, lat }, at) => places.set([lon ?? NaN, lat ?? NaN], 2 * at));
  return { answer: { ...answer, sites: sites.slice(0, first) }, keys: sites.map(({ layer, id }) => `${layer}/${id}`).join("\n"), places };
}

addEventListener("message", ({ data }) => {
  try {
    if (data.bytes) {
      const taken = take(data.bytes, data.first);
      postMessage({ call: data.call, result: taken }, { transfer: [taken.places.buffer] });
    } else postMessage({ call: data.call, result: read.get(data.of)?.slice(data.from, data.to) ?? [] });
  } catch (error) {
    postMessage({ call: data.call, problem: String(error) });
  }
});
