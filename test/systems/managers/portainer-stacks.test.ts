import { expect, it } from "vitest";
import { containersOf } from "../../../src/demo/docker/compose.ts";
import { type DockerFake, startDockerFake } from "../../../src/demo/docker/index.ts";
import { fields } from "../../../src/demo/docker/model.ts";
import { type PortainerFake, startPortainerFake } from "../../../src/demo/docker/portainer.ts";
import { deployStack, type Stack } from "../../../src/demo/docker/portainer-stacks.ts";
import { portainerStackChanges, portainerStacks } from "../../../src/systems/managers/index.ts";
import { portainerClient } from "../../../src/systems/portainer/index.ts";
import { shopImage } from "../../support/shop.ts";
import { portainerContract } from "../portainer/schemas.ts";
import { hastyClock } from "../truenas/rig.ts";
import { type ManagerRig, managerContract, quietly } from "./contract.ts";

const ref = { project: "shop", files: ["/data/compose/7/docker-compose.yml"], folder: "" };
const text = `services:
  web: # the shop window
    image: web:\${TAG}
    environment: ["PASSWORD=\${PASSWORD}"]
  db:
    image: db:1
`;
const env = [
  { name: "TAG", value: "1" },
  { name: "PASSWORD", value: "s3cret" },
];
const check = portainerContract();

