import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.ts';
import type { Panel } from './panels.ts';
import { commonVariables } from './variables.ts';
import type { Variable } from './variables.ts';

/** Tag of all dashboards, used by the links between them. */
const TAG = 'pairstorm';

/** Definition of a dashboard. */
export interface Dashboard {
  /** Its address in Grafana; must never change. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Start of its default time range, in Grafana's syntax. */
  readonly from: string;
  /** Variables in addition to the common ones. */
  readonly variables?: readonly Variable[];
  /** Panels by row title, from the top left. */
  readonly rows: Readonly<Record<string, readonly Panel[]>>;
}

/** The JSON file of a dashboard, with the common variables, annotations and links. */
export function dashboardJson({ uid, title, description, from, variables = [], rows }: Dashboard): string {
  // The classic schema, which every Grafana can import; schema v2 is the default only since Grafana 13 (Grafana
  // documentation, "Dashboard JSON model").
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG, 'k6'])
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from, to: 'now' })
    .refresh('10s')
    .timezone('browser')
    .annotations([...annotations()])
    .link(
      new DashboardLinkBuilder('Pairstorm')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .tooltip('The other dashboards, for the same run and time range')
        .includeVars(true)
        .keepTime(true),
    );
  for (const variable of [...commonVariables(), ...variables]) builder.withVariable(variable);
  let id = 0;
  for (const [row, panels] of Object.entries(rows)) {
    builder.withRow(new RowBuilder(row).id(++id));
    for (const panel of panels) builder.withPanel(panel.id(++id));
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}
