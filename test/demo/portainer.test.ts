import { expect, test } from "vitest";
import { startDockerFake } from "../../src/demo/docker/index.ts";
import { startPortainerFake } from "../../src/demo/docker/portainer.ts";

test("a request that the simulated Portainer does not understand is refused, and does not end the demo", async () => {
  const docker = await startDockerFake({ empty: true });
  const portainer = await startPortainerFake(docker);
  portainer.stacks.push({ id: 1, name: "shop", text: "services: {}\n", env: [], status: 1, type: 2 });
  const { url, apiKey, endpoint } = portainer.connection;
  const put = async (body: string) => {
    const headers = { "x-api-key": apiKey };
    const answer = await fetch(`${url}/api/stacks/1?endpointId=${endpoint}`, { method: "PUT", headers, body });
    return answer.status;
  };
  expect(await put("{")).toBe(500);
  expect(await put(JSON.stringify({ StackFileContent: "services: [" }))).toBe(500);
  expect(await put(JSON.stringify({ StackFileContent: "services: { web: { deploy: { replicas: 2 } } }" }))).toBe(500);
  await portainer.close();
  await docker.close();
});
