import type { ProjectStep } from "../../../analysis/managers/plan.ts";
import type { UpdateStep } from "../../../analysis/updates/steps.ts";
import type { Step } from "../../../confirm/define.ts";
import type { Changes, Systems } from "../../define.ts";
import { awaitProject } from "../managers/await-project.ts";
import { exchangeImages, upgradeApp } from "../managers/deploy-steps.ts";
import { awaitHealth } from "./await-health.ts";
import { create } from "./create-step.ts";
import { removeOld, setAside, start, stop, takeName } from "./exchange-steps.ts";
import { keepImage, moveTag, pull } from "./image-steps.ts";

/** Every step that an update plan may name. */
export const updateSteps: Readonly<Record<UpdateStep["step"] | ProjectStep, Step<Changes, Systems>>> = {
  pull,
  keep_image: keepImage,
  move_tag: moveTag,
  create,
  stop,
  set_aside: setAside,
  take_name: takeName,
  start,
  await_health: awaitHealth(),
  remove_old: removeOld,
  upgrade_app: upgradeApp,
  exchange_images: exchangeImages,
  await_project: awaitProject(),
};
