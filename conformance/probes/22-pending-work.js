// UNKNOWN-22: what happens to timers and requests when an iteration fails; errors in timers; several rejections.
/* global setTimeout, __ITER */
import http from 'k6/http';
import { CASE, TARGET, answer } from './answer.js';

export const options = { vus: 1, iterations: 2 };

const say = (what) => answer(22, { what, iteration: __ITER, at: Date.now() });
const FAULTS = {
  timer: () => {
    setTimeout(() => say('late timer'), 100);
    throw new Error('thrown');
  },
  request: () => {
    http.asyncRequest('GET', `${TARGET}/slow/300`).then(() => say('late answer'));
    throw new Error('thrown');
  },
  'async-throw': async () => {
    setTimeout(() => say('late timer'), 100);
    throw new Error('rejected');
  },
  'in-a-timer': () => {
    setTimeout(() => {
      throw new Error('in a timer');
    }, 50);
    setTimeout(() => say('later timer'), 100);
  },
  rejections: () => {
    setTimeout(() => say('later timer'), 100);
    Promise.reject(new Error('first'));
    Promise.reject(new Error('second'));
  },
  'handled-late': async () => {
    const rejected = Promise.reject(new Error('handled late'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await rejected.catch(() => say('handled'));
  },
  'not-awaited': () => {
    setTimeout(() => say('timer after return'), 100);
  },
  'never-settles': () => new Promise(() => undefined),
};

export default function () {
  say('start');
  return FAULTS[CASE]();
}
