import type * as openPlan from './open-plan.ts';
import type * as ownScript from './own-script.ts';
import type { Planning, RunPlan } from './run-plan.ts';
import type { Watch } from './test.ts';
import type * as virtualUser from './virtual-user.ts';

/** webpack resolves these at bundling and evaluates each file at its first call: see lib/test.ts. */
declare global {
  function require(path: './virtual-user.ts'): typeof virtualUser;
  function require(path: './own-script.ts'): typeof ownScript;
  function require(path: '../../lib/open-plan.ts'): typeof openPlan;
  function require(path: '../../lib/phases/phase-watch.ts' | './fault-watch.ts'): { readonly watch: Watch };
  /** In a scenario's folder, next to its entry. */
  function require(path: './plan.ts'): { readonly plan: Planning };
  function require(path: './inject.ts'): { readonly injectFaults: (run: RunPlan) => Promise<void> };
}
