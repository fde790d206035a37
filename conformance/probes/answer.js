// Shared by all probes. Each answer is one JSON line on the console.
/* global __ENV, setTimeout */

/** Base URL of target.mjs. */
export const TARGET = __ENV.TARGET || 'http://127.0.0.1:9444';

/** The case of a probe to run; the list is in probes.json. */
export const CASE = __ENV.CASE || '';

/** Prints one answer. */
export function answer(probe, facts) {
  console.log(JSON.stringify({ probe, case: CASE, ...facts }));
}

/** Waits without blocking the loop, so that hosts without sleep() can answer too. */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Describes a thrown value; scripts may throw anything. */
export function thrown(error) {
  return { name: String(error && error.name), message: String(error && error.message ? error.message : error) };
}

/** Result of a call: its value, or what it throws. */
export function attempt(make) {
  try {
    return { value: make() };
  } catch (error) {
    return { throws: thrown(error) };
  }
}

/** As `attempt`, for a promise; `how`: whether the call threw, rejected or resolved. */
export async function attemptAsync(make) {
  let promise;
  try {
    promise = make();
  } catch (error) {
    return { how: 'throws', ...thrown(error) };
  }
  try {
    return { how: 'resolves', value: await promise };
  } catch (error) {
    return { how: 'rejects', ...thrown(error) };
  }
}
