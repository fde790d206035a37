import type * as faultWatch from './faults/fault-watch.ts';
import type * as inject from './faults/inject.ts';
import type * as capacity from './plans/capacity.ts';
import type * as phaseWatch from './phases/phase-watch.ts';
import type * as load from './plans/load.ts';
import type * as resilience from './plans/resilience.ts';
import type * as spike from './plans/spike.ts';
import type * as smoke from './plans/smoke.ts';
import type * as soak from './plans/soak.ts';
import type * as virtualUser from './virtual-user.ts';

/** webpack resolves these while it bundles, and evaluates each file at its first call: see lib/test.ts. */
declare global {
  function require(path: './virtual-user.ts'): typeof virtualUser;
  function require(path: '../lib/plans/smoke.ts'): typeof smoke;
  function require(path: '../lib/plans/load.ts'): typeof load;
  function require(path: '../lib/plans/soak.ts'): typeof soak;
  function require(path: '../lib/plans/capacity.ts'): typeof capacity;
  function require(path: '../lib/plans/spike.ts'): typeof spike;
  function require(path: '../lib/plans/resilience.ts'): typeof resilience;
  function require(path: '../lib/faults/fault-watch.ts'): typeof faultWatch;
  function require(path: '../lib/faults/inject.ts'): typeof inject;
  function require(path: '../lib/phases/phase-watch.ts'): typeof phaseWatch;
}
