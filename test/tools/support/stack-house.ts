import type { Image } from "../../../src/demo/docker/model.ts";
import { type PortainerFake, startPortainerFake } from "../../../src/demo/docker/portainer.ts";
import { deployStack, type Stack } from "../../../src/demo/docker/portainer-stacks.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { portainerStackChanges, portainerStacks } from "../../../src/systems/managers/index.ts";
import { portainerClient } from "../../../src/systems/portainer/index.ts";
import { shopImage } from "../../support/shop.ts";
import { type GatedHouse, openGatedHouse } from "./gated.ts";

const text = `services:
  web:
    image: web:1
    environment: ["PASSWORD=\${PASSWORD}"]
  db:
    image: db:1
`;

/** A house whose host "nas" has a Portainer with the stack shop; the registry has a newer web:1, `next`. */
export interface StackHouse extends GatedHouse {
  portainer: PortainerFake;
  stack: Stack;
  next: Image;
}

export async function openStackHouse(next: Partial<Image["behaviour"]> = {}): Promise<StackHouse> {
  const house = await openGatedHouse();
  const { engine } = house.fake;
  const portainer = await startPortainerFake(house.fake);
  for (const image of ["web:1", "db:1"]) engine.registry.publish(image, shopImage(image));
  const env = [{ name: "PASSWORD", value: "s3cret" }];
  const stack: Stack = { id: 7, name: "shop", text, env, status: 1, type: 2 };
  deployStack(engine, stack);
  portainer.stacks.push(stack);
  const newer = shopImage("web:1 next", next);
  engine.registry.publish("web:1", newer);
  const client = portainerClient(portainer.connection);
  const { managers } = house.systems;
  house.systems.managers = { ...managers, portainer: fleet("portainer", ["nas"], () => portainerStacks(client)) };
  house.changes.managers = {
    ...house.changes.managers,
    portainer: fleet("portainer", ["nas"], () => portainerStackChanges(client)),
  };
  return {
    ...house,
    portainer,
    stack,
    next: newer,
    async close() {
      await house.close();
      client.close();
      await portainer.close();
    },
  };
}
