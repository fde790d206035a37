import {
  BytesIEC,
  BytesPerSecondSI,
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';

/** What every dashboard has in common in its looks. */

/** Units of the axes. Times are in seconds: remote write sends base units. */
export const UNITS = {
  count: Short,
  perSecond: RequestsPerSecond,
  share: PercentUnit,
  time: Seconds,
  bytes: BytesIEC,
  bytesPerSecond: BytesPerSecondSI,
  /** A ratio: 1 means no change. */
  ratio: Short,
} as const;

/** Width of the grid, in columns, and the heights of the forms of panel, in rows. */
export const GRID_WIDTH = 24;
export const STAT_HEIGHT = 4;
export const GRAPH_HEIGHT = 8;

/** The data source that the reader picks: none is written into a dashboard. */
export const PROMETHEUS = { type: 'prometheus', uid: '${datasource}' };

/** How often runs send, both hosts' default: also the scrape interval to give to Grafana's data source. */
export const PUSH_INTERVAL = '5s';

/** What a panel says, and how many share its row of the grid. */
export interface PanelText {
  readonly title: string;
  /** One or two sentences: what it shows and what a bad value means. */
  readonly description: string;
  readonly unit: (typeof UNITS)[keyof typeof UNITS];
  readonly perRow: number;
}
