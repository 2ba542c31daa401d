import { ownName } from "../analysis/containers/names.ts";
import { StewardError } from "../shared/errors.ts";
import type { PromptArgument } from "./define.ts";

// What Docker allows: only such a name may become part of a prompt.
const name = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,239}$/;

/** The name of a container, completed from those that are there now. */
export const containerArgument: PromptArgument = {
  name: "container",
  description: "Container name",
  required: true,
  async complete(typed, _given, { systems, signal }) {
    const answers = await systems.docker.each((docker) => docker.list(signal));
    const names = answers.flatMap((answer) => (answer.ok ? answer.value.map(({ Names }) => ownName(Names)) : []));
    return [...new Set(names)].filter((one) => name.test(one) && one.startsWith(typed)).sort();
  },
};

/** Errors: bad_input for what can't be a container's name. */
export function containerIn(args: Readonly<Record<string, string>>): string {
  const { container = "" } = args;
  if (name.test(container)) return container;
  throw new StewardError("bad_input", "That is no container's name.", "Choose one from the list.");
}
