/** How a middleware misbehaves on the wire. */
export type Fault =
  | { kind: "slow"; ms: number }
  | { kind: "hang" }
  | { kind: "error"; errname: string; reason: string }
  | { kind: "cut" }
  | { kind: "garbage" }
  | { kind: "wrong_shape" };

/** Faults of a fake, switched on and off while it runs. */
export interface Faults {
  /** For calls whose method matches; for the next `times` of them, or until cleared. */
  set(fault: Fault, options?: { method?: RegExp; times?: number }): void;
  clear(): void;
}

export function faultBoard(): { faults: Faults; fault(method: string): Fault | null } {
  let active: { fault: Fault; method: RegExp; times: number } | null = null;
  return {
    faults: {
      set(fault, { method = /^/, times = Number.POSITIVE_INFINITY } = {}) {
        active = { fault, method, times };
      },
      clear() {
        active = null;
      },
    },
    fault(method) {
      if (active === null || active.times <= 0 || !active.method.test(method)) return null;
      active.times -= 1;
      return active.fault;
    },
  };
}
