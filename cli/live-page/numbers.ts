import { figures } from '../../report/html/section/figures.ts';
import type { Figure } from '../../report/html/section/figures.ts';
import { markup } from '../../report/html/markup.ts';
import type { Markup } from '../../report/html/markup.ts';
import { table } from '../../report/html/table.ts';
import { outcomesWords } from '../live/live-line.ts';
import type { LiveNumbers } from '../live/live-numbers.ts';
import { NO_VALUE, msText, ratePerSecond, sharePercent } from '../live/number-words.ts';

/** What the terminal shows: the last ten seconds as figures, and the busiest steps. */
export function numbersSection(numbers: LiveNumbers): Markup {
  const { steps } = numbers;
  const outcomes = outcomesWords(numbers);
  return markup`<section id="now" aria-labelledby="now-h">
    <h2 id="now-h">Now</h2>
    <p class="quiet">Rates, percentiles and shares are those of the last ten seconds; counts are those of the whole run.</p>
    ${figures(figuresOf(numbers))}
    ${outcomes !== '' && markup`<p><b>Outcomes</b>: ${outcomes}</p>`}
    ${
      steps.length > 0 &&
      table({
        caption: 'Requests in the last ten seconds, busiest first',
        columns: [
          { head: 'Step' },
          { head: 'Per second', number: true },
          { head: 'p95', number: true },
          { head: 'Errors', number: true },
        ],
        rows: steps.map(({ name, perSecond, p95Ms, errors }) => [
          markup`<code>${name}</code>`,
          ratePerSecond(perSecond),
          msText(p95Ms),
          (errors ?? 0) > 0 ? markup`<span class="not">✗ ${sharePercent(errors)}</span>` : sharePercent(errors),
        ]),
      })
    }
  </section>`;
}

function figuresOf(numbers: LiveNumbers): readonly Figure[] {
  const { unit, perSecond, plannedPerSecond, p95Ms, errors, threw, vus, vusMax, generator } = numbers;
  const { pairing, polling } = numbers;
  return [
    {
      label: unit === 'flows' ? 'Flow starts a second' : 'Iterations ended a second',
      value: ratePerSecond(perSecond),
      detail: plannedPerSecond === undefined ? 'no rate is planned' : `planned ${ratePerSecond(plannedPerSecond)}`,
    },
    { label: 'Request p95', value: msText(p95Ms), detail: 'answered requests to the target' },
    {
      label: 'Errors',
      value: errors.toLocaleString('en-US'),
      detail: unit === 'flows' ? 'flows that ended in an error' : 'requests that failed',
      attention: errors > 0,
    },
    ...(threw === 0
      ? []
      : [{ label: 'Threw', value: threw.toLocaleString('en-US'), detail: 'iterations', attention: true }]),
    {
      label: 'Virtual users',
      value: vus.toLocaleString('en-US'),
      detail: `in use, of ${vusMax.toLocaleString('en-US')}`,
    },
    ...(pairing === undefined
      ? []
      : [
          {
            label: 'Pairing p95',
            value: msText(pairing.p95Ms),
            detail: `${ratePerSecond(pairing.perSecond)}/s, pairing_error ${sharePercent(pairing.errors)}`,
          },
        ]),
    ...(polling === undefined
      ? []
      : [
          {
            label: 'Poll p95',
            value: msText(polling.p95Ms),
            detail: `${ratePerSecond(polling.perSecond)}/s, decision lag p95 ${msText(polling.lagP95Ms)}`,
          },
        ]),
    generatorFigure(generator),
  ];
}

function generatorFigure({ eventLoopP99Ms, startLagP99Ms, cpuCores, dropped }: LiveNumbers['generator']): Figure {
  const cpu = cpuCores === undefined ? NO_VALUE : cpuCores.toFixed(2);
  return {
    label: 'Load generator late',
    value: msText(startLagP99Ms ?? eventLoopP99Ms),
    detail: `p99 of ${startLagP99Ms === undefined ? 'its event loop' : 'starts'}; CPU ${cpu} cores${dropped === 0 ? '' : `; ${dropped} dropped starts`}`,
    attention: dropped > 0,
  };
}
