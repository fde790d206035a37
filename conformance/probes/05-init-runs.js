// UNKNOWN-5: how often the init code runs, and __VU in it, with 3 VUs. A case names the optional functions that exist.
// CommonJS, because exports depend on the case.
/* global exports, __ENV, __VU */
const CASE = __ENV.CASE || '';
const say = (stage) => console.log(JSON.stringify({ probe: 5, case: CASE, stage, vu: __VU }));

say('init');
exports.options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 3, iterations: 1 } } };
exports.default = () => say('iteration');
if (CASE.includes('setup')) exports.setup = () => say('setup');
if (CASE.includes('teardown')) exports.teardown = () => say('teardown');
if (CASE.includes('summary')) {
  exports.handleSummary = () => {
    say('handleSummary');
    return {};
  };
}
