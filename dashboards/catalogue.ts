import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { overview } from './overview.ts';

/** Every dashboard, by the file beside this one that holds it as JSON. */
export const DASHBOARDS: Readonly<Record<string, () => Dashboard>> = {
  'overview.json': overview,
};

/** A dashboard as the text of its file. */
export function encodeDashboard(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
