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

/** Tag of all dashboards: what the links between them go by. */
const TAG = 'pairstorm';

/** A dashboard before it is JSON. */
export interface Dashboard {
  /** Its address within Grafana: never to be changed. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** How far back it looks at first, as Grafana writes it. */
  readonly from: string;
  /** Variables beside those that every dashboard has. */
  readonly variables?: readonly Variable[];
  /** Panels by the title of their row, from the top left. */
  readonly rows: Readonly<Record<string, readonly Panel[]>>;
}

/** Its JSON file: panels with numbers, the variables, annotations and links that every dashboard has, and its own. */
export function dashboardJson({ uid, title, description, from, variables = [], rows }: Dashboard): string {
  // The classic schema: every Grafana imports it. Schema v2 is the default only from Grafana 13 on (Grafana documentation,
  // "Dashboard JSON model").
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
