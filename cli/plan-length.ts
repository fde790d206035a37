import type { Settings } from '../lib/settings.ts';

const steadily = ({ rampMs, durationMs }: Settings): number => rampMs + durationMs;

/** For how long flows start, in milliseconds; of smoke: at most, as its script plans it. */
const LENGTHS: Readonly<Record<Settings['scenario'], (settings: Settings) => number>> = {
  smoke: () => 3_600_000,
  load: steadily,
  soak: steadily,
  capacity: ({ startRate, stepRate, maxRate, stepMs }) => (Math.ceil((maxRate - startRate) / stepRate) + 1) * stepMs,
  spike: ({ rampMs, steadyMs, spikeMs, recoveryMs }) => rampMs + steadyMs + spikeMs + recoveryMs,
  resilience: ({ rampMs, steadyMs, faultMs, recoveryMs, faults }) =>
    rampMs + Math.max(1, faults.length) * (steadyMs + faultMs + recoveryMs),
};

/** For how long the flows of a scenario start, in milliseconds. */
export function planLengthMs(settings: Settings): number {
  return LENGTHS[settings.scenario](settings);
}
