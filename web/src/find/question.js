// Asks while a slider moves: one question under way, the newest next, an overtaken one that lasts is given up.
import { isAbort } from "../shell/api.js";
import { postAnswer } from "./answers.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Spec} Spec */
/** @typedef {{ spec: Spec, settled: boolean }} Wanted */

/** An overtaken question may still answer within this time: what it shows is nearly what is wanted. */
const OVERTAKEN_MS = 250;
/** Sites listed while something moves; all of them once it stands. */
const MOVING = 100;

/**
 * @param {(answer: Answer, settled: boolean) => void} show
 * @param {(error: unknown) => void} fail
 * @param {(busy: boolean) => void} busy
 */
export function asker(show, fail, busy) {
  /** @type {AbortController | undefined} */
  let under_way;
  /** @type {Wanted | undefined} */
  let next;
  let began = 0;

  const run = async (/** @type {Wanted} */ { spec, settled }) => {
    const mine = new AbortController();
    under_way = mine;
    began = performance.now();
    busy(true);
    try {
      const limit = settled ? spec.limit : Math.min(spec.limit ?? 50, MOVING);
      const answer = await postAnswer({ ...spec, limit }, { signal: mine.signal });
      if (under_way === mine && !(settled && next)) show(answer, settled);
    } catch (error) {
      if (!isAbort(error) && under_way === mine) fail(error);
    }
    if (under_way !== mine) return;
    under_way = undefined;
    const waiting = next;
    next = undefined;
    if (waiting) run(waiting);
    else busy(false);
  };
  return {
    /** @param {Wanted} wanted */
    ask(wanted) {
      if (!under_way) return void run(wanted);
      next = wanted;
      if (wanted.settled || performance.now() - began > OVERTAKEN_MS) {
        under_way.abort();
        next = undefined;
        run(wanted);
      }
    },
    stop() {
      next = undefined;
      under_way?.abort();
      under_way = undefined;
      busy(false);
    },
  };
}
