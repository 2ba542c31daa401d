import type { PlanView, Proposal } from "../../src/confirm/define.ts";
import type { Grant } from "../../src/confirm/define-standing.ts";
import type { Home } from "./gate.ts";
import { lampProposal } from "./lamps.ts";

const day_ms = 86_400_000;

/** Terms that let the hall's and the attic's lamps be changed to blue. */
export function lampGrant(now: number, more: Partial<Grant> = {}): Grant {
  return {
    action: "change_lamps",
    says: "Change a lamp that burnt out",
    tool: "change_lamp",
    steps: ["take_out", "put_in", "warm_up"],
    risk: "disruptive",
    targets: [
      { kind: "lamp", host: "home", name: "hall" },
      { kind: "lamp", host: "home", name: "attic" },
    ],
    settings: { to: "blue" },
    limits: { max_per_day: 6, pause_s: 60, stop_after: 5 },
    until: new Date(now + 30 * day_ms).toISOString(),
    emergency: false,
    drill: false,
    ...more,
  };
}

/** A plan on a lamp of its own, which carries the grant. */
export const grantProposal = (grant: Grant): Proposal => ({ ...lampProposal(["cellar"], "green"), grant });

/** A grant that a person approved; answers its id. */
export async function granted(home: Home, more: Partial<Grant> = {}): Promise<string> {
  home.lamps.set("cellar", "red");
  const id = await home.plan(grantProposal(lampGrant(home.clock.now(), more)));
  await home.approve(id, { run: true });
  const { status } = await home.apply(id);
  if (status !== "done") throw new Error(`the plan of the grant ended as ${status}`);
  home.lamps.set("cellar", "red");
  home.lamps.happened.length = 0;
  return id;
}

/** One use as the watch asks for it: the lamp is red again and gets a blue bulb. */
export function use(
  home: Pick<Home, "gate">,
  grantId: string,
  { lamp = "hall", fresh = false, input = { to: "blue" }, proposal = lampProposal([lamp]) }: UseOptions = {},
): Promise<PlanView | null> {
  const signal = new AbortController().signal;
  return home.gate.standing.use(grantId, { input, proposal, fresh }, { signal, progress: () => {} });
}

interface UseOptions {
  lamp?: string;
  fresh?: boolean;
  input?: Record<string, string>;
  proposal?: Proposal;
}
