import {
  DatasourceVariableBuilder,
  IntervalVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { counterName, gaugeName } from '../catalogue/metric-models.ts';
import { PROMETHEUS } from './house-style.ts';
import { DOCS_VARIABLE } from './runbook-links.ts';
import { labelSelector } from './selector.ts';

/** Variables that users can set. */

/** Any of our dashboard variables. */
export type Variable =
  DatasourceVariableBuilder | IntervalVariableBuilder | QueryVariableBuilder | TextBoxVariableBuilder;

/** A multi-value variable with the values of a label; "All" includes series without the label. */
export function labelVariable(name: string, shown: string, series: string, label = name): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(shown)
    .datasource(PROMETHEUS)
    .query({ query: `label_values(${series}, ${label})`, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalDesc)
    .multi(true)
    .includeAll(true)
    .allValue('.*');
}

/** Data source, run, scenario and machine, and where the pages of docs/ are, on every dashboard. */
export const commonVariables = (): readonly Variable[] => {
  const ofRun = labelSelector(['testid=~"$testid"']);
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    labelVariable('testid', 'Run', gaugeName('vus_max')),
    labelVariable('scenario', 'Scenario', `${counterName('flows')}${ofRun}`),
    labelVariable('instance', 'Load generator', `${gaugeName('vus_max')}${ofRun}`),
    textVariable(DOCS_VARIABLE, 'Address of docs/', 'docs'),
  ];
};

/** A duration to choose from; `$name` in queries. */
export function lengthVariable(name: string, shown: string, lengths: readonly [string, ...string[]]): Variable {
  const [first] = lengths;
  const option = (length: string) => ({ text: length, value: length, selected: length === first });
  return new IntervalVariableBuilder(name)
    .label(shown)
    .values(lengths.join(','))
    .options(lengths.map(option))
    .current(option(first));
}

/** A number to type in. */
export const numberVariable = textVariable;

/** A text to type in. */
function textVariable(name: string, shown: string, value: string): Variable {
  return new TextBoxVariableBuilder(name)
    .label(shown)
    .defaultValue(value)
    .current({ text: value, value, selected: true });
}
