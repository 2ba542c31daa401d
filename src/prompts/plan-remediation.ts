import { containerArgument, containerIn } from "./containers.ts";
import type { Prompt } from "./define.ts";

/** From a problem to one plan that a person may approve. */
export const planRemediation: Prompt = {
  name: "plan_remediation",
  title: "Plan a remedy",
  description: "Finds the cause of a container's problem and proposes one plan to mend it, for a person to approve.",
  needs: ["docker"],
  arguments: [containerArgument],
  async render(args) {
    const container = containerIn(args);
    return [
      `Mend the container ${container}: find the cause first (list_containers with detail full, get_container_logs).`,
      "Then propose the smallest change that mends the cause, as one plan (control_container or update_container).",
      "Tell me the plan in plain words: what changes, what is down meanwhile, how it is undone, and where I approve it.",
      "If no tool of yours can mend it, say so and what I would do by hand. Never ask me for a passphrase.",
    ].join("\n");
  },
};
