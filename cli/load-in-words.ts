import type { Settings } from '../lib/settings.ts';
import { lengthInWords } from './length-in-words.ts';

const upTo = ({ rate, rampMs }: Settings): string =>
  rampMs === 0 ? '' : `${lengthInWords(rampMs)} to reach ${rate} flows/s, then `;

const steadily = (settings: Settings): string =>
  `${upTo(settings)}${lengthInWords(settings.durationMs)} at ${settings.rampMs === 0 ? `${settings.rate} flows/s` : 'that rate'}`;

const WORDS: Readonly<Record<Settings['scenario'], (settings: Settings) => string>> = {
  smoke: ({ flows }) => `until ${flows} flows have ended`,
  load: steadily,
  soak: steadily,
  capacity: ({ startRate, stepRate, maxRate, stepMs }) =>
    `${startRate} flows/s, ${stepRate} more every ${lengthInWords(stepMs)}, to ${maxRate} flows/s or until a threshold breaks`,
  spike: (settings) =>
    `${upTo(settings)}${lengthInWords(settings.steadyMs)} steady, ${lengthInWords(settings.spikeMs)} at ` +
    `${settings.rate * settings.spikeFactor} flows/s, ${lengthInWords(settings.recoveryMs)} on the way back`,
  resilience: (settings) => {
    const { faultStartUrl, faults, steadyMs, faultMs, recoveryMs, rate } = settings;
    const names = faultStartUrl === '' ? faults.join(', ') : 'your hooks or commands make it';
    return (
      `${upTo(settings)}at ${rate} flows/s for ${faultStartUrl === '' ? 'each' : 'the'} fault ${lengthInWords(steadyMs)} steady, ${lengthInWords(faultMs)} of the fault, ` +
      `${lengthInWords(recoveryMs)} to recover: ${names}`
    );
  },
};

/** What load a scenario makes, as one sentence. */
export function loadInWords(settings: Settings): string {
  return WORDS[settings.scenario](settings);
}
