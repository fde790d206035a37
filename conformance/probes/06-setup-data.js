// UNKNOWN-6: what the default function and teardown receive, by setup's return value. The case no-setup has no setup.
/* global exports, __ENV */
const CASE = __ENV.CASE || 'no-setup';
const RETURNS = {
  undefined: () => undefined,
  null: () => null,
  number: () => NaN,
  date: () => ({ at: new Date(0) }),
  map: () => new Map([['a', 1]]),
  promise: () => Promise.resolve({ a: 1 }),
  function: () => ({ f: () => 1, a: 1 }),
  cycle: () => {
    const loop = {};
    loop.self = loop;
    return loop;
  },
};
const say = (stage, data) =>
  console.log(
    JSON.stringify({ probe: 6, case: CASE, stage, type: typeof data, text: JSON.stringify(data), shown: String(data) }),
  );

if (CASE !== 'no-setup') exports.setup = RETURNS[CASE];
exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } };
exports.default = (data) => {
  say('iteration', data);
  if (data !== null && typeof data === 'object') data.changed = true;
};
exports.teardown = (data) => say('teardown', data);
