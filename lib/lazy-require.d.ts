import type * as openPlan from './open-plan.ts';
import type * as ownScript from './own-script.ts';
import type { Planning, RunPlan } from './run-plan.ts';
import type { Watch } from './test.ts';
import type * as bridge from './device/bridge.ts';
import type * as device from './device/device.ts';
import type * as file from './device/file.ts';
import type * as requestFailure from './device/request-failure.ts';
import type * as simulated from './device/simulated.ts';
import type * as testDevice from './device/test-device.ts';
import type * as afterPush from './flow/handlers/after-push.ts';
import type * as awaitPush from './flow/handlers/await-push.ts';
import type * as deadEnd from './flow/handlers/dead-end.ts';
import type * as enterOtp from './flow/handlers/enter-otp.ts';
import type * as errorAnswer from './flow/error-answer.ts';
import type * as leave from './flow/handlers/leave.ts';
import type * as selectDevice from './flow/handlers/select-device.ts';
import type * as otherState from './flow/other-state.ts';
import type * as retry from './flow/retry.ts';
import type * as failure from './flow-failure.ts';
import type * as virtualUser from './virtual-user.ts';

/** webpack resolves these at bundling and evaluates each file at its first call: see lib/test.ts. */
declare global {
  function require(path: './virtual-user.ts'): typeof virtualUser;
  function require(path: './own-script.ts'): typeof ownScript;
  function require(path: '../../lib/open-plan.ts'): typeof openPlan;
  function require(path: '../../lib/phases/phase-watch.ts' | './fault-watch.ts'): { readonly watch: Watch };
  function require(path: './flow-failure.ts'): typeof failure;
  /** In lib/device/. */
  function require(path: './bridge.ts'): typeof bridge;
  function require(path: './device.ts'): typeof device;
  function require(path: './file.ts'): typeof file;
  function require(path: './request-failure.ts'): typeof requestFailure;
  function require(path: './simulated.ts'): typeof simulated;
  function require(path: './test-device.ts'): typeof testDevice;
  /** In lib/flow/, and in its handlers/. */
  function require(path: './handlers/after-push.ts' | './after-push.ts'): typeof afterPush;
  function require(path: './handlers/await-push.ts'): typeof awaitPush;
  function require(path: './handlers/dead-end.ts'): typeof deadEnd;
  function require(path: './handlers/enter-otp.ts' | './enter-otp.ts'): typeof enterOtp;
  function require(path: './error-answer.ts'): typeof errorAnswer;
  function require(path: './other-state.ts' | '../other-state.ts' | './flow/other-state.ts'): typeof otherState;
  function require(path: './retry.ts'): typeof retry;
  function require(path: './handlers/leave.ts'): typeof leave;
  function require(path: './handlers/select-device.ts'): typeof selectDevice;
  /** In a scenario's folder, next to its entry. */
  function require(path: './plan.ts'): { readonly plan: Planning };
  function require(path: './inject.ts'): { readonly injectFaults: (run: RunPlan) => Promise<void> };
}
