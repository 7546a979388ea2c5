// What the page asks the server. Addresses are relative to the page: it works under any base path. When the server cannot be
// reached the question waits for it and is asked again, so that no view has to know.
import { lost } from "./connection.js";

/** An answer that is no success: its message is the server's own sentence. */
export class ApiError extends Error {
  /** @param {string} message @param {number} status */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Statuses that say "not now": the server opens its data, or has too much to do. */
const LATER = [429, 503];

/** @param {string} path */
export function address(path) {
  return new URL(path || ".", document.baseURI).href;
}

/** @param {string} path @param {RequestInit} [options] @returns {Promise<Response>} */
async function send(path, options = {}) {
  for (;;) {
    const response = await fetch(address(path), options).catch((error) => {
      if (options.signal?.aborted) throw error;
      return undefined;
    });
    if (response?.ok) return response;
    if (response && !LATER.includes(response.status)) throw await refusal(response);
    await lost(options.signal ?? undefined, response?.status === 429);
  }
}

/** @param {Response} response */
async function refusal(response) {
  const body = await response.json().catch(() => undefined);
  return new ApiError(body?.detail ?? response.statusText ?? String(response.status), response.status);
}

/** @param {string} path @param {RequestInit} [options] @returns {Promise<any>} */
export async function ask(path, options) {
  return (await send(path, options)).json();
}

/** @param {string} path @param {unknown} body @param {RequestInit} [options] @returns {Promise<any>} */
export function post(path, body, options) {
  return ask(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" }, ...options });
}

/** @param {string} path @param {RequestInit} [options] */
export async function askText(path, options) {
  return (await send(path, options)).text();
}

/** @param {string} path @param {RequestInit} [options] */
export async function askBytes(path, options) {
  return (await send(path, options)).arrayBuffer();
}

/** @param {unknown} error */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
