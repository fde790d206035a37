import { hash32, uniformNumbers } from '../../../contract/draw.ts';
import type { ModelLevel } from '../../../analysis/capacity/utilisation.ts';
import { QueueSimulation } from './queue.ts';
import type { Queue } from './queue.ts';

/** What is there beside a queue. */
interface Beside {
  /** A round trip, which no worker is busy with. */
  readonly networkMs: number;
  /** A wait behind the workers, such as for PingOne, in which none of them is busy; seen by every request. */
  readonly delayMs: number;
  /** Cores in use without load. */
  readonly idleCores: number;
  /** Standard error of the counters of CPU, relative. */
  readonly noise: number;
}

interface Window {
  readonly warmUp: number;
  readonly seconds: number;
}

/** A level of a simulated queue, as the models beside an answer take it; the cores in use are its busy workers. */
function simulatedLevel(
  queue: Queue,
  rate: number,
  seed: number,
  { warmUp, seconds }: Window,
  { networkMs, delayMs, idleCores, noise }: Beside,
): ModelLevel {
  const end = warmUp + seconds;
  const simulation = new QueueSimulation(queue, rate, seed);
  simulation.run(end);
  const { began, latency, flowStarts, flowEnds, servedFrom, servedTo } = simulation;
  const inWindow = (time: number): boolean => time >= warmUp && time < end;
  const took = latency.filter((one, at) => inWindow(began[at]! + one)).map((one) => 1_000 * one + networkMs + delayMs);
  const mean = took.reduce((sum, ms) => sum + ms, 0) / took.length;
  const variance = took.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / took.length;
  const busy = servedFrom.reduce(
    (sum, from, at) => sum + Math.max(0, Math.min(servedTo[at]!, end) - Math.max(from, warmUp)),
    0,
  );
  return {
    ...{
      rate,
      purpose: 'knee',
      end: 'observed',
      verdict: rate > saturation(queue) ? 'broke' : 'held',
      unstable: null,
      lookedSeconds: seconds,
    },
    figures: {
      ...{ requestsPerSecond: took.length / seconds, p50Ms: mean, p95Ms: mean, ended: 0, paired: 0, flowSeconds: null },
      startsPerSecond: flowStarts.filter(inWindow).length / seconds,
      endsPerSecond: flowEnds.filter(inWindow).length / seconds,
      service: {
        ...{ perSecond: took.length / seconds, meanMs: mean, sdMs: Math.sqrt(variance) },
        connectMs: networkMs === 0 ? null : networkMs,
      },
      cpu: { cores: idleCores + (busy / seconds) * (1 + noise * normal(seed)), nodes: 1 },
    },
  };
}

/** Flow starts per second that keep all workers busy. */
export function saturation({ workers, service, serviceSeconds, sigma, requestsPerFlow }: Queue): number {
  const mean = service === 'lognormal' ? serviceSeconds * Math.exp(sigma ** 2 / 2) : serviceSeconds;
  return workers / mean / requestsPerFlow;
}

/** Rates that a search plays, relative to the saturation (those near the knee: to the knee), and for how long it looks. */
const WAY_UP = [0.18, 0.36, 0.72, 1.44];
const AT_THE_KNEE = [1, 0.975, 1.02, 0.96, 0.97];
const [SHORT_LOOK, LONG_LOOK, WARM_UP] = [15, 60, 12];

/** The levels of a search whose knee lies at a part of the saturation. */
export function simulatedSearch(queue: Queue, knee: number, seed: number, beside: Beside): ModelLevel[] {
  const rates = [
    ...WAY_UP.map((part) => [part, SHORT_LOOK] as const),
    ...AT_THE_KNEE.map((part) => [part * knee, LONG_LOOK] as const),
  ];
  return rates.map(([part, seconds], at) =>
    simulatedLevel(queue, part * saturation(queue), hash32(seed, 'level', at), { warmUp: WARM_UP, seconds }, beside),
  );
}

function normal(seed: number): number {
  const next = uniformNumbers(seed);
  return Math.sqrt(-2 * Math.log(next() + 2 ** -33)) * Math.cos(2 * Math.PI * next());
}
