import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS, RULE_FILES } from './catalogue.ts';
import { dashboardJson } from './dashboard.ts';
import { ruleFileYaml } from './rules/rule-file.ts';

/**
 * Writes all dashboards and rule files to the package's dashboards/ folder: `npm run dashboards` (npm runs it in the
 * package's folder).
 */
for (const [file, build] of Object.entries(DASHBOARDS)) {
  writeFileSync(join('dashboards', file), dashboardJson(build()));
}
for (const [file, build] of Object.entries(RULE_FILES)) {
  writeFileSync(join('dashboards', 'rules', file), ruleFileYaml(build()));
}
