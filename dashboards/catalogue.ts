import type { Dashboard } from './dashboard.ts';
import { generator } from './generator.ts';
import { overview } from './overview.ts';
import { pairingDashboard } from './pairing.ts';
import { pingfederate } from './pingfederate.ts';
import { polling } from './polling.ts';
import { resilience } from './resilience.ts';
import { alertingRules } from './rules/alerting-rules.ts';
import { recordingRules } from './rules/recording-rules.ts';
import { RULE_WINDOWS } from './rules/rule-file.ts';
import type { RuleGroup } from './rules/rule-file.ts';
import { soak } from './soak.ts';

/** All dashboards by the name of their JSON file. */
export const DASHBOARDS: Readonly<Record<string, () => Dashboard>> = {
  'overview.json': overview,
  'pairing.json': pairingDashboard,
  'polling.json': polling,
  'generator.json': generator,
  'soak.json': soak,
  'resilience.json': resilience,
  'pingfederate.json': pingfederate,
};

/** All rule files by name. */
export const RULE_FILES: Readonly<Record<string, () => RuleGroup>> = {
  'recording.yml': () => recordingRules(RULE_WINDOWS),
  'alerts.yml': () => alertingRules(RULE_WINDOWS),
};
