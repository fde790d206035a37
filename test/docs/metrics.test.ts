import { expect, test } from 'vitest';
import { METRIC_MEANINGS } from '../../catalogue/metric-meanings.ts';
import { modelsOf } from '../../catalogue/metric-models.ts';
import { FAULT_METRICS, METRICS } from '../../catalogue/metrics.ts';
import type { FaultMetricName, MetricName } from '../../catalogue/metrics.ts';
import { OUTCOME_MEANINGS } from '../../catalogue/outcome-meanings.ts';
import { OUTCOMES } from '../../catalogue/outcomes.ts';
import { PRESCRIBABLE } from '../../catalogue/prescribable.ts';
import { TAG_VALUES } from '../../catalogue/tag-values.ts';

function page(): string {
  const rowsOf = <N extends MetricName | FaultMetricName>(table: Readonly<Record<N, string>>): string[] => {
    const models = modelsOf(table);
    return (Object.keys(models) as N[]).map((name) => {
      const { type, contains, tags } = models[name];
      return `| \`${name}\` | ${type}${contains === 'time' ? ', ms' : ''} | ${tags.join(', ')} | ${METRIC_MEANINGS[name]} |`;
    });
  };
  const outcomes = OUTCOMES.map((outcome) => {
    const kinds = Object.entries(PRESCRIBABLE).filter(([, list]) => list.includes(outcome));
    return `| \`${outcome}\` | ${OUTCOME_MEANINGS[outcome]} | ${kinds.map(([kind]) => kind).join(', ')} |`;
  });
  const tags = Object.entries(TAG_VALUES).map(([tag, values]) => `- \`${tag}\`: ${values.join(', ')}`);
  return [
    '# Metrics and outcomes',
    '',
    'Beside k6’s built-in metrics. Requests carry `name` (the step) and `peer`: `pf` for PingFederate, `device` for the phone’s',
    'side, `setup` for the look at the target and the reset of accounts before the load; judgements use `peer:pf`. `scenario` and `phase` come',
    'with every sample.',
    '',
    'Durations are of requests that were answered as expected: how fast a target refuses is no latency. Requests that failed on the machine that',
    'makes the load (error codes 1281 to 1286) are in `generator_failed_requests`, not in `http_req_failed`.',
    '',
    'In `smoke`, `load` and `soak` the phase is that in which the flow started. `capacity`, `spike` and `resilience` change something',
    'while flows run: there it is the one in which the request began, or the flow ended.',
    '',
    'This page is made from `contract/` by `npx vitest run test/docs -u`; a test keeps them in step.',
    '',
    '| metric | type | tags | one sample means |',
    '|---|---|---|---|',
    ...rowsOf(METRICS),
    '',
    'The scenario `resilience` has besides:',
    '',
    '| metric | type | tags | one sample means |',
    '|---|---|---|---|',
    ...rowsOf(FAULT_METRICS),
    '',
    'Tag values are closed lists; anything else is sent as `other`.',
    '',
    ...tags,
    '',
    '## Outcomes',
    '',
    'A flow ends in exactly one. `interrupted` is derived and never emitted: flows started − Σ outcomes.',
    '',
    '| outcome | when | kinds that may prescribe it |',
    '|---|---|---|',
    ...outcomes,
    '',
  ].join('\n');
}

test('docs/metrics.md says what the catalogue says', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/metrics.md');
});
