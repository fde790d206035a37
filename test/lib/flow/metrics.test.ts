import { ofStep, selector } from '../../../contract/selector.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { play } from './stage.ts';
import { expect, test } from 'vitest';

const { users, ...head } = makeInventory({ users: 50, seed: 21, version: 'test' });

/** Plays one user and gives the numbers of the summary. */
async function playOne(kind: string, env: Record<string, string> = {}) {
  const user = users.find((candidate) => candidate.kind === kind)!;
  const { result } = await play({ ...head, users: [user] }, { PUSH_DECIDED_BY: 'poll', ...env }, { latency: 'on' });
  const values = (metric: string): Readonly<Record<string, number>> => result.summary.metrics[metric]?.values ?? {};
  // One flow takes each of these steps once, so that its maximum is its duration.
  const latency = (name: string) => values(selector('http_req_duration', ofStep(name)));
  const step = (name: string): number => latency(name)['max']!;
  return { user, values, latency, step };
}

test('server time of a flow is the sum of its requests, and of pairing those from authenticate to the token', async () => {
  const { values, step } = await playOne('F1');
  const pairing = step('authenticate') + step('continueAuthentication') + step('token');
  expect(values('pairing_duration')['max']).toBeCloseTo(pairing, 6);
  expect(values('flow_duration')['max']).toBeCloseTo(step('start') + step('checkUsernamePassword') + pairing, 6);
  expect(values('pairing_duration')['max']).toBeLessThan(values('flow_duration')['max']!);
});

test.each([
  ['F1', 0],
  ['F2', 0],
  ['F3', 1],
])('a flow that reached pairing is one sample of pairing_error_rate: %s gives %d', async (kind, rate) => {
  const { values } = await playOne(kind);
  expect(values('pairing_error_rate')).toMatchObject({ passes: rate, fails: 1 - rate });
});

test('a push is judged by its polls: how many, each with its latency, and how late the decision was seen', async () => {
  const { user, values, latency, step } = await playOne('F10');
  const { profile, push } = user.behaviour;
  // The phone decides before the poll that its time leads to, and that poll shows it.
  const decisive = Math.ceil(push!.afterMs / 1000);
  expect(profile).toMatch(/android|ios/);
  expect(values('polls_per_flow')).toMatchObject({ count: 1, max: decisive });
  expect(latency('poll')).toMatchObject({ count: decisive, max: step('poll') });
  expect(values('poll_error_rate')).toMatchObject({ passes: 0, fails: decisive });
  expect(values('decision_lag')['count']).toBe(1);
  // Decided before the last poll was sent: the lag is that poll's time, in the 1 ms steps of the clock.
  expect(values('decision_lag')['max']).toBeGreaterThan(0);
});

test('a flow without a push and without pairing gives no sample of either path', async () => {
  const { values, latency } = await playOne('F12');
  for (const metric of ['polls_per_flow', 'decision_lag', 'pairing_duration']) {
    expect(values(metric)['count'], metric).toBe(0);
  }
  expect(latency('poll')['count']).toBe(0);
});
