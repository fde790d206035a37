import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { PanelText } from './house-style.ts';
import { GRAPH_HEIGHT, GRID_WIDTH, PROMETHEUS, STAT_HEIGHT } from './house-style.ts';

/** Any of our panels. */
export type Panel = StatBuilder | TextBuilder | TimeseriesBuilder;

/** A query of a graph: PromQL and legend, with `{{label}}` for a label's value. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** A single number without thresholds and colours. */
function stat({ title, description, unit, perRow }: PanelText, query: DataqueryBuilder): StatBuilder {
  return new StatBuilder()
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(PROMETHEUS)
    .withTarget(query.datasource(PROMETHEUS).refId('A'))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .graphMode(BigValueGraphMode.None)
    .span(GRID_WIDTH / perRow)
    .height(STAT_HEIGHT);
}

const steps = (redFrom?: number): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(
    redFrom === undefined
      ? [{ value: null, color: 'text' }]
      : [
          { value: null, color: 'green' },
          { value: redFrom, color: 'red' },
        ],
  );

const coloured = (panel: StatBuilder, redFrom?: number): StatBuilder =>
  panel.thresholds(steps(redFrom)).colorMode(BigValueColorMode.Value).noValue('no samples');

/**
 * A single number over the whole time range. `redFrom`: values from here on are red; without it the number has no
 * colour, being neither good nor bad.
 */
export function singleNumber(text: PanelText, expr: string, redFrom?: number): StatBuilder {
  return coloured(stat(text, new DataqueryBuilder().expr(expr).instant()), redFrom);
}

/** The latest value of a range query, for expressions that use the start of the time range, unlike an instant query. */
export function latest(text: PanelText, expr: string, redFrom?: number): StatBuilder {
  return coloured(stat(text, new DataqueryBuilder().expr(expr).range()), redFrom);
}

/** Text instead of a number: the legend of each series with value 1. */
export function words(text: PanelText, { expr, legend }: Query, none: string): StatBuilder {
  return stat(text, new DataqueryBuilder().expr(expr).legendFormat(legend).instant())
    .textMode(BigValueTextMode.Name)
    .thresholds(steps())
    .colorMode(BigValueColorMode.None)
    .noValue(none);
}

/** Lines over time, from zero. Gaps are not connected: no sample is not zero. */
export function graph(text: PanelText, lines: readonly Query[]): TimeseriesBuilder {
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
    .noValue('no data')
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

/** Markdown text over the full width: prerequisites and explanations. */
export function note(title: string, description: string, markdown: string, height = STAT_HEIGHT): TextBuilder {
  return new TextBuilder()
    .title(title)
    .description(description)
    .mode(TextMode.Markdown)
    .content(markdown)
    .span(GRID_WIDTH)
    .height(height);
}
