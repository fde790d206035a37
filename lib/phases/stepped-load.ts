import { ConfigurationError } from '../../contract/configuration-error.ts';
import { formatDuration } from '../../contract/duration.ts';
import type { Arrivals } from '../../contract/planned-scenario.ts';
import { flowSecondsOf, gracefulStop, plannedStarts } from '../load-model.ts';
import type { LoadModel } from '../load-model.ts';
import { requireFreshUsers } from '../population/slices.ts';
import type { InventoryFacts } from '../population/slices.ts';
import type { Settings } from '../settings.ts';
import type { Span, Timeline } from './timeline.ts';

/** A part of a load: flow starts per second at its end, and its length. `ramp`: the rate grows there from zero. */
export type LoadPart = Omit<Span, 'startMs' | 'endMs'> & { readonly rate: number; readonly durationMs: number };

/** Name of the k6 scenario that starts the flows. */
export const FLOWS = 'flows';

/**
 * Open model whose rate jumps from part to part, as one k6 scenario: one pool of virtual users and one slice of the
 * inventory serve all parts. The number of virtual users is twice what the highest rate needs by Little's law, because
 * flows get longer when a target suffers, and a start without a free virtual user is dropped. Throws a
 * ConfigurationError if VUS or the inventory are too few.
 */
export function steppedLoad(parts: readonly LoadPart[], settings: Settings, facts: InventoryFacts): LoadModel {
  const peak = parts.reduce((most, { rate }) => Math.max(most, rate), 0);
  const rate = rateOf(parts);
  // k6 takes whole rates: the time unit carries the fraction.
  const timeUnitMs = parts.every(({ rate }) => Number.isInteger(rate)) ? 1000 : 100_000;
  const perUnit = (rate: number): number => Math.round((rate * timeUnitMs) / 1000);
  const flows = plannedStarts(settings, FLOWS, rate, {
    executor: 'ramping-arrival-rate',
    startRate: parts[0]!.phase === 'ramp' ? 0 : perUnit(parts[0]!.rate),
    timeUnit: formatDuration(timeUnitMs),
    // A stage of 0s jumps (k6 documentation, "Instant load increase").
    stages: parts.flatMap(({ phase, rate, durationMs }, at) => [
      ...(at === 0 || phase === 'ramp' ? [] : [{ target: perUnit(rate), duration: '0s' }]),
      { target: perUnit(rate), duration: formatDuration(durationMs) },
    ]),
  });
  const flowSeconds = flowSecondsOf(settings, facts, flows);
  const mean = peak * flowSeconds;
  if (settings.vus !== undefined && settings.vus < mean) {
    throw new ConfigurationError(
      `VUS is ${settings.vus}; ${peak} flows/s of ${flowSeconds.toFixed(1)} s each need at least ${Math.ceil(mean)}`,
    );
  }
  if (settings.usersExhausted === 'stop' && flows.planned > facts.users) {
    throw new ConfigurationError(
      `INVENTORY has ${facts.users} users, each used once (USERS_EXHAUSTED=stop), and the plan starts ${Math.ceil(flows.planned)} flows; ` +
        'add users, plan a shorter or slower run, or set USERS_EXHAUSTED=recycle',
    );
  }
  requireFreshUsers(peak, flows.planned, facts, settings.timeScale);
  const vus = settings.vus ?? 2 * (Math.ceil(mean + 3 * Math.sqrt(mean)) + 5);
  return {
    scenarios: {
      [FLOWS]: {
        preAllocatedVUs: vus,
        maxVUs: vus,
        gracefulStop: gracefulStop(settings, facts),
        ...flows.fields,
      },
    },
    planned: { [FLOWS]: flows.planned },
    peakRate: peak,
    timeline: timelineOf(parts),
    cells: { [FLOWS]: flows.cellMs },
  };
}

/** The rate over time: it jumps to that of each part, but grows in a ramp. */
function rateOf(parts: readonly LoadPart[]): Arrivals {
  let atMs = 0;
  return parts.flatMap(({ phase, rate, durationMs }) => [
    [atMs, phase === 'ramp' ? 0 : rate] as const,
    [(atMs += durationMs), rate] as const,
  ]);
}

function timelineOf(parts: readonly LoadPart[]): Timeline {
  let startMs = 0;
  return parts.map(({ phase, level, fault, durationMs }) => {
    const span: Span = {
      startMs,
      endMs: startMs + durationMs,
      phase,
      ...(level !== undefined && { level }),
      ...(fault !== undefined && { fault }),
    };
    startMs = span.endMs;
    return span;
  });
}

/** The ramp to RATE, if there is one. */
export function rampTo({ rate, rampMs }: Settings): LoadPart[] {
  return rampMs === 0 ? [] : [{ phase: 'ramp', rate, durationMs: rampMs }];
}
