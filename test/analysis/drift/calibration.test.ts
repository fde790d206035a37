import { expect, test } from 'vitest';
import type { SeriesDrift } from '../../../analysis/drift/drift.ts';
import { judgeDrift } from '../../../analysis/drift/judge-drift.ts';
import { DEFAULT_DRIFT_SETTINGS } from '../../../analysis/drift/series.ts';
import type { Noise } from '../made-noise.ts';
import { noise } from '../made-noise.ts';
import type { Night, Truth } from './made-nights.ts';
import { NOTHING, USUAL_NIGHT, latency, latencyOf, line, nightOf, phiOfBin } from './made-nights.ts';

/**
 * Made nights whose truth is known. `npm test` does a few; `npm run check:drift` those of the bar, and prints the table of
 * docs/methods-drift.md.
 */
const FULL = Number(process.env['DRIFT_NIGHTS'] ?? 0);
const NIGHTS = FULL || 12;
const SOAKS = FULL > 0 ? Math.max(40, Math.round(FULL / 10)) : 1;

interface Counted {
  readonly significant: number;
  readonly drifts: number;
  readonly steady: number;
  readonly notKnown: number;
  readonly shapes: Readonly<Record<string, number>>;
  readonly patterns: number;
}

function countOf(series: readonly SeriesDrift[]): Counted {
  const share = (is: (one: SeriesDrift) => boolean): number => series.filter(is).length / series.length;
  const shapes = ['line', 'steps', 'rise'].map((kind) => [kind, share(({ shape }) => shape?.kind === kind)] as const);
  return {
    significant: share(({ significant }) => significant),
    drifts: share(({ verdict }) => verdict === 'drifts'),
    steady: share(({ verdict }) => verdict === 'steady'),
    notKnown: share(({ verdict }) => verdict === 'not_known'),
    shapes: Object.fromEntries(shapes),
    patterns: share(({ patterns }) => patterns.length > 0),
  };
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

function tell(name: string, counted: Counted): Counted {
  if (FULL === 0) return counted;
  const { significant, drifts, steady, notKnown, shapes, patterns } = counted;
  const told = [significant, drifts, steady, notKnown, shapes['steps']!, shapes['rise']!, patterns].map(percent);
  console.log(`| ${[name, ...told].join(' | ')} |`);
  return counted;
}

/** Whoever runs the tests wants to hear from them now and then. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The first series of each of so many nights. */
async function nights(
  name: string,
  seed: number,
  truth: Truth,
  how: Partial<Night> = {},
  count = NIGHTS,
  settings = DEFAULT_DRIFT_SETTINGS,
): Promise<Counted> {
  const random = noise(seed);
  const night = { ...USUAL_NIGHT, ...how };
  const series: SeriesDrift[] = [];
  for (let i = 0; i < count; i++) {
    if (i % 50 === 0) await breathe();
    series.push(judgeDrift(nightOf(night, [latency(random, night, truth)]), settings).series[0]!);
  }
  return tell(`${name}, φ ${night.phi}, ${night.hours} h`, countOf(series));
}

/** Of so few, what chance makes of a share with 0.999; of many the share itself, and two standard errors of what was counted. */
const most = (share: number): number => (FULL > 0 ? share + 2 * Math.sqrt((share * (1 - share)) / NIGHTS) : 0.34);
const least = (share: number): number => (FULL > 0 ? share : share - 0.34);

test(
  'a night without drift is called in at most 5 %; 1 %/h is found in at least 90 %',
  { timeout: 3_600_000 },
  async () => {
    for (const phi of FULL > 0 ? [0, 0.5, 0.8, 0.9] : [0.8]) {
      // Eight hours that are looked at, as docs/methods-drift.md, has them; and a run of eight hours, less the 24 min that are left out.
      for (const skipSeconds of FULL > 0 ? [0, 1440] : [1440]) {
        const settings = { ...DEFAULT_DRIFT_SETTINGS, skipSeconds };
        const skipped = skipSeconds > 0 ? ' less 24 min' : '';
        const none = await nights(`nothing${skipped}`, 100 + 100 * phi, NOTHING, { phi }, NIGHTS, settings);
        expect.soft(none.significant, `called at φ ${phi}`).toBeLessThanOrEqual(most(0.05));
        expect.soft(none.drifts).toBeLessThanOrEqual(most(0.05));
        const drift = await nights(`1 %/h${skipped}`, 200 + 100 * phi, line(0.01), { phi }, NIGHTS, settings);
        const bar = phi === 0.9 && skipSeconds > 0 ? 0.88 : 0.9;
        expect.soft(drift.significant, `found at φ ${phi}`).toBeGreaterThanOrEqual(least(bar));
      }
    }
  },
);

test(
  'a series that changes too slowly for its length is not known, and is not called',
  { timeout: 3_600_000 },
  async () => {
    for (const [phi, notKnown] of FULL > 0
      ? ([
          [0.95, 0.6],
          [0.99, 0.95],
        ] as const)
      : ([[0.99, 0.75]] as const)) {
      const slow = await nights('nothing', 300 + 100 * phi, NOTHING, { phi });
      expect(slow.notKnown).toBeGreaterThanOrEqual(notKnown);
      expect(slow.significant).toBeLessThanOrEqual(most(0.05));
    }
  },
);

test('a step is called a step, a warm-up and an hourly wave no drift', { timeout: 3_600_000 }, async () => {
  for (const phi of FULL > 0 ? [0.5, 0.8] : [0.5]) {
    const few = FULL > 0 ? NIGHTS : 6;
    const step = await nights('step of 14 % at 4 h', 401, (hours) => (hours > 4 ? 0.13 : 0), { phi }, few);
    expect(step.shapes['steps']).toBeGreaterThanOrEqual(0.95);
    expect(step.drifts).toBeLessThanOrEqual(most(0.05));
    const warm = await nights(
      'warm-up, +30 % · e^(−t/30 min)',
      402,
      (hours) => 0.3 * Math.exp(-hours / 0.5),
      { phi },
      few,
    );
    expect(warm.drifts).toBeLessThanOrEqual(most(0.05));
    const wave = await nights(
      'wave of 3 % an hour',
      403,
      (hours) => 0.03 * Math.sin(2 * Math.PI * hours),
      { phi },
      few,
    );
    expect(wave.drifts).toBeLessThanOrEqual(most(0.05));
    expect(wave.patterns).toBeGreaterThanOrEqual(0.7);
    if (FULL === 0) continue;
    await nights('step of 5 % at 4 h', 404, (hours) => (hours > 4 ? 0.05 : 0), { phi });
    await nights('cache, −30 % · e^(−t/45 min)', 405, (hours) => -0.3 * Math.exp(-hours / 0.75), { phi });
    await nights('cache, −30 % · e^(−t/15 min)', 406, (hours) => -0.3 * Math.exp(-hours / 0.25), { phi });
    await nights('two steps of 8 %', 407, (hours) => 0.08 * (Number(hours > 2.5) + Number(hours > 5)), { phi });
  }
});

/** Thirty series with a level in common, one of which may drift. */
function soak(random: Noise, night: Night, truth: Truth): readonly SeriesDrift[] {
  const phi = phiOfBin(night);
  const common = random.autoregression(480, phi);
  const series = Array.from({ length: 30 }, (_, i) => {
    const own = random.autoregression(480, phi);
    const scatter = common.map((value, t) => 0.02 * value + 0.015 * own[t]!);
    return latencyOf(night, scatter, i === 0 ? truth : NOTHING, `p50(step ${i})`);
  });
  return judgeDrift(nightOf(night, series)).series;
}

test(
  'of thirty series none is called in 95 % of nights without drift, and the one that drifts is found',
  { timeout: 3_600_000 },
  async () => {
    const cases =
      FULL > 0
        ? ([
            [8, 0.5, 0.95],
            [8, 0.8, 0.9],
            [4, 0.5, 0],
          ] as const)
        : ([[8, 0.8, 0.9]] as const);
    for (const [hours, phi, found] of cases) {
      const random = noise(500 + hours + 100 * phi);
      let [called, caught] = [0, 0];
      for (let i = 0; i < SOAKS; i++) {
        await breathe();
        if (soak(random, { ...USUAL_NIGHT, hours, phi }, NOTHING).some(({ significant }) => significant)) called++;
        const one = soak(random, { ...USUAL_NIGHT, hours, phi }, line(0.01)).find(
          ({ name }) => name === 'p50(step 0)',
        )!;
        if (one.significant) caught++;
      }
      if (FULL > 0)
        console.log(
          `30 series, ${hours} h, φ ${phi}: any called ${percent(called / SOAKS)}, found ${percent(caught / SOAKS)} of ${SOAKS}`,
        );
      expect(called / SOAKS).toBeLessThanOrEqual(FULL > 0 ? 0.05 + 2 * Math.sqrt(0.0475 / SOAKS) : 1);
      expect(caught / SOAKS).toBeGreaterThanOrEqual(found);
    }
  },
);