for (const kind of ["a file of its own", "Git"] as const) {
  let docker: DockerFake;
  let portainer: PortainerFake;
  let stack: Stack;
  const open = (deadlines?: { read_ms: number; change_ms: number }, apiKey?: string) => {
    const client = portainerClient({ ...portainer.connection, ...(apiKey && { apiKey }) }, deadlines);
    return { ...portainerStacks(client), ...portainerStackChanges(client, hastyClock), close: () => client.close() };
  };
  managerContract(
    `the stacks of a simulated Portainer, from ${kind}`,
    async (): Promise<ManagerRig> => {
      docker = await startDockerFake({ empty: true, health_after_ms: 0 });
      portainer = await startPortainerFake(docker);
      for (const image of ["web:1", "db:1"]) docker.engine.registry.publish(image, shopImage(image));
      stack = { id: 7, name: "shop", text, env, status: 1, type: 2, webhook: "3f6f2c0e-0d7b-4f0f-9a0e-6a3f5c7d1b11" };
      if (kind === "Git") stack.git = { head: { hash: "bc4c183d", text }, deployed: "bc4c183d" };
      deployStack(docker.engine, stack);
      portainer.stacks.push({ ...stack, id: 6, name: "other" }, stack);
      const { close, ...both } = open();
      return {
        manager: both,
        changes: both,
        ref,
        running: async () =>
          Object.fromEntries(
            containersOf(docker.engine, "shop").map(({ config, image }) => [
              String(fields(config.Labels)["com.docker.compose.service"]),
              image.id,
            ]),
          ),
        async moveTag() {
          const image = shopImage("web:1 built anew");
          docker.engine.addImage(image, "web:1");
          return image.id;
        },
        misfits: () => check && portainer.exchanges.flatMap(check),
        async close() {
          close();
          await portainer.close();
          await docker.close();
        },
      };
    },
    (rig) => {
      it("sends every variable again, pulls nothing and removes nothing", async () => {
        await open().redeploy(ref, quietly);
        const put = portainer.exchanges.filter(({ method }) => method === "PUT").at(-1);
        const again = { Env: env, Prune: false, PullImage: false, RepullImageAndRedeploy: false };
        if (kind === "Git") {
          expect(put?.path).toBe("/stacks/7/git/redeploy?endpointId=3");
          expect(JSON.parse(put?.sent ?? "")).toEqual({
            ...again,
            RepositoryReferenceName: "refs/heads/main",
            RepositoryAuthentication: true,
            RepositoryUsername: "reader",
          });
        } else {
          expect(put?.path).toBe("/stacks/7?endpointId=3");
          expect(JSON.parse(put?.sent ?? "")).toEqual({ ...again, StackFileContent: text, Webhook: stack.webhook });
        }
        const web = docker.engine.find("shop-web-1");
        expect(web.config.Env).toEqual(["PASSWORD=s3cret"]);
        expect(docker.engine.registry.resolve("web:1").id).not.toBe(web.image.id);
      });

      it(
        kind === "Git" ? "deploys no other file than the repository's" : "deploys another file and keeps it",
        async () => {
          const other = `${text}    mem_limit: 64m\n`;
          expect((await rig().manager.read(ref)).from_git).toBe(kind === "Git" ? true : undefined);
          portainer.exchanges.length = 0;
          if (kind === "Git") {
            await expect(open().deploy(ref, other, quietly)).rejects.toMatchObject({ code: "unsupported" });
            expect(portainer.exchanges.map(({ method }) => method)).not.toContain("PUT");
            return;
          }
          await open().deploy(ref, other, quietly);
          const put = portainer.exchanges.find(({ method }) => method === "PUT");
          expect(JSON.parse(put?.sent ?? "")).toEqual({
            StackFileContent: other,
            Env: env,
            Webhook: stack.webhook,
            Prune: false,
            PullImage: false,
            RepullImageAndRedeploy: false,
          });
          expect(await open().definition(ref)).toBe(other);
          expect(docker.engine.find("shop-db-1").host.Memory).toBe(67_108_864);
          await open().deploy(ref, text, quietly);
          expect([stack.text, docker.engine.find("shop-db-1").host.Memory]).toEqual([text, 0]);
        },
      );

      it("gives another mark to another file, other variables or another commit, and no secret away", async () => {
        const before = (await rig().manager.read(ref)).deployed;
        expect(before).toMatch(/^sha256:[0-9a-f]{64}$/);
        const marks = new Set([before]);
        const look = async () => marks.add((await rig().manager.read(ref)).deployed);
        stack.env = [...env, { name: "MORE", value: "1" }];
        await look();
        stack.env = env;
        stack.text = `${text}# seen\n`;
        await look();
        stack.text = text;
        if (stack.git) stack.git.deployed = "0000";
        await look();
        if (stack.git) stack.git.deployed = "bc4c183d";
        expect(marks.size).toBe(kind === "Git" ? 4 : 3);
        expect(JSON.stringify(await rig().manager.read(ref))).not.toContain("s3cret");
      });

      it("deploys nothing whose file it may not see, and no swarm", async () => {
        stack.fileHidden = true;
        await expect(rig().manager.read(ref)).rejects.toMatchObject({ code: "unsupported" });
        await expect(rig().changes.redeploy(ref, quietly)).rejects.toMatchObject({ code: "unsupported" });
        delete stack.fileHidden;
        stack.type = 1;
        await expect(rig().manager.read(ref)).rejects.toMatchObject({ code: "unsupported" });
        stack.type = 2;
      });

      it.each([
        [2, "stopped", false],
        [3, "deploying", true],
        [4, "broken", false],
      ] as const)("reads status %i as %s", async (status, state, busy) => {
        stack.status = status;
        expect(await rig().manager.read(ref)).toMatchObject({ state, busy });
        stack.status = 1;
      });

      it("waits for a deployment that goes on after the answer, and says when that fails", async () => {
        const outcome = async (end: 1 | 4) => {
          portainer.exchanges.length = 0;
          portainer.knobs.answers_early = true;
          const redeploying = open().redeploy(ref, quietly);
          const looks = () => portainer.exchanges.filter(({ path }) => path === "/stacks/7").length;
          await expect.poll(looks, { timeout: 5_000 }).toBeGreaterThan(1);
          stack.status = end;
          return redeploying.finally(() => {
            portainer.knobs.answers_early = false;
            stack.status = 1;
          });
        };
        await outcome(1);
        await expect(outcome(4)).rejects.toMatchObject({ code: "conflict" });
      });

      it("tells a deployment that failed from one whose answer was lost", async () => {
        stack.env = [{ name: "TAG", value: "none" }];
        await expect(rig().changes.redeploy(ref, quietly)).rejects.toMatchObject({
          code: "conflict",
          message: "Portainer tried to deploy the stack and failed.",
        });
        stack.env = env;
        portainer.knobs.lose_answer = true;
        await expect(rig().changes.redeploy(ref, quietly)).rejects.toMatchObject({
          code: "conflict",
          message: expect.stringContaining("may have been done"),
        });
        await rig().changes.redeploy(ref, quietly);
      });

      it.each([
        [{ kind: "status", status: 500 } as const, "wrong_answer"],
        [{ kind: "status", status: 403 } as const, "refused"],
        [{ kind: "garbage" } as const, "wrong_answer"],
        [{ kind: "wrong_shape" } as const, "wrong_answer"],
        [{ kind: "html" } as const, "wrong_answer"],
        [{ kind: "cut_off" } as const, "unreachable"],
        [{ kind: "hang_up" } as const, "unreachable"],
        [{ kind: "hang" } as const, "timeout"],
        [{ kind: "endless" } as const, "wrong_answer"],
      ])("says what is wrong when it answers with %o", async (fault, code) => {
        portainer.faults.set(fault, { path: /^\/stacks/ });
        const reading = open({ read_ms: fault.kind === "hang" ? 200 : 10_000, change_ms: 10_000 }).read(ref);
        await expect(reading).rejects.toMatchObject({ code });
        portainer.faults.clear();
      });

      it("asks again once where a reading call was cut off, and bears a slow answer", async () => {
        portainer.faults.set({ kind: "cut_off" }, { times: 1 });
        expect(await rig().manager.read(ref)).toMatchObject({ state: "running" });
        portainer.faults.set({ kind: "slow", ms: 50 });
        expect(await rig().manager.read(ref)).toMatchObject({ state: "running" });
        portainer.faults.clear();
      });

      it("says so when the key is wrong, and shows no key over plain http", async () => {
        await expect(open(undefined, "ptr_other").read(ref)).rejects.toMatchObject({ code: "refused" });
        const plain = portainerStacks(portainerClient({ url: "http://nas.lan:9000", apiKey: "ptr_x" }));
        await expect(plain.read(ref)).rejects.toMatchObject({
          code: "refused",
          fix: expect.stringContaining("https://"),
        });
      });
    },
  );
}
