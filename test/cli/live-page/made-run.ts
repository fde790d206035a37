import { Worker } from 'node:worker_threads';
import { countsOf } from '../../../contract/series-counts.ts';
import type { NumberedInterval, SeriesName } from '../../../contract/series-counts.ts';
import type { FromLivePage, LiveOrder, ToLivePage } from '../../../cli/live-page/messages.ts';
import type { LiveNumbers } from '../../../cli/live/live-numbers.ts';
import { openRecord } from '../../../record/read-record.ts';
import type { RunFile } from '../../../record/run-file.ts';

/** The thread of the live page, as built, fed by a test in the place of a run. */
export interface MadePage {
  readonly url: string;
  readonly send: (message: ToLivePage) => void;
  readonly close: () => Promise<void>;
}

export async function madePage(script: string): Promise<MadePage> {
  const order: LiveOrder = { script, port: 0, host: '127.0.0.1', token: undefined, control: undefined };
  const worker = new Worker(new URL('../../../build/cli/live-page/worker.js', import.meta.url), { workerData: order });
  const first = await new Promise<FromLivePage>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (first.is !== 'listening') throw new Error(JSON.stringify(first));
  return {
    url: `http://127.0.0.1:${first.port}/`,
    send: (message) => worker.postMessage(message),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** The intervals of a record, over and over, each a second later than the one before. */
export async function endlessIntervals(folder: string): Promise<{
  readonly run: RunFile;
  readonly next: () => NumberedInterval;
}> {
  const { run, intervals } = openRecord(folder);
  const numbers = new Map<SeriesName, number>();
  const recorded: NumberedInterval['recorded'][] = [];
  for await (const interval of intervals()) {
    recorded.push(
      interval.recorded.map(([name, total]) => {
        const number = numbers.get(name) ?? numbers.size;
        numbers.set(name, number);
        return [number, countsOf(total)] as const;
      }),
    );
  }
  const named = [...numbers].map(([name, number]) => ({ number, ...name }));
  let index = 0;
  return {
    run: { ...run, end: null },
    next: () => {
      const at = index++;
      return { index: at, named: at === 0 ? named : [], recorded: recorded[at % recorded.length]! };
    },
  };
}

/** Numbers of a run that is so old. */
export function numbersAt(elapsedMs: number, totalMs: number): LiveNumbers {
  return {
    ...{ elapsedMs, totalMs, part: 'steady', vus: 812, vusMax: 2_000, unit: 'flows', perSecond: 49.7 },
    ...{ plannedPerSecond: 50, finishingMs: undefined, p95Ms: 84.2, errors: 3, threw: 0 },
    steps: [{ name: 'poll', perSecond: 212, p95Ms: 31, errors: 0.004 }],
    pairing: { perSecond: 9.8, errors: 0.01, p95Ms: 210 },
    polling: { perSecond: 212, errors: 0.004, p95Ms: 31, lagP95Ms: 640, pollsMed: 3 },
    outcomes: [{ outcome: 'authenticated', count: 4_012 }],
    generator: { eventLoopP99Ms: 2, startLagP99Ms: 3, stepLatenessP99Ms: 2, cpuCores: 0.8, dropped: 0 },
  };
}
