import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { containerInspected, containerListed, imageInspected } from "../../../src/systems/docker/shapes.ts";

const recorded = new URL("../../../../shared/contracts/media/recorded/pyportainer/", import.meta.url);
const body = (name: string): unknown => JSON.parse(readFileSync(new URL(name, recorded), "utf8"));
const absent = existsSync(recorded) ? "" : " (skipped: the recorded answers are not here)";

describe.skipIf(absent !== "")(`recorded answers of Docker behind Portainer${absent}`, () => {
  it("are read: the list", () => {
    const listed = z.array(containerListed).parse(body("containers.json"));
    expect(listed.map((one) => [one.Names, one.State])).toEqual(
      expect.arrayContaining([[["/funny_chatelet"], expect.any(String)]]),
    );
  });

  it("are read: a container", () => {
    const one = containerInspected.parse(body("container_inspect.json"));
    expect(one.State).toMatchObject({
      Status: "running",
      OOMKilled: false,
      ExitCode: 0,
      Health: { Status: "healthy" },
    });
    expect(one.Id).toBe("aa86eacfb3b3ed4cd362c1e88fc89a53908ad05fb3a4103bca3f9b28292d14bf");
  });

  it("are read: an image", () => {
    expect(imageInspected.parse(body("local_image_information.json")).RepoDigests).toEqual([
      "example@sha256:afcc7f1ac1b49db317a7196c902e61c6c3c4607d63599ee1a82d702d249a0ccb",
      "internal.registry.example.com:5000/example@sha256:b69959407d21e8a062e0416bf13405bb2b71ed7a84dde4158ebafacfa06f5578",
    ]);
  });

  it("are not taken for one another", () => {
    expect(containerInspected.safeParse(body("container_stats.json")).success).toBe(false);
    expect(z.array(containerListed).safeParse(body("docker_version.json")).success).toBe(false);
    expect(imageInspected.safeParse(body("stacks.json")).success).toBe(false);
  });
});
