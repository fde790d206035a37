// UNKNOWN-1: bare numbers, numeric strings, `1d`, `1.5s` in every duration option.
// A case is OPTION/FORM. See the exit code too: 104 means refused. Accepted options are printed; then the run aborts.
import exec from 'k6/execution';
import { CASE, answer } from './answer.js';

const FORMS = { number: 2000, numeric: '2000', day: '1d', fraction: '1.5s', combined: '1m30s', negative: '-1s' };
const [option, form] = CASE.split('/');
const value = FORMS[form];
const shared = { executor: 'shared-iterations', vus: 1, iterations: 1 };

const OPTIONS = {
  duration: { vus: 1, duration: value },
  stages: { stages: [{ duration: value, target: 1 }] },
  maxDuration: { scenarios: { s: { ...shared, maxDuration: value } } },
  gracefulStop: { scenarios: { s: { ...shared, gracefulStop: value } } },
  startTime: { scenarios: { s: { ...shared, startTime: value } } },
  timeUnit: {
    scenarios: {
      s: { executor: 'constant-arrival-rate', rate: 1, timeUnit: value, duration: '1s', preAllocatedVUs: 1 },
    },
  },
  setupTimeout: { iterations: 1, setupTimeout: value },
  minIterationDuration: { iterations: 1, minIterationDuration: value },
};

export const options = OPTIONS[option];

export function setup() {
  answer(1, { accepted: exec.test.options });
  exec.test.abort('seen');
}

export default function () {}
