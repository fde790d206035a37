import { alertingRules } from './alerting-rules.ts';
import { recordingRules } from './recording-rules.ts';
import type { RuleGroup } from './rule-file.ts';
import { WINDOWS } from './rule-windows.ts';

/** Every rule file, by its name in this folder. */
export const RULE_FILES: Readonly<Record<string, () => RuleGroup>> = {
  'recording.yml': () => recordingRules(WINDOWS),
  'alerts.yml': () => alertingRules(WINDOWS),
};
