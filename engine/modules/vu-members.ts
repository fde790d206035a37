import type { VirtualUser } from '../virtual-user.ts';

/** How each member of an object comes from its VU. */
export type MembersOf<T extends object> = { readonly [K in keyof T]: (vu: VirtualUser) => T[K] };

/** The VU that an object belongs to, and what was made of its members so far. */
class VuObject {
  readonly #vu: VirtualUser;
  readonly #made: Record<string, unknown> = {};

  constructor(vu: VirtualUser) {
    this.#vu = vu;
  }

  static anew(make: (vu: VirtualUser) => unknown) {
    return function (this: VuObject): unknown {
      return make(this.#vu);
    };
  }

  static once(name: string, make: (vu: VirtualUser) => unknown) {
    return function (this: VuObject): unknown {
      return (this.#made[name] ??= make(this.#vu));
    };
  }
}

/**
 * Objects of which every VU has its own, while all share the code: members are accessors, the same functions in every VU,
 * so that V8 keeps one hidden class for all of them. A closure for each function of each module in ten thousand VUs is what
 * this avoids. A member of `anew` is made at each use, one of `once` at its first.
 */
export function vuMembers<Anew extends object, Once extends object>(
  anew: MembersOf<Anew>,
  once: MembersOf<Once>,
): (vu: VirtualUser) => Anew & Once {
  const properties: PropertyDescriptorMap = {};
  for (const name in anew) properties[name] = { enumerable: true, get: VuObject.anew(anew[name]) };
  for (const name in once) properties[name] = { enumerable: true, get: VuObject.once(name, once[name]) };
  return (vu) => Object.defineProperties(new VuObject(vu), properties) as unknown as Anew & Once;
}
