// Changes to a specification: each gives a new one, the old stays as it was.

/** @typedef {import("../types").Spec} Spec */
/** @typedef {import("../types").Criterion} Criterion */

/** All that is measured, members of groups as `group/member`. @param {Record<string, Criterion>} criteria @param {string} [prefix] @returns {[string, Criterion][]} */
export function measured(criteria, prefix = "") {
  return Object.entries(criteria).flatMap(([name, criterion]) => (criterion.criteria ? measured(criterion.criteria, `${prefix}${name}/`) : [/** @type {[string, Criterion]} */ ([prefix + name, criterion])]));
}

/** @param {Spec} spec @param {string} path @returns {Criterion | undefined} */
export function at(spec, path) {
  return measured(spec.criteria).find(([name]) => name === path)?.[1];
}

/** @param {Spec} spec @param {string} path @param {(criterion: Criterion) => Criterion | undefined} change nothing takes the criterion out @returns {Spec} */
export function changed(spec, path, change) {
  return { ...spec, criteria: inside(spec.criteria, path.split("/"), change) };
}

/** @param {Record<string, Criterion>} criteria @param {string[]} path @param {(criterion: Criterion) => Criterion | undefined} change @returns {Record<string, Criterion>} */
function inside(criteria, [name, ...rest], change) {
  const entries = Object.entries(criteria).map(([key, criterion]) => {
    if (key !== name) return /** @type {[string, Criterion]} */ ([key, criterion]);
    /** @type {any} */
    const next = rest.length === 0 ? change(criterion) : { ...criterion, criteria: inside(criterion.criteria ?? {}, rest, change) };
    return /** @type {[string, Criterion]} */ ([key, next]);
  });
  return Object.fromEntries(entries.filter(([, criterion]) => criterion && !(criterion.criteria && Object.keys(criterion.criteria).length === 0)));
}

/** @template {object} T @param {T} of @param {Partial<Record<keyof T, any>>} values nothing takes a key out @returns {T} */
export function having(of, values) {
  const next = { ...of, ...values };
  for (const [key, value] of Object.entries(next)) if (value === undefined) delete (/** @type {any} */ (next)[key]);
  return next;
}

/** @param {Spec} spec @param {string} wanted @param {Criterion} criterion @returns {Spec} */
export function added(spec, wanted, criterion) {
  const base = wanted.replaceAll("/", " ").trim() || criterion.kind;
  let name = base;
  for (let count = 2; name in spec.criteria; count += 1) name = `${base} ${count}`;
  return { ...spec, criteria: { ...spec.criteria, [name]: criterion } };
}

/** What is measured, without what is asked of it: another threshold reads the same measures. @param {Spec} spec */
export function measuresOf(spec) {
  const asked = new Set(["required", "value", "weight"]);
  const criteria = measured(spec.criteria).map(([name, criterion]) => [name, Object.entries(criterion).filter(([key]) => !asked.has(key))]);
  return JSON.stringify([spec.candidates, spec.buildable, spec.metric, criteria]);
}

/** The order of importance of what has a value. @param {Spec} spec @param {Map<string, number>} shares */
export function orderOf(spec, shares) {
  const valued = measured(spec.criteria).filter(([, criterion]) => criterion.value).map(([name]) => name);
  const order = spec.weights?.order?.flat();
  if (order) return [...order.filter((name) => valued.includes(name)), ...valued.filter((name) => !order.includes(name))];
  return valued.sort((a, b) => (shares.get(b) ?? 0) - (shares.get(a) ?? 0));
}

/** Weights by order, in place of numbers. @param {Spec} spec @param {string[]} order @returns {Spec} */
export function ordered(spec, order) {
  const without = measured(spec.criteria).reduce((so_far, [name]) => changed(so_far, name, (criterion) => having(criterion, { weight: undefined })), spec);
  return { ...without, weights: { order } };
}

/** Weights by number again, as large as the shares were. @param {Spec} spec @param {Map<string, number>} shares @returns {Spec} */
export function weighted(spec, shares) {
  const most = Math.max(...shares.values(), 0.01);
  const numbered = measured(spec.criteria).reduce((so_far, [name, { value }]) => {
    const weight = value && Math.max(0.5, Math.round(((shares.get(name) ?? 0) / most) * 10) / 2);
    return changed(so_far, name, (criterion) => having(criterion, { weight }));
  }, spec);
  return having(numbered, { weights: undefined });
}
