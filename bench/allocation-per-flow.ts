import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { message, script, startTarget } from './child-process.ts';
import type { Allocated } from './engine-allocation.ts';
import { engine } from './own-clients.ts';

/**
 * What the engine allocates for a flow of five requests, by function (sampled, collected objects included; a long run
 * less a short one), and how much of the time it collects garbage. Flags: `--users`, `--top` (functions to list).
 */
const { values } = parseArgs({
  options: { users: { type: 'string', default: '50' }, top: { type: 'string', default: '40' } },
});
const users = Number(values.users);

const { target, folder, url } = await startTarget();
try {
  const found = engine.find();
  if ('missing' in found) throw new Error(found.missing);
  const [few, many] = engine.flows.map((flows, at) => Math.ceil(Math.max([4, 20][at]!, flows / users)) * users);
  const [, ...given] = found.command({ target: url, flows: many!, mostFlows: many!, users, folder }).args;
  const [address, inventory] = given as [string, string];

  const told = async (name: string, flows: number, ...more: readonly string[]): Promise<unknown> => {
    const child = fork(script(name), [address, inventory, String(flows), String(users), ...more]);
    return message(child);
  };
  const short = (await told('engine-allocation.js', few!)) as Allocated;
  const long = (await told('engine-allocation.js', many!)) as Allocated;
  const perFlow = (long_: number, short_ = 0): number => (long_ - short_) / (many! - few!) / 1_000;
  const { gc } = (await told('engine-flows.js', many!, '1')) as { gc: { share: number; youngMiB: number } };

  console.log(`${users} users: ${perFlow(long.bytes, short.bytes).toFixed(1)} KB a flow; in one worker thread, with a`);
  console.log(`young generation of ${gc.youngMiB} MiB, ${(gc.share * 100).toFixed(1)} % of the time is collecting\n`);
  console.log('| KB a flow | function |\n|--:|---|');
  const all = Object.entries(long.byFunction).map(
    ([name, bytes]) => [name, perFlow(bytes, short.byFunction[name])] as const,
  );
  for (const [name, kilobytes] of all.sort((a, b) => b[1] - a[1]).slice(0, Number(values.top)))
    console.log(`| ${kilobytes.toFixed(2)} | ${name} |`);
} finally {
  target.disconnect();
}
