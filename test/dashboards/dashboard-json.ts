import { readFileSync } from 'node:fs';
import { DASHBOARDS } from '../../dashboards/catalogue.ts';

/** What of a dashboard's JSON the tests look at. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly panels: readonly PanelJson[];
  readonly links: readonly { readonly type: string; readonly tags: readonly string[]; readonly keepTime: boolean }[];
  readonly annotations: { readonly list: readonly AnnotationJson[] };
  readonly templating: { readonly list: readonly VariableJson[] };
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly options?: { readonly content?: string };
  readonly links?: readonly { readonly title: string; readonly url?: string }[];
  readonly targets?: readonly TargetJson[];
}

export interface TargetJson {
  readonly refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly legendFormat?: string;
  readonly datasource: { readonly uid: string };
}

export interface AnnotationJson {
  readonly name: string;
  readonly expr: string;
  readonly enable: boolean;
  readonly datasource: { readonly uid: string };
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly query: string | { readonly query: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string;
  readonly datasource?: { readonly uid: string };
}

/** Where dashboards and their rules are. */
export const FOLDER = new URL('../../dashboards/', import.meta.url);

/** Every dashboard as it is committed. */
export const committed: readonly (readonly [file: string, json: DashboardJson])[] = Object.keys(DASHBOARDS).map(
  (file) => [file, JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as DashboardJson],
);

/** The query of a variable that asks Prometheus; undefined for one that does not. */
export const queryOf = ({ query }: VariableJson): string | undefined =>
  typeof query === 'string' ? undefined : query.query;

/** Every PromQL of a dashboard: of panels, annotations, and of the series in `label_values(series, label)`. */
export function expressionsOf({ panels, annotations, templating }: DashboardJson): string[] {
  return [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...annotations.list.map(({ expr }) => expr),
    ...templating.list.flatMap((variable) => queryOf(variable)?.replace(/^label_values\((.*), \w+\)$/, '$1') ?? []),
  ];
}
