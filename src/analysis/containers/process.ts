import type { ContainerInspected } from "../../systems/docker/shapes.ts";

/** Whether a container has a process, and with it a network and a cgroup: engines call one running that they wait to start again. */
export const hasProcess = ({ State }: ContainerInspected): boolean => State.Running && !State.Restarting;
