import type { Inventory, InventoryDevice } from '../contract/inventory.ts';
import type { MobilePayload } from './wire/phone-api.ts';
import { newDevice, openAccount, resetAccount, uuidOf } from './account.ts';
import type { Account, AccountDevice } from './model.ts';

export class Accounts {
  readonly #byUsername = new Map<string, Account>();
  readonly #byDeviceId = new Map<string, AccountDevice>();
  readonly #seed: number;

  /** Throws an Error that names a duplicate user or device. */
  constructor(inventory: Inventory, seed: number) {
    this.#seed = seed;
    for (const user of inventory.users) {
      if (this.#byUsername.has(user.username)) {
        throw new Error(`the inventory has the user "${user.username}" twice; user names must be unique`);
      }
      const account = openAccount(user);
      this.#byUsername.set(user.username, account);
      for (const device of account.devices) {
        if (this.#byDeviceId.has(device.model.id)) {
          throw new Error(`the inventory has the device id "${device.model.id}" twice; device ids must be unique`);
        }
        this.#byDeviceId.set(device.model.id, device);
      }
    }
  }

  find(username: string): Account | undefined {
    return this.#byUsername.get(username);
  }

  findDevice(id: string): AccountDevice | undefined {
    return this.#byDeviceId.get(id);
  }

  /** Adds a phone. Its id derives from seed, user and number of pairings, so that runs are reproducible. */
  pair(account: Account, phone: MobilePayload, now: number): AccountDevice {
    account.pairings += 1;
    const model: InventoryDevice = {
      id: uuidOf('device', this.#seed, account.user.username, account.pairings),
      type: phone.platform,
      name: phone.model,
      role: account.devices.length === 0 ? 'PRIMARY' : 'TRUSTED',
      enrollmentTime: new Date(now).toISOString(),
      applicationId: phone.applicationId,
      applicationVersion: phone.applicationVersion,
      osVersion: phone.osVersion,
      pushEnabled: true,
      otpEnabled: true,
      usable: true,
    };
    const device = newDevice(account, model);
    account.devices.push(device);
    this.#byDeviceId.set(model.id, device);
    return device;
  }

  /** Restores one account to the state of the inventory. */
  reset(account: Account): void {
    for (const device of account.devices) this.#byDeviceId.delete(device.model.id);
    resetAccount(account);
    for (const device of account.devices) this.#byDeviceId.set(device.model.id, device);
  }

  resetAll(): void {
    for (const account of this.#byUsername.values()) this.reset(account);
  }
}
