import type { Image } from "../../../src/demo/docker/model.ts";
import { startTrueNasFake, type TrueNasFake } from "../../../src/demo/truenas/index.ts";
import type { App, Release } from "../../../src/demo/truenas/model.ts";
import { fleet } from "../../../src/systems/fleet.ts";
import { trueNasAppChanges, trueNasApps } from "../../../src/systems/managers/index.ts";
import { connectTrueNas } from "../../../src/systems/truenas/index.ts";
import type { Settings } from "../../../src/tools/define.ts";
import { shopImage, shopVersions } from "../../support/shop.ts";
import { type GatedHouse, openGatedHouse } from "./gated.ts";

/** A house whose host "nas" is a TrueNAS that runs the app shop: its web has a newer version in the catalogue. */
export interface ShopHouse extends GatedHouse {
  nas: TrueNasFake;
  app: App;
}

export async function openShopHouse(
  options: {
    release?: Release;
    web?: Partial<Image["behaviour"]>;
    versions?: App["versions"];
    /** Its owner's compose file, or the answers to its chart. */
    made?: Pick<App, "custom" | "config">;
    settings?: Partial<Settings>;
  } = {},
): Promise<ShopHouse> {
  const { settings = {} } = options;
  const house = await openGatedHouse({ settings });
  const { engine } = house.fake;
  const { release = "25.10", web, versions = shopVersions } = options;
  const nas = await startTrueNasFake({ release, job_ms: 1, ...(release === "24.04" ? {} : { engine }) });
  for (const image of ["web:1", "db:1"]) engine.registry.publish(image, shopImage(image));
  engine.registry.publish("web:2", shopImage("web:2", web));
  const app: App = { name: "shop", running: true, version: "1.0.0", versions, had: [], custom: false, ...options.made };
  nas.nas.apps.push(app);
  const { reading, changing } = connectTrueNas(nas.connection);
  const changes = trueNasAppChanges(reading, changing);
  await changes.redeploy({ project: "ix-shop", files: [], folder: "" }, { services: [], onProgress: () => {} });
  house.systems.managers = {
    ...house.systems.managers,
    truenas: fleet("truenas", ["nas"], () => trueNasApps(reading)),
  };
  house.changes.managers = { ...house.changes.managers, truenas: fleet("truenas", ["nas"], () => changes) };
  return {
    ...house,
    nas,
    app,
    async close() {
      await house.close();
      await reading.close();
      await nas.close();
    },
  };
}
