import { join } from 'node:path';
import { startTarget } from './child-process.ts';
import { measured } from './measured-process.ts';
import { engine } from './own-clients.ts';

/**
 * Cost of the run record: CPU time per flow with and without it, in alternating pairs, in one worker thread (as
 * `pairstorm run` on two cores) and in the main thread. Prints the median of the pairs' ratios. Argument: pairs.
 */
const PAIRS = Number(process.argv[2] ?? 7);
const USERS = 50;

const { target, folder, url } = await startTarget();
try {
  const found = engine.find();
  if ('missing' in found) throw new Error(found.missing);
  const [few, many] = engine.flows;

  /** CPU seconds per flow, without start-up. */
  const cost = async (workers: string, record: readonly string[]): Promise<number> => {
    const cpu = async (flows: number): Promise<number> => {
      const command = found.command({ target: url, flows, mostFlows: many, users: USERS, folder });
      // Its last argument is the number of workers.
      const args = [...command.args.slice(0, -1), workers, ...record];
      return (await measured({ ...command, args })).cpuSeconds;
    };
    const short = await cpu(few);
    return ((await cpu(many)) - short) / (many - few);
  };

  console.log(
    '| played in | CPU seconds per 1,000 flows without a record | with | ratio of each pair: median (min to max) |',
  );
  console.log('|---|---|---|---|');
  for (const [workers, place] of [
    ['1', 'one worker thread'],
    ['0', 'the main thread'],
  ] as const) {
    const pairs: (readonly [without: number, recorded: number])[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const plain = (): Promise<number> => cost(workers, []);
      const recorded = (): Promise<number> => cost(workers, [join(folder, 'series.jsonl')]);
      // Alternate the order, because the second run finds a warmer or busier machine.
      if (pair % 2 === 0) pairs.push([await plain(), await recorded()]);
      else {
        const second = await recorded();
        pairs.push([await plain(), second]);
      }
    }
    const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
    const middle = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)]!;
    const ratios = sorted(pairs.map(([without, recorded]) => recorded / without));
    const per1000 = (at: 0 | 1): string => (middle(pairs.map((pair) => pair[at])) * 1_000).toFixed(3);
    console.log(
      `| ${place} | ${per1000(0)} | ${per1000(1)} | ${middle(ratios).toFixed(3)} (${ratios[0]!.toFixed(3)} to ${ratios.at(-1)!.toFixed(3)}) |`,
    );
  }
} finally {
  target.disconnect();
}
