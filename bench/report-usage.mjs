// Loaded before the server: answers what the process has used so far, whenever it is asked over the IPC channel.
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu_ms: (user + system) / 1000, rss_bytes: process.memoryUsage.rss() });
});
process.channel?.unref();
