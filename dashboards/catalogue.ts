import { overview } from './overview.ts';

/** Every dashboard: the name of its file in this folder, and what makes the file's text. */
export const DASHBOARDS: Readonly<Record<string, () => string>> = {
  'overview.json': overview,
};
