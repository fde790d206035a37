// UNKNOWN-11: which scenario names, unknown keys and wrong types are refused. See the exit code and the message.
import exec from 'k6/execution';
import { CASE, answer } from './answer.js';

const good = { executor: 'shared-iterations', vus: 1, iterations: 1 };
const SCENARIOS = {
  'name-space': { 'a b': good },
  'name-dot': { 'a.b': good },
  'name-umlaut': { ä: good },
  'name-empty': { '': good },
  'name-digit': { 1: good },
  'key-unknown': { s: { ...good, vuz: 1 } },
  'key-of-another-executor': { s: { ...good, rate: 1 } },
  'vus-text': { s: { ...good, vus: '5' } },
  'vus-fraction': { s: { ...good, vus: 1.5 } },
  'vus-null': { s: { ...good, vus: null } },
  'tag-number': { s: { ...good, tags: { a: 1 } } },
  'env-number': { s: { ...good, env: { A: 1 } } },
};

export const options = { scenarios: SCENARIOS[CASE] };

export default function () {
  answer(11, { scenarios: exec.test.options.scenarios });
}
