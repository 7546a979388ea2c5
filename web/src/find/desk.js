// What lies on the desk of a search: the specification, its answer, how the measures spread; and who is told of changes.
import { ask, isAbort } from "../shell/api.js";
import { guessed } from "./guess.js";
import { put } from "./files.js";
import { asker } from "./question.js";
import { having, measuresOf } from "./spec.js";

/** @typedef {import("../types").Answer} Answer */
/** @typedef {import("../types").Spec} Spec */
/** @typedef {import("../types").Spread} Spread */
/** @typedef {ReturnType<typeof openDesk>} Desk */

/**
 * @param {import("../types").Provenance} provenance
 * @param {{ answered: (answer: Answer, settled: boolean) => void, failed: (error: unknown) => void, busy: (busy: boolean) => void }} told
 */
export function openDesk(provenance, told) {
  /** @type {Spec | undefined} */
  let spec;
  /** @type {Answer | undefined} */
  let answer;
  /** @type {Map<string, Map<string, Spread>>} */
  const spreads = new Map();

  const take = (/** @type {Answer} */ next, /** @type {boolean} */ settled) => {
    answer = next;
    if (settled) spec = having(next.asked, { limit: next.asked.limit });
    told.answered(next, settled);
    if (settled) measure(next);
  };
  const question = asker(take, told.failed, told.busy);
  /** @type {AbortController | undefined} */
  let putting;
  const stop = () => {
    putting?.abort();
    putting = undefined;
    question.stop();
  };

  const measure = async (/** @type {Answer} */ of) => {
    const key = measuresOf(of.asked);
    if (spreads.has(key)) return;
    try {
      const { criteria } = await ask(`siting/${of.id}/spread`);
      spreads.set(key, new Map(criteria.map((/** @type {Spread} */ one) => [one.criterion, one])));
      if (answer) told.answered(answer, false);
    } catch (error) {
      if (!isAbort(error)) told.failed(error);
    }
  };

  return {
    provenance,
    get spec() {
      return /** @type {Spec} */ (spec);
    },
    get answer() {
      return answer;
    },
    get open() {
      return spec !== undefined;
    },
    /** @param {string} path */
    spread(path) {
      return spec && spreads.get(measuresOf(spec))?.get(path);
    },
    shares() {
      return new Map((answer?.criteria ?? []).flatMap(({ name, share }) => (share === undefined ? [] : [/** @type {[string, number]} */ ([name, share])])));
    },
    /** Another specification: what it shows follows at once, the rest when it is answered. @param {Spec} next @param {boolean} settled */
    change(next, settled) {
      spec = next;
      question.ask({ spec: next, settled });
      if (answer) told.answered(answer, false);
    },
    /** A criterion of which nothing is known yet: it is given a value over what its measure spreads to. @param {Spec} next @param {string} name */
    async add(next, name) {
      try {
        this.change(await guessed(next, provenance), true);
      } catch (error) {
        told.failed(error);
      }
      return name;
    },
    /** A specification in YAML or JSON takes the place of what is there, once it is answered. @param {string} text */
    async put(text) {
      question.stop();
      const mine = new AbortController();
      putting = mine;
      told.busy(true);
      try {
        const next = await put(text, mine.signal);
        if (putting === mine) this.take(next);
      } catch (error) {
        if (putting === mine) told.failed(error);
      } finally {
        if (putting === mine) told.busy(false);
      }
    },
    /** What is asked is given up: what was answered last stands. */
    giveUp() {
      stop();
      if (answer) take(answer, true);
    },
    /** @param {Answer} next */
    take(next) {
      stop();
      take(next, true);
    },
    close() {
      stop();
      spec = undefined;
      answer = undefined;
    },
  };
}
