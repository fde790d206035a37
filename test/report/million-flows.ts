import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import { OUTCOMES } from '../../catalogue/outcomes.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { Histogram } from '../../contract/histogram.ts';
import type { EncodedHistogram } from '../../contract/histogram.ts';
import type { NamedSeries, SeriesCounts, Tags } from '../../contract/series-counts.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import { RUN_VERSION } from '../../record/run-file.ts';
import type { RunFile } from '../../record/run-file.ts';
import { encodeInterval, encodeSeriesHead } from '../../record/series-file.ts';

/** Numbers that look drawn and are the same each time (a linear congruential generator). */
function draws(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** The shape of a log-normal latency: bucket keys and weights. */
function shapeOf(medianMs: number, sigma: number): EncodedHistogram {
  const histogram = new Histogram();
  const draw = draws(Math.round(medianMs * 1_000));
  for (let i = 0; i < 2_000; i++) {
    const normal = Math.sqrt(-2 * Math.log(draw() + 1e-12)) * Math.cos(2 * Math.PI * draw());
    histogram.record(medianMs * Math.exp(sigma * normal));
  }
  return histogram.encode();
}

/** A histogram of `count` values of a shape: each bucket has its share, rounded so that all together make the count. */
function drawn(shape: EncodedHistogram, count: number, draw: () => number): EncodedHistogram {
  const positive: number[] = [];
  const offset = draw();
  let weight = 0;
  let given = 0;
  for (let at = 0; at < shape.positive.length; at += 2) {
    weight += shape.positive[at + 1]!;
    const upTo = weight === shape.count ? count : Math.min(count, Math.floor((weight * count) / shape.count + offset));
    if (upTo > given) positive.push(shape.positive[at]!, upTo - given);
    given = upTo;
  }
  const sum = (shape.sum * count) / shape.count;
  return { count, sum, min: shape.min, max: shape.max, zero: 0, positive, negative: [] };
}

const STEPS = {
  start: [18, 0.5],
  checkUsernamePassword: [40, 0.4],
  authenticate: [85, 0.45],
  selectDevice: [70, 0.5],
  poll: [27, 0.5],
  checkOtp: [55, 0.4],
  continueAuthentication: [21, 0.5],
  cancelAuthentication: [12, 0.5],
  token: [15, 0.6],
  wait: [5, 0.6],
} as const;
const TRENDS = [
  'http_req_duration',
  'http_req_blocked',
  'http_req_connecting',
  'http_req_tls_handshaking',
  'http_req_sending',
  'http_req_waiting',
  'http_req_receiving',
] as const;
const KINDS = Object.keys(FLOW_KINDS) as (keyof typeof FLOW_KINDS)[];

/** What the record is to be. */
export interface RecordPlan {
  readonly seconds: number;
  readonly flows: number;
  /** Stands wherever a record can hold a text. */
  readonly hostile?: string;
  readonly verdict?: 'pass' | 'fail' | 'killed';
}

/**
 * A record of the load scenario as a run writes it, in the form of its files: the same series, a second apart, with as many flows as
 * asked for. Returns the number of bytes of series.jsonl.
 */
export async function writeRecord(folder: string, plan: RecordPlan): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const file = createWriteStream(join(folder, 'series.jsonl'));
  let bytes = 0;
  const say = async (line: string): Promise<void> => {
    bytes += line.length + 1;
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  };
  await say(encodeSeriesHead(1_000));
  const numbers = new Map<string, number>();
  const draw = draws(7);
  const shapes = new Map(Object.entries(STEPS).map(([step, [median, sigma]]) => [step, shapeOf(median, sigma)]));
  const lag = shapeOf(500, 0.4);
  const small = shapeOf(0.2, 0.5);
  const pairing = shapeOf(170, 0.35);
  let flowsLeft = plan.flows;
  for (let index = 0; index < plan.seconds; index++) {
    const named: NamedSeries[] = [];
    const recorded: [number, SeriesCounts][] = [];
    const add = (metric: string, type: MetricType, contains: Contains, tags: Tags, counts: SeriesCounts): void => {
      const key = `${metric} ${JSON.stringify(tags)}`;
      let number = numbers.get(key);
      if (number === undefined) {
        numbers.set(key, (number = numbers.size));
        named.push({ number, metric, type, contains, tags });
      }
      recorded.push([number, counts]);
    };
    const counter = (metric: string, tags: Tags, sum: number): void =>
      add(metric, 'counter', 'default', tags, { samples: sum, sum });
    const gauge = (metric: string, value: number): void =>
      add(metric, 'gauge', 'default', {}, { samples: 1, value, min: value, max: value, at: index * 1_000 });
    const trend = (metric: string, tags: Tags, shape: EncodedHistogram, count: number): void => {
      if (count > 0) add(metric, 'trend', 'time', tags, drawn(shape, count, draw));
    };
    const rate = (metric: string, tags: Tags, samples: number, passes: number): void =>
      add(metric, 'rate', 'default', tags, { samples, passes });
    const flows = index === plan.seconds - 1 ? flowsLeft : Math.round(plan.flows / plan.seconds);
    flowsLeft -= flows;
    const of = { group: '', phase: index < 30 ? 'ramp' : 'steady', scenario: index < 30 ? 'ramp' : 'steady' };
    let kindsLeft = flows;
    KINDS.forEach((kind, at) => {
      const started = at === KINDS.length - 1 ? kindsLeft : Math.min(kindsLeft, Math.round(flows / KINDS.length));
      kindsLeft -= started;
      counter('flows', { ...of, kind }, started);
      const failed = index % 10 === 0 && kind === 'F4' && started > 0 ? 1 : 0;
      counter('flow_outcomes', { ...of, kind, outcome: OUTCOMES[at % 12]! }, started - failed);
      if (failed > 0) counter('flow_outcomes', { ...of, kind, outcome: 'http_error' }, failed);
      rate('outcome_mismatch', { ...of, kind }, started, failed);
      trend('flow_duration', { ...of, kind }, pairing, started);
    });
    counter('starts_answered', of, flows);
    for (const [step, shape] of shapes) {
      const expected = {
        ...of,
        name: step,
        peer: 'pf',
        proto: 'HTTP/1.1',
        status: '200',
        method: 'POST',
        url: step,
        expected_response: 'true',
      };
      counter('http_reqs', expected, flows);
      rate('http_req_failed', expected, flows, 0);
      for (const metric of TRENDS)
        trend(metric, expected, metric === 'http_req_duration' || metric === 'http_req_waiting' ? shape : small, flows);
    }
    const refused = {
      ...of,
      name: 'poll',
      peer: 'pf',
      status: '503',
      method: 'POST',
      url: 'poll',
      error_code: '1503',
      expected_response: 'false',
    };
    counter('http_reqs', refused, 2);
    rate('http_req_failed', refused, 2, 2);
    for (const platform of ['iPhone', 'Android']) {
      rate('pairing_error_rate', { ...of, platform }, Math.round(flows / 5), Math.round((flows / 40) * draw()));
      trend('pairing_duration', { ...of, platform }, pairing, Math.round(flows / 5));
    }
    rate('poll_error_rate', of, flows, index % 3);
    trend('decision_lag', of, lag, Math.round(flows / 3));
    trend('polls_per_flow', of, shapeOfPolls, Math.round(flows / 3));
    trend('step_lateness', of, small, flows);
    counter('iterations', of, flows);
    gauge('vus', 800 + Math.round(100 * draw()));
    gauge('generator_cpu_cores', 0.8 + draw() / 5);
    gauge('generator_memory_bytes', 3e8 + 1e6 * draw());
    gauge('generator_connections', 600);
    trend('generator_event_loop_delay', {}, small, 50);
    trend('generator_start_lag', {}, small, flows);
    if (plan.hostile !== undefined && index === 0) {
      counter(plan.hostile, { name: plan.hostile }, 1);
      counter(
        'http_reqs',
        { name: plan.hostile, peer: plan.hostile, error_code: plan.hostile, error: plan.hostile },
        1,
      );
      counter('flows', { kind: plan.hostile }, 0);
      rate('checks', { check: plan.hostile }, 2, 1);
      rate('pairing_error_rate', { platform: plan.hostile }, 1, 0);
      trend('http_req_duration', { name: plan.hostile, peer: 'pf' }, small, 1);
    }
    await say(encodeInterval({ index, named, recorded }));
  }
  file.end();
  await once(file, 'close');
  writeFileSync(join(folder, 'run.json'), JSON.stringify(runFile(plan)));
  writeFileSync(join(folder, 'failures.jsonl'), failureLines(plan.hostile));
  return bytes;
}

