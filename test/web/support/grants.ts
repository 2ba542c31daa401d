import type { GrantView } from "../../../src/confirm/define-standing.ts";

/** A standing approval as the gate shows it. */
export const sampleGrant = (more: Partial<GrantView> = {}): GrantView => ({
  grant_id: "p-7kqx2m9dta",
  action: "restart_crashed",
  says: "Start a container that crashed",
  tool: "control_container",
  steps: ["start"],
  risk: "disruptive",
  targets: [
    { kind: "container", host: "nas", name: "plex" },
    { kind: "container", host: "box", name: "*" },
  ],
  settings: {},
  limits: { max_per_day: 12, pause_s: 60, stop_after: 5 },
  until: "2027-02-14T12:00:00.000Z",
  emergency: false,
  drill: false,
  state: "active",
  granted_at: "2027-01-15T12:00:00.000Z",
  uses_left_today: 11,
  last_uses: [
    {
      kind: "container",
      host: "nas",
      name: "plex",
      at: "2027-01-15T12:30:00.000Z",
      plan_id: "p-2222222222",
      status: "rolled_back",
    },
  ],
  stopped_for: [],
  ...more,
});
