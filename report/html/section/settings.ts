import type { ReportModel } from '../../model/report-model.ts';
import { NOTHING, lengthOfTime, moment, quantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { table } from '../table.ts';

/** What was run: plan, settings, machines, and the precision of the numbers. */
export function settingsSection({ run, relativeError, time }: ReportModel): Markup {
  const facts: readonly (readonly [string, Content])[] = [
    ['Script', markup`<code>${run.script}</code>, run by ${run.host === 'engine' ? 'Pairstorm’s engine' : 'k6'}`],
    [
      'Target',
      run.simulated
        ? markup`the built-in simulator (<code>${run.target ?? ''}</code>)`
        : markup`<code>${run.target ?? NOTHING}</code>`,
    ],
    ['Started', moment(run.startedAt)],
    ['Ended', run.endedAt === null ? 'never: the run was killed' : moment(run.endedAt)],
    ['Seed', run.seed === null ? NOTHING : String(run.seed)],
    ['Inventory', run.inventory ?? NOTHING],
    ['Pairstorm', run.pairstorm],
  ];
  return markup`${table({ caption: 'The run', columns: [{ head: 'What' }, { head: 'Value' }], rows: facts })}
    ${table({
      caption: 'Scenarios as planned',
      columns: [
        { head: 'Scenario' },
        { head: 'Executor' },
        { head: 'Starts after', number: true },
        { head: 'Length', number: true },
        { head: 'Highest rate', number: true },
        { head: 'Max VUs', number: true },
      ],
      rows: run.scenarios.map(({ name, executor, startMs, durationMs, peakRate, maxVus }) => [
        name,
        executor,
        lengthOfTime(startMs),
        durationMs === null ? NOTHING : lengthOfTime(durationMs),
        quantity(peakRate, 'perSecond'),
        quantity(maxVus, 'count'),
      ]),
      empty: 'The record names no scenario.',
    })}
    <h3>Settings</h3>
    <p class="quiet">Effective settings; secrets are not recorded.</p>
    ${
      run.settings.length > 0 &&
      markup`<dl class="pairs">${run.settings.map(
        ([name, value]) => markup`<div><dt><code>${name}</code></dt><dd><code>${value}</code></dd></div>`,
      )}</dl>`
    }
    ${table({
      caption: 'Load generator machines',
      columns: [{ head: 'Machine' }, { head: 'CPUs', number: true }, { head: 'Runtime' }, { head: 'Platform' }],
      rows: run.machines.map(({ instance, cpus, runtime, platform }) => [
        instance,
        quantity(cpus, 'count'),
        runtime,
        platform,
      ]),
      empty: 'The record names no machine.',
    })}
    <h3>Precision of the numbers</h3>
    <p>
      Counts, sums, minimum and maximum values are exact. A percentile is within ${(relativeError * 100).toFixed(2)} % of a measured value: durations are counted in histograms with buckets that narrow, and histograms of threads and machines merge without loss.
      ${time !== null && markup`Charts over time have a resolution of ${lengthOfTime(time.widthMs)}.`}
      Percentiles over time are exact per interval, not averages of finer ones.
    </p>`;
}
