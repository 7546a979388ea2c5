// Answers as they come: small ones are read here, large ones by a worker, so that thousands of sites hold nothing up.
import { askBytes } from "../shell/api.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Site} Site */

/** An answer of so many bytes is read while a picture is drawn. */
const SMALL_BYTES = 300_000;
/** Sites of a large answer that the page holds. */
const FIRST = 100;

/** @type {Worker | undefined} */
let worker;
let calls = 0;
/** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
const waiting = new Map();

/** @param {Record<string, any>} asked @param {Transferable[]} [transfer] @returns {Promise<any>} */
function call(asked, transfer = []) {
  worker ??= begin();
  calls += 1;
  worker.postMessage({ ...asked, call: calls }, transfer);
  return new Promise((resolve, reject) => waiting.set(calls, { resolve, reject }));
}

function begin() {
  const begun = new Worker(new URL(`./${ANSWERS_FILE}`, import.meta.url), { type: "module" });
  begun.addEventListener("message", ({ data }) => {
    const { resolve, reject } = waiting.get(data.call) ?? {};
    waiting.delete(data.call);
    if (data.problem) reject?.(new Error(data.problem));
    else resolve?.(data.result);
  });
  begun.addEventListener("error", ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
    worker = undefined;
  });
  return begun;
}

/** @param {string} path @param {RequestInit} [options] @returns {Promise<Answer>} */
export async function askAnswer(path, options) {
  const bytes = await askBytes(path, options);
  if (bytes.byteLength <= SMALL_BYTES) return JSON.parse(new TextDecoder().decode(bytes));
  const { answer, keys, places } = await call({ bytes, first: FIRST }, [bytes]);
  options?.signal?.throwIfAborted();
  return { ...answer, rest: { keys: keys.split("\n"), places } };
}

/** @param {unknown} spec @param {RequestInit} [options] */
export function postAnswer(spec, options) {
  return askAnswer("siting", { method: "POST", body: JSON.stringify(spec), headers: { "content-type": "application/json" }, ...options });
}

/** How many sites an answer lists. @param {Answer} answer */
export function countOf({ sites, rest }) {
  return rest?.keys.length ?? sites.length;
}

/** Sites by their place in the list. @param {Answer} answer @param {number} from @param {number} to @returns {Promise<Site[]>} */
export async function sitesOf({ id, sites, rest }, from, to) {
  return !rest || to <= sites.length ? sites.slice(from, to) : call({ of: id, from, to });
}
