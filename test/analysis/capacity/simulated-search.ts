import { hash32 } from '../../../contract/draw.ts';
import type { CapacityAnswer } from '../../../analysis/capacity/answer.ts';
import { judgeLevel } from '../../../analysis/capacity/level.ts';
import type { LevelCounts, LevelJudgement } from '../../../analysis/capacity/level.ts';
import type { Term } from '../../../analysis/capacity/objective.ts';
import { nextLevel } from '../../../analysis/capacity/search.ts';
import type { PlannedLevel, PlayedLevel, SearchSettings } from '../../../analysis/capacity/search-level.ts';
import { QueueSimulation } from './queue.ts';
import type { Queue } from './queue.ts';

/** A limit on the latency of all requests, in milliseconds. */
export function latencyTerm(percentile: number, limitMs: number): Term {
  const name = `p${percentile}(http_req_duration)`;
  return {
    ...{ name, text: `${name}<${limitMs}ms`, selector: 'http_req_duration', limit: limitMs },
    ...{ shownLimit: `${limitMs} ms`, allowed: Number((1 - percentile / 100).toPrecision(6)) },
  };
}

/** A limit on the share of requests that fail; simulated requests never do. */
export function errorTerm(allowed: number): Term {
  const shownLimit = `${allowed * 100} %`;
  return {
    name: 'error_rate',
    text: `error_rate<${shownLimit}`,
    selector: 'http_req_failed',
    limit: null,
    shownLimit,
    allowed,
  };
}

/** What is known of a simulated level at a time: a request that is still open counts if it is already bad. */
export function countsAt(simulation: QueueSimulation, terms: readonly Term[], until: number): LevelCounts {
  simulation.run(until);
  const seconds = Math.floor(until);
  const zeros = (): number[] => new Array<number>(seconds).fill(0);
  const { began, latency } = simulation;
  const [logs, sums, answered, all] = [zeros(), zeros(), zeros(), zeros()];
  const isOpen = (request: number): boolean => Number.isNaN(latency[request]);
  for (let request = 0; request < began.length; request++) {
    const second = Math.floor(began[request]!);
    all[second]!++;
    if (isOpen(request)) continue;
    answered[second]!++;
    sums[second]! += latency[request]! * 1_000;
    logs[second]! += Math.log(latency[request]!);
  }
  const mean = sums.map((sum, second) => sum / answered[second]!);
  const perSecond = (times: readonly number[]): number[] => {
    const counts = zeros();
    for (const time of times) counts[Math.floor(time)]!++;
    return counts;
  };
  const countAbove = (limitMs: number, from: number, to: number): number[] => {
    const counts = new Array<number>(to - from).fill(0);
    for (let request = 0; request < began.length; request++) {
      const second = Math.floor(began[request]!);
      if (second < from || second >= to) continue;
      const took = isOpen(request) ? until - began[request]! : latency[request]!;
      if (took * 1_000 >= limitMs) counts[second - from]!++;
    }
    return counts;
  };
  return {
    terms: terms.map(({ limit, allowed }) => {
      if (limit === null) return { all, bad: zeros() };
      const bad = countAbove(limit, 0, seconds);
      const known = answered.slice();
      // Open requests are known to be bad or not known at all.
      for (let request = 0; request < began.length; request++)
        if (isOpen(request) && (until - began[request]!) * 1_000 >= limit) known[Math.floor(began[request]!)]!++;
      const aboveOwnQuantile = (from: number, to: number): number[] => {
        const window = new Float64Array(began.length);
        let count = 0;
        for (let request = 0; request < began.length; request++)
          if (!isOpen(request) && began[request]! >= from && began[request]! < to) window[count++] = latency[request]!;
        const sorted = window.subarray(0, count).sort();
        return countAbove((sorted[Math.floor((1 - allowed) * (sorted.length - 1))] ?? 0) * 1_000, from, to);
      };
      return { all: known, bad, mean, aboveOwnQuantile };
    }),
    logLatency: logs.map((sum, second) => sum / answered[second]!),
    latency: mean,
    started: perSecond(simulation.flowStarts),
    ended: perSecond(simulation.flowEnds),
    dropped: 0,
  };
}

/** Plays a level against a simulated server; `medianMs` is that of the whole level's requests. */
export function playLevel(
  queue: Queue,
  seed: number,
  { rate, purpose, looks, extendable }: Pick<PlannedLevel, 'rate' | 'purpose' | 'looks' | 'extendable'>,
  settings: SearchSettings,
  firstMedianMs: number,
): PlayedLevel {
  const { terms, warmUpSeconds: warmUp, coolSeconds, confidence } = settings;
  const simulation = new QueueSimulation(queue, rate, seed);
  let seconds = 0;
  const judge = (look: number, last: boolean, extended: boolean): LevelJudgement => {
    seconds = look;
    const counts = countsAt(simulation, terms, warmUp + look);
    return judgeLevel(counts, terms, rate, { warmUp, seconds: look, last, extended }, { confidence, firstMedianMs });
  };
  let said: LevelJudgement | undefined;
  for (const [at, look] of looks.entries()) {
    said = judge(look, at === looks.length - 1, !extendable);
    if (said.next !== 'go on') break;
  }
  if (said!.next === 'extend') said = judge(2 * seconds, true, true);
  const known = Float64Array.from(simulation.latency.filter((took) => !Number.isNaN(took))).sort();
  return {
    ...{ rate, purpose, end: 'observed', seconds: warmUp + seconds + coolSeconds, recoveredSeconds: coolSeconds },
    lookedSeconds: seconds,
    ...{ verdict: said!.verdict, terms: said!.terms, unstable: said!.unstable, unsettled: said!.unsettled },
    medianMs: known[known.length >> 1]! * 1_000,
  };
}

/** A whole search against a simulated server. */
export function simulatedSearch(
  queue: Queue,
  settings: SearchSettings,
  seed: number,
): { readonly answer: CapacityAnswer; readonly levels: readonly PlayedLevel[] } {
  const levels: PlayedLevel[] = [];
  for (;;) {
    const step = nextLevel(levels, settings);
    if ('answer' in step) return { answer: step.answer, levels };
    const first = levels[0]?.medianMs ?? Infinity;
    levels.push(playLevel(queue, hash32(seed, 'level', levels.length), step.level, settings, first));
  }
}
