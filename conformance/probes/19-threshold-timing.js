// UNKNOWN-19: interval of evaluation, base of delayAbortEval, operators, spaces and quotes in selectors.
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { CASE, answer, pause } from './answer.js';

const abort = (more) => ({ threshold: 'count<1', abortOnFail: true, ...more });
const THRESHOLDS = {
  interval: { fed: [abort()] },
  delay: { fed: [abort({ delayAbortEval: '5s' })] },
  'not-equal': { fed: ['count!=3'] },
  'triple-equal': { fed: ['count===3'] },
  spaces: { fed: ['  count  >  0  '] },
  'selector-space': { 'fed{ a:b }': ['count>0'] },
  'selector-quotes': { 'fed{a:"b"}': ['count>0'] },
  'selector-comma': { 'fed{a:b,c:d}': ['count>0'] },
  'selector-value-comma': { 'fed{a:x\\,y}': ['count>=0'] },
};
const fed = new Counter('fed');

export const options = { thresholds: THRESHOLDS[CASE], vus: 1, duration: CASE === 'interval' ? '10s' : '8s' };

export async function setup() {
  await pause(1500); // does the delay run during setup?
}

export default async function () {
  fed.add(1, { a: 'b', c: 'd' });
  answer(19, { sinceStartMs: Date.now() - exec.scenario.startTime, testMs: exec.instance.currentTestRunDuration });
  await pause(100);
}
