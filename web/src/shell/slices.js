// Work in slices: between two of them the browser answers whoever touches the page.

/** A slice is over after so long; a finger notices 50 ms. */
const SLICE_MS = 10;

/** Does `act` for each key once, the newest last, giving way to the browser now and then. @template K @param {(key: K) => void} act */
export function sliced(act) {
  /** @type {Set<K>} */
  const due = new Set();
  let at_work = false;
  const work = async () => {
    let began = performance.now();
    for (const key of due) {
      due.delete(key);
      act(key);
      if (performance.now() - began < SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      began = performance.now();
    }
  };
  return async (/** @type {Iterable<K>} */ keys) => {
    for (const key of keys) due.add(key);
    if (at_work) return;
    at_work = true;
    await work().finally(() => (at_work = false));
  };
}
