// UNKNOWN-8: the exit code of each error. The answer is the exit code (and the first line on stderr).
/* global exports, __ENV */
const forever = () => new Promise((resolve) => setTimeout(resolve, 60_000));
/* global setTimeout */
const fault = () => {
  throw new Error('on purpose');
};
const CASES = {
  'init-throws': () => fault(),
  'setup-throws': () => (exports.setup = fault),
  'setup-timeout': () => {
    exports.options.setupTimeout = '1s';
    exports.setup = forever;
  },
  'teardown-throws': () => (exports.teardown = fault),
  'teardown-timeout': () => {
    exports.options.teardownTimeout = '1s';
    exports.teardown = forever;
  },
  'summary-throws': () => (exports.handleSummary = fault),
  'iteration-throws': () => (exports.default = fault),
  'no-default': () => delete exports.default,
  'option-type': () => (exports.options = { vus: 'many' }),
  'option-unknown': () => (exports.options = { vuss: 1 }),
  'executor-unknown': () => (exports.options = { scenarios: { s: { executor: 'none' } } }),
  'exec-missing': () => (exports.options = { scenarios: { s: { executor: 'shared-iterations', exec: 'none' } } }),
  'threshold-syntax': () => (exports.options = { thresholds: { iterations: ['count >> 1'] } }),
  'threshold-metric': () => (exports.options = { thresholds: { nothing: ['count>1'] } }),
  'threshold-method': () => (exports.options = { thresholds: { iterations: ['p(95)<1'] } }),
};

exports.options = { iterations: 1 };
exports.default = () => undefined;
CASES[__ENV.CASE]();
