import type * as load from './plans/load.ts';
import type * as smoke from './plans/smoke.ts';
import type * as soak from './plans/soak.ts';
import type * as virtualUser from './virtual-user.ts';

/** webpack resolves these while it bundles, and evaluates each file at its first call: see lib/test.ts. */
declare global {
  function require(path: './virtual-user.ts'): typeof virtualUser;
  function require(path: '../lib/plans/smoke.ts'): typeof smoke;
  function require(path: '../lib/plans/load.ts'): typeof load;
  function require(path: '../lib/plans/soak.ts'): typeof soak;
}
