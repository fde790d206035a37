import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { play } from '../verdict/played.ts';
import { emptyFolder } from './command.ts';

test('a storm of browsers that wait is a note about the target, apart from the rates of its steps', async () => {
  const drawn = makeInventory({ users: 200, seed: 21, version: 'test' });
  const approves = drawn.users.filter(
    ({ kind, behaviour }) => kind === 'F10' && behaviour.push?.decision === 'approve',
  );
  const inventory = { ...drawn, users: approves.slice(0, 3) };
  const file = join(emptyFolder(), 'people.json');
  writeFileSync(file, encodeInventory(inventory));
  const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, timeScale: 0.05 });
  try {
    // Each user's first 40 questions after the state.
    const fault = {
      name: 'overload',
      kind: 'status',
      status: 429,
      body: 'json',
      steps: ['poll', 'readFlow'],
      first: 40,
    };
    await fetch(`${simulator.url}/admin/faults`, { method: 'PUT', body: JSON.stringify([fault]) });
    const env = {
      ...{ PF_BASE_URL: simulator.url, INVENTORY: file, FLOWS: '3', TIME_SCALE: '0.05', CLIENT_PROFILE: 'browser' },
      STORM_MAX_PER_USER: '80',
    };
    const { code, finding, said, file: written } = await play(['smoke', '--allow-invalid'], env);
    expect([code, said]).toEqual([0, expect.any(String)]);
    // The first of 40 is the poll that failed; the last repeat is answered.
    expect(finding('client_storm')).toMatchObject({
      exit: 0,
      data: { clients: 3, requests: 120, answers: { '429': 3 }, held: { user: 3 }, caps: { user: 80, run: 2000 } },
    });
    expect(said).toMatch(
      /note: HTTP 429 made 3 waiting clients ask 120 times without a pause, for \d\.\d s at most; held back: 3 by STORM_MAX_PER_USER \(80 a second\)/,
    );
    expect(written('report.html')).toContain('made 3 waiting clients ask 120 times without a pause');
  } finally {
    await simulator.close();
  }
});
