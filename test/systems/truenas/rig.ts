import { expect } from "vitest";
import { toEjson } from "../../../src/demo/truenas/framings.ts";
import { startTrueNasFake, type TrueNasFake, type TrueNasFakeOptions } from "../../../src/demo/truenas/index.ts";
import type { Middleware } from "../../../src/demo/truenas/middleware.ts";
import { Refusal, type Release, type Value } from "../../../src/demo/truenas/model.ts";
import type { Exchange } from "../../../src/demo/truenas/server.ts";
import { type Clock, systemClock } from "../../../src/shared/clock.ts";
import { connectTrueNas, type TrueNasOptions } from "../../../src/systems/truenas/connect.ts";
import type { RunMidclt } from "../../../src/systems/truenas/midclt.ts";
import type { TrueNasConnection, TrueNasFeatures } from "../../../src/systems/truenas/port.ts";
import { contractOf } from "./schemas.ts";

export const featuresOfFake: Record<Release, TrueNasFeatures> = {
  "24.04": {
    version: "24.04.2.4",
    snapshots: "zfs.snapshot",
    smart: "reading",
    apps: "chart.release",
    services: "start_stop",
  },
  "24.10": {
    version: "24.10.2.4",
    snapshots: "zfs.snapshot",
    smart: "middleware",
    apps: "app",
    services: "start_stop",
  },
  "25.04": {
    version: "25.04.2.6",
    snapshots: "zfs.snapshot",
    smart: "middleware",
    apps: "app",
    services: "start_stop",
  },
  "25.10": { version: "25.10.1", snapshots: "pool.snapshot", smart: "shell", apps: "app", services: "control" },
  "26": { version: "26.0.0", snapshots: "pool.snapshot", smart: "shell", apps: "app", services: "control" },
};

/** Back-offs and looks pass in a few milliseconds; deadlines, which are longer, stay as they are. */
export const hastyClock: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms <= 5_000 ? Math.min(ms, 5) : ms, signal),
};

/** Fakes and connections of one test file, closed together; what they exchanged must fit the published contract. */
export function workshop() {
  const open: (() => Promise<void>)[] = [];
  const checks = new Map<Release, ReturnType<typeof contractOf>>();
  const misfits = ({ nas, exchanges }: TrueNasFake, release: Release) => {
    if (nas.release !== release) return [];
    if (!checks.has(release)) checks.set(release, contractOf(release));
    const check = checks.get(release) ?? (() => []);
    return exchanges.flatMap(check);
  };
  return {
    async fake(options: TrueNasFakeOptions = {}): Promise<TrueNasFake> {
      const fake = await startTrueNasFake({ job_ms: 3, ...options });
      const { release } = fake.nas;
      open.push(async () => {
        await fake.close();
        expect(misfits(fake, release)).toEqual([]);
      });
      return fake;
    },
    connect(connection: TrueNasConnection, options: TrueNasOptions = {}) {
      const { reading, changing } = connectTrueNas(connection, { random: () => 0.5, ...options });
      open.push(() => reading.close());
      return { reading, changing };
    },
    async close() {
      for (const end of open.splice(0).reverse()) await end();
    },
  };
}

/** Prints what `midclt call` prints: Python's words on their own, else JSON; errors on stderr. */
export function simulatedMidclt(middleware: Middleware, exchanges: Exchange[] = []): RunMidclt {
  return async (method, args) => {
    const params = args.map((one): Value => JSON.parse(one));
    try {
      const value = middleware.call({ loggedIn: true, failedBefore: false }, method, params);
      exchanges.push({ method, params, answer: { value } });
      return { stdout: `${printed(value)}\n`, stderr: "", code: 0 };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { stdout: "", stderr: `${error.message}\nTraceback (most recent call last):\n`, code: 1 };
    }
  };
}

function printed(value: Value): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : JSON.stringify(toEjson(value));
}
