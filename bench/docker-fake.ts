import { startDockerFake } from "../src/demo/docker/index.ts";

// A simulated engine in a process of its own, so that its work isn't counted as ours. Argument: how many containers.
const { engine, connection, close } = await startDockerFake({ empty: true });
const image = {
  id: `sha256:${"1".repeat(64)}`,
  digest: `sha256:${"2".repeat(64)}`,
  repository: "bench",
  created_ms: 0,
  size_bytes: 1,
  config: { Cmd: ["sleep"] },
  behaviour: { health: "healthy" as const, rx_bytes_per_s: 1_000_000, tx_bytes_per_s: 2_000_000, says: [] },
};
engine.addImage(image, "bench:latest");
for (let n = 0; n < Number(process.argv[2]); n++) {
  engine.create(`c${n}`, { Image: "bench:latest" });
  engine.start(`c${n}`);
}
// Its socket's folder goes with it.
process.once("SIGTERM", () => void close().then(() => process.disconnect()));
process.send?.(connection);
