import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ZooImage } from "../../analysis/permissions/zoo.ts";
import type { Lab } from "./lab.ts";

const day_ms = 86_400_000;

/** Gives the engine an image of one small file by `docker load`, which believes what an image says of its age. */
export async function loadImage(lab: Lab, { reference, env = [], labels = {}, age_days = 1 }: ZooImage): Promise<void> {
  const folder = mkdtempSync(join(lab.folder, "image-"));
  const put = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content));
  execFileSync("tar", ["-C", "/", "-cf", join(folder, "layer.tar"), "etc/hostname"]);
  const layer = createHash("sha256")
    .update(readFileSync(join(folder, "layer.tar")))
    .digest("hex");
  put("config.json", {
    architecture: "amd64",
    os: "linux",
    created: new Date(Date.now() - age_days * day_ms).toISOString(),
    config: { Env: env, Labels: labels, Entrypoint: ["/app"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
    history: [{ created_by: "zoo" }],
  });
  const tagged = /:[^/]+$/.test(reference) ? reference : `${reference}:latest`;
  put("manifest.json", [{ Config: "config.json", RepoTags: [tagged], Layers: ["layer.tar"] }]);
  execFileSync("tar", ["-C", folder, "-cf", join(folder, "image.tar"), "manifest.json", "config.json", "layer.tar"]);
  await lab.docker("load", "-q", "-i", join(folder, "image.tar"));
}
