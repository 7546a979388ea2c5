// A lost connection is said, waited for, and said to be back.
import { say } from "./note.js";
import { word } from "./language.js";

/** @type {Promise<void> | undefined} */
let waiting;
/** @type {Set<() => void>} */
const recovered = new Set();
const PAUSE_MS = 700;

/** Told each time the server answers again. @param {() => void} then */
export function onRecovery(then) {
  recovered.add(then);
}

/** Resolves once the server answers; whoever waits, waits for the same. @param {AbortSignal} [signal] @param {boolean} [busy] */
export async function lost(signal, busy = false) {
  waiting ??= wait(busy).finally(() => (waiting = undefined));
  await waiting;
  signal?.throwIfAborted();
}

/** @param {boolean} busy */
async function wait(busy) {
  if (busy) return pause();
  let said = false;
  for (;;) {
    const response = await fetch(new URL("health", document.baseURI)).catch(() => undefined);
    if (response?.ok) break;
    const body = await response?.json().catch(() => undefined);
    say(word(body?.state ? "opening" : "unreachable"));
    said = true;
    await pause();
  }
  if (!said) return pause();
  say(word("back"), 4000);
  for (const then of recovered) then();
}

function pause() {
  return /** @type {Promise<void>} */ (new Promise((resolve) => setTimeout(resolve, PAUSE_MS)));
}

/** Looks at the server now and then while the page is looked at: who only reads learns of a stop as well. */
export function watch() {
  setInterval(async () => {
    if (document.hidden || waiting) return;
    const response = await fetch(new URL("health", document.baseURI), { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (!response?.ok) await lost();
  }, 10_000);
}
