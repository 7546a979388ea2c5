// What the page shows, in its address: back, forward and a shared link bring it back.

/** @typedef {Record<string, string | null | undefined>} Changes */
/** @type {Set<() => void>} */
const listeners = new Set();

export function params() {
  return new URLSearchParams(location.search);
}

/** @param {string} name */
export function param(name) {
  return params().get(name) ?? undefined;
}

/** What belongs to the reader rather than to what is looked at. */
const OWN = ["lang", "scheme"];

/**
 * Changes what is shown. `only` drops what the changes do not name.
 * @param {Changes} changes @param {{ replace?: boolean, only?: boolean, silent?: boolean }} [how]
 */
export function go(changes, { replace = false, only = false, silent = false } = {}) {
  const address = new URL(location.href);
  if (only) for (const name of [...address.searchParams.keys()]) if (!OWN.includes(name)) address.searchParams.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  if (address.href === location.href) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
  if (!silent) tell();
}

/** The address of a view, for links that can be opened in a tab of their own. @param {Changes} changes */
export function addressOf(changes) {
  const address = new URL(location.href);
  address.hash = "";
  for (const name of [...address.searchParams.keys()]) if (!OWN.includes(name)) address.searchParams.delete(name);
  for (const [name, value] of Object.entries(changes)) if (value) address.searchParams.set(name, value);
  return address.href;
}

/** @param {() => void} listener */
export function onRoute(listener) {
  listeners.add(listener);
}

export function tell() {
  for (const listener of listeners) listener();
}

addEventListener("popstate", tell);
