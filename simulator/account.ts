import { createHash } from 'node:crypto';
import type { InventoryDevice, InventoryUser } from '../contract/inventory.ts';
import type { FlowDevice } from '../protocol/resources.ts';
import type { Account, AccountDevice } from './model.ts';

/** Creates an account as described by the inventory. */
export function openAccount(user: InventoryUser): Account {
  const account: Account = {
    user,
    view: {
      id: uuidOf('user', user.username),
      firstName: user.firstName,
      lastName: user.lastName,
      username: user.username,
      status: user.status,
    },
    devices: [],
    pairings: 0,
    wrongPasswords: 0,
  };
  resetAccount(account);
  return account;
}

/** Restores the state of the inventory. */
export function resetAccount(account: Account): void {
  account.devices = account.user.devices.map((model) => newDevice(account, model));
  account.pairings = 0;
  account.wrongPasswords = 0;
}

export function newDevice(account: Account, model: InventoryDevice): AccountDevice {
  return {
    account,
    model,
    view: viewOf(model),
    locked: model.locked === true,
    newestCode: null,
    codesSent: 0,
    waiting: null,
  };
}

/** A UUID derived from its key alone. */
export function uuidOf(...key: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Fields hidden from clients. */
const HIDDEN: readonly string[] = ['secret', 'locked', 'unreachable', 'testMode'] satisfies (keyof InventoryDevice)[];

/** The device without its hidden fields. */
function viewOf(model: InventoryDevice): FlowDevice {
  const shown = Object.entries(model).filter(([name]) => !HIDDEN.includes(name));
  return Object.fromEntries(shown) as unknown as FlowDevice;
}
