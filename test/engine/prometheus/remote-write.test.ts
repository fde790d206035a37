import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test as inOrder } from 'vitest';
import { Delivery } from '../../../engine/outputs/remote-write/delivery.ts';
import type { DeliveryResult } from '../../../engine/outputs/remote-write/delivery.ts';
import { readRemoteWriteTarget } from '../../../engine/outputs/remote-write/settings.ts';
import { NEVER, PLAN, interval, open, series } from './a-run.ts';
import { receive } from './receiver.ts';
import type { Answering, ReceivedSample } from './receiver.ts';

const FAST = { K6_PROMETHEUS_RW_PUSH_INTERVAL: '100ms' };
const OUTCOME = { verdict: 'pass', exitCode: 0, durationMs: 5_000, thresholds: [] } as const;
/** Most of the time is spent in waiting. */
const test = inOrder.concurrent;

const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

async function receiver(answer?: Answering): ReturnType<typeof receive> {
  const one = await receive(answer);
  closing.push(one.close);
  return one;
}

/** Plays a run of five intervals of 100 ms, in each of which a counter grows by 1. */
async function play(
  url: string,
  environment: Readonly<Record<string, string>> = {},
  deliverWithinMs?: number,
): Promise<{ readonly warned: readonly string[]; readonly startedAtMs: number }> {
  const target = readRemoteWriteTarget(url, { ...FAST, ...environment });
  const { outputs, warned } = await open([target], deliverWithinMs === undefined ? {} : { deliverWithinMs });
  const startedAtMs = Date.now() - 100;
  outputs.begin({ ...PLAN, intervalMs: 100, startedAtMs });
  for (let index = 0; index < 5; index++) {
    const named = index === 0 ? [series(0, 'flows', { kind: 'F1', phase: '' })] : [];
    outputs.write(interval(index, named, [[0, { samples: 1, sum: 1 }]]));
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  outputs.finish(OUTCOME);
  await outputs.close(0, NEVER);
  return { warned, startedAtMs };
}

function bySeries(samples: readonly ReceivedSample[]): Map<string, ReceivedSample[]> {
  const groups = new Map<string, ReceivedSample[]>();
  for (const sample of samples) {
    const key = JSON.stringify(sample.labels);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return groups;
}

test('a receiver gets every series with its labels and times, and at the end how the run went', async () => {
  const { url, requests, taken } = await receiver();
  const { warned, startedAtMs } = await play(url);
  expect(warned).toEqual([]);
  expect(requests[0]!.headers).toMatchObject({
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
    'user-agent': 'pairstorm/1.2.3',
  });
  const groups = bySeries(taken());
  for (const [key, samples] of groups) {
    const times = samples.map(({ atMs }) => atMs);
    expect(times, key).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(samples[0]!.labels, key).toMatchObject({ testid: 'nightly', instance: 'machine-1' });
  }
  const last = [...groups.values()].map((samples) => samples.at(-1)!);
  const find = (name: string): ReceivedSample | undefined => last.find(({ labels }) => labels['__name__'] === name);
  expect(find('k6_flows_total')).toMatchObject({
    value: 5,
    labels: { __name__: 'k6_flows_total', kind: 'F1', testid: 'nightly', instance: 'machine-1' },
  });
  expect(Object.keys(find('k6_flows_total')!.labels)).not.toContain('phase');
  // It was 0 before it was there, so that its growth is seen from the first sample on.
  expect(taken().find(({ labels }) => labels['__name__'] === 'k6_flows_total')!.value).toBe(0);
  // A value has the time until which it was recorded, or a later one at which it was still so.
  for (const { labels, value, atMs } of taken()) {
    if (labels['__name__'] === 'k6_flows_total') expect(atMs).toBeGreaterThanOrEqual(startedAtMs + value * 100);
  }
  expect(find('pairstorm_run_verdict')).toMatchObject({ value: 1, labels: { verdict: 'pass' } });
  expect(find('pairstorm_scenario_active')).toMatchObject({ value: 0, labels: { scenario: 'load', phase: 'steady' } });
});

test('what a receiver cannot take now is sent again until it can: nothing is lost', async () => {
  const statuses = [500, 503, 429];
  const { url, requests, taken } = await receiver((number) => ({ status: statuses[number] ?? 204, retryAfter: '0' }));
  const { warned } = await play(url);
  expect(warned).toEqual([`--out prometheus-rw=${url}: HTTP 503; retrying until the receiver accepts it`]);
  // The same body four times, and then each of the others once, in the order of their times.
  const bodies = requests.map(({ body }) => body.toString('base64'));
  expect(new Set(bodies.slice(0, 4)).size).toBe(1);
  expect(new Set(bodies).size).toBe(bodies.length - 3);
  const flows = taken().filter(({ labels }) => labels['__name__'] === 'k6_flows_total');
  expect(flows.at(-1)!.value).toBe(5);
  expect(flows.map(({ atMs }) => atMs)).toEqual(flows.map(({ atMs }) => atMs).sort((a, b) => a - b));
});

test('what a receiver refuses is not sent again; it is counted, and told with the reason', async () => {
  const { url, requests } = await receiver(() => ({ status: 400, text: 'out of order sample\n' }));
  const { warned } = await play(url);
  const bodies = requests.map(({ body }) => body.toString('base64'));
  expect(new Set(bodies).size).toBe(bodies.length);
  const samples = requests.flatMap((request) => request.samples).length;
  expect(warned).toEqual([
    `--out prometheus-rw=${url}: HTTP 400: out of order sample; such samples are dropped`,
    `--out prometheus-rw=${url}: ${samples} of ${samples} samples were not delivered: HTTP 400: out of order sample`,
  ]);
});

test('a body that is too large for a receiver is halved until it fits: nothing is lost, and what comes later is smaller', async () => {
  const { url, requests, taken } = await receiver((_, __, samples) => ({ status: samples > 3 ? 413 : 204 }));
  const { warned } = await play(url);
  expect(warned).toEqual([]);
  const flows = taken().filter(({ labels }) => labels['__name__'] === 'k6_flows_total');
  expect(flows.at(-1)!.value).toBe(5);
  expect(flows.map(({ atMs }) => atMs)).toEqual(flows.map(({ atMs }) => atMs).sort((a, b) => a - b));
  // Whatever was too large has come in parts.
  const all = new Set(requests.flatMap(({ samples }) => samples.map((sample) => JSON.stringify(sample))));
  expect(new Set(taken().map((sample) => JSON.stringify(sample)))).toEqual(all);
  const tooLarge = requests.filter(({ answered }) => answered === 413);
  expect(tooLarge.length).toBeGreaterThan(0);
  expect(requests.lastIndexOf(tooLarge.at(-1)!)).toBeLessThan(requests.length / 2);
});

test('a sample that is too large by itself is refused', async () => {
  const { url } = await receiver(() => ({ status: 413 }));
  const { warned } = await play(url);
  expect(warned[0]).toBe(`--out prometheus-rw=${url}: HTTP 413; such samples are dropped`);
  expect(warned.at(-1)).toMatch(/: (\d+) of \1 samples were not delivered: HTTP 413$/);
});

test('without a receiver the run ends all the same, after a bounded time, and says what was lost', async () => {
  const { url, close } = await receive();
  await close();
  const { warned } = await play(url, {}, 300);
  expect(warned[0]).toBe(`--out prometheus-rw=${url}: ECONNREFUSED; retrying until the receiver accepts it`);
  expect(warned.at(-1)).toMatch(/: (\d+) of \1 samples were not delivered: ECONNREFUSED$/);
  expect(warned).toHaveLength(2);
});

test('a receiver that never answers holds up the end no longer than it may', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { warned } = await play(url, {}, 200);
  server.close();
  expect(warned).toEqual([
    expect.stringMatching(/: (\d+) of \1 samples were not delivered: the receiver did not accept them in time$/),
  ]);
});

test('what authenticates a run reaches the receiver and nobody else', async () => {
  const secrets = { K6_PROMETHEUS_RW_USERNAME: 'someone', K6_PROMETHEUS_RW_PASSWORD: 'p4ss-word' };
  const { url, requests } = await receiver((_, { authorization }) => ({
    status: 401,
    text: `not you: ${authorization!}, ${Buffer.from(authorization!.slice(6), 'base64').toString()}`,
  }));
  const { warned } = await play(`${url}?token=in-the-query`, {
    ...secrets,
    K6_PROMETHEUS_RW_HEADERS_X_Scope: 'tenant-7',
  });
  expect(requests[0]!.headers).toMatchObject({
    authorization: `Basic ${Buffer.from('someone:p4ss-word').toString('base64')}`,
    x_scope: 'tenant-7',
  });
  expect(warned.join('\n')).toContain('HTTP 401: not you: (redacted), someone:(redacted)');
  expect(warned.join('\n')).not.toMatch(/p4ss-word|c29tZW9uZTpwNHNzLXdvcmQ|in-the-query/);
});

test('on request every series is marked as ended', async () => {
  const { url, taken } = await receiver();
  await play(url, {
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
    K6_PROMETHEUS_RW_LABELS: 'team=auth,kind=none,instance=m7',
  });
  for (const [key, samples] of bySeries(taken())) {
    expect(samples.at(-1)!.stale, key).toBe(true);
    expect(
      samples.slice(0, -1).some(({ stale }) => stale),
      key,
    ).toBe(false);
    expect(samples.length, key).toBeGreaterThan(1);
  }
  // A series' own tag wins over a label of all.
  expect(taken().find(({ labels }) => labels['__name__'] === 'k6_flows_total')!.labels).toMatchObject({
    kind: 'F1',
    team: 'auth',
    instance: 'm7',
  });
});

test('more than may wait: the oldest is dropped, the newest delivered', async () => {
  const posted: number[] = [];
  let letGo: (answer: DeliveryResult) => void = () => undefined;
  const first = new Promise<DeliveryResult>((resolve) => (letGo = resolve));
  const delivery = new Delivery(
    async ([number]) => {
      posted.push(number!);
      return posted.length === 1 ? first : { how: 'taken' };
    },
    30,
    () => undefined,
  );
  for (let number = 1; number <= 10; number++) delivery.add(Uint8Array.of(number), 10);
  letGo({ how: 'taken' });
  await delivery.close(10_000, NEVER);
  expect(posted).toEqual([1, 9, 10]);
  expect([delivery.samples, delivery.dropped]).toEqual([100, 70]);
  expect(delivery.problem).toBe('more than 30 were queued (the receiver is slow)');
});
