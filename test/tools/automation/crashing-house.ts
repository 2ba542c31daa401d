import type { Behaviour, Image } from "../../../src/demo/docker/model.ts";
import { helpersOf } from "../../../src/helpers.ts";
import { useGrants } from "../../../src/watch/use-grants.ts";
import { type FakeClock, fakeClock } from "../../support/clock.ts";
import { type GatedHouse, openGatedHouse } from "../support/gated.ts";

const minute = 60_000;

/** How an application ends by itself: with this code, after so long. */
type Exits = NonNullable<Behaviour["exits"]>;

/** A simulated engine on a clock of its own, with a gate, and the watch that uses what was granted. */
export interface CrashingHouse extends GatedHouse {
  clock: FakeClock;
  /** Puts up a container and starts it. */
  run(name: string, exits?: Exits, host?: Record<string, unknown>, labels?: Record<string, string>): void;
  /** From now on it ends otherwise, or not at all. */
  behaves(name: string, exits?: Exits): void;
  state(name: string): string;
  /** A person allows restart_crashed; answers the grant's id. */
  allow(args?: Record<string, unknown>): Promise<string>;
  /** One look of the watch; how many plans ran. */
  look(): Promise<number>;
  /** Looks every so many minutes, half a one if not said, for so long. Answers the minutes at which something ran. */
  watch(minutes: number, every?: number): Promise<number[]>;
  said: string[];
}

export async function openCrashingHouse(): Promise<CrashingHouse> {
  const clock = fakeClock();
  const house = await openGatedHouse({ clock, now: clock.now });
  const { engine } = house.fake;
  const said: string[] = [];
  const look = (signal = new AbortController().signal) =>
    useGrants({
      gate: house.gate,
      helpers: helpersOf(
        (call) => ({ ...house.context, ...call }),
        (proposal) => proposal,
      ),
      store: house.store,
      clock,
      every_ms: 30_000,
      log: { info: (line) => said.push(line), warn: (line) => said.push(`! ${line}`) },
      signal,
    });
  return {
    ...house,
    clock,
    said,
    run(name, exits, host = {}, labels = {}) {
      const image: Image = {
        id: `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64)}`,
        digest: `sha256:${Buffer.from(name).toString("hex").padEnd(64, "1").slice(0, 64)}`,
        repository: `house/${name}`,
        created_ms: clock.now(),
        size_bytes: 1_000_000,
        config: {},
        behaviour: { health: "healthy", rx_bytes_per_s: 0, tx_bytes_per_s: 0, says: [], ...(exits && { exits }) },
      };
      engine.addImage(image, `house/${name}:1`);
      engine.create(name, { Image: `house/${name}:1`, HostConfig: host, Labels: labels });
      engine.start(name);
    },
    behaves(name, exits) {
      const { image } = engine.find(name);
      const { exits: _, ...steady } = image.behaviour;
      image.behaviour = { ...steady, ...(exits && { exits }) };
    },
    state: (name) => engine.find(name).run.status,
    async allow(args = {}) {
      const { plan_id } = await house.plan("set_automation", { action: "restart_crashed", containers: ["*"], ...args });
      const { status } = await house.approveAndApply(plan_id);
      if (status !== "done") throw new Error(`the grant's plan ended as ${status}`);
      return plan_id;
    },
    look: () => look(),
    async watch(minutes, every = 0.5) {
      const ran: number[] = [];
      for (let at = every; at <= minutes; at += every) {
        await clock.advance(every * minute);
        if ((await look()) > 0) ran.push(at);
      }
      return ran;
    },
  };
}
