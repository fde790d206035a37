// UNKNOWN-10: the exit code when two errors coincide. The answer is the exit code.
/* global exports, __ENV, require, setTimeout */
const exec = require('k6/execution');
const parts = (__ENV.CASE || '').split('+');
const has = (part) => parts.includes(part);

exports.options = { iterations: 1, thresholds: has('threshold') ? { iterations: ['count>5'] } : {} };
exports.default = () => {
  if (has('fail')) exec.test.fail('on purpose');
  if (has('sigint')) return new Promise((resolve) => setTimeout(resolve, 20_000)); // the collector interrupts it
  if (has('abort')) exec.test.abort('on purpose');
};
if (has('teardown')) {
  exports.teardown = () => {
    throw new Error('on purpose');
  };
}
if (has('summary')) {
  exports.handleSummary = () => {
    throw new Error('on purpose');
  };
}
