import { Session } from 'node:inspector/promises';
import type { HeapProfiler } from 'node:inspector';
import { run } from '../engine/run.ts';

/** What was allocated, collected objects included, in bytes: in all, and by function. */
export interface Allocated {
  readonly bytes: number;
  readonly byFunction: Readonly<Record<string, number>>;
}

/**
 * Process that plays flows in the main thread and tells its parent what it allocated, by samples. Arguments: target,
 * inventory, flows, virtual users.
 */
const [target, inventory, flows, vus] = process.argv.slice(2);
const session = new Session();
session.connect();
await session.post('HeapProfiler.startSampling', {
  samplingInterval: 8_192,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
} as HeapProfiler.StartSamplingParameterType);
await run({
  bundlePath: 'dist/smoke.js',
  knownCalls: true,
  env: { PF_BASE_URL: target!, INVENTORY: inventory!, FLOWS: flows!, VUS: vus! },
});
const { profile } = await session.post('HeapProfiler.stopSampling');
const byFunction: Record<string, number> = {};
let bytes = 0;
/** A built-in function is named with its caller. */
const add = ({ callFrame, selfSize, children }: HeapProfiler.SamplingHeapProfileNode, caller: string): void => {
  const { functionName, url, lineNumber } = callFrame;
  const place = url.replace(/^.*\/node_modules\/|^.*\/(?=(?:build|dist)\/)/, '');
  const name = `${functionName || '(anonymous)'} ${place === '' ? `in ${caller}` : `${place}:${lineNumber + 1}`}`;
  byFunction[name] = (byFunction[name] ?? 0) + selfSize;
  bytes += selfSize;
  for (const child of children) add(child, name);
};
add(profile.head, 'the program');
process.send!({ bytes, byFunction } satisfies Allocated);
process.disconnect();
