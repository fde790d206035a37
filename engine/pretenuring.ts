import { setFlagsFromString } from 'node:v8';

/**
 * For the whole process, its threads included: V8 makes no object in the old generation because earlier ones from the
 * same place in the code outlived a collection. Hundreds of users who start at once teach it so about the header lists
 * of their requests; those of all later requests, dead in a moment, then keep what they hold from the young collections,
 * and what that holds. It cost a run of 400 users a sixth of its CPU with V8 13, a twentieth with V8 12 (bench/RESULTS.md).
 */
export function turnOffPretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
