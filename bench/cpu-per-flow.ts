import { parseArgs } from 'node:util';
import { message, startTarget } from './child-process.ts';
import { measured } from './measured-process.ts';
import type { Command, Cost } from './measured-process.ts';
import { engine, floor, roomyFloor } from './own-clients.ts';
import { difference } from './same-flow.ts';
import type { Tally } from './same-flow.ts';
import { sideBySide } from './side-by-side.ts';
import type { ClientRow } from './side-by-side.ts';
import { artillery } from './tools/artillery.ts';
import { autocannon } from './tools/autocannon.ts';
import type { Client, Order } from './tools/client.ts';
import { gatling } from './tools/gatling.ts';
import { jmeter } from './tools/jmeter.ts';
import { k9 } from './tools/k9.ts';
import { locustFast, locustUsual } from './tools/locust.ts';

/**
 * CPU time per flow of five requests (start, first factor, authenticate, continue, token) and peak memory, by client;
 * closed model. Each client runs in a process of its own, once with few and once with many flows; the difference is the
 * cost without start-up. Rounds alternate, and medians of ratios count, because the machine is noisy. Flags: `--users`
 * (numbers with commas between; a table for each), `--rounds`. Arguments: words in the names of tools to run besides the
 * floor and our engine (default: all).
 */
const TOOLS: readonly Client[] = [autocannon, k9, gatling, locustFast, jmeter, artillery, locustUsual];
/** Flows of each user at least, in the short and in the long run. */
const EACH = [4, 20] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { users: { type: 'string', default: '50' }, rounds: { type: 'string', default: '3' } },
});
const wanted = positionals.map((word) => word.toLowerCase());
const asked = ({ name }: Client): boolean =>
  wanted.length === 0 || wanted.some((word) => name.toLowerCase().includes(word));

const { target, folder, url } = await startTarget();
try {
  /** What the target has counted since the last call. */
  const tally = async (): Promise<Tally> => {
    const answer = message(target);
    target.send('tally');
    return (await answer) as Tally;
  };

  /** Runs a client once and verifies that it did what was ordered. */
  const play = async (client: Client, command: (order: Order) => Command, order: Order): Promise<Cost> => {
    await tally();
    const cost = await measured(command(order));
    const other = difference(await tally(), { ...order, renewsCookie: client.renewsCookie });
    if (other !== undefined) throw new Error(`did something else: ${other}`);
    return cost;
  };

  const table = async (users: number, rounds: number): Promise<string> => {
    const rows: ClientRow[] = [];
    const commands = new Map<ClientRow, { client: Client; command: (order: Order) => Command }>();
    for (const client of [floor, engine, roomyFloor, ...TOOLS.filter(asked)]) {
      const found = client.find();
      if ('missing' in found) console.error(`${client.name} is skipped: ${found.missing} (bench/tools/README.md)`);
      else {
        const row: ClientRow = { name: client.name, rounds: [] };
        rows.push(row);
        commands.set(row, { client, command: found.command });
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const [row, { client, command }] of commands) {
        if (row.failed !== undefined) continue;
        try {
          // Every user plays as many.
          const [few, many] = client.flows.map((flows, at) => Math.ceil(Math.max(EACH[at]!, flows / users)) * users);
          const order = { target: url, mostFlows: many!, users, folder };
          const short = await play(client, command, { ...order, flows: few! });
          const long = await play(client, command, { ...order, flows: many! });
          const cpuPerFlow = (long.cpuSeconds - short.cpuSeconds) / (many! - few!);
          row.rounds.push({ cpuPerFlow, peakRss: long.peakRss });
          console.error(`round ${round + 1} of ${rounds}: ${row.name} ${(cpuPerFlow * 1_000).toFixed(3)} s`);
        } catch (error) {
          row.failed = (error as Error).message;
          console.error(`${client.name}: ${row.failed}`);
        }
      }
    }
    return sideBySide(rows);
  };

  for (const users of values.users.split(',').map(Number)) {
    console.log(`${users} users:\n\n${await table(users, Number(values.rounds))}\n`);
  }
} finally {
  target.disconnect();
}
