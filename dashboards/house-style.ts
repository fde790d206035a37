import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { PercentUnit, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { counterName } from './prometheus-names.ts';

/** What every dashboard has in common: its variables, and how a number and a graph look. */

/** Units of the axes. Times are in seconds: remote write sends base units. */
export const UNITS = { count: Short, perSecond: RequestsPerSecond, share: PercentUnit, time: Seconds } as const;

/** Width of the grid, in columns, and the heights of the two forms of panel, in rows. */
const GRID_WIDTH = 24;
const STAT_HEIGHT = 4;
const GRAPH_HEIGHT = 8;

/** The data source that the reader picks: none is written into a dashboard. */
const PROMETHEUS = { type: 'prometheus', uid: '${datasource}' };

/** What a panel says, and how many share its row of the grid. */
export interface PanelText {
  readonly title: string;
  /** One or two sentences: what it shows and what a bad value means. */
  readonly description: string;
  readonly unit: (typeof UNITS)[keyof typeof UNITS];
  readonly perRow: number;
}

/** One query of a graph: PromQL and the name of its lines, with `{{label}}` for a label's value. */
export interface Line {
  readonly expr: string;
  readonly legend: string;
}

/**
 * One number over the whole time range. `redFrom`: the value from which it is red; without it the number has no colour,
 * for what is neither good nor bad.
 */
export function number(text: PanelText, expr: string, redFrom?: number): StatBuilder {
  const steps =
    redFrom === undefined
      ? [{ value: null, color: 'text' }]
      : [
          { value: null, color: 'green' },
          { value: redFrom, color: 'red' },
        ];
  return new StatBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(PROMETHEUS)
    .withTarget(new DataqueryBuilder().datasource(PROMETHEUS).refId('A').expr(expr).instant())
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.None)
    .noValue('no samples')
    .span(GRID_WIDTH / text.perRow)
    .height(STAT_HEIGHT);
}

/** Lines over time, from zero. Gaps stay gaps: no sample is not a zero. */
export function graph(text: PanelText, lines: readonly Line[]): TimeseriesBuilder {
  return new TimeseriesBuilder()
    .title(text.title)
    .description(text.description)
    .unit(text.unit)
    .datasource(PROMETHEUS)
    .targets(
      lines.map(({ expr, legend }, at) =>
        new DataqueryBuilder()
          .datasource(PROMETHEUS)
          .refId(String.fromCharCode('A'.charCodeAt(0) + at))
          .expr(expr)
          .legendFormat(legend)
          .range(),
      ),
    )
    .axisSoftMin(0)
    .lineWidth(1)
    .fillOpacity(5)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .span(GRID_WIDTH / text.perRow)
    .height(GRAPH_HEIGHT);
}

/** A variable over the values of a label; "All" also holds series that lack the label. */
function labelVariable(name: string, label: string, series: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(PROMETHEUS)
    .query({ query: `label_values(${series}, ${name})`, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*');
}

/**
 * The JSON file of a dashboard with the variables `datasource`, `testid` and `scenario`, and its panels by the title of
 * their row, from the top left.
 */
export function dashboard(
  uid: string,
  title: string,
  description: string,
  rows: Readonly<Record<string, readonly (StatBuilder | TimeseriesBuilder)[]>>,
): string {
  const flows = counterName('flows');
  // The classic schema: every Grafana imports it. Schema v2 is the default only from Grafana 13 on (Grafana documentation,
  // "Dashboard JSON model").
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags(['pairstorm', 'k6'])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: 'now-30m', to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .withVariable(labelVariable('testid', 'Run', flows))
    .withVariable(labelVariable('scenario', 'Scenario', `${flows}{testid=~"$testid"}`));
  let id = 0;
  for (const [row, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(row).id(++id));
    for (const panel of panels) builder.withPanel(panel.id(++id));
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}
