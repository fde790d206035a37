import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the population schema and the presets lie: beside this file in the sources, and in the package, whose build holds code
 * only, in the folder `population` of its root.
 */
export const POPULATION_FOLDER: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'population');
})();
