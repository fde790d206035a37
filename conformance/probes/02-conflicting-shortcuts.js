// UNKNOWN-2: -u over scenarios; stages with duration, scenarios with iterations in one script. See warnings, exit code.
import exec from 'k6/execution';
import { CASE, answer } from './answer.js';

const scenarios = { mine: { executor: 'shared-iterations', vus: 1, iterations: 1 } };
const OPTIONS = {
  'scenarios-and-u': { scenarios },
  'scenarios-and-iterations': { scenarios, iterations: 2 },
  'stages-and-duration': { stages: [{ duration: '1s', target: 1 }], duration: '2s' },
};

export const options = OPTIONS[CASE];

export default function () {
  answer(2, { scenarios: exec.test.options.scenarios });
  exec.test.abort('seen');
}
