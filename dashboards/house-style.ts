import {
  BytesIEC,
  BytesPerSecondSI,
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';

/** The common look of all dashboards. */

/** Units of the axes. Times are in seconds: remote write sends base units. */
export const UNITS = {
  count: Short,
  requestsPerSecond: RequestsPerSecond,
  flowsPerSecond: 'suffix: flows/s',
  /** Of anything else that is counted. */
  perSecond: 'suffix:/s',
  cores: 'suffix: cores',
  share: PercentUnit,
  time: Seconds,
  bytes: BytesIEC,
  bytesPerSecond: BytesPerSecondSI,
  /** A ratio: 1 means no change. */
  ratio: Short,
} as const;

/** Grid width in columns, and panel heights in rows. */
export const GRID_WIDTH = 24;
export const STAT_HEIGHT = 4;
export const GRAPH_HEIGHT = 8;

/** The data source chosen by the user; none is hard-coded. */
export const PROMETHEUS = { type: 'prometheus', uid: '${datasource}' };

/** Default push interval of both hosts; also the scrape interval to set in Grafana's data source. */
export const PUSH_INTERVAL = '5s';

/** Texts of a panel, and the number of panels in its row of the grid. */
export interface PanelText {
  readonly title: string;
  /** One or two sentences: what it shows and what a bad value means. */
  readonly description: string;
  readonly unit: (typeof UNITS)[keyof typeof UNITS];
  readonly perRow: number;
}
