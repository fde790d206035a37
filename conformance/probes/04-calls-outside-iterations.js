// UNKNOWN-4: what http, check, group, sleep, metric.add and exec.scenario do in init and in setup.
import { check, group, sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import { TARGET, answer, attempt } from './answer.js';

const counter = new Counter('probe_counter');
const CALLS = {
  'http.get': () => http.get(`${TARGET}/200`).status,
  'http.asyncRequest': () => typeof http.asyncRequest('GET', `${TARGET}/200`),
  'http.cookieJar': () => typeof http.cookieJar(),
  check: () => check(1, { one: () => true }),
  group: () => group('g', () => 1),
  sleep: () => sleep(0.01),
  'metric.add': () => counter.add(1),
  'new Counter': () => typeof new Counter('probe_late'),
  'exec.scenario.name': () => exec.scenario.name,
  'exec.vu.idInTest': () => exec.vu.idInTest,
  'exec.instance.vusActive': () => exec.instance.vusActive,
  'exec.test.options': () => typeof exec.test.options,
  setTimeout: () => typeof setTimeout(() => undefined, 1),
  open: () => typeof open('./answer.js'),
};
/* global setTimeout, open */

const stage = (name) => {
  for (const [call, make] of Object.entries(CALLS)) answer(4, { stage: name, call, ...attempt(make) });
};
stage('init');

export function setup() {
  stage('setup');
}

export default function () {
  stage('iteration');
}
