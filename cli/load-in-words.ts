import type { Settings } from '../lib/settings.ts';

const seconds = (ms: number): string => `${ms / 1000} s`;

const upTo = ({ rate, rampMs }: Settings): string =>
  rampMs === 0 ? '' : `${seconds(rampMs)} to reach ${rate} flows/s, then `;

const steadily = (settings: Settings): string =>
  `${upTo(settings)}${seconds(settings.durationMs)} at ${settings.rampMs === 0 ? `${settings.rate} flows/s` : 'that rate'}`;

const WORDS: Readonly<Record<Settings['scenario'], (settings: Settings) => string>> = {
  smoke: ({ flows }) => `until ${flows} flows have ended`,
  load: steadily,
  soak: steadily,
  capacity: ({ startRate, stepRate, maxRate, stepMs }) =>
    `${startRate} flows/s, ${stepRate} more every ${seconds(stepMs)}, to ${maxRate} flows/s or until a threshold breaks`,
  spike: (settings) =>
    `${upTo(settings)}${seconds(settings.steadyMs)} steady, ${seconds(settings.spikeMs)} at ` +
    `${settings.rate * settings.spikeFactor} flows/s, ${seconds(settings.recoveryMs)} on the way back`,
  resilience: (settings) => {
    const { faultStartUrl, faults, steadyMs, faultMs, recoveryMs, rate } = settings;
    const names = faultStartUrl === '' ? faults.join(', ') : 'your hooks or commands make it';
    return (
      `${upTo(settings)}at ${rate} flows/s for ${faultStartUrl === '' ? 'each' : 'the'} fault ${seconds(steadyMs)} steady, ${seconds(faultMs)} of the fault, ` +
      `${seconds(recoveryMs)} to recover: ${names}`
    );
  },
};

/** What load a scenario makes, as one sentence. */
export function loadInWords(settings: Settings): string {
  return WORDS[settings.scenario](settings);
}
