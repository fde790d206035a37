import { expect, test } from 'vitest';
import { METRIC_MEANINGS } from '../../catalogue/metric-meanings.ts';
import { modelsOf } from '../../catalogue/metric-models.ts';
import { FAULT_METRICS, METRICS } from '../../catalogue/metrics.ts';
import type { FaultMetricName, MetricName } from '../../catalogue/metrics.ts';
import { OUTCOME_MEANINGS } from '../../catalogue/outcome-meanings.ts';
import { OUTCOMES } from '../../catalogue/outcomes.ts';
import { PRESCRIBABLE } from '../../catalogue/prescribable.ts';
import { TAG_VALUES } from '../../catalogue/tag-values.ts';
import { resolveSelector } from '../../contract/threshold-expression.ts';
import { selector } from '../../contract/selector.ts';
import { wrapped } from './generated-part.ts';

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
  const tags = Object.entries(TAG_VALUES).map(([tag, values]) => wrapped(`- \`${tag}\`: ${values.join(', ')}`));
  return [
    '# Metrics and outcomes',
    '',
    'The metrics, tags and outcomes of Pairstorm’s scenarios, beyond k6’s built-in metrics. Requests carry `name` (the step)',
    'and `peer`: `pf` for PingFederate, `device` for the phone side, `setup` for the check of the target and the reset of',
    'accounts before the load, `storm` for what a client repeats without a pause; the target is judged by `peer:pf`. Every',
    'sample has `scenario` and `phase`.',
    '',
    'Requests that failed on the load generator machine (error codes 1281 to 1289) are in `generator_failed_requests`, not in',
    '`http_req_failed`.',
    '',
    'In `smoke`, `load` and `soak` the phase is the one in which the flow started. `capacity`, `spike` and `resilience`',
    'change something while flows run: there it is the one in which the request started, or the flow ended.',
    '',
    'This page is made from `catalogue/` by `npx vitest run test/docs -u`; a test keeps them in step.',
    '',
    '| metric | type | tags | one sample means |',
    '|---|---|---|---|',
    ...rowsOf(METRICS),
    '',
    'The scenario `resilience` adds:',
    '',
    '| metric | type | tags | one sample means |',
    '|---|---|---|---|',
    ...rowsOf(FAULT_METRICS),
    '',
    '## Latency',
    '',
    'A request has one latency: its sample of k6’s `http_req_duration`. That of a step is',
    '`http_req_duration{expected_response:true,name:token,peer:pf}`: only of requests that were answered as expected, because',
    'how fast a target fails is not latency. Failed and unanswered requests are judged by the error rate,',
    '`http_req_failed{name:token,peer:pf}`. A poll is `name:poll`, including a browser’s `GET` while it waits; `method` tells',
    'them apart.',
    '',
    'Two short names stand for these samples in every threshold that the engine or a record judges (`run`, `import`,',
    '`merge`), and `compare` uses them in its results:',
    '',
    '| short | stands for |',
    '|---|---|',
    ...[
      'poll_duration',
      'poll_duration{phase:steady}',
      'step_duration{step:token}',
      'step_duration{step:wait}',
      'step_duration',
    ].map((alias) => {
      const { metric, tags } = resolveSelector(alias, () => false);
      return `| \`${alias}\` | \`${selector(metric, tags)}\` |`;
    }),
    '',
    'In a script with a metric of such a name, the name means that metric. Records of earlier versions contain both as',
    'metrics and are read as they are. k6 itself does not know the short names: thresholds that you add for `k6 run`, and',
    'queries in Prometheus, need the long ones, which the bundles use too.',
    '',
    '## Tags',
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
