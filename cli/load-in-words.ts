import type { Settings } from '../lib/settings.ts';

const UNITS = [
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
] as const;

/** A duration for people: seconds below two minutes, then minutes and hours (`90 s`, `8 h 1 min`). */
export function lengthInWords(ms: number): string {
  if (ms < 120_000) return `${ms / 1000} s`;
  let left = ms;
  const parts: string[] = [];
  for (const unit of UNITS) {
    const whole = Math.floor(left / unit.ms);
    left -= whole * unit.ms;
    if (whole > 0) parts.push(`${whole} ${unit.name}`);
  }
  if (left > 0) parts.push(`${left / 1000} s`);
  return parts.join(' ');
}

const upTo = ({ rate, rampMs }: Settings): string =>
  rampMs === 0 ? '' : `${lengthInWords(rampMs)} to reach ${rate} flows/s, then `;

const steadily = (settings: Settings): string =>
  `${upTo(settings)}${lengthInWords(settings.durationMs)} at ${settings.rampMs === 0 ? `${settings.rate} flows/s` : 'that rate'}`;

const WORDS: Readonly<Record<Settings['scenario'], (settings: Settings) => string>> = {
  smoke: () => 'until all flows have ended',
  load: steadily,
  soak: steadily,
  capacity: ({ startRate, stepRate, maxRate, stepMs }) =>
    `${startRate} flows/s, plus ${stepRate} every ${lengthInWords(stepMs)}, up to ${maxRate} flows/s or until a threshold fails`,
  spike: (settings) =>
    `${upTo(settings)}${lengthInWords(settings.steadyMs)} steady, ${lengthInWords(settings.spikeMs)} at ` +
    `${settings.rate * settings.spikeFactor} flows/s, ${lengthInWords(settings.recoveryMs)} recovery`,
  resilience: (settings) => {
    const { faultStartUrl, faults, steadyMs, faultMs, recoveryMs, rate } = settings;
    const names = faultStartUrl === '' ? faults.join(', ') : 'injected by your hooks or commands';
    return (
      `${upTo(settings)}at ${rate} flows/s for ${faultStartUrl === '' ? 'each' : 'the'} fault ${lengthInWords(steadyMs)} steady, ${lengthInWords(faultMs)} fault, ` +
      `${lengthInWords(recoveryMs)} recovery: ${names}`
    );
  },
};

/** Describes a scenario's load in one sentence. */
export function loadInWords(settings: Settings): string {
  return WORDS[settings.scenario](settings);
}
