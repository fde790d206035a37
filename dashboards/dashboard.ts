import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.ts';
import { note } from './panels.ts';
import type { Panel } from './panels.ts';
import { DOCS_VARIABLE, RUNBOOK_OF_PANEL, runbookLink } from './runbook-links.ts';
import { commonVariables } from './variables.ts';
import type { Variable } from './variables.ts';

/** Tag of all dashboards, used by the links between them. */
const TAG = 'pairstorm';

/** Height of the panel that says what a dashboard answers. */
const ABOUT_HEIGHT = 3;

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
    if (id === 1) builder.withPanel(aboutPanel(title, description).id(++id));
    for (const panel of panels) builder.withPanel(withRunbook(panel).id(++id));
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

/** What a dashboard answers, on its first panel: the description of a dashboard itself is hidden behind an icon. */
function aboutPanel(title: string, description: string): Panel {
  const name = title.replace(/^Pairstorm: /, '');
  const more = `Purple marks: a phase, stage or level begins; red and green: a fault begins and ends. [How to read it](\${${DOCS_VARIABLE}}/dashboards.md).`;
  return note(
    `About: ${name}`,
    'What this dashboard answers, and what its marks mean.',
    `${description} ${more}`,
    ABOUT_HEIGHT,
  );
}

/** A panel that an alert is about leads to its section of the runbook. */
function withRunbook(panel: Panel): Panel {
  const { title = '' } = panel.build();
  const alert = Object.hasOwn(RUNBOOK_OF_PANEL, title) ? RUNBOOK_OF_PANEL[title]! : undefined;
  if (alert === undefined) return panel;
  const link = new DashboardLinkBuilder(`Runbook: ${alert}`).type(DashboardLinkType.Link).url(runbookLink(alert));
  return panel.links([link.targetBlank(true)]);
}
