import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { begins, resumes, runBegins, stageBegins } from './marks.ts';
import { PROMETHEUS } from './house-style.ts';

/** Step of the query. At most a third of MARK, so that longer steps, which Grafana takes over days, still hit. */
const STEP = '10s';

/** Marks over every graph: each query has a value where something starts. */
const MARKS = [
  { name: 'Run starts', color: 'blue', expr: runBegins(), title: 'run {{testid}}' },
  { name: 'Stage starts', color: 'light-purple', expr: stageBegins(), title: 'stage of {{scenario}}' },
  {
    name: 'Phase starts',
    color: 'purple',
    expr: resumes('http_reqs', ['phase'], { phase: ['.+'] }),
    title: 'phase {{phase}}',
  },
  {
    name: 'Level starts',
    color: 'super-light-purple',
    expr: resumes('http_reqs', ['level'], { level: ['.+'] }),
    title: 'level {{level}} of a search for capacity',
  },
  {
    name: 'Fault starts',
    color: 'red',
    expr: begins('fault_injections', ['fault'], { edge: ['start'] }),
    title: 'fault {{fault}} starts',
  },
  {
    name: 'Fault ends',
    color: 'green',
    expr: begins('fault_injections', ['fault'], { edge: ['end'] }),
    title: 'fault {{fault}} ends',
  },
] as const;

/** Starts of runs, stages, phases and levels, and faults, as annotations that users can switch off. */
export const annotations = (): readonly AnnotationQueryBuilder[] =>
  MARKS.map(({ name, color, expr, title }) =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(PROMETHEUS)
      .enable(true)
      .iconColor(color)
      .expr(expr)
      .step(STEP)
      .titleFormat(title)
      .textFormat(''),
  );
