import type { Dashboard } from './dashboard.ts';
import { generator } from './generator.ts';
import { overview } from './overview.ts';
import { pairing } from './pairing.ts';
import { pingfederate } from './pingfederate.ts';
import { polling } from './polling.ts';
import { resilience } from './resilience.ts';
import { soak } from './soak.ts';

/** Every dashboard, by the name of its JSON file in this folder. */
export const DASHBOARDS: Readonly<Record<string, () => Dashboard>> = {
  'overview.json': overview,
  'pairing.json': pairing,
  'polling.json': polling,
  'generator.json': generator,
  'soak.json': soak,
  'resilience.json': resilience,
  'pingfederate.json': pingfederate,
};
