import type { Demands } from './population/demands.ts';
import type { Settings } from './settings.ts';

/**
 * Lines printed before the first flow, on both hosts: messages to real people, and users who are cut or reused.
 * Empty for a run against the simulator that plays nobody twice.
 */
export function announcement(
  settings: Settings,
  demands: Demands,
  turns: number,
  users: number,
  cut: string | undefined,
): string[] {
  const { driver, usersExhausted } = settings;
  const { sms, email, push } = demands.messages;
  const lines: string[] = [];
  if (driver !== 'simulated') {
    lines.push(
      `messages: up to ${sms} SMS, ${email} emails and ${push} pushes to real people in ${turns} planned flows`,
    );
  }
  if (cut !== undefined) lines.push(`users: ${cut}`);
  if (turns > users && usersExhausted === 'recycle') {
    const how =
      demands.changing.length > 0
        ? 'each after a reset of the account'
        : 'without a reset: their flows do not change accounts';
    lines.push(`users: ${turns} planned flows for ${users} users, who are reused, ${how} (USERS_EXHAUSTED=recycle)`);
  }
  return lines;
}
