import { once } from "node:events";
import { expect, test } from "vitest";
import { ended, sharedHome, start } from "./support.ts";

test("of sixteen calls in four processes at once exactly one runs the plan", { timeout: 120_000 }, async () => {
  const home = await sharedHome();
  const { id, token } = await home.approved();
  const children = Array.from({ length: 4 }, () => start(home.folder, "apply", id, token, "4"));
  const endings = children.map(ended);
  await Promise.all(children.map(({ stdout }) => stdout && once(stdout, "data")));
  for (const { stdin } of children) stdin?.write("go\n");
  const said = (await Promise.all(endings)).flatMap((ending) =>
    ending.said.split("\n").filter((line) => line !== "ready"),
  );
  expect(said.toSorted()).toEqual([...Array.from({ length: 15 }, () => "conflict"), "done"]);
  expect(home.happened().filter((line) => line.startsWith("does"))).toEqual([
    "does take_out",
    "does put_in",
    "does warm_up",
  ]);
  expect(home.store.audit.count("started", 0)).toBe(1);
  home.close();
});

test("one plan runs at a time, over all processes", { timeout: 120_000 }, async () => {
  const home = await sharedHome();
  const plans = [await home.approved(["hall"]), await home.approved(["attic"]), await home.approved(["cellar"])];
  const children = plans.map(({ id, token }) => start(home.folder, "apply", id, token, "1"));
  const endings = children.map(ended);
  await Promise.all(children.map(({ stdout }) => stdout && once(stdout, "data")));
  for (const { stdin } of children) stdin?.write("go\n");
  await Promise.all(endings);
  // Whoever came while another ran was told so and used nothing up: its turn comes.
  for (const { id, token } of plans) {
    const options = { token, signal: new AbortController().signal, progress: () => {} };
    if (home.gate.get(id).status === "approved") await home.gate.apply(id, options);
  }
  expect(plans.map(({ id }) => home.gate.get(id).status)).toEqual(["done", "done", "done"]);
  const effects = home.happened().filter((line) => line.startsWith("does"));
  const rounds = Array.from({ length: effects.length / 3 }, (_, at) => effects.slice(at * 3, at * 3 + 3));
  for (const round of rounds) expect(round).toEqual(["does take_out", "does put_in", "does warm_up"]);
  home.close();
});