const shapeOfPolls = shapeOf(3, 0.3);

function runFile({ seconds, flows, hostile, verdict = 'fail' }: RecordPlan): RunFile {
  const text = hostile ?? 'load';
  const perSecond = flows / seconds;
  return {
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid: hostile ?? '2026-01-31T12-00-00Z-load',
    pairstorm: '0.1.0',
    host: 'engine',
    script: text,
    startedAt: '2026-01-31T12:00:00.000Z',
    intervalMs: 1_000,
    target: hostile ?? 'https://sso.staging.example.com:9031',
    simulated: false,
    seed: 7,
    inventory: { generator: text, seed: 7, population: text, users: 10_000 },
    settings: { RATE: String(perSecond), [text]: text },
    scenarios: [
      {
        name: text,
        executor: text,
        startMs: 0,
        durationMs: seconds * 1_000,
        arrivals: [
          [0, perSecond],
          [seconds * 1_000, perSecond],
        ],
        maxVus: 2_000,
      },
    ],
    thresholds: [{ metric: 'flows', expression: 'count>0' }],
    machines: [{ instance: text, cpus: 8, runtime: text, platform: text }],
    end:
      verdict === 'killed'
        ? null
        : {
            endedAt: new Date(Date.parse('2026-01-31T12:00:00.000Z') + seconds * 1_000).toISOString(),
            durationMs: seconds * 1_000,
            verdict,
            exitCode: verdict === 'fail' ? 99 : 0,
            reason: text,
            findings:
              verdict === 'fail'
                ? [
                    { code: hostile ?? 'threshold_failed', exit: 99, subject: text, data: { [text]: text } },
                    { code: 'iterations_threw', exit: 0, subject: text, data: { message: text } },
                  ]
                : [],
            causes: [
              {
                outcome: text,
                expected: text,
                at: text,
                step: text,
                error: text,
                offPath: text,
                reason: text,
                flows: 3,
                kinds: { [text]: 3 },
                line: 1,
              },
            ],
            iterations: { planned: flows, started: flows, completed: flows, interrupted: 0, dropped: 0 },
            thresholds: [
              {
                metric:
                  hostile === undefined
                    ? 'http_req_duration{expected_response:true,name:authenticate,peer:pf,phase:steady}'
                    : `${text}{step:${text}}`,
                expression: hostile ?? 'p(95)<100',
                value: 140.2,
                ok: verdict !== 'fail',
              },
              { metric: 'poll_error_rate', expression: 'rate<=0.01', value: 0.002, ok: true },
            ],
            ownDelay: {
              eventLoop: { p99Ms: 12, maxMs: 80 },
              startLag: { p99Ms: 3, maxMs: 40 },
              cpuCores: 1.2,
              gc: { share: 0.01, maxMs: 20 },
            },
            simulator: null,
            failures: { seen: 200, kept: 200 },
          },
  };
}

function failureLines(hostile: string | undefined): string {
  return Array.from({ length: 200 }, (_, at) =>
    JSON.stringify({
      run: 'r',
      inventory: { generator: 'g', seed: 7, population: 'p', users: 10_000 },
      user: at,
      kind: 'F4',
      prescribed: 'authenticated',
      outcome: at % 5 === 0 ? 'protocol_error' : 'http_error',
      reason: hostile ?? (at % 5 === 0 ? 'an answer without a flow id' : 'poll answered 503'),
      steps: ['start', 'checkUsernamePassword', 'authenticate', 'poll'].map((step, n) => ({
        step: hostile ?? step,
        http: step === 'poll' ? 503 : 200,
        ms: 20 + n * 10 + at / 7,
        status: hostile ?? (step === 'poll' ? undefined : 'PUSH_CONFIRMATION_WAITING'),
        error: step === 'poll' ? (hostile ?? 'SERVICE_UNAVAILABLE') : undefined,
      })),
    } satisfies FailureRecord),
  ).join('\n');
}
