import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DASHBOARDS } from './catalogue.ts';

/** Writes every dashboard into dashboards/ of the package: `npm run dashboards` (npm runs it in the package's folder). */
for (const [file, build] of Object.entries(DASHBOARDS)) {
  writeFileSync(join('dashboards', file), build());
}
