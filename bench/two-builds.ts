import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startTarget } from './child-process.ts';
import { measured } from './measured-process.ts';
import { engine } from './own-clients.ts';
import { median } from './side-by-side.ts';

/**
 * Whether another build costs less CPU than this one, by as little as two percent: both play the same flows at the same
 * time, each against a target of its own, so that whatever else the machine does meets both. One after another, equal
 * builds differ by 20 % (RESULTS.md). Argument: the other checkout, built. Flags: `--users`, `--rounds`, `--flows`. Two
 * rows: this build against itself, which says how far apart equals are, and the other against this one.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    users: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '10' },
    flows: { type: 'string', default: '30000' },
  },
});
const [users, rounds, flows] = [values.users, values.rounds, values.flows].map(Number) as [number, number, number];
const here = process.cwd();
const other = resolve(positionals[0] ?? here);

const targets = [await startTarget(), await startTarget()];
try {
  const order = { flows, mostFlows: flows, users, folder: targets[0]!.folder };
  const found = engine.find();
  if ('missing' in found) throw new Error(found.missing);
  // Once: it writes the inventory, which others would read half written.
  const { file, args } = found.command({ ...order, target: '' });
  const [script, , ...rest] = args;
  const play = async (checkout: string, target: string): Promise<number> => {
    const there = resolve(checkout, relative(here, script!));
    return (await measured({ file, args: [there, target, ...rest], cwd: checkout })).cpuSeconds;
  };
  console.log('| build | CPU seconds of its runs: median | of this build’s beside it | ratio: median (each) |');
  console.log('|---|--:|--:|---|');
  for (const checkout of [here, other]) {
    const pairs: { readonly ours: number; readonly theirs: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      // Each gets each target as often.
      const [a, b] = round % 2 === 0 ? [targets[0]!, targets[1]!] : [targets[1]!, targets[0]!];
      const [ours, theirs] = await Promise.all([play(here, a.url), play(checkout, b.url)]);
      pairs.push({ ours, theirs });
    }
    const ratios = pairs.map(({ ours, theirs }) => theirs / ours);
    const [theirs, ours] = [median(pairs.map((pair) => pair.theirs)), median(pairs.map((pair) => pair.ours))];
    const each = ratios.map((ratio) => ratio.toFixed(2)).join(' ');
    const cells = [checkout, theirs.toFixed(2), ours.toFixed(2), `${median(ratios).toFixed(3)} (${each})`];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  for (const { target } of targets) target.disconnect();
}
