import type { AccountDevice } from './model.ts';
import type { Flow } from './model.ts';

/** Sends a push and waits for the decision. It supersedes an older push to the device. */
export function sendPush(flow: Flow, device: AccountDevice, now: number, pushMs: number): void {
  stopWaiting(flow);
  flow.selected = device;
  flow.sentCode = null;
  flow.status = 'PUSH_CONFIRMATION_WAITING';
  flow.reason = null;
  flow.pushExpiresAt = now + pushMs;
  device.waiting = flow;
}

/** Times out a push that was not answered in time. */
export function timeOutPush(flow: Flow, now: number): void {
  if (flow.status !== 'PUSH_CONFIRMATION_WAITING' || now < flow.pushExpiresAt) return;
  stopWaiting(flow);
  flow.status = 'PUSH_CONFIRMATION_TIMED_OUT';
  flow.reason = { code: 'PUSH_CONFIRMATION_TIMED_OUT', message: 'The push notification was not answered in time.' };
}

export function denyPush(flow: Flow): void {
  stopWaiting(flow);
  flow.status = 'PUSH_CONFIRMATION_REJECTED';
  flow.reason = { code: 'PUSH_CONFIRMATION_REJECTED', message: 'The push notification was denied.' };
}

/** Stops waiting for a decision, if the flow does. */
export function stopWaiting(flow: Flow): void {
  if (flow.status === 'PUSH_CONFIRMATION_WAITING') flow.pollableUntil = Infinity;
  if (flow.selected?.waiting === flow) flow.selected.waiting = null;
}
