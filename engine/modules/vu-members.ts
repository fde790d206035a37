import type { VirtualUser } from '../virtual-user.ts';

/** Getters of an object's members, given its VU. */
export type MembersOf<T extends object> = { readonly [K in keyof T]: (vu: VirtualUser) => T[K] };

/** An object of a VU, with its cached members. */
class VuObject {
  readonly #vu: VirtualUser;
  /** By the number of the member: V8 finds a place in a list sooner than one of many names. */
  readonly #made: unknown[] = [];

  constructor(vu: VirtualUser) {
    this.#vu = vu;
  }

  static anew(make: (vu: VirtualUser) => unknown) {
    return function (this: VuObject): unknown {
      return make(this.#vu);
    };
  }

  static once(at: number, make: (vu: VirtualUser) => unknown) {
    return function (this: VuObject): unknown {
      return (this.#made[at] ??= make(this.#vu));
    };
  }
}

/**
 * Objects that each VU has, with shared code: their members are accessors, the same functions in every VU, so that V8
 * keeps a single hidden class. This avoids a closure per function, module and VU, with ten thousand VUs. Members of
 * `anew` are computed on each access, those of `once` on the first.
 */
export function vuMembers<Anew extends object, Once extends object>(
  anew: MembersOf<Anew>,
  once: MembersOf<Once>,
): (vu: VirtualUser) => Anew & Once {
  const properties: PropertyDescriptorMap = {};
  for (const name in anew) properties[name] = { enumerable: true, get: VuObject.anew(anew[name]) };
  let at = 0;
  for (const name in once) properties[name] = { enumerable: true, get: VuObject.once(at++, once[name]) };
  return (vu) => Object.defineProperties(new VuObject(vu), properties) as unknown as Anew & Once;
}
